"""Task `persist`: everything about an article -> one remote call, one transaction."""

from prefect import runtime, task

from newsroom.models.articulo import Articulo
from newsroom.models.reading import Reading
from newsroom.models.resultado import Guardado
from newsroom.stages.persistence import build_articulo_payload
from tasks import _runtime
from tasks._policy import database_call


@task(name="persist", **database_call())
async def persist(articulo: Articulo, reading: Reading) -> Guardado:
    """Returns the ids and counts of what is stored now; the same content changes nothing."""
    payload = build_articulo_payload(articulo, reading, _runtime.engine().name, runtime.flow_run.id)
    guardado = await _runtime.store().persist_articulo(payload)
    await _runtime.store().resolve_error(articulo.identidad, "procesado")
    return guardado
