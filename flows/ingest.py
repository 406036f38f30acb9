"""The path of the inbox's files: each article or document is a run of its own; many run at once."""

from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows._feed import run_all
from flows.items import flow_of
from runs.form import titled
from runs.inbox import Intake
from runs.policy import flow_options
from tasks.note_refusals import note_refusals


@flow(name="ingest-inbox", flow_run_name="bandeja", timeout_seconds=6 * 3600, **flow_options())
async def ingest_inbox(
    carpeta: Annotated[str | None, titled("Carpeta")] = None,
    concurrencia: Annotated[int, titled("A la vez", ge=1, le=64)] = 8,
) -> State[Any]:
    """Reads the files that were left in the inbox; each moves to done/ or failed/ with a report beside it.

    Args:
        carpeta: La carpeta de entrada; sin ella, la de la configuración (NOTICIAS_INBOX).
        concurrencia: Cuántos artículos y documentos se leen a la vez.
    """
    async with Intake(carpeta) as intake:
        await run_all(intake.items(), flow_of, concurrencia, intake.note)
    state = await intake.finish()
    if intake.files:
        await note_refusals(intake.good)
    return state
