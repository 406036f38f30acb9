"""Stage `quotes_and_figures`: the verbatim quotations and the figures of one piece of text.

A quotation is stored with the text's own characters, a figure with its number's place in the text. The stage
drops quotations that differ from the text and numbers that the text does not state, computed ones too.
"""

import asyncio
import logging
from collections.abc import Iterable
from datetime import UTC, datetime, time
from decimal import Decimal

from newsroom.engines.base import Engine
from newsroom.furniture import readable
from newsroom.grounding import SourceText, Span
from newsroom.models.extraccion import (
    Atribucion,
    CitasYDatos,
    CitaTextual,
    DatoCuantitativo,
    Elementos,
    Periodo,
)
from newsroom.models.item import Item
from newsroom.models.preparado import Trozo
from newsroom.models.respuestas import CitaRespuesta, DatoRespuesta
from newsroom.models.vocabulario import TipoEntidad
from newsroom.stages.answers import Answer, clamp
from newsroom.stages.asking import QUOTES_AND_FIGURES, add_consumption, ask, build_material
from newsroom.stages.days import parse_day, parse_days
from newsroom.stages.elements import locate

_SHOWN_CHARS = 60

logger = logging.getLogger(__name__)
_MIN_INDICATOR_CHARS = 3


async def extract_citas_y_datos(
    engine: Engine, item: Item, trozo: Trozo, idioma: str, elementos: Elementos
) -> CitasYDatos:
    """Returns the quotations and figures of one piece, with offsets into `item.contenido`.

    `elementos` are those that the piece mentions. `entidad_id` and `hecho_id` refer to them or are null.
    Items that the text does not have are dropped and listed in `advertencias`.
    """
    material = build_material(item, trozo.texto, idioma, elementos)
    answer, consumo = await ask(engine, QUOTES_AND_FIGURES, material)
    resolved = await asyncio.to_thread(resolve_citas_y_datos, answer, item, trozo, elementos)
    logger.info(
        "piece %d: %d citas, %d datos, %d warnings",
        trozo.indice + 1,
        len(resolved.citas_textuales),
        len(resolved.datos_cuantitativos),
        len(resolved.advertencias),
    )
    return resolved.model_copy(update={"consumo": consumo})


def resolve_citas_y_datos(answer: Answer, item: Item, trozo: Trozo, elementos: Elementos) -> CitasYDatos:
    """Returns the items of an answer that the piece proves. Pure."""
    piece = item.contenido[trozo.offset_inicio : trozo.offset_fin]
    source = SourceText(readable(piece), item.pais_publicacion)
    known = _Known(elementos)
    dropped = list(answer.problems)
    dropped.extend(f"cifra mal escrita, que no se guarda: «{figure}»" for figure in source.malformed_figures)
    citas: list[CitaTextual] = []
    for said in answer.items.get("citas_textuales", []):
        cita = _ground_cita(said, source, piece, trozo.offset_inicio, known, dropped)
        if cita is not None and not any(_same_place(cita, other) for other in citas):
            citas.append(cita.model_copy(update={"id": len(citas) + 1}))
    datos: list[DatoCuantitativo] = []
    for said in answer.items.get("datos_cuantitativos", []):
        dato = _ground_dato(said, source, trozo.offset_inicio, known, dropped)
        if dato is not None and not any(_same_figure(dato, other) for other in datos):
            datos.append(dato.model_copy(update={"id": len(datos) + 1}))
    return CitasYDatos(
        citas_textuales=tuple(citas), datos_cuantitativos=tuple(datos), advertencias=tuple(dropped)
    )


class _Known:
    """The ids that a quotation or figure may refer to."""

    def __init__(self, elementos: Elementos) -> None:
        self._hechos = {hecho.id for hecho in elementos.hechos}
        self._entidades = {entidad.id for entidad in elementos.entidades}
        self._forms = {entidad.id: (entidad.nombre, *entidad.alias) for entidad in elementos.entidades}
        self._people = {e.id for e in elementos.entidades if e.tipo is TipoEntidad.PERSONA}

    def hecho(self, number: int | None, dropped: list[str]) -> int | None:
        return self._check(number, self._hechos, "hecho", dropped)

    def entidad(self, number: int | None, dropped: list[str]) -> int | None:
        return self._check(number, self._entidades, "entidad", dropped)

    def speaker(
        self, said: CitaRespuesta, source: SourceText, quote: Span, dropped: list[str]
    ) -> tuple[int | None, Span | None]:
        """Returns the speaker and the words that attribute the quotation to it, or two nulls."""
        number = self.entidad(said.entidad_id, dropped)
        if number is None:
            return None, None
        rivals = (form for other in self._people if other != number for form in self._forms[other])
        words = source.find_attribution(quote, self._forms[number], rivals)
        if words is None:
            name = self._forms[number][0]
            dropped.append(f"cita que el texto no atribuye a «{name[:_SHOWN_CHARS]}»: queda sin emisor")
            return None, None
        return number, words

    @staticmethod
    def _check(number: int | None, known: set[int], kind: str, dropped: list[str]) -> int | None:
        if number is None or number in known:
            return number
        dropped.append(f"referencia a {kind} {number}, que no existe")
        return None


def _ground_cita(
    said: CitaRespuesta, source: SourceText, piece: str, base: int, known: _Known, dropped: list[str]
) -> CitaTextual | None:
    span = source.find_quote(said.cita)
    if span is None:
        dropped.append(f"cita que no está en el texto: «{said.cita[:_SHOWN_CHARS]}»")
        return None
    day = parse_day(said.fecha)
    speaker, words = known.speaker(said, source, span, dropped)
    return CitaTextual(
        id=1,
        cita=piece[span.offset_inicio : span.offset_fin],
        entidad_id=speaker,
        atribucion=None if words is None else Atribucion(**locate(words, base)),
        hecho_id=known.hecho(said.hecho_id, dropped),
        fecha=None if day is None else datetime.combine(day, time.min, tzinfo=UTC),
        contexto=said.contexto,
        relevancia=clamp(said.relevancia, 1, 5) or 3,
        **locate(span, base),
    )


def _same_place(one: CitaTextual, other: CitaTextual) -> bool:
    return (one.offset_inicio, one.offset_fin) == (other.offset_inicio, other.offset_fin)


def _ground_dato(
    said: DatoRespuesta, source: SourceText, base: int, known: _Known, dropped: list[str]
) -> DatoCuantitativo | None:
    valor = _decimal(said.valor)
    if len(said.indicador) < _MIN_INDICATOR_CHARS or not said.unidad:
        dropped.append(f"dato sin indicador o sin unidad: {valor}")
        return None
    passage = source.find_passage(said.pasaje) if said.pasaje else None
    span = _find_value(valor, said.unidad, source, passage)
    if span is None:
        dropped.append(f"dato cuya cifra no está en el texto: {said.indicador[:_SHOWN_CHARS]} = {valor}")
        return None
    first, last = parse_days(said.periodo.inicio, said.periodo.fin)
    return DatoCuantitativo(
        id=1,
        hecho_id=known.hecho(said.hecho_id, dropped),
        indicador=said.indicador,
        categoria=said.categoria,
        valor=valor,
        unidad=said.unidad,
        ambito_geografico=tuple(said.ambito_geografico),
        periodo=Periodo(inicio=first, fin=last),
        tipo_periodo=said.tipo_periodo,
        valor_anterior=_stated(said.valor_anterior, source),
        variacion_absoluta=_stated(said.variacion_absoluta, source),
        variacion_porcentual=_stated(said.variacion_porcentual, source),
        tendencia=said.tendencia,
        **locate(span, base),
    )


def _find_value(valor: Decimal, unidad: str, source: SourceText, passage: Span | None) -> Span | None:
    if passage is not None:
        span = source.find_number(valor, unidad=unidad, within=passage)
        if span is not None:
            return span
    return source.find_number(valor, unidad=unidad)


def _stated(value: float | None, source: SourceText) -> Decimal | None:
    """Returns the value if the text states it, else None: the text does not say what somebody computed."""
    if value is None:
        return None
    valor = _decimal(value)
    return valor if source.find_number(valor) is not None else None


def _decimal(value: float) -> Decimal:
    # str() gives the shortest digits that stand for the float: 3.5, not 3.5000000000000001776.
    number = Decimal(str(value))
    return (
        number.quantize(Decimal(1))
        if number == number.to_integral_value() and abs(number) < 10**18
        else number
    )


def _same_figure(one: DatoCuantitativo, other: DatoCuantitativo) -> bool:
    return one.offset_inicio == other.offset_inicio and one.indicador == other.indicador


def merge_citas_y_datos(parts: Iterable[CitasYDatos]) -> CitasYDatos:
    """Returns the quotations and figures of all pieces, renumbered from 1."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    citas = [cita for part in parts for cita in part.citas_textuales]
    datos = [dato for part in parts for dato in part.datos_cuantitativos]
    return CitasYDatos(
        citas_textuales=tuple(c.model_copy(update={"id": n}) for n, c in enumerate(citas, start=1)),
        datos_cuantitativos=tuple(d.model_copy(update={"id": n}) for n, d in enumerate(datos, start=1)),
        consumo=add_consumption([part.consumo for part in parts]),
        advertencias=tuple(warning for part in parts for warning in part.advertencias),
    )
