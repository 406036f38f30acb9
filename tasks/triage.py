"""Task `triage`: item -> scores and decision."""

from prefect import task

from newsroom.models.extraccion import Triaje
from newsroom.models.item import Item
from newsroom.models.preparado import Preparado
from newsroom.stages import triage as stage
from runs import runtime
from runs.policy import model_call


@task(name="triage", **model_call("triaje"))
async def triage(item: Item, preparado: Preparado) -> Triaje:
    """Returns the item's scores, and the decision whether to read on."""
    return await stage.triage(runtime.engine(), item, preparado)
