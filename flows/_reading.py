"""The way that articles and fragments share: from an item to everything that its text proves."""

import asyncio

from newsroom.models.item import Item
from newsroom.models.reading import Reading
from newsroom.models.vocabulario import Decision
from newsroom.stages.elements import merge_elementos, select_for_piece
from newsroom.stages.quotes_and_figures import merge_citas_y_datos
from newsroom.stages.relations import cut_windows, merge_relaciones
from newsroom.stages.translation import merge_translations
from tasks.elements import elements
from tasks.linking import linking
from tasks.prepare import prepare
from tasks.quotes_and_figures import quotes_and_figures
from tasks.relations import relations
from tasks.translation import translation
from tasks.triage import triage


async def read_item(item: Item) -> Reading:
    """Returns what the stages found, as tasks of the flow that calls it; after DESCARTAR only the triage."""
    preparado = await prepare(item)
    idioma, trozos = preparado.idioma, preparado.trozos
    triaje = await triage(item, preparado)
    if triaje.decision is Decision.DESCARTAR:
        return Reading(preparado=preparado, triaje=triaje)

    foreign = trozos if idioma != "es" else ()
    translations, pieces = await asyncio.gather(
        asyncio.gather(*[translation(item, trozo, idioma) for trozo in foreign]),
        asyncio.gather(*[elements(item, trozo, idioma) for trozo in trozos]),
    )
    found = merge_elementos(pieces)
    known = linking.submit(found)  # in a runner thread, while the model is asked for quotations
    parts = [quotes_and_figures(item, t, idioma, select_for_piece(found, item, t)) for t in trozos]
    citas_y_datos = merge_citas_y_datos(await asyncio.gather(*parts))
    cut = await asyncio.to_thread(cut_windows, found)
    windows = [relations(item, idioma, window, citas_y_datos) for window in cut]
    return Reading(
        preparado=preparado,
        triaje=triaje,
        traduccion=merge_translations(translations),
        elementos=found,
        citas_y_datos=citas_y_datos,
        relaciones=merge_relaciones(await asyncio.gather(*windows)),
        enlaces=await asyncio.to_thread(known.result),  # .result() blocks: never in the event loop
    )
