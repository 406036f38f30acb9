"""The newsroom's own upkeep: what failed is tried again, what is old is removed."""

from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed
from pydantic import Field

from flows._feed import run_all
from flows.items import flow_of
from newsroom.reporting.numbers import counted
from runs.form import titled
from runs.pages.retry import RetryPage
from runs.policy import flow_options
from runs.runtime import settings
from tasks.due_errors import due_errors
from tasks.prune_files import prune_files
from tasks.prune_flow_runs import prune_flow_runs
from tasks.set_aside import set_aside
from tasks.watch_failures import watch_failures


@flow(name="retry-failed", flow_run_name="reintentos", timeout_seconds=6 * 3600, **flow_options())
async def retry_failed(
    limite: Annotated[int, titled("Límite", ge=1, le=1000)] = 100,
    concurrencia: Annotated[int, titled("A la vez", ge=1, le=64)] = 4,
) -> State[Any]:
    """Runs failed items again whose cause may have passed and whose next try is due.

    Args:
        limite: Cuántos se intentan como máximo; los que más esperan, primero.
        concurrencia: Cuántos a la vez.
    """
    await watch_failures()
    page = RetryPage(await due_errors(limite))
    for items in page.rounds():
        await run_all(items, flow_of, concurrencia, page.note, page.is_forced)
    for letter, words in page.unreadable:
        await set_aside(letter, words, flow_run.id)
    return await page.finish()


@flow(name="housekeeping", flow_run_name="limpieza", timeout_seconds=6 * 3600, **flow_options())
async def housekeeping(
    dias: Annotated[Annotated[int, Field(ge=1)] | None, titled("Días")] = None,
) -> State[Any]:
    """Removes flow runs, model answers and results older than `dias` days; the newsroom's rows stay.

    Args:
        dias: Edad en días; sin ella, la de la configuración (NOTICIAS_RETENTION_DAYS, 30).
    """
    age = dias or settings().retention_days
    runs, files = await prune_flow_runs(age), await prune_files(age)
    removed = {"corridas": runs, **files}
    # All these words are plurals in -s.
    words = ", ".join(counted(count, name.removesuffix("s"), name) for name, count in removed.items())
    return Completed(message=f"{words} de más de {counted(age, 'día', 'días')}", data=removed)
