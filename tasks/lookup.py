"""Task `lookup`: is this item stored already, with exactly this content?"""

from prefect import task

from newsroom.models.item import Item
from newsroom.models.resultado import Guardado
from runs import runtime
from runs.policy import database_call


@task(name="lookup", **database_call())
async def lookup(item: Item) -> Guardado | None:
    """Returns what is stored of the item; None if it is new or has changed."""
    store = runtime.store()
    find = store.find_fragmento if item.es_fragmento else store.find_articulo
    guardado = await find(item.identidad, item.huella_contenido)
    if guardado is not None:
        # The run that stored it may have failed because the store's answer was lost. Then its dead letter
        # is still open, and would be tried again for ever.
        await store.resolve_error(item.identidad, "procesado")
    return guardado
