"""Task `translation`: a piece that is not Spanish -> the piece in Spanish."""

from prefect import task

from newsroom.models.extraccion import Traduccion
from newsroom.models.item import Item
from newsroom.models.preparado import Trozo
from newsroom.stages import translation as stage
from runs import runtime
from runs.policy import model_call


@task(name="translation", **model_call("traduccion"))
async def translation(item: Item, trozo: Trozo, idioma: str) -> Traduccion:
    """Returns the piece in Spanish, or a warning where the engine cannot translate."""
    return await stage.translate(runtime.engine(), item, trozo, idioma)
