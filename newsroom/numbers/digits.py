"""Reads one figure in any way of writing: 3,5 or 1.200 or 1,200.50 or 1'200,000 or 1 200 or 2½."""

import re
from collections.abc import Sequence
from decimal import Decimal

MAX_CHARS = 24
"""A longer run of digits is a code or the border of a table, not a number that anybody reports."""

_FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅛": "0.125", "⅕": "0.2"}
_FRACTION = re.compile(rf"(\d{{0,6}})([{''.join(_FRACTIONS)}])")
_SEPARATOR = re.compile(r"[.,]")
_MALFORMED = re.compile(r"[1-9]\d*[.,]\d+000|[1-9]\d{0,2}(?:([.,])\d{3})+\1\d{1,2}")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3}){1,7}")


def read_figure(figure: str) -> tuple[Decimal, ...]:
    """Returns every value that a figure can have, the likelier first; empty if it is no number.

    The comma and the point separate thousands in one country and decimals in another. So "1.200" has two
    values and "1.200,50" has one.
    """
    if len(figure) > MAX_CHARS:
        return ()
    if figure.isdecimal():
        return (Decimal(figure),)
    fraction = _FRACTION.fullmatch(figure)
    if fraction:
        return (Decimal(fraction[1] or 0) + Decimal(_FRACTIONS[fraction[2]]),)
    if is_malformed(figure) or not all(part.isdecimal() for part in _SEPARATOR.split(figure)):
        return ()
    return _read_separated(figure, _SEPARATOR.findall(figure))


def is_malformed(figure: str) -> bool:
    """Returns whether a figure has its marks in wrong places, so that nobody knows its value: 540.0000."""
    return len(figure) <= MAX_CHARS and _MALFORMED.fullmatch(figure) is not None


def _read_separated(figure: str, marks: Sequence[str]) -> tuple[Decimal, ...]:
    last = marks[-1]
    whole, _, decimals = figure.rpartition(last)
    if len(set(marks)) == 2:
        # As in 1.200,50: the last kind of mark occurs once, and the other kind groups the digits before it.
        is_sound = marks.count(last) == 1 and _GROUPED.fullmatch(whole)
        return (Decimal(f"{_SEPARATOR.sub('', whole)}.{decimals}"),) if is_sound else ()
    grouped = (Decimal(_SEPARATOR.sub("", figure)),) if _GROUPED.fullmatch(figure) else ()
    return grouped if len(marks) > 1 else (*grouped, Decimal(f"{whole}.{decimals}"))


def read_groups(groups: Sequence[str]) -> tuple[Decimal, ...]:
    """Returns the values of groups of three digits that blanks or apostrophes separate.

    The last group may continue behind another mark: 1 200,50, or the old way to write millions, 1'200.000.
    """
    head, tail = "".join(groups[:-1]), groups[-1]
    if len(head) + len(tail) > MAX_CHARS:
        return ()
    whole, decimals = head + tail[:3], tail[4:]
    if not decimals:
        return (Decimal(whole),)
    as_decimal = Decimal(f"{whole}.{decimals}")
    return (Decimal(whole + decimals), as_decimal) if len(decimals) == 3 else (as_decimal,)
