"""Reads the unit of a figure as a model or an editor writes it: "millones de pesos", "%", "personas"."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from newsroom.numbers.number_words import (
    ABBREVIATIONS,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    PERCENT_WORDS,
    SCALES,
    TIME_UNITS,
)
from newsroom.tokens import tokenize


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit says about the figure in front of it."""

    multiplicador: Decimal = Decimal(1)
    es_porcentaje: bool = False
    moneda: str | None = None
    es_temporal: bool = False


@lru_cache(maxsize=1024)
def read_unit(unidad: str) -> Unit:
    """Return what `unidad` says; for a unit that says nothing of scale or kind ("personas"), `Unit()`."""
    words = tuple(tokenize(unidad[:200]).loose)
    known = set(words)
    moneda = next((CURRENCY_WORDS[word] for word in words if word in CURRENCY_WORDS), None)
    if moneda is None:
        moneda = next((name for sign, name in CURRENCY_SIGNS.items() if words[: len(sign)] == sign), None)
    factor = _factor(words)
    for word in words[:1]:
        if word in ABBREVIATIONS:
            factor, named = ABBREVIATIONS[word]
            moneda = named or moneda
    is_percent = bool(known & PERCENT_WORDS) or " por cien" in f" {' '.join(words)}"
    return Unit(factor, is_percent, moneda, bool(known & TIME_UNITS))


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
