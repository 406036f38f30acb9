"""Finds every number of a text with its value, its place, its currency and its scale."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from newsroom.numbers.digits import read_figure
from newsroom.numbers.number_words import CURRENCY_CODES, CURRENCY_WORDS, MONTHS, RATE_WORDS
from newsroom.numbers.read_number import ReadNumber
from newsroom.numbers.reader import STARTERS, NumberReader
from newsroom.numbers.style import ANY_STYLE, NumberStyle, style_of
from newsroom.tokens import Span, Tokens, tokenize

_MARK = re.compile(r"[:/]")
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}([.,])\d\d(\d)(?![.,]?\d)")
_RANGE_WORDS = frozenset(("a", "al", "y", "o", "u", "e", "-", "hasta"))
_ARTICLES = frozenset(("el", "la", "los", "las"))
_OPENS_RANGE = frozenset(("entre", "de", "del", "desde"))
_MINUS = frozenset("-−–")
_ENDS_DATE = frozenset((",", ".", ";", ")", "de", "del", ""))
_RATE_REACH = 4


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
    """The currency in the Spanish plural (pesos, dólares ...), or "$" or "Bs" if the text says no more."""
    multiplicador: Decimal = Decimal(1)
    """The factor of the scale words at its end. `valores` include it."""
    parece_anio: bool = False
    """Whether it is a plain figure of four digits from 1900 to 2100."""
    es_fecha: bool = False
    """Whether it is a part of a date or of a time of day."""
    es_puntos: bool = False
    """Whether it counts points (puntos, puntos porcentuales), which are no per cent."""

    @property
    def span(self) -> Span:
        """The place of the number."""
        return Span(self.offset_inicio, self.offset_fin)


def find_numbers(text: str, pais: str = "") -> list[NumberMention]:
    """Returns every number of `text` in the text's order, in time linear in its length.

    It finds figures in every Spanish format, words, and both mixed. `pais` is the outlet's country: it says
    which signs are money and which mark begins the decimals. These are not numbers: un, una and uno alone,
    ordinals, roman numerals, and figures inside a name (COVID-19, G20, 5G).
    """
    tokens = tokenize(text)
    return find_numbers_in(tokens, style_of(tokens, pais))


def find_numbers_in(tokens: Tokens, style: NumberStyle = ANY_STYLE) -> list[NumberMention]:
    """Returns the same as `find_numbers`, from tokens that exist already."""
    found: list[tuple[int, int, NumberMention]] = []
    reader = NumberReader(tokens, style)
    index, size = 0, len(tokens)
    while index < size:
        word = tokens.loose[index]
        number = None
        if (
            word[0].isnumeric()
            or (word in STARTERS and not _is_percent_word(tokens, index))
            or (word[-1].isdecimal() and reader.prefix(index))
        ):
            number = reader.read_repeated(index)
        if number is not None:
            found.append(_describe(tokens, number, style))
            index = number.end
            continue
        if word[0].isdecimal():
            found.extend((index, index + 1, part) for part in _split(tokens, index))
        index += 1
    _share_units(tokens, found)
    return [mention for _, _, mention in found]


def _is_percent_word(tokens: Tokens, index: int) -> bool:
    """Returns whether the word is the "ciento" of "por ciento"."""
    return tokens.loose[index] in ("cien", "ciento") and index > 0 and tokens.loose[index - 1] == "por"


def _describe(tokens: Tokens, number: ReadNumber, style: NumberStyle) -> tuple[int, int, NumberMention]:
    """Returns the token where the number or its sign begins, the token behind it, and what it says."""
    start, end = tokens.starts[number.first] + len(number.prefix), tokens.ends[number.end - 1]
    if number.suffix and number.scale == 1 and tokens.text[start:end].casefold().endswith(number.suffix):
        end -= len(number.suffix)
    begin, factor, sign_moneda = _sign_before(tokens, number, style)
    moneda = number.moneda or _currency_after(tokens, number, style) or sign_moneda
    if moneda == "$":
        moneda = sign_moneda or moneda
    percent, scale = _is_percent(tokens, number.end), number.scale * factor
    is_bare = moneda is None and not percent and scale == 1 and not number.suffix
    readings = tuple(value * factor for value in _order(tokens, number, style, start, is_bare, percent))
    if _is_negative(tokens, number.first, begin, is_bare):
        readings = tuple(-value for value in readings)
    is_year = is_bare and number.end == number.first + 1 and _is_year(tokens.verbatim[number.first])
    return (
        begin,
        number.end,
        NumberMention(
            start,
            end,
            tokens.text[start:end],
            tuple(dict.fromkeys(readings)),
            percent,
            moneda,
            scale,
            is_year,
            is_bare and _is_in_date(tokens, number, is_year),
            tokens.loose[number.end : number.end + 1] in (["punto"], ["puntos"]),
        ),
    )


def _order(
    tokens: Tokens, number: ReadNumber, style: NumberStyle, start: int, is_bare: bool, percent: bool
) -> Sequence[Decimal]:
    """Returns the values of a number, the likelier first, without those that the text's style excludes.

    It decides about 1.200. A percentage or a rate is never thousands. Money and millions follow the style,
    but nobody writes decimals that end in 0. What is counted is whole.
    """
    figure = _AMBIGUOUS.match(tokens.text, start)
    if figure is None or len(number.readings) < 2:
        return number.readings
    words, is_own = tokens.loose, figure[1] == style.decimal
    near = words[max(0, number.first - _RATE_REACH) : number.first]
    behind = words[number.end : number.end + _RATE_REACH]
    priced = any(one == "por" and other in CURRENCY_WORDS for one, other in pairwise(behind))
    is_rate = priced or not RATE_WORDS.isdisjoint(near)
    if percent or (is_own and (is_rate or not (is_bare or figure[2] == "0"))):
        return number.readings[::-1]
    return number.readings if is_own or not style.is_sure else number.readings[:1]


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and 1900 <= int(word) <= 2100


def _is_in_date(tokens: Tokens, number: ReadNumber, is_year: bool) -> bool:
    words = tokens.loose
    if is_year:
        before = number.first - 1
        before -= 1 if before >= 0 and words[before] in ("de", "del") else 0
        before -= 1 if before > 0 and words[before].isdecimal() else 0
        return before >= 0 and words[before] in MONTHS
    if number.readings[0] > 31:
        return False
    behind = [*words[number.end : number.end + 2], "", ""]
    american = number.first > 0 and words[number.first - 1] in MONTHS and behind[0] in _ENDS_DATE
    return american or (behind[0] == "de" and behind[1] in MONTHS)


def _is_percent(tokens: Tokens, index: int) -> bool:
    first, second = [*tokens.loose[index : index + 2], "", ""][:2]
    return first in ("%", "porciento") or (first == "por" and second in ("ciento", "cien"))


def _sign_before(tokens: Tokens, number: ReadNumber, style: NumberStyle) -> tuple[int, Decimal, str | None]:
    """Returns the token where the figure and its currency sign begin, the sign's factor and its currency."""
    first = number.first
    if not number.prefix and first > 1 and tokens.verbatim[first - 1] == "-" and tokens.touches(first):
        first -= 1
    words = tokens.loose[max(0, first - 5) : first]
    is_code = bool(words) and words[-1] in CURRENCY_CODES and not number.prefix
    if is_code and (tokens.verbatim[first - 1].isupper() or words[-1] == "usd"):
        return first - 1, Decimal(1), CURRENCY_WORDS[words[-1]]
    found = style.sign_before([*words, *([number.prefix] if number.prefix else ())])
    if found is None:
        return number.first, Decimal(1), None
    sign, (factor, moneda) = found
    begin = first - len(sign) + bool(number.prefix)
    letters = tokens.verbatim[begin][: len(sign[0])]
    is_word = len(sign[0]) == 1 and "$" not in sign and sign[0].isalpha() and not letters.isupper()
    return (number.first, Decimal(1), None) if is_word else (begin, factor, moneda)


def _currency_after(tokens: Tokens, number: ReadNumber, style: NumberStyle) -> str | None:
    if number.suffix in CURRENCY_WORDS:
        return CURRENCY_WORDS[number.suffix]
    words, index = tokens.loose, number.end
    behind = words[index : index + 2]
    if behind and behind[0] in CURRENCY_WORDS:
        return CURRENCY_WORDS[behind[0]]
    # Behind "de" only a plural is a currency: "2 millones de reales", but "los 25 de Córdoba" are people.
    if len(behind) == 2 and behind[0] == "de":
        index += 1
        if behind[1].endswith("s") and behind[1] in CURRENCY_WORDS:
            return CURRENCY_WORDS[behind[1]]
    for length in (3, 2, 1):
        sign = tuple(words[index : index + length])
        if sign in style.signs and not (len(sign[0]) == 1 and sign[0].isalpha() and length < 3):
            # "50 Bs" and "3 €", but in "12 $ 30" the sign belongs to the next figure.
            return style.signs[sign][1] if words[index + length : index + length + 1] != ["de"] else None
    return None


def _is_negative(tokens: Tokens, first: int, begin: int, is_bare: bool) -> bool:
    """Returns whether a minus touches the figure or its sign. At the start of a line it marks a list."""
    for place in {first, begin}:
        sign = place - 1
        if sign < 0 or tokens.verbatim[sign] != "-" or not tokens.touches(place):
            continue
        opens = sign == 0 or "\n" in tokens.text[tokens.ends[sign - 1] : tokens.starts[sign]]
        free = not tokens.touches(sign) or sign > begin
        if free and not (opens and is_bare) and tokens.span(sign, sign).cut(tokens.text) in _MINUS:
            return True
    return False


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
    words = tokens.loose
    for place in range(len(found) - 2, -1, -1):
        (first, end, left), (right_first, right_end, right) = found[place], found[place + 1]
        behind = end + (words[end : end + 1] == ["%"])
        gap = right_first - behind
        if behind >= right_first or words[behind] not in _RANGE_WORDS:
            continue
        if gap != 1 and not (gap == 2 and words[behind + 1] in _ARTICLES):
            continue
        if left.moneda and not right.moneda and not right.es_porcentaje:
            right = replace(right, moneda=left.moneda, parece_anio=False)
            found[place + 1] = (right_first, right_end, right)
        opening = first - 1 - (first > 1 and words[first - 1] in _ARTICLES)
        opened = words[opening] if opening >= 0 else ""
        is_range = opened in _OPENS_RANGE if words[behind] in ("y", "e") else True
        found[place] = (first, end, _with_unit_of(left, right, is_range))


def _with_unit_of(left: NumberMention, right: NumberMention, is_range: bool) -> NumberMention:
    if not (left.es_porcentaje or left.moneda is not None or left.es_fecha):
        left = replace(
            left, es_porcentaje=right.es_porcentaje, moneda=right.moneda, es_puntos=right.es_puntos
        )
    factor = right.multiplicador
    grows = left.valores[0] * factor < right.valores[0]
    if left.multiplicador != 1 or factor == 1 or left.parece_anio or left.es_fecha or left.es_porcentaje:
        return left
    # In "entre 58 y 66 millones" both are millions. In "9 y 3 millones" the first may count something else.
    return (
        replace(left, valores=tuple(value * factor for value in left.valores), multiplicador=factor)
        if is_range and grows
        else left
    )
