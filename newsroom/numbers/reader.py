"""Reads the number that begins at one token: figures, words, and both mixed as in the press.

This is the grammar, from the inside out. A number has a tuple of possible values, because 1.200 has two:

    small   figure | hundreds tens "y" units | small "coma" small
    group   [small] "mil" [small < 1000] | (small | half) collective | small, each with ["y medio"]
    number  (group scale ["y medio"])* [group], with smaller and smaller scales: 2 mil 500 millones,
            1 millón 200 mil
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from newsroom.numbers.digits import read_figure, read_groups
from newsroom.numbers.number_words import (
    ABBREVIATIONS,
    COLLECTIVES,
    GLUED_UNITS,
    HALVES,
    HUNDREDS,
    ONE,
    PLURAL_SCALES,
    SCALES,
    TENS,
    THOUSAND,
    UNITS,
    ZERO,
)
from newsroom.numbers.read_number import ReadNumber
from newsroom.numbers.style import NumberStyle
from newsroom.tokens import Tokens

_FIGURE = re.compile(r"([^\W\d_]{0,4})(\d[\d.,]{0,23}[½¼¾⅛⅕]?|[½¼¾⅛⅕])([^\W\d_]\w{0,8})?")
_GLUED_SIGN = re.compile(r"([^\W\d_]{1,4})\d")
_SHORT = re.compile(r"\d{1,2}")
_GROUP = re.compile(r"\d{3}(?:[.,]\d{1,6})?")
_BLANKS = frozenset((" ", "\u00a0", "\u2009", "\u202f"))
_POINTS = frozenset(("coma", "punto"))
_HALF = Decimal("0.5")
_MIL = Decimal(1000)

STARTERS = UNITS.keys() | TENS.keys() | HUNDREDS.keys() | HALVES | {ZERO, THOUSAND, "millon", "docena"}
"""The words with which a number can begin."""


class NumberReader:
    """Reads numbers out of one text's tokens."""

    def __init__(self, tokens: Tokens, style: NumberStyle) -> None:
        self._tokens = tokens
        self._style = style
        self._words: Sequence[str] = tokens.loose
        self._size = len(tokens)

    def prefix(self, first: int) -> str:
        """Returns the letters of a currency sign that are written against a figure (Q148), else ""."""
        match = _GLUED_SIGN.match(self._tokens.loose[first])
        if match is None:
            return ""
        found = self._style.sign_before([*self._words[max(0, first - 4) : first], match[1]])
        return (
            match[1]
            if (found is not None and self._tokens.verbatim[first][0].isupper())
            or (found is not None and len(found[0]) > 1)
            else ""
        )

    def read_repeated(self, first: int) -> ReadNumber | None:
        """Returns the number at token `first`, with its repetition in brackets: cincuenta (50)."""
        number = self.read(first)
        if number is None or self._word(number.end) != "(":
            return number
        again = self.read(number.end + 1) if self._word(number.end + 1)[:1].isdecimal() else None
        same = again is not None and self._word(again.end) == ")" and again.readings[0] in number.readings
        return replace(number, end=again.end + 1) if again is not None and same else number

    def read(self, first: int) -> ReadNumber | None:
        """Returns the longest number that begins at token `first`, or None."""
        total: ReadNumber | None = None
        limit: Decimal | None = None
        position = first
        while True:
            group = self._group(position)
            if group is None or (total is not None and not self._may_follow(group)):
                return total
            scaled, factor = self._scaled(group)
            if limit is not None and (factor >= limit or max(scaled.readings) >= limit):
                return total
            if scaled.is_incomplete:
                return self._with_one(total, scaled)
            total = scaled if total is None else total.plus(scaled)
            if factor == 1:
                return total
            limit, position = factor, total.end

    def _with_one(self, total: ReadNumber | None, one: ReadNumber) -> ReadNumber | None:
        """Returns the number read so far, plus `one` if that counts; None if there is no number.

        "uno" counts behind a scale (un millón uno), and un, una or uno in front of a percent sign. Otherwise
        they are articles.
        """
        if total is not None:
            return total.plus(one) if self._word(one.first) == "uno" else total
        return one if self._is_percent(one.end) else None

    def _word(self, index: int) -> str:
        return self._words[index] if index < self._size else ""

    def _is_percent(self, index: int) -> bool:
        return self._word(index) == "%" or (
            self._word(index) == "por" and self._word(index + 1)[:4] == "cien"
        )

    def _may_follow(self, group: ReadNumber) -> bool:
        """Returns whether a group can be the lower part of a number: no year, and not on another line."""
        if self._is_on_new_line(group.first):
            return False
        word = self._tokens.verbatim[group.first]
        return not word.isdecimal() or len(word) <= 3 or group.scale != 1

    def _is_on_new_line(self, index: int) -> bool:
        gap = self._tokens.text[self._tokens.ends[index - 1] : self._tokens.starts[index]]
        return "\n" in gap or "\r" in gap

    def _scaled(self, group: ReadNumber) -> tuple[ReadNumber, Decimal]:
        """Returns the group multiplied by the scale behind it (millones, mdp), and the scale, 1 if none."""
        if group.suffix:
            return self._scaled_by_suffix(group), Decimal(1)
        word, end = self._word(group.end), group.end + 1
        short = self._abbreviation(group.end)
        if short is not None:
            return group.times(short[0], short[2], short[1]), Decimal(1)
        if word in SCALES:
            factor = SCALES[word]
            return self._and_half(group.times(factor, end), factor), factor
        if word == "miles" and self._word(end) == "de" and self._word(end + 1) == "millones":
            return group.times(Decimal(10) ** 9, end + 2), Decimal(10) ** 9
        return group, Decimal(1)

    def _abbreviation(self, index: int) -> tuple[Decimal, str | None, int] | None:
        """Returns the factor and the currency of an abbreviation (mdp, MM, M€), and the token behind it."""
        if index >= self._size or not self._tokens.has_letter(index):
            return None
        word, end = self._tokens.verbatim[index], index + 1
        signed = f"{word}{self._word(end)}" if self._word(end) in ("$", "€") else ""
        if signed in ABBREVIATIONS:
            return *ABBREVIATIONS[signed], end + 1
        found = ABBREVIATIONS.get(word) or ABBREVIATIONS.get(self._word(index))
        # The full stop of "mlls." belongs to it unless a sentence ends there.
        goes_on = self._word(end) == "." and self._tokens.touches(end) and self._word(end + 1)[:1].isalpha()
        return (
            None
            if found is None
            else (*found, end + (goes_on and self._tokens.verbatim[end + 1][0].islower()))
        )

    def _scaled_by_suffix(self, group: ReadNumber) -> ReadNumber:
        """Returns a figure multiplied by the letters written against it: 20mdp, 5k."""
        if group.suffix in (THOUSAND, "k"):
            return group.times(_MIL, group.end)
        raw = self._tokens.verbatim[group.first]
        found = ABBREVIATIONS.get(raw[-len(group.suffix) :]) or ABBREVIATIONS.get(group.suffix)
        signed = f"{raw[-1]}{self._word(group.end)}" if self._word(group.end) in ("€", "$") else ""
        if signed in ABBREVIATIONS and len(group.suffix) == 1:
            return group.times(ABBREVIATIONS[signed][0], group.end, ABBREVIATIONS[signed][1])
        if found is not None:
            return group.times(found[0], group.end, found[1])
        return group.times(SCALES[group.suffix], group.end) if group.suffix in SCALES else group

    def _and_half(self, number: ReadNumber, unit: Decimal) -> ReadNumber:
        """Returns the number plus half of `unit` if "y medio" follows."""
        if self._word(number.end) != "y" or self._word(number.end + 1) not in HALVES:
            return number
        readings = tuple(value + unit * _HALF for value in number.readings)
        return ReadNumber(number.first, number.end + 2, readings, number.scale, "", number.moneda)

    def _group(self, first: int) -> ReadNumber | None:
        word = self._word(first)
        if word == THOUSAND:
            return self._with_tail(ReadNumber(first, first + 1, (_MIL,), _MIL))
        if word in ("millon", "docena"):
            # In "millón y medio de personas" the press leaves out the article.
            is_half = self._word(first + 1) == "y" and self._word(first + 2) in HALVES
            implied = ReadNumber(first, first, (Decimal(1),), is_incomplete=True)
            return self._collected(implied) if is_half else None
        small = self._half(first) or self._small(first)
        if small is None or small.suffix:
            return small
        if self._word(small.end) == THOUSAND and not self._is_half(small):
            return self._with_tail(small.times(_MIL, small.end + 1))
        if small.is_incomplete:
            return self._collected(small)
        return self._collected(self._and_half(small, Decimal(1)))

    def _is_half(self, number: ReadNumber) -> bool:
        return number.readings == (_HALF,) and number.is_incomplete

    def _half(self, first: int) -> ReadNumber | None:
        if self._word(first) not in HALVES:
            return None
        return ReadNumber(first, first + 1, (_HALF,), is_incomplete=True)

    def _collected(self, small: ReadNumber) -> ReadNumber:
        """Returns the group multiplied by "docenas", "centenares" and the like behind it."""
        factor = COLLECTIVES.get(self._word(small.end))
        if factor is None:
            return small
        return self._and_half(small.times(factor, small.end + 1), factor)

    def _with_tail(self, thousands: ReadNumber) -> ReadNumber:
        """Returns the thousands plus what follows and is below a thousand: 4 mil 89, mil y medio."""
        half = self._and_half(thousands, _MIL)
        if half is not thousands:
            return half
        tail = self._small(thousands.end)
        if tail is None or tail.suffix or max(tail.readings) >= _MIL or self._is_on_new_line(tail.first):
            return thousands
        # "mil un millón" may be two numbers; "mil un millones" is one, for nobody says "un millones".
        is_number = self._word(tail.first) == "uno" or self._word(tail.end) in PLURAL_SCALES
        if tail.is_incomplete and not is_number:
            return thousands
        return thousands.plus(tail)

    def _small(self, first: int) -> ReadNumber | None:
        word = self._word(first)
        if word[:1].isnumeric() or (word[-1:].isdecimal() and self.prefix(first)):
            return self._figure(first)
        spelt = self._spelt(first)
        if spelt is None or self._word(spelt.end) not in _POINTS:
            return spelt
        return self._with_spelt_decimals(spelt)

    def _spelt(self, first: int) -> ReadNumber | None:
        """Returns the number that hundreds, tens and units in words make, or None."""
        position, word = first, self._word(first)
        if word == ZERO:
            return ReadNumber(first, first + 1, (Decimal(0),))
        value = HUNDREDS.get(word, Decimal(0))
        if value:
            position += 1
            word = self._word(position) if self._word(first) != "cien" else ""
        if word in TENS:
            value += TENS[word]
            position += 1
            unit = (
                UNITS.get(self._word(position + 1), Decimal(10))
                if self._word(position) == "y"
                else Decimal(10)
            )
            if unit < 10:
                value += unit
                position += 2
        elif word in UNITS:
            value += UNITS[word]
            position += 1
        if position == first:
            return None
        return ReadNumber(first, position, (value,), is_incomplete=position == first + 1 and word in ONE)

    def _with_spelt_decimals(self, whole: ReadNumber) -> ReadNumber:
        digits, position = "", whole.end + 1
        while self._word(position) == ZERO and len(digits) < 6:
            digits, position = digits + "0", position + 1
        decimals = self._spelt(position)
        if decimals is not None and decimals.readings[0] > 0:
            digits, position = digits + str(decimals.readings[0]), decimals.end
        if not digits:
            return whole
        return ReadNumber(whole.first, position, (Decimal(f"{whole.readings[0]}.{digits}"),))

    def _figure(self, first: int) -> ReadNumber | None:
        tokens = self._tokens
        match = _FIGURE.fullmatch(tokens.verbatim[first])
        if match is None or self._is_identifier(first) or self._is_ordinal(first):
            return None
        prefix, suffix = match[1].casefold(), (match[3] or "").casefold()
        if suffix:
            # A single capital letter is a part of a name (5G, 4X), not a unit such as grams.
            is_unit = suffix in GLUED_UNITS and (
                len(suffix) > 1 or match[3].islower() or self._word(first + 1) == "€"
            )
            readings = read_figure(match[2]) if is_unit else ()
            return ReadNumber(first, first + 1, readings, suffix=suffix, prefix=prefix) if readings else None
        end, readings = self._with_decimals(first, match[2])
        if not readings and (end := self._end_of_groups(first)) > first + 1:
            readings = read_groups([tokens.verbatim[i] for i in range(first, end) if tokens.is_word(i)])
        elif not readings:
            readings = read_figure(match[2])
        begin = first
        if end == first + 1 and match[2].isdecimal() and self._has_mark_before(first):
            begin, readings = first - 1, (Decimal(f"0.{match[2]}"),)
        return ReadNumber(begin, end, readings, prefix=prefix) if readings else None

    def _has_mark_before(self, first: int) -> bool:
        """Returns whether a figure begins with its decimal mark: ".9 por ciento"."""
        tokens = self._tokens
        return self._word(first - 1) in (".", ",") and tokens.touches(first) and not tokens.touches(first - 1)

    def _with_decimals(self, first: int, figure: str) -> tuple[int, tuple[Decimal, ...]]:
        """Returns the end and the value of a figure whose decimals are apart: 9'7 %, 172, 5 billones."""
        tokens, words, mark = self._tokens, self._words, first + 1
        if not figure.isdecimal() or mark + 1 >= self._size or not _SHORT.fullmatch(words[mark + 1]):
            return mark, ()
        raw, joined = tokens.text[tokens.starts[mark] : tokens.ends[mark]], tokens.touches(mark)
        glued = raw in ("'", "’", "´") and joined and tokens.touches(mark + 1)
        unit = self._word(mark + 2)
        slipped = raw == "," and joined and len(words[mark + 1]) == 1 and len(figure) > 1
        # "11, 12 millones" is a guess and not a slip: the second number is not a mere digit.
        if glued or (slipped and (unit in SCALES or unit == "%")):
            return mark + 2, (Decimal(f"{figure}.{words[mark + 1]}"),)
        return mark, ()

    def _is_identifier(self, first: int) -> bool:
        """Returns whether the figure belongs to a name: COVID-19, A/RES/70. S/25 is money."""
        tokens, mark = self._tokens, first - 1
        if (
            mark < 1
            or tokens.verbatim[mark] not in "-/"
            or not (tokens.touches(first) and tokens.touches(mark))
        ):
            return False
        return (
            tokens.has_letter(mark - 1)
            and (tokens.loose[mark - 1], tokens.loose[mark]) not in self._style.signs
        )

    def _is_ordinal(self, first: int) -> bool:
        return (
            self._word(first + 1) == "."
            and self._word(first + 2) in ("º", "ª", "°")
            and self._tokens.touches(first + 2)
        )

    def _end_of_groups(self, first: int) -> int:
        """Returns the end of a figure in groups of three digits: 1 200 000, 1'200.000."""
        head = self._tokens.verbatim[first]
        end = first + 1
        if not head.isdecimal() or len(head) > 3 or head[0] == "0":
            return end
        while end < first + 12:
            after = self._next_group(end)
            if after is None:
                break
            end = after
            if not self._tokens.verbatim[end - 1].isdecimal():
                break
        return end

    def _next_group(self, index: int) -> int | None:
        tokens = self._tokens
        if index + 1 < self._size and tokens.verbatim[index] == '"':
            is_joined = tokens.touches(index) and tokens.touches(index + 1)
            index += 1
        else:
            is_joined = (
                index < self._size and tokens.text[tokens.ends[index - 1] : tokens.starts[index]] in _BLANKS
            )
        return index + 1 if is_joined and _GROUP.fullmatch(tokens.verbatim[index]) else None
