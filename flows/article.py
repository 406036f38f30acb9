"""The path of an article. Its run is the job: state, retries, logs and page are Prefect's."""

import asyncio
from typing import Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State

from newsroom.models.articulo import Articulo
from newsroom.models.reading import Reading
from newsroom.models.vocabulario import Decision
from newsroom.stages.elements import merge_elementos, select_for_piece
from newsroom.stages.quotes_and_figures import merge_citas_y_datos
from newsroom.stages.relations import cut_windows, merge_relaciones
from newsroom.stages.translation import merge_translations
from tasks.dead_letter import record_failure
from tasks.elements import elements
from tasks.linking import linking
from tasks.lookup import lookup
from tasks.outcome import finish, stored_before
from tasks.persistence import persist
from tasks.prepare import prepare
from tasks.quotes_and_figures import quotes_and_figures
from tasks.relations import relations
from tasks.translation import translation
from tasks.triage import triage


def name_run() -> str:
    """Returns the run's name: outlet and headline, short."""
    articulo = runtime.flow_run.parameters["articulo"]
    return f"{articulo.medio[:40]} · {articulo.titular[:100]}"


@flow(name="process-article", flow_run_name=name_run, on_failure=[record_failure], timeout_seconds=3600)
async def process_article(articulo: Articulo, reprocesar: bool = False) -> State[Any]:
    """Reads an article, keeps what its text proves, and stores it in one transaction.

    Args:
        articulo: El artículo, en el formato del conector.
        reprocesar: Léelo de nuevo aunque ya esté guardado sin cambios.
    """
    item = articulo.to_item()
    if not reprocesar and (guardado := await lookup(item)) is not None:
        return stored_before(item, guardado)
    preparado = await prepare(item)
    idioma, trozos = preparado.idioma, preparado.trozos
    triaje = await triage(item, preparado)
    if triaje.decision is Decision.DESCARTAR:
        reading = Reading(preparado=preparado, triaje=triaje)
        return finish(item, reading, await persist(articulo, reading))

    foreign = trozos if idioma != "es" else ()
    translations, pieces = await asyncio.gather(
        asyncio.gather(*[translation(item, trozo, idioma) for trozo in foreign]),
        asyncio.gather(*[elements(item, trozo, idioma) for trozo in trozos]),
    )
    found = merge_elementos(pieces)
    known = linking.submit(found)  # in a runner thread, while the model is asked for quotations
    parts = [quotes_and_figures(item, t, idioma, select_for_piece(found, item, t)) for t in trozos]
    citas_y_datos = merge_citas_y_datos(await asyncio.gather(*parts))
    windows = [relations(item, idioma, window, citas_y_datos) for window in cut_windows(found)]
    reading = Reading(
        preparado=preparado,
        triaje=triaje,
        traduccion=merge_translations(translations),
        elementos=found,
        citas_y_datos=citas_y_datos,
        relaciones=merge_relaciones(await asyncio.gather(*windows)),
        enlaces=await asyncio.to_thread(known.result),  # .result() blocks: never in the event loop
    )
    return finish(item, reading, await persist(articulo, reading))
