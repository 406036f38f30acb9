"""Runs the stages without Prefect and without a database, for `noticias extract` and `noticias eval`."""

import asyncio
from functools import partial
from typing import Any

from newsroom.engines.base import Engine
from newsroom.models.articulo import Articulo
from newsroom.models.extraccion import Elementos, Enlaces
from newsroom.models.item import Item
from newsroom.models.preparado import Preparado
from newsroom.models.reading import Reading
from newsroom.stages import recipe
from newsroom.stages.elements import extract_elementos
from newsroom.stages.persistence import build_extraction
from newsroom.stages.prepare import prepare
from newsroom.stages.quotes_and_figures import extract_citas_y_datos
from newsroom.stages.relations import relate
from newsroom.stages.translation import translate
from newsroom.stages.triage import triage


def plain_steps(engine: Engine, chunk_chars: int) -> recipe.Steps:
    """Returns the stages as plain calls. No entidad is linked, because there is no database to ask.

    `chunk_chars` is the length of a piece of text at most, in characters.
    """

    async def prepare_item(item: Item) -> Preparado:
        return await asyncio.to_thread(prepare, item, chunk_chars)

    def begin_linking(_elementos: Elementos) -> recipe.LinkWait:
        async def no_links() -> Enlaces:
            return Enlaces()

        return no_links

    return recipe.Steps(
        prepare=prepare_item,
        triage=partial(triage, engine),
        translation=partial(translate, engine),
        elements=partial(extract_elementos, engine),
        begin_linking=begin_linking,
        quotes_and_figures=partial(extract_citas_y_datos, engine),
        relations=partial(relate, engine),
    )


async def read_item(engine: Engine, item: Item, chunk_chars: int) -> Reading:
    """Returns what the stages find in `item`.

    Raises:
        NewsroomError: what the engine raises, as it is.
    """
    return await recipe.read_item(plain_steps(engine, chunk_chars), item)


async def extract(engine: Engine, articulo: Articulo, chunk_chars: int) -> dict[str, Any]:
    """Returns the whole extraction of an article as JSON values, with all offsets.

    Raises:
        NewsroomError: what the engine raises, as it is.
    """
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
