"""The stages one after another without Prefect and without a database: `noticias extract`.

The path is the one of `flows/article.py`; what that does with runs, retries and a store is left out.
"""

import asyncio
from typing import Any

from newsroom.engines.base import Engine
from newsroom.models.articulo import Articulo
from newsroom.models.item import Item
from newsroom.models.reading import Reading
from newsroom.models.vocabulario import Decision
from newsroom.stages.elements import extract_elementos, merge_elementos, select_for_piece
from newsroom.stages.persistence import build_extraction
from newsroom.stages.prepare import prepare
from newsroom.stages.quotes_and_figures import extract_citas_y_datos, merge_citas_y_datos
from newsroom.stages.relations import cut_windows, merge_relaciones, relate
from newsroom.stages.translation import merge_translations, translate
from newsroom.stages.triage import triage


async def read_item(engine: Engine, item: Item, chunk_chars: int) -> Reading:
    """Returns what the stages find in `item`; the errors of the engine are raised as they come."""
    preparado = await asyncio.to_thread(prepare, item, chunk_chars)
    triaje = await triage(engine, item, preparado)
    if triaje.decision is Decision.DESCARTAR:
        return Reading(preparado=preparado, triaje=triaje)
    idioma, trozos = preparado.idioma, preparado.trozos
    foreign = trozos if idioma != "es" else ()
    translations = await asyncio.gather(*[translate(engine, item, trozo, idioma) for trozo in foreign])
    elementos = merge_elementos(
        await asyncio.gather(*[extract_elementos(engine, item, trozo, idioma) for trozo in trozos])
    )
    citas_y_datos = merge_citas_y_datos(
        await asyncio.gather(
            *[
                extract_citas_y_datos(engine, item, trozo, idioma, select_for_piece(elementos, item, trozo))
                for trozo in trozos
            ]
        )
    )
    windows = [relate(engine, item, idioma, window, citas_y_datos) for window in cut_windows(elementos)]
    return Reading(
        preparado=preparado,
        triaje=triaje,
        traduccion=merge_translations(list(translations)),
        elementos=elementos,
        citas_y_datos=citas_y_datos,
        relaciones=merge_relaciones(await asyncio.gather(*windows)),
    )


async def extract(engine: Engine, articulo: Articulo, chunk_chars: int) -> dict[str, Any]:
    """Returns the whole extraction of an article as plain JSON values, every offset in it."""
    reading = await read_item(engine, articulo.to_item(), chunk_chars)
    extraction = build_extraction(reading, engine.name, None)
    return {
        "identidad": articulo.identidad,
        "url": articulo.url,
        "titular": articulo.titular,
        "idioma": reading.preparado.idioma,
        "triaje": reading.triaje.model_dump(mode="json", exclude={"consumo", "advertencias"}),
        "texto_traducido": reading.traduccion.texto_traducido,
        "hechos": extraction["hechos"],
        "entidades": [
            {key: value for key, value in entidad.items() if key != "db_id"}
            for entidad in extraction["entidades"]
        ],
        "citas_textuales": extraction["citas_textuales"],
        "datos_cuantitativos": extraction["datos_cuantitativos"],
        **extraction["relaciones"],
        "advertencias": list(reading.advertencias()),
        "procedencia": extraction["procedencia"],
        "tokens": reading.tokens(),
        "costo_usd": reading.costo_usd(),
    }
