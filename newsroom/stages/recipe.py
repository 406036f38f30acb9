"""The path of an item through the stages, written once.

The flows walk it with Prefect tasks, `noticias extract` and `noticias eval` with plain calls.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from newsroom.models.extraccion import CitasYDatos, Elementos, Enlaces, Relaciones, Traduccion, Triaje
from newsroom.models.item import Item
from newsroom.models.preparado import Preparado, Trozo
from newsroom.models.reading import Reading
from newsroom.models.vocabulario import Decision
from newsroom.stages.elements import merge_elementos, select_for_piece
from newsroom.stages.quotes_and_figures import merge_citas_y_datos
from newsroom.stages.relations import cut_windows, merge_relaciones
from newsroom.stages.translation import merge_translations

LinkWait = Callable[[], Awaitable[Enlaces]]


@dataclass(frozen=True)
class Steps:
    """The stages as the caller runs them, one field for each. The `str` argument is the language of the text.

    `begin_linking` starts at once and returns a function that waits for the end. So the database and the
    model are asked at the same time.
    """

    prepare: Callable[[Item], Awaitable[Preparado]]
    triage: Callable[[Item, Preparado], Awaitable[Triaje]]
    translation: Callable[[Item, Trozo, str], Awaitable[Traduccion]]
    elements: Callable[[Item, Trozo, str], Awaitable[Elementos]]
    begin_linking: Callable[[Elementos], LinkWait]
    quotes_and_figures: Callable[[Item, Trozo, str, Elementos], Awaitable[CitasYDatos]]
    relations: Callable[[Item, str, Elementos, CitasYDatos], Awaitable[Relaciones]]


async def read_item(steps: Steps, item: Item) -> Reading:
    """Returns what the stages find in `item`. After DESCARTAR it holds only the triage.

    Raises:
        NewsroomError: what a stage raises, as it is.
    """
    preparado = await steps.prepare(item)
    idioma, trozos = preparado.idioma, preparado.trozos
    triaje = await steps.triage(item, preparado)
    if triaje.decision is Decision.DESCARTAR:
        return Reading(preparado=preparado, triaje=triaje)

    foreign = trozos if idioma != "es" else ()
    translations, pieces = await asyncio.gather(
        asyncio.gather(*[steps.translation(item, trozo, idioma) for trozo in foreign]),
        asyncio.gather(*[steps.elements(item, trozo, idioma) for trozo in trozos]),
    )
    found = merge_elementos(pieces)
    wait_for_links = steps.begin_linking(found)
    spoken_of = [found] if len(trozos) == 1 else [select_for_piece(found, item, t) for t in trozos]
    parts = [
        steps.quotes_and_figures(item, trozo, idioma, named)
        for trozo, named in zip(trozos, spoken_of, strict=True)
    ]
    citas_y_datos = merge_citas_y_datos(await asyncio.gather(*parts))
    # Off the loop: a long text has thousands of elements.
    windows = await asyncio.to_thread(cut_windows, found)
    related = [steps.relations(item, idioma, window, citas_y_datos) for window in windows]
    return Reading(
        preparado=preparado,
        triaje=triaje,
        traduccion=merge_translations(translations),
        elementos=found,
        citas_y_datos=citas_y_datos,
        relaciones=merge_relaciones(await asyncio.gather(*related)),
        enlaces=await wait_for_links(),
    )
