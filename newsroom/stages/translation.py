"""Stage `translation`: translates a text into Spanish for the people who read the stored row.

The other stages read the original, because quotations and offsets refer to it. An engine that cannot
translate leaves a warning instead of a translation. Nothing checks what the translation says.
"""

from newsroom.engines.base import Engine
from newsroom.models.extraccion import Traduccion
from newsroom.models.item import Item
from newsroom.models.preparado import Trozo
from newsroom.models.respuestas import RespuestaTraduccion
from newsroom.stages.asking import TRANSLATION, add_consumption, ask, build_material


async def translate(engine: Engine, item: Item, trozo: Trozo, idioma: str) -> Traduccion:
    """Returns a piece of the item in Spanish, or only a warning if the engine cannot translate."""
    if not engine.can_translate:
        return Traduccion(
            advertencias=(f"traducción: el motor «{engine.name}» no traduce; se guarda en «{idioma}»",)
        )
    answer, consumo = await ask(engine, TRANSLATION, build_material(item, trozo.texto, idioma))
    said = answer.single
    assert isinstance(said, RespuestaTraduccion)
    return Traduccion(texto_traducido=said.texto, consumo=consumo)


def merge_translations(parts: list[Traduccion]) -> Traduccion:
    """Returns the pieces' translations as one text; null if any piece has none."""
    texts = [part.texto_traducido for part in parts]
    whole = None if not texts or None in texts else "\n\n".join(text for text in texts if text is not None)
    return Traduccion(
        texto_traducido=whole,
        consumo=add_consumption([part.consumo for part in parts]),
        advertencias=tuple(dict.fromkeys(warning for part in parts for warning in part.advertencias)),
    )
