"""The path of a fragment of a long document: an article's path, except that triage only classifies it."""

from typing import Annotated, Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State

from flows._reading import last_stages, read_item
from newsroom.models.fragmento import Fragmento
from runs.form import Again, titled
from runs.guard import give_up_if_hopeless
from runs.letters.record import record_failure
from runs.outcome import finish, stored_before
from runs.pages.artifacts import publish_reading
from runs.policy import called, flow_options
from tasks.lookup import lookup
from tasks.persistence import persist


def name_run() -> str:
    """Returns the run's name: document, place and section, short."""
    fragmento = runtime.flow_run.parameters["fragmento"]
    place = "" if fragmento.orden_en_articulo is None else f" {fragmento.orden_en_articulo + 1}"
    return f"{fragmento.ficha.titulo[:60]} ·{place} {(fragmento.titulo_seccion or '')[-60:]}".strip()


@flow(
    name="process-fragment",
    flow_run_name=name_run,
    on_failure=[record_failure],
    timeout_seconds=3600,
    **flow_options(),
)
async def process_fragment(
    fragmento: Annotated[Fragmento, titled("Fragmento")], reprocesar: Again = False
) -> State[Any]:
    """Reads a fragment of a document, keeps what its text proves, and stores it in one transaction.

    Args:
        fragmento: El fragmento, en el formato del conector.
        reprocesar: Léelo de nuevo aunque ya esté guardado sin cambios.
    """
    give_up_if_hopeless()
    item = fragmento.to_item()
    if not reprocesar and (guardado := await called(lookup)(item)) is not None:
        return stored_before(item, guardado)
    reading = await read_item(item)
    guardado = await called(persist, after=last_stages(reading))(fragmento, reading)
    await publish_reading(item, reading, guardado)
    return finish(item, reading, guardado)
