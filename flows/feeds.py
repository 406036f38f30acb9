"""The path of the sources: each that is due is looked at, and each new article is a run of its own."""

import asyncio
from typing import Annotated, Any, cast

from prefect import flow
from prefect.client.schemas.objects import State

from flows._feed import run_all
from flows.article import process_article
from newsroom.sources.plan import Due
from newsroom.sources.reading import Found
from runs.form import titled
from runs.pages.sources import SourcesPage
from runs.policy import called, flow_options
from runs.sources import Round
from tasks.due_sources import due_sources
from tasks.note_source import note_source
from tasks.read_source import read_source

Address = Annotated[str | None, titled("Fuente", pattern=r"^\s*https?://\S+\s*$")]
Force = Annotated[bool, titled("Forzar")]
Concurrency = Annotated[int, titled("A la vez", ge=1, le=64)]


@flow(name="fetch-feeds", flow_run_name="fuentes", timeout_seconds=6 * 3600, **flow_options())
async def fetch_feeds(
    fuente: Address = None, forzar: Force = False, concurrencia: Concurrency = 8
) -> State[Any]:
    """Looks at the sources whose time has come, and reads each article that is new in them.

    Args:
        fuente: La dirección de una sola fuente; se lee aunque no le toque. Sin ella, todas las que tocan.
        forzar: Léelas aunque no les toque y aunque digan que no han cambiado.
        concurrencia: Cuántos artículos se leen a la vez.
    """
    plan = await due_sources(fuente, forzar)
    page = SourcesPage(plan)
    if plan.due:
        async with Round(len(plan.due)) as look, asyncio.TaskGroup() as looking:
            for due in plan.due:
                looking.create_task(_follow(due, look, page))
            await run_all(look.articulos(), lambda _articulo: process_article, concurrencia, look.note)
    return await page.finish()


async def _follow(due: Due, look: Round, page: SourcesPage) -> None:
    """Reads one source. Its state is stored only after its last article has ended, so a kill loses none."""
    state: Any = await cast("Any", read_source)(due, look, return_state=True)
    answer = await state.aresult(raise_on_failure=False)
    found = answer if isinstance(answer, Found) else Found(error=f"{type(answer).__name__}: {answer}")
    outcomes = await look.follow(found)
    fallidos = sum(bool(outcome.failure) for outcome in outcomes)
    estado = await called(note_source)(due, found, look, fallidos)
    page.note(due, found, outcomes, estado)
