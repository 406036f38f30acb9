"""`LocalEngine`: the default engine if there is no key. Rules and dictionaries; no model, no network."""

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
"""The function that answers each stage. Each depends on the material only."""


@load_once
def _load_tables() -> None:
    """Reads one line of text, which loads the dictionaries and tables."""
    page = read_page("El ministro Juan Rey dijo ayer en Lima que 12 casas cayeron.", None, "Perú")
    find_hechos(page)
    find_figures(page)


def _answer(answer: Callable[[Material], BaseModel], material: Material) -> BaseModel:
    _load_tables()
    return answer(material)


class LocalEngine:
    """Answers by rules from the material itself, never from the prompt. It costs nothing.

    `model` holds the rules' version and a digest of rules and tables, so that a change makes cached answers
    expire.
    """

    name = "local"
    can_translate = False

    def __init__(self) -> None:
        self.model = f"reglas-{VERSION}-{fingerprint()}"

    def parameters(self, stage: str) -> dict[str, Any]:
        """Returns an empty dict, because the rules have no settings."""
        return {}

    async def close(self) -> None:
        """Does nothing: the engine holds no connections."""

    async def complete(self, question: Question) -> Completion:
        """Returns the answer to `question`. A thread computes it, so that the event loop stays free.

        Raises:
            EngineRefused: there are no rules for the stage (as for `traduccion`).
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
