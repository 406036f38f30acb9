"""What the reading itself costs: tokens by stage against the old prompts, and the local engine's speed."""

import asyncio
import json
import statistics
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from newsroom.dry_run import extract
from newsroom.engines.base import Completion, Question
from newsroom.engines.local import LocalEngine
from newsroom.grounding import SourceText
from newsroom.models.articulo import Articulo
from tests.bench.bench import PROJECT, Bench

CHARS_PER_TOKEN = 4
OLD_TEMPLATE_TOKENS = 5_300
"""The constant text of the old service's four prompts for one article (docs/parity.md, D-39)."""
OLD_TIMES_SENT = 3
"""How often the old service sent the article's text."""

EXAMPLES = PROJECT / "examples"
ROUNDS = 5
TIMES = 10


class Listener:
    """The local engine, which also keeps the questions that it is asked."""

    name, can_translate = "local", False

    def __init__(self) -> None:
        self._engine = LocalEngine()
        self.model = self._engine.model
        self.questions: list[Question] = []

    def parameters(self, stage: str) -> dict[str, Any]:
        """Returns the local engine's parameters."""
        return self._engine.parameters(stage)

    async def complete(self, question: Question) -> Completion:
        """Returns the local engine's answer."""
        self.questions.append(question)
        return await self._engine.complete(question)

    async def close(self) -> None:
        """Does nothing."""


def load(path: Path) -> Articulo:
    """Returns the article of an example file."""
    return Articulo.model_validate_json(path.read_text("utf-8"))


def count_old_tokens(articulo: Articulo, asked: list[Question]) -> float:
    """Returns the tokens that the old prompts would have taken, with the elements that ours found.

    The old service sent four templates, and the text three times. Phase 3 got ids, contents and kinds of the
    elements as JSON printed with indents. Phase 4 got all of the elements twice (its template names them
    twice), and the citas and datos once.
    """
    material = asked[-1].material
    assert material.elementos is not None
    assert material.citas_y_datos is not None
    found = material.elementos.model_dump(mode="json", include={"hechos", "entidades"})
    said = material.citas_y_datos.model_dump(mode="json", include={"citas_textuales", "datos_cuantitativos"})
    kept = {"hechos": ("id", "contenido", "tipo_hecho"), "entidades": ("id", "nombre", "tipo")}
    brief = {name: [{key: row[key] for key in keys} for row in found[name]] for name, keys in kept.items()}
    printed = [json.dumps(part, ensure_ascii=False, indent=2) for part in (brief, found, found, said)]
    sent = OLD_TIMES_SENT * len(articulo.contenido_texto) + sum(map(len, printed))
    return OLD_TEMPLATE_TOKENS + sent / CHARS_PER_TOKEN


def measure_tokens(bench: Bench) -> None:
    """Adds the lines of section 7: prompts by characters over four, for both systems alike."""
    constant: dict[str, list[int]] = defaultdict(list)
    whole: dict[str, list[int]] = defaultdict(list)
    ratios, shares, calls = [], [], []
    for path in sorted(EXAMPLES.glob("*.json")):
        articulo = load(path)
        engine = Listener()
        asyncio.run(extract(engine, articulo, 12_000))
        asked = [question for question in engine.questions if question.stage != "traduccion"]
        if len(asked) != 4:
            continue  # discarded (the old service went on all the same), or longer than one call
        calls.append(len(asked))
        for question in asked:
            constant[question.stage].append(len(question.system))
            whole[question.stage].append(len(question.system) + len(question.user))
        ours = sum(len(question.system) + len(question.user) for question in asked) / CHARS_PER_TOKEN
        ratios.append(ours / count_old_tokens(articulo, asked))
        shares.append(sum(len(question.system) for question in asked) / CHARS_PER_TOKEN / ours)
    ratio, share = statistics.median(ratios), statistics.median(shares)
    prompts = {stage: statistics.median(sizes) / CHARS_PER_TOKEN for stage, sizes in whole.items()}
    bench.add(
        "7", "prompt tokens an article: ours over the old prompts", f"{ratio:.2f}", "<= 0.6", ratio <= 0.6
    )
    bench.add("7", "share of the prompts that is a constant prefix", f"{share:.2f}", ">= 0.5", share >= 0.5)
    bench.add("7", "model calls an article", f"{max(calls)}", "<= 4", max(calls) <= 4)
    for stage, tokens in prompts.items():
        part = statistics.median(constant[stage]) / CHARS_PER_TOKEN
        bench.add("7", f"prompt tokens of {stage} (constant part)", f"{tokens:.0f} ({part:.0f})")


def _median_seconds(action: Any) -> float:
    action()
    seconds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)


def measure_local_engine(bench: Bench) -> None:
    """Adds the lines of section 9."""
    articulo = load(EXAMPLES / "07-el-presupuesto-de-la-paz-guatemala.json")
    text = articulo.contenido_texto
    # Each copy of the text ends differently: a sentence that is only repeated is folded away.
    longer_text = "\n".join(f"{text} Parte {number}." for number in range(TIMES))
    longer = articulo.model_copy(update={"contenido_texto": longer_text})
    small, large = (
        _median_seconds(lambda a=a: asyncio.run(extract(LocalEngine(), a, 12_000)))
        for a in (articulo, longer)
    )
    rate = len(text) / small
    bench.add("9", "local engine, characters a second", f"{rate:.0f}", ">= 10000", rate >= 10_000)
    growth = large / small / TIMES
    bench.add(
        "9", "local engine: ten times the text, time over linear", f"{growth:.2f}", "<= 1.2", growth <= 1.2
    )
    index = [_median_seconds(lambda t=text * n: SourceText(t).numbers) for n in (1, TIMES)]
    ratio = index[1] / index[0] / TIMES
    bench.add(
        "9", "grounding index: ten times the text, time over linear", f"{ratio:.2f}", "<= 1.2", ratio <= 1.2
    )
