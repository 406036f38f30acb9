"""The path of a long document: split it, run a flow for each missing fragment, then mark it complete."""

from typing import Annotated, Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State

from flows._feed import run_all
from flows.fragment import process_fragment
from newsroom.models.documento import Documento
from runs.form import Again, titled
from runs.guard import give_up_if_hopeless
from runs.letters.record import record_failure
from runs.outcome import finish_document
from runs.pages.document import DocumentPage
from runs.policy import flow_options
from tasks.close_error import close_error
from tasks.complete import complete
from tasks.split import split


def name_run() -> str:
    """Returns the run's name: the document's title, short."""
    return str(runtime.flow_run.parameters["documento"].titulo[:140])


@flow(
    name="process-document",
    flow_run_name=name_run,
    on_failure=[record_failure],
    timeout_seconds=86_400,
    **flow_options(),
)
async def process_document(
    documento: Annotated[Documento, titled("Documento")],
    concurrencia: Annotated[int, titled("A la vez", ge=1, le=32)] = 4,
    reprocesar: Again = False,
) -> State[Any]:
    """Reads a long document fragment by fragment; a fragment that is stored already is not read again.

    Args:
        documento: El documento: su archivo o su texto, y lo que se sabe de él.
        concurrencia: Cuántos fragmentos se leen a la vez.
        reprocesar: Léelo entero de nuevo aunque ya esté guardado.
    """
    give_up_if_hopeless()
    fragmentos = await split(documento)
    guardado = await complete(documento, fragmentos)
    pending = set(guardado.pendientes)
    missing = [f for f in fragmentos if reprocesar or f.identidad in pending]
    page = DocumentPage(fragmentos)
    if missing:
        await page.open(len(missing))
        # After a final refusal, or when the day's quota is spent, the other fragments would be refused too.
        wanted = (fragmento for fragmento in missing if page.refusal is None)
        await run_all(wanted, lambda _fragmento: process_fragment, concurrencia, page.note, reprocesar)
        guardado = await complete(documento, fragmentos)
        await page.close(guardado.documento_id)
    state = finish_document(documento, guardado, page.outcomes, reprocesar)
    await close_error(documento)
    return state
