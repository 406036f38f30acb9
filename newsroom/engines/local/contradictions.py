"""Finds hechos of one text that cannot both be true: two values of one thing, or a denial.

Precision comes first: a doubtful contradiction is left out.
"""

from itertools import pairwise

from newsroom.engines.local.told import Told
from newsroom.language.lists import folded
from newsroom.models.extraccion import CitasYDatos, DatoCuantitativo, Hecho
from newsroom.models.respuestas import ContradiccionRespuesta
from newsroom.models.vocabulario import TipoContradiccion
from newsroom.tokens import strip_accents

_NEIGHBOUR_CHARS = 800
_COMPARED = 40


def find_contradictions(told: list[Told], found: CitasYDatos) -> list[ContradiccionRespuesta]:
    """Returns the contradictions that the words of the text show."""
    return [*_by_value(told, found), *_by_denial(told)]


def _by_value(told: list[Told], found: CitasYDatos) -> list[ContradiccionRespuesta]:
    """Returns pairs of hechos with two values of one indicator.

    The hechos have the same time and place, and the words of the second one dispute the first.
    """
    hechos = {tale.hecho.id: tale.hecho for tale in told}
    datos = [(dato, hechos[dato.hecho_id]) for dato in found.datos_cuantitativos if dato.hecho_id in hechos]
    contradictions: list[ContradiccionRespuesta] = []
    for place, (one, first) in enumerate(datos):
        for other, second in datos[place + 1 : place + 1 + _COMPARED]:
            if first.id != second.id and _disagree(one, other) and _disputes(first, second):
                contradictions.append(
                    ContradiccionRespuesta(
                        hecho_principal_id=first.id,
                        hecho_contradictorio_id=second.id,
                        tipo=TipoContradiccion.VALOR,
                        grado=3,
                        descripcion=f"{one.indicador}: {one.valor} frente a {other.valor} {one.unidad}",
                    )
                )
    return contradictions


def _disagree(one: DatoCuantitativo, other: DatoCuantitativo) -> bool:
    same = _measured(one.indicador) == _measured(other.indicador) and one.unidad == other.unidad
    return same and one.valor != other.valor


def _measured(indicador: str) -> str:
    """Returns what is measured. In a clause («informó que murieron 9») it is the words at its number."""
    words = strip_accents(indicador).split()
    number = next((place for place, word in enumerate(words) if word[0].isdigit()), None)
    return " ".join(words if number is None else words[max(0, number - 2) : number])


def _disputes(one: Hecho, other: Hecho) -> bool:
    """Returns whether two hechos have the same time and place and the second one disputes the first."""
    dated = one.fecha.inicio is not None and other.fecha.inicio is not None and one.fecha != other.fecha
    placed = bool(one.ciudad and other.ciudad and one.ciudad != other.ciudad) or bool(
        one.pais and other.pais and one.pais != other.pais
    )
    if dated or placed:
        return False
    text = f" {strip_accents(other.contenido)} "
    return any(f" {mark} " in text.replace(",", " ") for mark in folded("relaciones", "desacuerdos"))


def _by_denial(told: list[Told]) -> list[ContradiccionRespuesta]:
    """Returns pairs of a hecho and the next one if that denies it. They share a tag and an entidad."""
    found: list[ContradiccionRespuesta] = []
    for before, after in pairwise(told):
        text = strip_accents(after.hecho.contenido)
        denies = any(f" {word} " in f" {text} " for word in folded("relaciones", "negaciones"))
        if not denies or after.hecho.offset_inicio - before.hecho.offset_fin > _NEIGHBOUR_CHARS:
            continue
        shared = {entidad.id for _, _, entidad in before.named} & {
            entidad.id for _, _, entidad in after.named
        }
        if shared and set(before.hecho.etiquetas) & set(after.hecho.etiquetas):
            found.append(
                ContradiccionRespuesta(
                    hecho_principal_id=before.hecho.id,
                    hecho_contradictorio_id=after.hecho.id,
                    tipo=TipoContradiccion.CONTENIDO,
                    grado=3,
                    descripcion="El segundo hecho niega lo que dice el primero",
                )
            )
    return found
