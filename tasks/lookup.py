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
    # An item that is stored may have an open error: the run that stored it did not get the database's answer.
    # Left open, the error would be tried again for ever.
    return await find(item.identidad, item.huella_contenido, close_error=True)
