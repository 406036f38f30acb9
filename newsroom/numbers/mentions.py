"""Finds every number of a text with its value, its place, its currency and its scale."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from newsroom.numbers.digits import read_figure
from newsroom.numbers.number_words import CURRENCY_CODES, CURRENCY_SIGNS, CURRENCY_WORDS, MONTHS
from newsroom.numbers.read_number import ReadNumber
from newsroom.numbers.reader import STARTERS, NumberReader
from newsroom.tokens import Span, Tokens, tokenize

_MARK = re.compile(r"[:/]")
_RANGE_WORDS = frozenset(("a", "al", "y", "o", "u", "e", "-"))
_MINUS = frozenset("-−–")
_SIGN_ENDS = frozenset(sign[-1] for sign in CURRENCY_SIGNS)


@dataclass(frozen=True, slots=True)
class NumberMention:
    """One number as the text writes it: `text[offset_inicio:offset_fin] == texto`."""

    offset_inicio: int
    offset_fin: int
    texto: str
    """Figures and scale words (50 millones), without the unit and the sign of a currency or percentage."""
    valores: tuple[Decimal, ...]
    """Its values, the likelier first: 1.200 is 1200 or 1.2, the 2 of "2 a 3 millones" 2 or 2000000."""
    es_porcentaje: bool = False
    moneda: str | None = None
    """The currency in the Spanish plural (pesos, dólares, soles ...), or "$" if the text says no more."""
    multiplicador: Decimal = Decimal(1)
    """The factor of the scale words at its end. `valores` include it."""
    parece_anio: bool = False
    """Whether it is a plain figure of four digits from 1900 to 2100."""
    es_fecha: bool = False
    """Whether it is a part of a date or of a time of day."""

    @property
    def span(self) -> Span:
        """The place of the number."""
        return Span(self.offset_inicio, self.offset_fin)


def find_numbers(text: str) -> list[NumberMention]:
    """Returns every number of `text` in the text's order, in time linear in its length.

    It finds figures in every Spanish format, words, and both mixed. These are not numbers: un, una and uno
    alone, ordinals, roman numerals, and figures inside a name (COVID-19, G20, 5G).
    """
    return find_numbers_in(tokenize(text))


def find_numbers_in(tokens: Tokens) -> list[NumberMention]:
    """Returns the same as `find_numbers`, from tokens that exist already."""
    found: list[tuple[int, int, NumberMention]] = []
    reader = NumberReader(tokens)
    index, size = 0, len(tokens)
    while index < size:
        word = tokens.loose[index]
        number = None
        if word[:1].isnumeric() or (word in STARTERS and not _is_percent_word(tokens, index)):
            number = reader.read(index)
        if number is not None:
            found.append((number.first, number.end, _describe(tokens, number)))
            index = number.end
            continue
        if word[:1].isdecimal():
            found.extend((index, index + 1, part) for part in _split(tokens, index))
        index += 1
    _share_units(tokens, found)
    return [mention for _, _, mention in found]


def _is_percent_word(tokens: Tokens, index: int) -> bool:
    """Returns whether the word is the "ciento" of "por ciento"."""
    return tokens.loose[index] in ("cien", "ciento") and index > 0 and tokens.loose[index - 1] == "por"


def _describe(tokens: Tokens, number: ReadNumber) -> NumberMention:
    start, end = tokens.starts[number.first], tokens.ends[number.end - 1]
    raw = tokens.text[start:end]
    if number.suffix and number.scale == 1 and raw.casefold().endswith(number.suffix):
        end -= len(number.suffix)
    before, sign_moneda = _currency_before(tokens, number.first)
    moneda = number.moneda or _currency_after(tokens, number) or sign_moneda
    percent = _is_percent(tokens, number.end)
    readings = number.readings
    if _is_negative(tokens, before):
        readings = tuple(-value for value in readings)
    is_bare = moneda is None and not percent and number.scale == 1 and not number.suffix
    is_year = is_bare and number.end == number.first + 1 and _is_year(tokens.verbatim[number.first])
    return NumberMention(
        start,
        end,
        tokens.text[start:end],
        tuple(dict.fromkeys(readings)),
        percent,
        moneda,
        number.scale,
        is_year,
        is_bare and _is_in_date(tokens, number, is_year),
    )


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and 1900 <= int(word) <= 2100


def _is_in_date(tokens: Tokens, number: ReadNumber, is_year: bool) -> bool:
    words = tokens.loose
    if is_year:
        before = number.first - 1
        before -= 1 if before >= 0 and words[before] in ("de", "del") else 0
        return before >= 0 and words[before] in MONTHS
    behind = words[number.end : number.end + 2]
    return len(behind) == 2 and behind[0] == "de" and behind[1] in MONTHS and number.readings[0] <= 31


def _is_percent(tokens: Tokens, index: int) -> bool:
    behind = tokens.loose[index : index + 2]
    if not behind:
        return False
    first, second = behind[0], behind[-1]
    return (
        first in ("%", "porciento")
        or (first == "por" and second in ("ciento", "cien"))
        or (first in ("punto", "puntos") and second in ("porcentual", "porcentuales"))
    )


def _currency_before(tokens: Tokens, first: int) -> tuple[int, str | None]:
    """Returns the token where the figure and its currency sign begin, and the currency."""
    words = tokens.loose
    last = words[first - 1] if first > 0 else ""
    if last in CURRENCY_CODES:
        return first - 1, CURRENCY_WORDS[last]
    for sign, moneda in CURRENCY_SIGNS.items() if last in _SIGN_ENDS else ():
        begin = first - len(sign)
        if begin >= 0 and tuple(words[begin:first]) == sign:
            return begin, moneda
    return first, None


def _currency_after(tokens: Tokens, number: ReadNumber) -> str | None:
    if number.suffix in CURRENCY_WORDS:
        return CURRENCY_WORDS[number.suffix]
    behind = tokens.loose[number.end : number.end + 2]
    if behind and behind[0] in CURRENCY_WORDS:
        return CURRENCY_WORDS[behind[0]]
    if behind and behind[0] in ("€", "$", "£"):
        return CURRENCY_SIGNS[(behind[0],)]
    # Behind "de" only a plural is a currency: "2 millones de reales", but "los 25 de Córdoba" are people.
    if len(behind) == 2 and behind[0] == "de" and behind[1].endswith("s"):
        return CURRENCY_WORDS.get(behind[1])
    return None


def _is_negative(tokens: Tokens, first: int) -> bool:
    sign = first - 1
    if sign < 0 or tokens.verbatim[sign] != "-" or not tokens.touches(first) or tokens.touches(sign):
        return False
    return tokens.span(sign, sign).cut(tokens.text) in _MINUS


def _split(tokens: Tokens, index: int) -> Iterator[NumberMention]:
    """Yields the figures of one token such as 25/11/2018, 10:30 or 2018/19."""
    word, start = tokens.verbatim[index], tokens.starts[index]
    parts = _MARK.split(word)
    if len(parts) < 2 or len(parts) > 8 or tokens.ends[index] - start != len(word):
        return
    is_date = ":" in word or (len(parts) == 3 and all(part.isdecimal() for part in parts))
    for part in parts:
        readings = read_figure(part)
        if readings:
            yield NumberMention(
                start, start + len(part), part, readings, parece_anio=_is_year(part), es_fecha=is_date
            )
        start += len(part) + 1


def _share_units(tokens: Tokens, found: list[tuple[int, int, NumberMention]]) -> None:
    """Gives both ends of a range the unit that is written once: 10 y 15 por ciento, 2 a 3 millones."""
    for place in range(len(found) - 2, -1, -1):
        (first, end, left), (right_first, right_end, right) = found[place], found[place + 1]
        if right_first != end + 1 or tokens.loose[end] not in _RANGE_WORDS:
            continue
        if left.moneda and not right.moneda and not right.es_porcentaje:
            found[place + 1] = (right_first, right_end, replace(right, moneda=left.moneda, parece_anio=False))
        found[place] = (first, end, _with_unit_of(left, right))


def _with_unit_of(left: NumberMention, right: NumberMention) -> NumberMention:
    has_unit = left.es_porcentaje or left.moneda is not None or left.es_fecha
    if not has_unit:
        left = replace(left, es_porcentaje=right.es_porcentaje, moneda=right.moneda)
    if left.multiplicador == 1 < right.multiplicador and not left.parece_anio and not left.es_fecha:
        left = replace(left, valores=_with_scaled(left.valores, right.multiplicador))
    return left


def _with_scaled(valores: Sequence[Decimal], factor: Decimal) -> tuple[Decimal, ...]:
    return (*valores, *(value * factor for value in valores))
