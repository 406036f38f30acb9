"""How the pure parts grow with the text: time for ten times the text, over ten times the time. Ratios only.

`make bench` runs it; no test does. What one article costs in Prefect and how a run nears the model's own
speed is for the performance page (not written yet).
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest

from newsroom.dry_run import extract
from newsroom.engines.local import LocalEngine
from newsroom.grounding import SourceText
from newsroom.models.articulo import Articulo

EXAMPLE = Path(__file__).parents[2] / "examples" / "07-el-presupuesto-de-la-paz-guatemala.json"
ROUNDS = 5
TIMES = 10


def measure(action: Callable[[], object]) -> float:
    """Returns the median seconds of ROUNDS calls, after one that warms up."""
    action()
    seconds = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        action()
        seconds.append(perf_counter() - begun)
    return median(seconds)


def report(capsys: pytest.CaptureFixture[str], line: str) -> None:
    with capsys.disabled():
        print(f"\n{line}", end="")


def test_index_of_a_text(capsys: pytest.CaptureFixture[str]) -> None:
    text = Articulo.model_validate_json(EXAMPLE.read_text("utf-8")).contenido_texto
    small, large = (measure(lambda t=text * n: SourceText(t).numbers) for n in (1, TIMES))  # type: ignore[misc]
    report(
        capsys,
        f"grounding index: {TIMES} times the text takes {large / small:.1f} times as long (linear is 10)",
    )


def test_local_engine(capsys: pytest.CaptureFixture[str]) -> None:
    article = Articulo.model_validate_json(EXAMPLE.read_text("utf-8"))
    longer = article.model_copy(update={"contenido_texto": "\n".join([article.contenido_texto] * TIMES)})
    small, large = (
        measure(lambda a=a: asyncio.run(extract(LocalEngine(), a, 12_000)))  # type: ignore[misc]
        for a in (article, longer)
    )
    rate = len(article.contenido_texto) / small / 10_000
    report(
        capsys, f"local engine: {TIMES} times the text takes {large / small:.1f} times as long (linear is 10)"
    )
    report(capsys, f"local engine: {rate:.1f} times the 10,000 characters a second that are asked of it")
