"""Stage `elements`: the hechos and entidades of one piece of text, each with its place in the text.

It drops what the text does not prove: a hecho without a passage, an entidad without a mention, and a
description or date that the text does not give. It cannot tell whether a proven statement is true.
"""

import asyncio
import logging
from datetime import UTC, date, datetime, time

from newsroom.cleaning import clean_text
from newsroom.engines.base import Engine
from newsroom.furniture import readable
from newsroom.grounding import SourceText, Span
from newsroom.models.articulo import fold_word
from newsroom.models.extraccion import Elementos, Entidad, Fecha, Hecho
from newsroom.models.item import Item
from newsroom.models.preparado import Trozo
from newsroom.models.respuestas import EntidadRespuesta, HechoRespuesta
from newsroom.stages.answers import Answer, clamp
from newsroom.stages.asking import ELEMENTS, add_consumption, ask, build_material
from newsroom.stages.days import parse_day, parse_days
from newsroom.stages.support import find_unsupported

_SHOWN_CHARS = 80

logger = logging.getLogger(__name__)


async def extract_elementos(engine: Engine, item: Item, trozo: Trozo, idioma: str) -> Elementos:
    """Returns the hechos and entidades of one piece, with offsets into `item.contenido`.

    Ids count from 1 within the piece. What the text does not have is dropped and listed in `advertencias`.
    """
    answer, consumo = await ask(engine, ELEMENTS, build_material(item, trozo.texto, idioma))
    resolved = await asyncio.to_thread(resolve_elementos, answer, item, trozo)
    logger.info(
        "piece %d: %d hechos, %d entidades, %d warnings",
        trozo.indice + 1,
        len(resolved.hechos),
        len(resolved.entidades),
        len(resolved.advertencias),
    )
    return resolved.model_copy(update={"consumo": consumo})


def resolve_elementos(answer: Answer, item: Item, trozo: Trozo) -> Elementos:
    """Returns the items of an answer that the piece proves. Pure."""
    piece = item.contenido[trozo.offset_inicio : trozo.offset_fin]
    source = SourceText(readable(piece), item.pais_publicacion)
    context = f"{item.titular} {item.medio} {item.pais_publicacion}"
    dropped = list(answer.problems)
    hechos: list[Hecho] = []
    for said in answer.items.get("hechos", []):
        hecho = _ground_hecho(said, source, trozo.offset_inicio, context, dropped)
        if hecho is not None and not _repeats(hecho, hechos):
            hechos.append(hecho.model_copy(update={"id": len(hechos) + 1}))
    entidades: list[Entidad] = []
    for said in answer.items.get("entidades", []):
        entidad = _ground_entidad(said, source, trozo.offset_inicio, context, dropped)
        if entidad is not None:
            entidades.append(entidad)
    return Elementos(hechos=tuple(hechos), entidades=fold_entidades(entidades), advertencias=tuple(dropped))


def _ground_hecho(
    said: HechoRespuesta, source: SourceText, base: int, context: str, dropped: list[str]
) -> Hecho | None:
    span = source.find_passage(said.pasaje)
    if span is None:
        dropped.append(f"hecho sin apoyo en el texto: «{said.contenido[:_SHOWN_CHARS]}»")
        return None
    contenido = said.contenido
    invented = find_unsupported(contenido, source, context) if contenido else "nada"
    if invented is not None:
        contenido = " ".join(clean_text(source.text[span.offset_inicio : span.offset_fin]).split())
        dropped.append(f"hecho que decía «{invented[:40]}», que no está en el texto: queda su pasaje")
    first, last = parse_days(said.fecha.inicio, said.fecha.fin)
    return Hecho(
        id=1,
        contenido=contenido,
        fecha=Fecha(inicio=_midnight(first), fin=_midnight(last)),
        precision_temporal=said.precision_temporal if first or last else None,
        tipo_hecho=said.tipo_hecho,
        pais=tuple(said.pais),
        region=tuple(said.region),
        ciudad=tuple(said.ciudad),
        etiquetas=tuple(said.etiquetas),
        es_futuro=said.es_futuro,
        estado_programacion=said.estado_programacion if said.es_futuro else None,
        offset_inicio=base + span.offset_inicio,
        offset_fin=base + span.offset_fin,
    )


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, tzinfo=UTC)


def _repeats(hecho: Hecho, others: list[Hecho]) -> bool:
    wording = fold_word(hecho.contenido)
    return any(fold_word(other.contenido) == wording for other in others)


def _ground_entidad(
    said: EntidadRespuesta, source: SourceText, base: int, context: str, dropped: list[str]
) -> Entidad | None:
    span = source.find_name(said.nombre, said.alias, tipo=said.tipo.value)
    if span is None:
        dropped.append(f"entidad que no está en el texto: «{said.nombre[:_SHOWN_CHARS]}»")
        return None
    descripcion = said.descripcion
    if descripcion and find_unsupported(descripcion, source, context):
        dropped.append(f"descripción que el texto no da, de «{said.nombre[:_SHOWN_CHARS]}»")
        descripcion = None
    return Entidad(
        id=said.id if said.id >= 1 else 1,
        nombre=said.nombre,
        tipo=said.tipo,
        alias=tuple(_grounded_alias(said, source)),
        descripcion=descripcion,
        fecha_nacimiento=_stated_day(said.fecha_nacimiento, source),
        fecha_disolucion=_stated_day(said.fecha_disolucion, source),
        relevancia=clamp(said.relevancia, 1, 10),
        offset_inicio=base + span.offset_inicio,
        offset_fin=base + span.offset_fin,
    )


def _grounded_alias(said: EntidadRespuesta, source: SourceText) -> list[str]:
    return [
        alias
        for alias in dict.fromkeys(said.alias)
        if fold_word(alias) != fold_word(said.nombre) and source.find_name(alias) is not None
    ]


def _stated_day(text: str | None, source: SourceText) -> date | None:
    day = parse_day(text)
    return day if day is not None and str(day.year) in source.text else None


def fold_entidades(entidades: list[Entidad]) -> tuple[Entidad, ...]:
    """Returns the entidades numbered from 1. Those of one tipo and name become one with all their aliases."""
    folded: dict[tuple[str, str], Entidad] = {}
    for entidad in entidades:
        key = (entidad.tipo.value, " ".join(fold_word(entidad.nombre).split()))
        known = folded.get(key)
        folded[key] = entidad if known is None else _unite(known, entidad)
    return tuple(
        entidad.model_copy(update={"id": number}) for number, entidad in enumerate(folded.values(), start=1)
    )


def _unite(one: Entidad, other: Entidad) -> Entidad:
    first = one if one.offset_inicio <= other.offset_inicio else other
    return one.model_copy(
        update={
            "alias": tuple(dict.fromkeys((*one.alias, *other.alias))),
            "descripcion": one.descripcion or other.descripcion,
            "fecha_nacimiento": one.fecha_nacimiento or other.fecha_nacimiento,
            "fecha_disolucion": one.fecha_disolucion or other.fecha_disolucion,
            "relevancia": max((r for r in (one.relevancia, other.relevancia) if r), default=None),
            "offset_inicio": first.offset_inicio,
            "offset_fin": first.offset_fin,
        }
    )


def merge_elementos(parts: list[Elementos]) -> Elementos:
    """Returns the elements of all pieces as one: ids renumbered, repeated hechos and entidades only once."""
    if len(parts) == 1:
        return parts[0]
    hechos: list[Hecho] = []
    seen: set[str] = set()
    for hecho in (hecho for part in parts for hecho in part.hechos):
        wording = fold_word(hecho.contenido)
        if wording not in seen:
            seen.add(wording)
            hechos.append(hecho.model_copy(update={"id": len(hechos) + 1}))
    return Elementos(
        hechos=tuple(hechos),
        entidades=fold_entidades([entidad for part in parts for entidad in part.entidades]),
        consumo=add_consumption([part.consumo for part in parts]),
        advertencias=tuple(warning for part in parts for warning in part.advertencias),
    )


def select_for_piece(elementos: Elementos, item: Item, trozo: Trozo) -> Elementos:
    """Returns the elements that a piece mentions, with their ids: later stages see them with the piece."""
    words = fold_word(item.contenido[trozo.offset_inicio : trozo.offset_fin])
    return Elementos(
        hechos=tuple(
            hecho
            for hecho in elementos.hechos
            if trozo.offset_inicio <= hecho.offset_inicio < trozo.offset_fin
        ),
        entidades=tuple(
            entidad
            for entidad in elementos.entidades
            if any(fold_word(name) in words for name in (entidad.nombre, *entidad.alias))
            or trozo.offset_inicio <= entidad.offset_inicio < trozo.offset_fin
        ),
    )


def locate(span: Span, base: int) -> dict[str, int]:
    """Returns a span of a piece as offsets into the whole text. `base` is where the piece begins."""
    return {"offset_inicio": base + span.offset_inicio, "offset_fin": base + span.offset_fin}
