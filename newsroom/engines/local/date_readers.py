"""Reads each way of writing a date: makes days and a precision from a match and the day of publication."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from newsroom.engines.local.calendar import (
    MONTH_NUMBERS,
    WEEKDAY_NUMBERS,
    add_months,
    make_day,
    month_span,
    nearest_year,
    week_span,
    year_span,
)
from newsroom.models.vocabulario import PrecisionTemporal
from newsroom.numbers.number_words import HUNDREDS, TENS, UNITS

_COUNTED = (
    "un", "una", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once",
    "doce", "quince", "veinte", "treinta", "cuarenta", "cincuenta", "ochenta", "cien",
)  # fmt: skip
COUNTS = {word: int((UNITS | TENS | HUNDREDS)[word]) for word in _COUNTED}
ORDINALS = {"primer": 1, "primero": 1, "segundo": 2, "tercer": 3, "tercero": 3, "cuarto": 4, "último": 4}
DECADES = {"veinte": 1920} | {word: 1900 + int(value) for word, value in TENS.items()}


Found = tuple[date, date, PrecisionTemporal]
Reader = Callable[[re.Match[str], date, bool], Found | None]


def _day(day: date | None) -> Found | None:
    return None if day is None else (day, day, PrecisionTemporal.DIA)


def read_day_month(match: re.Match[str], today: date, ahead: bool) -> Found | None:
    """Reads «14 de mayo de 2024», «el pasado 3 de marzo». Without a year it is the nearest one."""
    month = MONTH_NUMBERS[match["mes"].lower()]
    day, year = int(match["dia"]) if match["dia"].isdigit() else 1, match["anio"]
    if year:
        return _day(make_day(int(year), month, day))
    hint = (match["cual"] or "").lower()
    direction = -1 if hint.startswith("pasad") else 1 if ahead or hint else 0
    return _day(nearest_year(today, month, day, direction))


def read_range(match: re.Match[str], today: date, ahead: bool) -> Found | None:
    """Reads «del 3 al 5 de julio»."""
    month = MONTH_NUMBERS[match["mes"].lower()]
    first_month = MONTH_NUMBERS[match["mes1"].lower()] if match["mes1"] else month
    if match["anio"]:
        last = make_day(int(match["anio"]), month, int(match["dia2"]))
    else:
        last = nearest_year(today, month, int(match["dia2"]), 1 if ahead else 0)
    first = make_day(last.year, first_month, int(match["dia"])) if last else None
    if first is None or last is None or first > last:
        return None
    return first, last, PrecisionTemporal.PERIODO


def read_figures(match: re.Match[str], _today: date, _ahead: bool) -> Found | None:
    """Reads «14/05/2024», «2024-05-14»."""
    year = int(match["anio"])
    return _day(make_day(year + 2000 if year < 100 else year, int(match["mes"]), int(match["dia"])))


def read_month(match: re.Match[str], today: date, ahead: bool) -> Found | None:
    """Reads «mayo de 2023», «en abril». Without a year it is the last one, or the next if `ahead`."""
    month = MONTH_NUMBERS[match["mes"].lower()]
    if match["anio"]:
        year = int(match["anio"])
    else:
        hint = (match["cual"] or "").lower()
        direction = -1 if hint.startswith("pasad") else 1 if ahead or hint.startswith("próxim") else -1
        near = nearest_year(today, month, today.day if month == today.month else 1, direction)
        if near is None:
            return None
        year = near.year
    return (*month_span(year, month), PrecisionTemporal.MES)


def read_months(match: re.Match[str], today: date, ahead: bool) -> Found | None:
    """Reads «entre enero y junio». Without a year it is the last span that is over, or the next one."""
    first, last = MONTH_NUMBERS[match["mes1"].lower()], MONTH_NUMBERS[match["mes"].lower()]
    near = nearest_year(today, last, 1, 1 if ahead else -1)
    if not match["anio"] and near is None:
        return None
    year = int(match["anio"]) if match["anio"] else near.year if near else today.year
    begin, end = month_span(year - (first > last), first)[0], month_span(year, last)[1]
    return begin, end, PrecisionTemporal.PERIODO


def read_year(match: re.Match[str], _today: date, _ahead: bool) -> Found | None:
    """Reads «en 2019»."""
    return (*year_span(int(match["anio"])), PrecisionTemporal.AÑO)


def read_years(match: re.Match[str], _today: date, _ahead: bool) -> Found | None:
    """Reads «2019-2024»."""
    first, last = int(match["anio"]), int(match["anio2"])
    if not first < last <= first + 60:
        return None
    return year_span(first)[0], year_span(last)[1], PrecisionTemporal.PERIODO


def read_decade(match: re.Match[str], _today: date, _ahead: bool) -> Found | None:
    """Reads «la década de 1970», «los años ochenta»."""
    year = int(match["anio"]) if match["anio"] else DECADES[match["nombre"].lower()]
    return year_span(year)[0], year_span(year + 9)[1], PrecisionTemporal.DECADA


def read_word(match: re.Match[str], today: date, _ahead: bool) -> Found | None:
    """Reads «ayer», «hoy», «esta mañana»."""
    shift = {
        "ayer": -1,
        "anoche": -1,
        "anteayer": -2,
        "antier": -2,
        "hoy": 0,
        "mañana": 1,
        "pasado mañana": 2,
    }
    word = " ".join(match["palabra"].lower().split())
    return _day(today + timedelta(days=shift.get(word, 0)))


def read_weekday(match: re.Match[str], today: date, ahead: bool) -> Found | None:
    """Reads «el lunes»: the last one, today included, unless a word or the verb looks ahead."""
    weekday = WEEKDAY_NUMBERS[match["dia"].lower()]
    hint = f"{match['antes'] or ''} {match['tras'] or ''}".lower()
    back = (today.weekday() - weekday) % 7
    if "próxim" in hint or "que viene" in hint or "entrante" in hint:
        return _day(today + timedelta(days=(weekday - today.weekday()) % 7 or 7))
    if "pasado" in hint or "anterior" in hint:
        return _day(today - timedelta(days=back or 7))
    if ahead and back:
        return _day(today + timedelta(days=7 - back))
    return _day(today - timedelta(days=back))


def read_ago(match: re.Match[str], today: date, _ahead: bool) -> Found | None:
    """Reads «hace tres años», «dentro de dos semanas»."""
    count = _count(match["n"])
    turn = (match["giro"] or "hace").lower()
    sign = -1 if turn.startswith("hace") else 1
    return _shift(today, sign * count, match["unidad"].lower())


def _count(text: str) -> int:
    return int(text) if text.isdigit() else COUNTS[text.lower()]


def _shift(today: date, count: int, unit: str) -> Found | None:
    if unit.startswith("día"):
        return _day(today + timedelta(days=count))
    if unit.startswith("semana"):
        return (*week_span(today + timedelta(weeks=count)), PrecisionTemporal.SEMANA)
    if unit.startswith("mes"):
        moved = add_months(today, count)
        return (*month_span(moved.year, moved.month), PrecisionTemporal.MES)
    years = count * 10 if unit.startswith("década") else count
    if not 1 <= today.year + years <= 9998:
        return None
    if unit.startswith("década"):
        return year_span(today.year + years)[0], year_span(today.year + years)[1], PrecisionTemporal.DECADA
    return (*year_span(today.year + years), PrecisionTemporal.AÑO)


def read_unit(match: re.Match[str], today: date, _ahead: bool) -> Found | None:
    """Reads «la semana pasada», «este mes», «el próximo año»."""
    words = f"{match['antes'] or ''} {match['tras'] or ''}".lower()
    count = (
        -1 if "pasad" in words or "anterior" in words else 1 if "próxim" in words or "viene" in words else 0
    )
    if not words.strip():
        return None
    return _shift(today, count, match["unidad"].lower())


def read_weekend(match: re.Match[str], today: date, _ahead: bool) -> Found | None:
    """Reads «el fin de semana»."""
    saturday = today + timedelta(days=(5 - today.weekday()))
    words = match.group().lower()
    weeks = -1 if "pasado" in words else 1 if "próximo" in words and today.weekday() >= 5 else 0
    saturday += timedelta(weeks=weeks)
    return saturday, saturday + timedelta(days=1), PrecisionTemporal.DIA


def read_quarter(match: re.Match[str], today: date, _ahead: bool) -> Found | None:
    """Reads «el primer trimestre de 2024»."""
    size = {"bimestre": 2, "trimestre": 3, "cuatrimestre": 4, "semestre": 6}[match["parte"].lower()]
    number = ORDINALS[match["orden"].lower()]
    year = int(match["anio"]) if match["anio"] else today.year
    if number * size > 12:
        number = 12 // size
    first, last = month_span(year, (number - 1) * size + 1)[0], month_span(year, number * size)[1]
    precision = PrecisionTemporal.TRIMESTRE if size == 3 else PrecisionTemporal.PERIODO
    return first, last, precision


def read_day_only(match: re.Match[str], today: date, ahead: bool) -> Found | None:
    """Reads «el día 5» of this month, or of the last one."""
    day = make_day(today.year, today.month, int(match["dia"]))
    if day is None or (day > today and not ahead):
        moved = add_months(today.replace(day=1), -1)
        day = make_day(moved.year, moved.month, int(match["dia"])) if not ahead else None
    return _day(day)
