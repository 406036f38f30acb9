"""The path of the scraper's files: each article is a run of its own; this one process runs many at once."""

from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows._feed import run_all
from flows.article import process_article
from runs.form import titled
from runs.inbox import Intake
from runs.policy import flow_options


@flow(name="ingest-inbox", flow_run_name="bandeja", timeout_seconds=6 * 3600, **flow_options())
async def ingest_inbox(
    carpeta: Annotated[str | None, titled("Carpeta")] = None,
    concurrencia: Annotated[int, titled("A la vez", ge=1, le=64)] = 8,
) -> State[Any]:
    """Reads the files that the scraper left, and moves each to done/ or failed/ with a report beside it.

    Args:
        carpeta: La carpeta de entrada; sin ella, la de la configuración (NOTICIAS_INBOX).
        concurrencia: Cuántos artículos se leen a la vez.
    """
    async with Intake(carpeta) as intake:
        await run_all(intake.items(), lambda _articulo: process_article, concurrencia, intake.note)
    return await intake.finish()
