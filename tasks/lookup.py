"""Task `lookup`: is this item stored already, with exactly this content?"""

from prefect import task

from newsroom.models.item import Item
from newsroom.models.resultado import Guardado
from tasks import _runtime
from tasks._policy import database_call


@task(name="lookup", **database_call())
async def lookup(item: Item) -> Guardado | None:
    """Returns what is stored of the item; None if it is new or has changed."""
    guardado = await _runtime.store().find_articulo(item.identidad, item.huella_contenido)
    if guardado is not None:
        # Stored by a run whose last answer was lost: its dead letter would be tried again for ever.
        await _runtime.store().resolve_error(item.identidad, "procesado")
    return guardado
