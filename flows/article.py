"""The path of an article. Its run is the job: state, retries, logs and page are Prefect's."""

from typing import Annotated, Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State

from flows._reading import last_stages, read_item
from newsroom.intake.derive import derive
from newsroom.models.articulo import Articulo
from runs.form import Again, titled
from runs.guard import give_up_if_hopeless
from runs.letters.record import record_failure
from runs.outcome import finish, stored_before
from runs.pages.artifacts import publish_reading
from runs.policy import called, flow_options
from tasks.lookup import lookup
from tasks.persistence import persist


def name_run() -> str:
    """Returns the run's name: outlet and headline, short."""
    articulo = runtime.flow_run.parameters["articulo"]
    return f"{(articulo.medio or 'sin medio')[:40]} · {articulo.title[:100]}"


@flow(
    name="process-article",
    flow_run_name=name_run,
    on_failure=[record_failure],
    timeout_seconds=3600,
    **flow_options(),
)
async def process_article(
    articulo: Annotated[Articulo, titled("Artículo")], reprocesar: Again = False
) -> State[Any]:
    """Reads an article, keeps what its text proves, and stores it in one transaction.

    Args:
        articulo: El artículo. Solo su texto es indispensable; lo que no se sepa, se deja vacío.
        reprocesar: Léelo de nuevo aunque ya esté guardado sin cambios.
    """
    give_up_if_hopeless()
    # What came by the form or the API has not been through newsroom.intake.
    articulo = derive(articulo)
    item = articulo.to_item()
    if not reprocesar and (guardado := await called(lookup)(item)) is not None:
        return stored_before(item, guardado)
    reading = await read_item(item)
    guardado = await called(persist, after=last_stages(reading))(articulo, reading)
    await publish_reading(item, reading, guardado)
    return finish(item, reading, guardado)
