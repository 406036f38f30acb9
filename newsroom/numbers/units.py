"""Reads the unit of a figure as a model or an editor writes it: "millones de pesos", "%", "personas"."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from newsroom.numbers.number_words import (
    ABBREVIATIONS,
    CURRENCY_WORDS,
    PERCENT_WORDS,
    SCALES,
    TIME_UNITS,
)
from newsroom.numbers.style import ANY_STYLE, NumberStyle
from newsroom.tokens import tokenize


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit says about the figure in front of it."""

    multiplicador: Decimal = Decimal(1)
    es_porcentaje: bool = False
    moneda: str | None = None
    es_temporal: bool = False
    es_puntos: bool = False


@lru_cache(maxsize=1024)
def read_unit(unidad: str, style: NumberStyle = ANY_STYLE) -> Unit:
    """Returns what `unidad` says; for a unit that says nothing of scale or kind ("personas"), `Unit()`.

    `style` is that of the text: it says whose "Bs" are meant.
    """
    tokens = tokenize(unidad[:200])
    words = tuple(tokens.loose)
    known = set(words)
    factor = _factor(words)
    moneda = next((CURRENCY_WORDS[word] for word in words if word in CURRENCY_WORDS), None)
    for first in range(len(words) if moneda is None else 0):
        found = style.sign_before(list(words[first:]))
        if found is not None and len(found[0]) == len(words) - first:
            factor, moneda = factor * found[1][0], found[1][1]
            break
    first_word, last_word = (tokens.verbatim[0], "".join(tokens.verbatim[:2])) if words else ("", "")
    for word in (last_word, first_word, *words[:1]):
        if word in ABBREVIATIONS:
            factor, named = ABBREVIATIONS[word]
            moneda = named or moneda
            break
    points = bool(known & {"punto", "puntos", "pp"})
    is_percent = not points and (bool(known & PERCENT_WORDS) or " por cien" in f" {' '.join(words)}")
    return Unit(factor, is_percent, moneda, bool(known & TIME_UNITS), points)


def _factor(words: tuple[str, ...]) -> Decimal:
    factor = Decimal(1)
    for word in words[:4]:
        if word in ("mil", "miles") and factor == 1:
            factor = Decimal(1000)
        elif word in SCALES:
            return factor * SCALES[word]
        elif word != "de":
            break
    return factor
