"""Figures that measure something: indicator, unit, field, period, trend."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from newsroom.engines.local.gazetteer import demonyms
from newsroom.engines.local.indicators import find_indicator
from newsroom.engines.local.page import Page
from newsroom.engines.local.rules import folded, groups, lowered, table
from newsroom.engines.local.sentences import Sentence, sentence_at
from newsroom.models.vocabulario import CategoriaDato, Tendencia, TipoPeriodo
from newsroom.numbers import NumberMention
from newsroom.tokens import strip_accents

_NEAR = 60
_WORD = re.compile(r"[^\W_]+")
_STEM = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: `start:end` the number's place, `clause` the words of the text that hold it."""

    start: int
    end: int
    sentence: Sentence
    clause: str
    indicador: str
    categoria: CategoriaDato
    valor: Decimal
    unidad: str
    tipo_periodo: TipoPeriodo | None
    tendencia: Tendencia | None
    anterior: Decimal | None
    variacion: Decimal | None


@cache
def _unit_words() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Returns the words of each unit, the longest first."""
    found = [
        (tuple(strip_accents(word).split()), unit)
        for unit, words in groups("cifras", "unidades").items()
        for word in words
    ]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


@cache
def _units_by_word() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for words, unit in _unit_words():
        found.setdefault(words[0], []).append((words, unit))
    return found


def find_figures(page: Page) -> list[Figure]:
    """Returns the figures of a page in order; dates, times, numbers of laws and telephones are none."""
    found: list[Figure] = []
    previous: Figure | None = None
    for number in page.numbers:
        sentence = sentence_at(page.sentences, number.offset_inicio)
        if sentence is None or not _measures(page, number, sentence):
            continue
        figure = _read(page, number, sentence)
        if figure is None:
            continue
        if previous is not None and _is_former(page, previous, figure):
            found[-1] = _with_former(previous, figure)
            previous = None
            continue
        found.append(figure)
        previous = figure
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


def _read(page: Page, number: NumberMention, sentence: Sentence) -> Figure | None:
    after = page.token_at(number.offset_fin)
    unit, unit_end = _unit(page, number, after, sentence)
    if unit is None or unit in lowered("cifras", "sin_dato"):
        return None
    if _is_trifle(number, unit):
        return None
    if unit in lowered("cifras", "tiempo") and not _measures_time(page, number, sentence):
        return None
    clause_start, clause_end = _clause(page, number, sentence)
    clause = page.text[clause_start:clause_end]
    indicador = find_indicator(page, number, sentence, unit, after, unit_end)
    if indicador is None:
        return None
    return Figure(
        number.offset_inicio,
        number.offset_fin,
        sentence,
        clause,
        indicador,
        _category(page, number, sentence, unit, indicador),
        number.valores[0],
        unit,
        _period_kind(clause),
        _trend(page, number, sentence),
        None,
        None,
    )


def _is_trifle(number: NumberMention, unit: str) -> bool:
    """Tells whether a few things are counted that are neither people nor a measure: «tres razones»."""
    counted = unit not in groups("cifras", "unidades") and not number.es_porcentaje and number.moneda is None
    return counted and number.valores[0] < int(table("cifras")["minimo_contado"])


def _measures_time(page: Page, number: NumberMention, sentence: Sentence) -> bool:
    """Tells whether a duration is a datum: a sentence, an age, a term; «desde hace 36 años» is none."""
    near = " ".join(_WORD.findall(strip_accents(_window(page, number, sentence))))
    return any(f" {phrase} " in f" {near} " for phrase in folded("cifras", "tiempo_mide"))


def _unit(page: Page, number: NumberMention, after: int, sentence: Sentence) -> tuple[str | None, int]:
    """Returns the unit and the token behind it."""
    words = page.tokens.loose
    if number.es_porcentaje:
        return "porcentaje", after + (1 if words[after : after + 1] == ["%"] else 2)
    if number.moneda is not None:
        return ("pesos" if number.moneda == "$" else number.moneda), _behind_currency(page, number, after)
    index = after
    if index < sentence.last and words[index] == "de" and number.multiplicador > 1:
        index += 1
    for place in range(index, min(index + 3, sentence.last)):
        for unit_words, unit in _units_by_word().get(words[place], ()):
            end = place + len(unit_words)
            if tuple(words[place:end]) == unit_words:
                return unit, end
        if not page.tokens.is_word(place):
            break
    return _counted_noun(page, index, sentence)


def _behind_currency(page: Page, number: NumberMention, after: int) -> int:
    """Returns the token behind the currency's name; it may as well stand before the number, or be a sign."""
    words = page.tokens.loose
    index = after + 1 if words[after : after + 1] == ["de"] else after
    stem = strip_accents(number.moneda or "")[:_STEM]
    named = index < len(words) and (words[index] in "€$£" or words[index].startswith(stem))
    return index + 1 if named else after


def _counted_noun(page: Page, index: int, sentence: Sentence) -> tuple[str | None, int]:
    """Takes a plural noun behind the number for what is counted: «12 aviones»."""
    if index >= sentence.last:
        return None, index
    word = page.tokens.verbatim[index].lower()
    if page.tokens.loose[index] in demonyms():
        return "personas", index + 1
    if word in lowered("cifras", "unidades_propias"):
        return word, index + 1
    plain = (
        word.isalpha() and page.tokens.verbatim[index][0].islower() and len(word) > 3 and word.endswith("s")
    )
    if not plain or word in lowered("lengua", "funcionales") or word in lowered("lengua", "vacias"):
        return None, index
    return word, index + 1


def _clause(page: Page, number: NumberMention, sentence: Sentence) -> tuple[int, int]:
    """Returns the words around a number, at most about 110 characters, cut between words."""
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
    """Returns the trend that the nearest verb or noun within a few words before the figure tells."""
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


def _is_former(page: Page, first: Figure, second: Figure) -> bool:
    """Tells whether the second figure is what the first was before: «al 11,3 % desde el 12 %»."""
    if (
        first.sentence is not second.sentence
        or first.unidad != second.unidad
        or second.start - first.end > _NEAR
    ):
        return False
    between = f" {page.text[first.end : second.start].lower()}"
    return any(f" {mark} " in between or f" {mark}l " in between for mark in lowered("cifras", "desde"))


def _with_former(first: Figure, second: Figure) -> Figure:
    return replace(first, anterior=second.valor)
