"""Task `prepare`: item -> language and pieces."""

import asyncio

from prefect import task

from newsroom.models.item import Item
from newsroom.models.preparado import Preparado
from newsroom.stages import prepare as stage
from runs import runtime
from runs.policy import pure_step


@task(name="prepare", **pure_step())
async def prepare(item: Item) -> Preparado:
    """Returns the language of the item and the pieces that it is read in."""
    return await asyncio.to_thread(stage.prepare, item, runtime.settings().chunk_chars)
