"""Task `quotes_and_figures`: a piece and its elements -> verbatim quotations and figures."""

from prefect import task

from newsroom.models.extraccion import CitasYDatos, Elementos
from newsroom.models.item import Item
from newsroom.models.preparado import Trozo
from newsroom.stages import quotes_and_figures as stage
from runs import runtime
from runs.policy import model_call


@task(name="quotes-and-figures", **model_call("citas_y_datos"))
async def quotes_and_figures(item: Item, trozo: Trozo, idioma: str, elementos: Elementos) -> CitasYDatos:
    """Returns who says what in the piece, and what it measures."""
    return await stage.extract_citas_y_datos(runtime.engine(), item, trozo, idioma, elementos)
