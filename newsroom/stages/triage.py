"""Stage `triage`: decides whether an article is worth reading on.

The model gives five scores and may name an excluded topic. Code computes the sum and the decision. The stage
reads only the first piece of a text, and it never discards a fragment of a document. About what is no article
(`emptiness.py`) no model is asked.
"""

import logging

from newsroom.engines.base import Engine
from newsroom.models.extraccion import Puntuaciones, Triaje
from newsroom.models.item import Item
from newsroom.models.preparado import Preparado
from newsroom.models.respuestas import RespuestaTriaje
from newsroom.models.vocabulario import Decision, Exclusion, SinContenido, TipoArticulo
from newsroom.stages.answers import clamp
from newsroom.stages.asking import TRIAGE, ask, build_material
from newsroom.stages.emptiness import say_why_empty

PROCESS_FROM = 17
CONSIDER_FROM = 12

logger = logging.getLogger(__name__)


NEIGHBOURS = frozenset(("ca", "gl", "eu", "pt"))
"""Neighbours of Spanish: low scores may only mean that the words are others."""


def decide(total: int, exclusion: Exclusion | None) -> Decision:
    """Returns DESCARTAR for an excluded topic or below 12 points, PROCESAR from 17 points on."""
    if exclusion is not None or total < CONSIDER_FROM:
        return Decision.DESCARTAR
    return Decision.PROCESAR if total >= PROCESS_FROM else Decision.CONSIDERAR


async def triage(engine: Engine, item: Item, preparado: Preparado) -> Triaje:
    """Returns scores and decision for the item, judged by its first piece.

    A fragment is classified and never discarded, because its document was accepted. Nor is a text discarded
    because its language is Catalan, Galician, Basque or Portuguese. A text on none of the newsroom's themes
    (`relevancia_tematica` 1) is at most CONSIDERAR.
    """
    if not item.es_fragmento and (why := say_why_empty(item.titular, item.contenido)) is not None:
        logger.info("%s: %s", Decision.DESCARTAR.value, why)
        return _discard(why)
    material = build_material(item, preparado.trozos[0].texto, preparado.idioma)
    answer, consumo = await ask(engine, TRIAGE, material)
    said = answer.single
    assert isinstance(said, RespuestaTriaje)
    puntuaciones = Puntuaciones(
        **{name: clamp(getattr(said, name), 1, 5) for name in Puntuaciones.model_fields}
    )
    exclusion = None if item.es_fragmento else said.exclusion
    decision = decide(puntuaciones.total, exclusion)
    kept = item.es_fragmento or (exclusion is None and preparado.idioma in NEIGHBOURS)
    if kept and decision is Decision.DESCARTAR:
        decision = Decision.CONSIDERAR
    if decision is Decision.PROCESAR and puntuaciones.relevancia_tematica == 1:
        decision = Decision.CONSIDERAR
    logger.info("%s: %d of 25, exclusion %s", decision.value, puntuaciones.total, exclusion)
    return Triaje(
        exclusion=exclusion,
        tipo_articulo=said.tipo_articulo,
        puntuaciones=puntuaciones,
        puntuacion_total=puntuaciones.total,
        decision=decision,
        paises=tuple(said.paises),
        temas=tuple(said.temas),
        justificacion=said.justificacion,
        elementos_clave=tuple(said.elementos_clave),
        consumo=consumo,
    )


def _discard(why: str) -> Triaje:
    """Returns the triage of what is no article, with the lowest scores."""
    lowest = Puntuaciones(**dict.fromkeys(Puntuaciones.model_fields, 1))
    return Triaje(
        exclusion=SinContenido.SIN_CONTENIDO,
        tipo_articulo=TipoArticulo.NOTICIA,
        puntuaciones=lowest,
        puntuacion_total=lowest.total,
        decision=Decision.DESCARTAR,
        justificacion=why,
    )
