"""Task `relations`: the numbered elements -> how they are related, and how important each hecho is."""

from prefect import task

from newsroom.models.extraccion import CitasYDatos, Elementos, Relaciones
from newsroom.models.item import Item
from newsroom.stages import relations as stage
from runs import runtime
from runs.policy import model_call


@task(name="relations", **model_call("relaciones"))
async def relations(item: Item, idioma: str, elementos: Elementos, citas_y_datos: CitasYDatos) -> Relaciones:
    """Returns the relations among the elements of one window."""
    return await stage.relate(runtime.engine(), item, idioma, elementos, citas_y_datos)
