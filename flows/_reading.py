"""The steps that articles and fragments share: the stages of the recipe, as tasks of the calling run."""

from typing import Any

from newsroom.models.item import Item
from newsroom.models.preparado import Preparado
from newsroom.models.reading import Reading
from newsroom.stages import recipe
from runs.entrance import entered
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
    """Returns what the stages found. Each stage runs as a task of the calling flow.

    After the decision DESCARTAR, the reading holds only the triage.
    """
    return await recipe.read_item(_STEPS, item)


def last_stages(reading: Reading) -> list[Any]:
    """Returns the results of the last stages. The storing task follows them in the graph of the run."""
    return [reading.relaciones, reading.enlaces]
