"""Reads the days that a model names. It accepts many forms and never invents a day."""

import re
from datetime import date, datetime
from typing import Literal

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YEAR_MONTH = re.compile(r"(\d{4})(?:-(\d{1,2}))?")

Edge = Literal["inicio", "fin"]


def parse_day(text: str | None, edge: Edge = "inicio") -> date | None:
    """Returns the day that `text` names, or None if it names none.

    The forms are 2024-05-14 (also with a time), 14/05/2024, 2024-05 and 2024. For a month or a year it is
    the first day if `edge` is `inicio`, the last if it is `fin`.
    """
    if not text:
        return None
    text = text.strip()
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        pass
    try:
        if found := _DAY_FIRST.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if found := _YEAR_MONTH.fullmatch(text):
            return _edge_of(int(found[1]), int(found[2]) if found[2] else None, edge)
    except ValueError:
        return None
    return None


def _edge_of(year: int, month: int | None, edge: Edge) -> date:
    if edge == "inicio":
        return date(year, month or 1, 1)
    if month is None or month == 12:
        return date(year, 12, 31)
    return date.fromordinal(date(year, month + 1, 1).toordinal() - 1)


def parse_days(inicio: str | None, fin: str | None) -> tuple[date | None, date | None]:
    """Returns the first and the last day, in the order of time even if they were given in reverse."""
    first, last = parse_day(inicio, "inicio"), parse_day(fin, "fin")
    if first and last and last < first:
        first, last = last, first
    return first, last
