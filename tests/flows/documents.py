"""A law of sections that are a fragment each, and what the flow tests ask of its runs."""

import asyncio
from typing import Any
from uuid import UUID

from flows._feed import run_one
from flows.items import flow_of
from newsroom.engines.base import Question
from newsroom.engines.scripted import ScriptedEngine
from newsroom.models.documento import Documento
from newsroom.models.outcome import Outcome, Received
from newsroom.store.base import Store
from noticias.leaving import send_what_waits
from tests.flows.scripts import TEXTO

BOUND_S = 60
FRAGMENT_TOKENS = "200"
"""For NOTICIAS_FRAGMENT_TOKENS: with this each section below is one fragment."""


def section(number: int, words: str = "rige desde su publicación") -> str:
    return f"## Artículo {number}\n\n{TEXTO}\nLa disposición {number:03} {words}. {'Publíquese. ' * 12}\n\n"


def law(count: int, **changed: str) -> str:
    """Returns `count` sections; `a3="..."` changes the words of the third."""
    return "".join(section(n, *filter(None, [changed.get(f"a{n}")])) for n in range(1, count + 1))


def documento(texto: str | None = None, **fields: Any) -> Documento:
    given = {"titulo": "Ley de pensiones", "tipo_documento": "ley", "contenido_texto": texto, **fields}
    return Documento.model_validate(given)


def number_of(question: Question) -> int:
    """Returns which section of the law a question is about."""
    return int(question.user.split("La disposición ")[1][:3])


def sections_asked(engine: ScriptedEngine) -> set[int]:
    """Returns the sections that were asked about; of relations the question does not hold the text."""
    return {number_of(question) for question in engine.questions if question.stage != "relaciones"}


async def process(item: Received, engine: ScriptedEngine, store: Store, reprocesar: bool = False) -> Outcome:
    from runs import runtime

    with runtime.using(engine=engine, store=store):
        return await asyncio.wait_for(run_one(item, flow_of(item), reprocesar), BOUND_S)


def stages(engine: ScriptedEngine) -> list[str]:
    return [question.stage for question in engine.questions]


async def children_of(flow_run_id: str | None) -> list[Any]:
    """Returns the runs that a run called, as Prefect's API knows them."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter

    await asyncio.to_thread(send_what_waits)
    below = FlowRunFilter.model_validate({"parent_flow_run_id": {"any_": [UUID(str(flow_run_id))]}})
    async with get_client() as client:
        return await client.read_flow_runs(flow_run_filter=below)


async def artifacts_of(flow_run_id: str | None) -> dict[Any, Any]:
    """Returns the run's artifacts: type or key -> data."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter

    wanted = ArtifactFilter.model_validate({"flow_run_id": {"any_": [UUID(str(flow_run_id))]}})
    async with get_client() as client:
        found = await client.read_artifacts(artifact_filter=wanted)
    return {artifact.key or artifact.type: artifact.data for artifact in found if artifact.type}
