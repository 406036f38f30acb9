"""Finds the figures that measure something, with their indicator, unit, subject area, period and trend."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from newsroom.engines.local.indicators import find_indicator
from newsroom.engines.local.page import Page
from newsroom.engines.local.units import Units, is_base
from newsroom.language.lists import folded, groups, lowered
from newsroom.language.sentences import Sentence, sentence_at
from newsroom.language.verbs import Verb
from newsroom.models.vocabulario import CategoriaDato, Tendencia, TipoPeriodo
from newsroom.numbers import NumberMention
from newsroom.tokens import strip_accents

_NEAR = 60
_WORD = re.compile(r"[^\W_]+")
_FEWEST, _FEWEST_OF_ANY, _FEW = 2, 5, 10
_DETERMINERS = frozenset(("el", "la", "los", "las", "un", "una", "us", "u", "s", "bs", "rd"))


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
    """Returns whether a number can measure something. Money and percentages always can.

    The other way round, these do not: dates, years, laws, roads, a part of a name, the 10 of «tres de cada
    diez», and the 100.000 of a rate.
    """
    if number.es_fecha or any(d.start <= number.offset_inicio < d.end for d in page.dates(sentence)):
        return False
    if number.es_porcentaje or number.moneda is not None:
        return True
    words, first = page.tokens.loose, page.token_at(number.offset_inicio)
    before = words[first - 1] if first > sentence.first else ""
    if before == "." and first > sentence.first + 1:
        before = words[first - 2]
    glued = before in ("-", "/") and page.tokens.touches(first) and number.valores[0] >= 0
    in_range = glued and first > 1 and words[first - 2].isdecimal()
    if number.parece_anio or before in folded("cifras", "referencias") or (glued and not in_range):
        return False
    if before == "cada" or (before == "por" and is_base(number.valores[0])):
        return False
    if any(m.first <= first < m.last for m in page.mentions_in(max(0, first - 12), first + 1)):
        return False
    behind = page.token_at(number.offset_fin)
    after = words[behind : behind + 2] if behind < sentence.last else []
    is_part = after[:1] in (["º"], ["°"], [")"], ["/"]) and not page.text[number.offset_fin].isalpha()
    return after != ["de", "cada"] and not is_part


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
    near = f" {' '.join(_WORD.findall(strip_accents(_window(page, number, sentence))))} "
    before = f" {' '.join(_WORD.findall(strip_accents(page.text[sentence.start : number.offset_inicio])))} "
    if any(before.endswith(f" {phrase} ") for phrase in folded("cifras", "tiempo_no_mide")):
        return False
    return any(f" {phrase} " in near for phrase in folded("cifras", "tiempo_mide"))


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
    """Returns the trend from the nearest verb or noun within a few words before the figure, or None.

    A level is no change: «la deuda asciende a 45.000 millones».
    """
    at = page.token_at(number.offset_inicio)
    words = page.tokens.loose
    verbs = [v for v in page.verbs(sentence) if at - 10 <= v.first < at]
    for verb in reversed(verbs):
        if (verb.first and words[verb.first - 1] == "no") or _is_level(words, verb, at):
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


def _is_level(words: list[str], verb: Verb, at: int) -> bool:
    named = verb.lemma in lowered("cifras", "niveles")
    reached = verb.lemma in lowered("cifras", "niveles_con_a") and words[verb.last] in ("a", "al")
    return named or (reached and verb.last < at)


def _join(page: Page, first: Figure, second: Figure) -> Figure | None:
    """Returns the two figures as one if one of them only says how the other changed, else None."""
    if first.sentence is not second.sentence or second.start - first.end > _NEAR:
        return None
    compared = _comparison(page, second)
    if compared is not None and second.unidad == "porcentaje":
        return replace(first, variacion=compared)
    if compared is not None and (second.unidad.startswith("puntos") or second.unidad == first.unidad):
        return replace(first, diferencia=compared)
    if first.unidad != second.unidad:
        return None
    between = [word for word in _words_between(page, first, second) if word not in _DETERMINERS]
    if _is_earlier(page, f" {' '.join(between)} ", second):
        return replace(first, anterior=second.valor)
    at = page.token_at(first.start)
    near = page.tokens.loose[max(0, at - 5) : at]
    begun = not {"de", "del", "desde"}.isdisjoint(near)
    if begun and between[-1:] in (["a"], ["al"], ["hasta"]) and page.verbs(first.sentence):
        return replace(second, anterior=first.valor) if _has_moved(page, first) else None
    return None


def _words_between(page: Page, first: Figure, second: Figure) -> list[str]:
    tokens = range(page.token_at(first.end), page.token_at(second.start))
    return [page.tokens.loose[i] for i in tokens if page.tokens.has_letter(i)]


def _is_earlier(page: Page, between: str, second: Figure) -> bool:
    """Returns whether the second figure is what the first one was before: «4 % frente al 5 % de 2023».

    The words of comparison stand just before it. Those that also compare rivals need a time behind it:
    «54 % frente al 45 % de Arteta» are two figures. A total so far is never the value before.
    """
    behind = page.tokens.loose[second.unit_end : second.unit_end + 7]
    if any(word.startswith("acumulad") for word in behind):
        return False
    if any(between.endswith(f" {mark} ") for mark in folded("cifras", "desde")):
        return True
    timed = any(word in folded("cifras", "antes") or _is_year(word) for word in behind)
    return timed and any(
        between.endswith((f" {mark} ", f" {mark}l ")) for mark in folded("cifras", "frente_a")
    )


def _is_year(word: str) -> bool:
    return word.isdecimal() and 1900 <= int(word) <= 2100


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
