"""Finds the figures that measure something, with their indicator, unit, subject area, period and trend."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from newsroom.engines.local.indicators import find_indicator
from newsroom.engines.local.page import Page
from newsroom.engines.local.units import Units
from newsroom.language.lists import folded, groups, lowered
from newsroom.language.sentences import Sentence, sentence_at
from newsroom.models.vocabulario import CategoriaDato, Tendencia, TipoPeriodo
from newsroom.numbers import NumberMention
from newsroom.tokens import strip_accents

_NEAR = 60
_WORD = re.compile(r"[^\W_]+")
_FEWEST, _FEWEST_OF_ANY, _FEW = 2, 5, 10


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `start:end` is the place of the number, `clause` the words of the text around it.

    `unit_end` is the token behind its unit. The text says the rest: `anterior` is the value before, and
    `variacion` (in per cent) and `diferencia` are the change.
    """

    start: int
    end: int
    unit_end: int
    sentence: Sentence
    clause: str
    indicador: str
    categoria: CategoriaDato
    valor: Decimal
    unidad: str
    tipo_periodo: TipoPeriodo | None
    tendencia: Tendencia | None
    anterior: Decimal | None = None
    variacion: Decimal | None = None
    diferencia: Decimal | None = None


def find_figures(page: Page) -> list[Figure]:
    """Returns the figures of a page in order, without dates, times, numbers of laws and telephone numbers.

    An earlier value of a figure and the size of its change belong to that figure. They are not figures.
    """
    found: list[Figure] = []
    units = Units(page)
    for number in page.numbers:
        sentence = sentence_at(page.sentences, number.offset_inicio)
        if sentence is None or not _measures(page, number, sentence):
            continue
        figure = _read(page, number, sentence, units)
        if figure is None:
            continue
        units.note(sentence, figure.unidad, number)
        joined = _join(page, found[-1], figure) if found else None
        if joined is not None:
            found[-1] = joined
        else:
            found.append(figure)
    return found


def _measures(page: Page, number: NumberMention, sentence: Sentence) -> bool:
    if number.es_fecha or (number.parece_anio and number.moneda is None):
        return False
    first = page.token_at(number.offset_inicio)
    before = page.tokens.loose[first - 1] if first > sentence.first else ""
    if before in (".", "-", "/") and first > sentence.first + 1:
        before = page.tokens.loose[first - 2] if before == "." else before
    if before in folded("cifras", "referencias") or before in ("-", "/", "#"):
        return False
    if any(d.start <= number.offset_inicio < d.end for d in page.dates(sentence)):
        return False
    if any(m.first <= first < m.last for m in page.mentions_in(max(0, first - 12), first + 1)):
        return False
    behind = page.token_at(number.offset_fin)
    after = page.tokens.loose[behind] if behind < sentence.last else ""
    return not (after in ("º", "°") and not number.es_porcentaje) and after not in (")", "/")


def _read(page: Page, number: NumberMention, sentence: Sentence, units: Units) -> Figure | None:
    unit, unit_end = units.find(number, sentence)
    if unit is None or unit in lowered("cifras", "sin_dato") or _is_trifle(number, unit):
        return None
    if _is_counted_before(page, number, sentence):
        return None
    if unit in lowered("cifras", "tiempo") and not _measures_time(page, number, sentence):
        return None
    clause_start, clause_end = _clause(page, number, sentence)
    clause = page.text[clause_start:clause_end]
    after = page.token_at(number.offset_fin)
    indicador = find_indicator(page, number, sentence, unit, after, unit_end)
    return Figure(
        number.offset_inicio,
        number.offset_fin,
        unit_end,
        sentence,
        clause,
        indicador,
        _category(page, number, sentence, unit, indicador),
        number.valores[0],
        unit,
        _period_kind(clause),
        _trend(page, number, sentence),
    )


def _is_trifle(number: NumberMention, unit: str) -> bool:
    """Returns whether the number measures nothing: too few things, or things that nobody counts."""
    if number.es_porcentaje or number.moneda is not None or unit in groups("cifras", "unidades"):
        return False
    fewest = _FEWEST if unit in lowered("cifras", "unidades_propias") else _FEWEST_OF_ANY
    return number.valores[0] < fewest or strip_accents(unit) in folded("cifras", "no_contados")


def _is_counted_before(page: Page, number: NumberMention, sentence: Sentence) -> bool:
    """Returns whether a small number only refers to something known: «los dos países», «estas ocho»."""
    first = page.token_at(number.offset_inicio)
    before = page.tokens.loose[first - 1] if first > sentence.first else ""
    plain = not number.es_porcentaje and number.moneda is None and number.valores[0] < _FEW
    return plain and before in folded("cifras", "definidos")


def _measures_time(page: Page, number: NumberMention, sentence: Sentence) -> bool:
    """Returns whether a duration is a datum: a prison term, an age. «desde hace 36 años» is not."""
    near = " ".join(_WORD.findall(strip_accents(_window(page, number, sentence))))
    return any(f" {phrase} " in f" {near} " for phrase in folded("cifras", "tiempo_mide"))


def _clause(page: Page, number: NumberMention, sentence: Sentence) -> tuple[int, int]:
    """Returns the place of the words around a number, about 110 characters at most, cut between words."""
    start = max(sentence.start, number.offset_inicio - _NEAR)
    end = min(sentence.end, number.offset_fin + _NEAR)
    if start > sentence.start:
        start = page.text.find(" ", start, number.offset_inicio) + 1 or number.offset_inicio
    if end < sentence.end:
        cut = page.text.rfind(" ", number.offset_fin, end)
        end = cut if cut > number.offset_fin else end
    return start, end


def _category(
    page: Page, number: NumberMention, sentence: Sentence, unit: str, indicador: str
) -> CategoriaDato:
    near = strip_accents(f"{indicador} {unit} {_window(page, number, sentence)}")
    words = set(near.replace(",", " ").replace(".", " ").split())
    best, most = CategoriaDato.OTRO, 0
    own = strip_accents(f"{indicador} {unit}")
    for category, keys in groups("cifras", "categorias").items():
        hits = 0
        for key in keys:
            folded = strip_accents(key)
            present = folded in words if " " not in folded else folded in near
            hits += present + 2 * (present and folded in own.split())
        if hits > most:
            best, most = CategoriaDato(category), hits
    return best


def _window(page: Page, number: NumberMention, sentence: Sentence) -> str:
    return page.text[
        max(sentence.start, number.offset_inicio - 90) : min(sentence.end, number.offset_fin + 90)
    ]


def _period_kind(clause: str) -> TipoPeriodo | None:
    lower = clause.lower()
    for kind, marks in groups("cifras", "tipo_periodo").items():
        if any(f"{mark}" in lower for mark in marks):
            return TipoPeriodo(kind)
    return None


def _trend(page: Page, number: NumberMention, sentence: Sentence) -> Tendencia | None:
    """Returns the trend from the nearest verb or noun within a few words before the figure, or None."""
    at = page.token_at(number.offset_inicio)
    verbs = [v for v in page.verbs(sentence) if at - 10 <= v.first < at]
    for verb in reversed(verbs):
        if verb.first and page.tokens.loose[verb.first - 1] == "no":
            continue
        for key, trend in (
            ("subir", Tendencia.AUMENTO),
            ("bajar", Tendencia.DISMINUCIÓN),
            ("mantener", Tendencia.ESTABLE),
        ):
            if verb.lemma in lowered("verbos", key):
                return trend
    before = set(page.tokens.verbatim[max(sentence.first, at - 5) : at])
    for kind, nouns in groups("cifras", "tendencia_palabras").items():
        if before.intersection(nouns):
            return Tendencia(kind)
    return None


def _join(page: Page, first: Figure, second: Figure) -> Figure | None:
    """Returns the two figures as one if one of them only says how the other changed, else None."""
    if first.sentence is not second.sentence or second.start - first.end > _NEAR:
        return None
    compared = _comparison(page, second)
    if compared is not None and second.unidad == "porcentaje":
        return replace(first, variacion=compared)
    if compared is not None and (second.unidad == "puntos" or second.unidad == first.unidad):
        return replace(first, diferencia=compared)
    if first.unidad != second.unidad:
        return None
    between = f" {page.text[first.end : second.start].lower()}"
    if any(f" {mark} " in between or f" {mark}l " in between for mark in lowered("cifras", "desde")):
        return replace(first, anterior=second.valor)
    begun = page.tokens.loose[page.token_at(first.start) - 1] in ("de", "del", "desde")
    if begun and between.split()[-1:] in (["a"], ["al"]) and page.verbs(first.sentence):
        return replace(second, anterior=first.valor) if _has_moved(page, first) else None
    return None


def _comparison(page: Page, figure: Figure) -> Decimal | None:
    """Returns the change of another figure that a figure states, with its sign: «un 8 % más que en 2023»."""
    words = page.tokens.loose[figure.unit_end : figure.unit_end + 2]
    if len(words) < 2 or words[1] not in ("que", "a", "al", "de", "del", "respecto"):
        return None
    if words[0] in ("mas", "superior", "mayor"):
        return abs(figure.valor)
    return -abs(figure.valor) if words[0] in ("menos", "inferior", "menor") else None


def _has_moved(page: Page, figure: Figure) -> bool:
    """Returns whether a verb of change stands before the figure: «pasó de 57.000 a 48.500»."""
    at = page.token_at(figure.start)
    near = [verb.lemma for verb in page.verbs(figure.sentence) if at - 8 <= verb.first < at]
    moving = lowered("verbos", "subir") | lowered("verbos", "bajar") | {"pasar"}
    return any(lemma in moving for lemma in near)
