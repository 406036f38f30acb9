"""`LocalEngine`: the default where there is no key. Rules and dictionaries; no model, no network."""

import asyncio
from collections.abc import Callable, Mapping
from decimal import Decimal
from time import perf_counter
from typing import Any

from pydantic import BaseModel

from newsroom.engines.base import Completion, Material, Question
from newsroom.engines.local.elements import answer_elements
from newsroom.engines.local.figures import find_figures
from newsroom.engines.local.hechos import find_hechos
from newsroom.engines.local.page import read_page
from newsroom.engines.local.quotes_and_figures import answer_quotes_and_figures
from newsroom.engines.local.relations import answer_relations
from newsroom.engines.local.rules import VERSION, fingerprint
from newsroom.engines.local.triage import answer_triage
from newsroom.errors import EngineRefused
from newsroom.loading import load_once

ANSWERS: Mapping[str, Callable[[Material], BaseModel]] = {
    "triaje": answer_triage,
    "elementos": answer_elements,
    "citas_y_datos": answer_quotes_and_figures,
    "relaciones": answer_relations,
}
"""What answers each stage: pure functions of the material."""


@load_once
def _load_tables() -> None:
    """Reads a line, so that dictionaries and tables are there."""
    page = read_page("El ministro Juan Rey dijo ayer en Lima que 12 casas cayeron.", None, "Perú")
    find_hechos(page)
    find_figures(page)


def _answer(answer: Callable[[Material], BaseModel], material: Material) -> BaseModel:
    _load_tables()
    return answer(material)


class LocalEngine:
    """Answers from the material itself by rules, never from the prompt. Costs nothing, asks nobody.

    `model` names the rules' version and a digest of their tables, so that cached answers expire with them.
    """

    name = "local"
    can_translate = False

    def __init__(self) -> None:
        self.model = f"reglas-{VERSION}-{fingerprint()}"

    def parameters(self, stage: str) -> dict[str, Any]:
        """Returns nothing: the rules have no settings."""
        return {}

    async def close(self) -> None:
        """Holds nothing that must be given back."""

    async def complete(self, question: Question) -> Completion:
        """Returns the answer to `question`, worked out in a thread so that the event loop stays free.

        Raises:
            EngineRefused: the stage is `traduccion`, or one that there are no rules for.
        """
        answer = ANSWERS.get(question.stage)
        if answer is None:
            raise EngineRefused(f"the local rules cannot answer stage {question.stage!r}")
        begun = perf_counter()
        found = await asyncio.to_thread(_answer, answer, question.material)
        return Completion(
            text=found.model_dump_json(),
            model=self.model,
            seconds=perf_counter() - begun,
            cost_usd=Decimal(0),
        )
