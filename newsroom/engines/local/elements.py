"""Stage `elementos`: makes the answer out of a page's hechos and entidades."""

from newsroom.engines.base import Material
from newsroom.engines.local.entities import Entity
from newsroom.engines.local.hechos import Event, find_hechos
from newsroom.engines.local.page import Page, read_page
from newsroom.models.respuestas import EntidadRespuesta, FechaRespuesta, HechoRespuesta, RespuestaElementos
from newsroom.tokens import strip_accents

_MAX_ENTITIES = 120


def page_of(material: Material) -> Page:
    """Returns the page of the text that a question is about."""
    return read_page(material.texto, material.published_on, material.pais_publicacion)


def answer_elements(material: Material) -> RespuestaElementos:
    """Returns the hechos and entidades. Every `pasaje`, `nombre` and `alias` stands in the text."""
    page = page_of(material)
    hechos = [_state_hecho(event, number) for number, event in enumerate(find_hechos(page), start=1)]
    kept = sorted(page.entities, key=lambda entity: -len(entity.mentions))[:_MAX_ENTITIES]
    kept.sort(key=lambda entity: entity.mentions[0].first)
    titular = strip_accents(material.titular)
    entidades = [_state_entity(page, entity, number, titular) for number, entity in enumerate(kept, start=1)]
    return RespuestaElementos(hechos=hechos, entidades=entidades)


def _state_hecho(event: Event, number: int) -> HechoRespuesta:
    when = event.when
    inicio, fin = (when.inicio, when.fin) if when else (None, None)
    return HechoRespuesta(
        id=number,
        contenido=event.content,
        pasaje=event.passage,
        fecha=FechaRespuesta(
            inicio=inicio.isoformat() if inicio else None, fin=fin.isoformat() if fin else None
        ),
        precision_temporal=when.precision if when else None,
        tipo_hecho=event.tipo,
        pais=list(event.where.pais),
        region=list(event.where.region),
        ciudad=list(event.where.ciudad),
        etiquetas=list(event.tags),
        es_futuro=event.is_future,
        estado_programacion=event.estado,
    )


def _state_entity(page: Page, entity: Entity, number: int, titular: str) -> EntidadRespuesta:
    return EntidadRespuesta(
        id=number,
        nombre=entity.name,
        tipo=entity.tipo,
        alias=entity.aliases,
        descripcion=page.descriptions.get(entity.name),
        fecha_nacimiento=None,
        fecha_disolucion=None,
        relevancia=_relevance(page, entity, titular),
    )


def _relevance(page: Page, entity: Entity, titular: str) -> int:
    """Returns 1 to 10 from the number of mentions, and from mentions in the headline and at the beginning."""
    count = len(entity.mentions)
    score = 2 + min(4, count // 2 if count > 1 else 0) + (count > 1)
    if any(strip_accents(form) in titular for form in entity.forms()):
        score += 2
    if page.tokens.starts[entity.mentions[0].first] < max(300, len(page.text) // 10):
        score += 1
    return min(10, score)
