"""Rates how much a hecho matters, 1 to 10, by counting. The reasons are in Spanish, for editors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from newsroom.language.lists import folded, table
from newsroom.models.extraccion import DatoCuantitativo, Entidad, Hecho
from newsroom.models.vocabulario import TipoEntidad, TipoHecho
from newsroom.numbers.number_words import CURRENCY_WORDS
from newsroom.tokens import strip_accents

_BASE = {
    TipoHecho.NORMATIVA: 5, TipoHecho.ANUNCIO: 4, TipoHecho.EVENTO: 4, TipoHecho.SUCESO: 4,
    TipoHecho.DECLARACION: 3, TipoHecho.BIOGRAFIA: 2, TipoHecho.CONCEPTO: 2,
}  # fmt: skip
_LARGE_MONEY = Decimal(100_000_000)
_LARGE_COUNT = Decimal(10_000)
_HEADS = ("presidente", "presidenta", "primer ministro", "primera ministra")
_MAX_REASONS = 4
_LONG_AGO_DAYS = 3_650


@dataclass(frozen=True, slots=True)
class Rating:
    """A grade from 1 to 10 and the reasons for it."""

    grade: int
    reasons: str | None


@cache
def _weighty() -> tuple[tuple[str, str, int], ...]:
    return tuple(
        (f" {strip_accents(str(word))} ", str(why), int(points))
        for word, why, points in table("relaciones")["importancia"]
    )


def rate_hecho(
    hecho: Hecho, entidades: Sequence[Entidad], datos: Sequence[DatoCuantitativo], today: date | None
) -> Rating:
    """Returns the grade of a hecho from its kind, words, entidades and figures.

    `today` is the day of publication; None if it is not known.
    """
    points, reasons = _BASE[hecho.tipo_hecho], []
    if hecho.tipo_hecho is TipoHecho.NORMATIVA:
        reasons.append("norma")
    text = (
        " "
        + " ".join("".join(c if c.isalnum() else " " for c in strip_accents(hecho.contenido)).split())
        + " "
    )
    heavy = sorted({(points_, why) for word, why, points_ in _weighty() if word in text}, reverse=True)
    for weight, why in heavy[:2]:
        points += weight
        reasons.append(why)
    for extra, why in (_actors(entidades), _figures(datos), _reach(hecho)):
        if extra:
            points += extra
            reasons.append(why)
    if hecho.fecha.inicio is None and not datos:
        points -= 1
    end = hecho.fecha.fin
    if end is not None and today is not None and end.date() < today - timedelta(days=_LONG_AGO_DAYS):
        points -= 3
        reasons.insert(0, "hecho histórico")
    return Rating(max(1, min(10, points)), "; ".join(dict.fromkeys(reasons[:_MAX_REASONS])) or None)


def _actors(entidades: Sequence[Entidad]) -> tuple[int, str]:
    for entidad in entidades:
        office = strip_accents(entidad.descripcion or "")
        if entidad.tipo is TipoEntidad.PERSONA and office.startswith(_HEADS):
            return 1, "jefe de Estado o de Gobierno"
    for entidad in entidades:
        name = strip_accents(entidad.nombre)
        marks = folded("relaciones", "nacionales")
        if entidad.tipo is TipoEntidad.INSTITUCION and any(mark in name for mark in marks):
            return 1, "institución nacional"
    return 0, ""


def _figures(datos: Sequence[DatoCuantitativo]) -> tuple[int, str]:
    for dato in datos:
        is_money = dato.unidad in CURRENCY_WORDS.values()
        if abs(dato.valor) >= (_LARGE_MONEY if is_money else _LARGE_COUNT):
            return 1, "cifra grande"
    return 0, ""


def _reach(hecho: Hecho) -> tuple[int, str]:
    return (1, "varios países") if len(hecho.pais) > 1 else (0, "")
