"""The way that articles and fragments share: the recipe's stages as tasks of the run that calls it."""

from typing import Any

from flows._entrance import entered
from newsroom.models.item import Item
from newsroom.models.preparado import Preparado
from newsroom.models.reading import Reading
from newsroom.stages import recipe
from runs.policy import called, submitted
from tasks.elements import elements
from tasks.linking import linking
from tasks.prepare import prepare
from tasks.quotes_and_figures import quotes_and_figures
from tasks.relations import relations
from tasks.translation import translation
from tasks.triage import triage


async def _prepare(item: Item) -> Preparado:
    preparado = await called(prepare)(item)
    # The next step waits for the model, so the next run of the feed may begin.
    entered()
    return preparado


_STEPS = recipe.Steps(
    prepare=_prepare,
    triage=called(triage),
    translation=called(translation),
    elements=called(elements),
    begin_linking=submitted(linking),
    quotes_and_figures=called(quotes_and_figures),
    relations=called(relations),
)


async def read_item(item: Item) -> Reading:
    """Returns what the stages found, as tasks of the flow that calls it. After DESCARTAR: only the triage."""
    return await recipe.read_item(_STEPS, item)


def last_stages(reading: Reading) -> list[Any]:
    """Returns what the storing task comes after, so that the graph of the run shows it."""
    return [reading.relaciones, reading.enlaces]
