"""Task `elements`: a piece -> its hechos and entidades."""

from prefect import task

from newsroom.models.extraccion import Elementos
from newsroom.models.item import Item
from newsroom.models.preparado import Trozo
from newsroom.stages import elements as stage
from runs import runtime
from runs.policy import model_call


@task(name="elements", **model_call("elementos"))
async def elements(item: Item, trozo: Trozo, idioma: str) -> Elementos:
    """Returns what the piece says happened, and whom it names."""
    return await stage.extract_elementos(runtime.engine(), item, trozo, idioma)
