"""The way that articles and fragments share: from an item to everything that its text proves."""

import asyncio
from typing import Any

from flows._entrance import entered
from newsroom.models.item import Item
from newsroom.models.reading import Reading
from newsroom.models.vocabulario import Decision
from newsroom.stages.elements import merge_elementos, select_for_piece
from newsroom.stages.quotes_and_figures import merge_citas_y_datos
from newsroom.stages.relations import cut_windows, merge_relaciones
from newsroom.stages.translation import merge_translations
from tasks._policy import as_one
from tasks.elements import elements
from tasks.linking import linking
from tasks.prepare import prepare
from tasks.quotes_and_figures import quotes_and_figures
from tasks.relations import relations
from tasks.translation import translation
from tasks.triage import triage


async def read_item(item: Item) -> Reading:
    """Returns what the stages found, as tasks of the flow that calls it; after DESCARTAR only the triage."""
    preparado = await prepare(as_one(item))
    entered()
    idioma, trozos = preparado.idioma, preparado.trozos
    triaje = await triage(as_one(item), as_one(preparado))
    if triaje.decision is Decision.DESCARTAR:
        return Reading(preparado=preparado, triaje=triaje)

    foreign = trozos if idioma != "es" else ()
    translations, pieces = await asyncio.gather(
        asyncio.gather(*[translation(as_one(item), as_one(trozo), idioma) for trozo in foreign]),
        asyncio.gather(*[elements(as_one(item), as_one(trozo), idioma) for trozo in trozos]),
    )
    found = merge_elementos(pieces)
    known = linking.submit(as_one(found))  # in a runner thread, while the model is asked for quotations
    spoken_of = [found] if len(trozos) == 1 else [select_for_piece(found, item, t) for t in trozos]
    parts = [
        quotes_and_figures(as_one(item), as_one(trozo), idioma, as_one(named))
        for trozo, named in zip(trozos, spoken_of, strict=True)
    ]
    citas_y_datos = merge_citas_y_datos(await asyncio.gather(*parts))
    cut = await asyncio.to_thread(cut_windows, found)
    windows = [relations(as_one(item), idioma, as_one(w), as_one(citas_y_datos)) for w in cut]
    return Reading(
        preparado=preparado,
        triaje=triaje,
        traduccion=merge_translations(translations),
        elementos=found,
        citas_y_datos=citas_y_datos,
        relaciones=merge_relaciones(await asyncio.gather(*windows)),
        enlaces=await asyncio.to_thread(known.result),  # .result() blocks: never in the event loop
    )


def behind(reading: Reading) -> list[Any]:
    """Returns what the task that stores a reading comes after: the last stages, for the graph of the run."""
    return [as_one(reading.relaciones), as_one(reading.enlaces)]
