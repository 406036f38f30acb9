"""Task `persist`: everything about an article or fragment -> one remote call, one transaction."""

from prefect import task
from prefect.runtime import flow_run

from newsroom.models.articulo import Articulo
from newsroom.models.fragmento import Fragmento
from newsroom.models.reading import Reading
from newsroom.models.resultado import Guardado
from newsroom.stages.persistence import build_articulo_payload, build_fragmento_payload
from runs import runtime
from runs.policy import database_call


@task(name="persist", **database_call())
async def persist(received: Articulo | Fragmento, reading: Reading) -> Guardado:
    """Stores the item in one transaction. Returns its ids and counts.

    Content that is stored already changes nothing.
    """
    store, motor, flow_run_id = runtime.store(), runtime.engine().name, flow_run.id
    if isinstance(received, Articulo):
        return await store.persist_articulo(build_articulo_payload(received, reading, motor, flow_run_id))
    return await store.persist_fragmento(build_fragmento_payload(received, reading, motor, flow_run_id))
