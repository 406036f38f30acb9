"""Arithmetic of days, weeks, months and years."""

from calendar import monthrange
from datetime import date, timedelta

from newsroom.language.lists import items, table


def _number_months() -> dict[str, int]:
    full = {name: number for number, name in enumerate(items("lengua", "meses"), start=1)}
    variants = {name: full[month] for name, month in table("lengua")["meses_variantes"].items()}
    short = {name: number for number, name in enumerate(items("lengua", "meses_abreviados"), start=1)}
    return full | variants | short


MONTH_NUMBERS = _number_months()
WEEKDAY_NUMBERS = {name: number for number, name in enumerate(items("lengua", "dias"))}


def make_day(year: int, month: int, day: int) -> date | None:
    """Returns the day, or None if the calendar does not have it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nearest_year(
    today: date, month: int, day: int, direction: int, weekday: int | None = None
) -> date | None:
    """Returns the date with this day and month nearest to `today`.

    With `direction` -1 it is not after `today`, with 1 not before it, with 0 either. With `weekday` (0 is
    Monday) it is one that falls on it. It is None if the calendar has no such date.
    """
    years = range(today.year - (1 if weekday is None else 3), today.year + 2)
    options = [made for year in years if (made := make_day(year, month, day))]
    if weekday is not None:
        options = [option for option in options if option.weekday() == weekday]
    if direction:
        options = [option for option in options if (option - today).days * direction >= 0]
    return min(options, key=lambda option: abs((option - today).days), default=None)


def month_span(year: int, month: int) -> tuple[date, date]:
    """Returns the first and last day of a month."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def year_span(year: int) -> tuple[date, date]:
    """Returns the first and last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def week_span(day: date) -> tuple[date, date]:
    """Returns the Monday and the Sunday of the day's week."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def add_months(day: date, count: int) -> date:
    """Returns the first day of the month that is `count` months after the month of `day`."""
    months = day.year * 12 + day.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)
