"""Dates of Spanish news, absolute and relative, resolved against the day of publication.

Own rules: dateparser 1.5 reads neither «hace tres años» nor «el lunes» nor «el pasado 3 de marzo», and takes
«mayo de 2023» for a day. In newswire «el lunes» is the nearest one past, unless the verb looks ahead.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
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

_MONTHS = "|".join(MONTH_NUMBERS)
_DAYS = "|".join(WEEKDAY_NUMBERS)
_COUNTS = {
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "once": 11, "doce": 12, "quince": 15, "veinte": 20, "treinta": 30, "cuarenta": 40,
    "cincuenta": 50, "ochenta": 80, "cien": 100,
}  # fmt: skip
_COUNT = r"\d{1,3}|" + "|".join(_COUNTS)
_ORDINALS = {"primer": 1, "primero": 1, "segundo": 2, "tercer": 3, "tercero": 3, "cuarto": 4, "último": 4}
_DECADES = {
    "veinte": 1920, "treinta": 1930, "cuarenta": 1940, "cincuenta": 1950, "sesenta": 1960, "setenta": 1970,
    "ochenta": 1980, "noventa": 1990,
}  # fmt: skip
_FLAGS = re.IGNORECASE


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date that stands at `start:end`: the days from `inicio` to `fin`, both included."""

    start: int
    end: int
    inicio: date
    fin: date
    precision: PrecisionTemporal


_Found = tuple[date, date, PrecisionTemporal]
_Reader = Callable[[re.Match[str], date, bool], _Found | None]


def _day(day: date | None) -> _Found | None:
    return None if day is None else (day, day, PrecisionTemporal.DIA)


def _read_day_month(match: re.Match[str], today: date, ahead: bool) -> _Found | None:
    month = MONTH_NUMBERS[match["mes"].lower()]
    day, year = int(match["dia"]), match["anio"]
    if year:
        return _day(make_day(int(year), month, day))
    hint = (match["cual"] or "").lower()
    direction = -1 if hint.startswith("pasad") else 1 if ahead or hint else 0
    return _day(nearest_year(today, month, day, direction))


def _read_range(match: re.Match[str], today: date, ahead: bool) -> _Found | None:
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


def _read_figures(match: re.Match[str], _today: date, _ahead: bool) -> _Found | None:
    year = int(match["anio"])
    return _day(make_day(year + 2000 if year < 100 else year, int(match["mes"]), int(match["dia"])))


def _read_month(match: re.Match[str], today: date, ahead: bool) -> _Found | None:
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


def _read_year(match: re.Match[str], _today: date, _ahead: bool) -> _Found | None:
    return (*year_span(int(match["anio"])), PrecisionTemporal.AÑO)


def _read_years(match: re.Match[str], _today: date, _ahead: bool) -> _Found | None:
    first, last = int(match["anio"]), int(match["anio2"])
    if not first < last <= first + 60:
        return None
    return year_span(first)[0], year_span(last)[1], PrecisionTemporal.PERIODO


def _read_decade(match: re.Match[str], _today: date, _ahead: bool) -> _Found | None:
    year = int(match["anio"]) if match["anio"] else _DECADES[match["nombre"].lower()]
    return year_span(year)[0], year_span(year + 9)[1], PrecisionTemporal.DECADA


def _read_word(match: re.Match[str], today: date, _ahead: bool) -> _Found | None:
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


def _read_weekday(match: re.Match[str], today: date, ahead: bool) -> _Found | None:
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


def _read_ago(match: re.Match[str], today: date, _ahead: bool) -> _Found | None:
    count = _count(match["n"])
    sign = -1 if match["giro"].lower().startswith("hace") else 1
    return _shift(today, sign * count, match["unidad"].lower())


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _COUNTS[text.lower()]


def _shift(today: date, count: int, unit: str) -> _Found | None:
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


def _read_unit(match: re.Match[str], today: date, _ahead: bool) -> _Found | None:
    words = f"{match['antes'] or ''} {match['tras'] or ''}".lower()
    count = (
        -1 if "pasad" in words or "anterior" in words else 1 if "próxim" in words or "viene" in words else 0
    )
    if not words.strip():
        return None
    return _shift(today, count, match["unidad"].lower())


def _read_weekend(match: re.Match[str], today: date, _ahead: bool) -> _Found | None:
    saturday = today + timedelta(days=(5 - today.weekday()))
    words = match.group().lower()
    weeks = -1 if "pasado" in words else 1 if "próximo" in words and today.weekday() >= 5 else 0
    saturday += timedelta(weeks=weeks)
    return saturday, saturday + timedelta(days=1), PrecisionTemporal.DIA


def _read_quarter(match: re.Match[str], today: date, _ahead: bool) -> _Found | None:
    size = {"bimestre": 2, "trimestre": 3, "cuatrimestre": 4, "semestre": 6}[match["parte"].lower()]
    number = _ORDINALS[match["orden"].lower()]
    year = int(match["anio"]) if match["anio"] else today.year
    if number * size > 12:
        number = 12 // size
    first, last = month_span(year, (number - 1) * size + 1)[0], month_span(year, number * size)[1]
    precision = PrecisionTemporal.TRIMESTRE if size == 3 else PrecisionTemporal.PERIODO
    return first, last, precision


def _read_day_only(match: re.Match[str], today: date, ahead: bool) -> _Found | None:
    day = make_day(today.year, today.month, int(match["dia"]))
    if day is None or (day > today and not ahead):
        moved = add_months(today.replace(day=1), -1)
        day = make_day(moved.year, moved.month, int(match["dia"])) if not ahead else None
    return _day(day)


_WHICH = r"(?:(?P<cual>pasado|próximo) )?"
_YEAR_TAIL = r"(?:,? (?:de|del)(?: año)? (?P<anio>(?:1[5-9]|20)\d\d)\b)?"
_RULES: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern, _FLAGS), reader)
    for pattern, reader in (
        (
            rf"\b(?P<dia>\d{{1,2}})(?: de (?P<mes1>{_MONTHS}))? (?:al|y|y el|y al|hasta el|a) (?P<dia2>\d{{1,2}}) de "
            rf"(?P<mes>{_MONTHS})\b{_YEAR_TAIL}",
            _read_range,
        ),
        (rf"{_WHICH}\b(?P<dia>\d{{1,2}})(?:º|°|ro)? de (?P<mes>{_MONTHS})\b{_YEAR_TAIL}", _read_day_month),
        (
            rf"{_WHICH}\b(?P<dia>\d{{1,2}}) (?P<mes>ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic)\b"
            rf"(?:\.? (?P<anio>20\d\d)\b)?",
            _read_day_month,
        ),
        (r"\b(?P<anio>(?:19|20)\d\d)-(?P<mes>\d\d)-(?P<dia>\d\d)\b", _read_figures),
        (r"\b(?P<dia>\d{1,2})[/.-](?P<mes>\d{1,2})[/.-](?P<anio>(?:19|20)?\d\d)\b(?![/.-]?\d)", _read_figures),
        (
            rf"\b(?P<orden>{'|'.join(_ORDINALS)}) (?P<parte>bimestre|trimestre|cuatrimestre|semestre)\b"
            r"(?: (?:de|del)(?: año)?(?: (?P<anio>(?:19|20)\d\d)\b)?)?",
            _read_quarter,
        ),
        (
            rf"(?:\b(?:en|de|desde|hasta|para|este|durante|mes de|finales de|principios de|inicios de|mediados de|"
            rf"comienzos de) )(?:el )?{_WHICH}(?P<mes>{_MONTHS})\b{_YEAR_TAIL}",
            _read_month,
        ),
        (rf"\b(?P<mes>{_MONTHS})(?: (?P<cual>pasado|próximo))\b(?P<anio>\b\B)?", _read_month),
        (
            rf"\b(?P<mes>{_MONTHS}) (?:de |del )?(?:año )?(?P<anio>(?:1[5-9]|20)\d\d)\b(?P<cual>\b\B)?",
            _read_month,
        ),
        (r"\bdécada de (?:los )?(?:(?P<anio>(?:1[5-9]|20)\d0)|(?P<nombre>" + "|".join(_DECADES) + r"))\b", _read_decade),
        (r"\baños (?P<nombre>" + "|".join(_DECADES) + r")\b(?P<anio>\b\B)?", _read_decade),
        (r"\b(?P<anio>(?:19|20)\d\d) ?[-–/a] ?(?P<anio2>(?:19|20)\d\d)\b", _read_years),
        (r"\bentre (?P<anio>(?:19|20)\d\d) y (?P<anio2>(?:19|20)\d\d)\b", _read_years),
        (
            r"\b(?:en|de|del|desde|hasta|para|año|años|durante|a|antes de|después de|verano de|invierno de|"
            r"ejercicio)(?: el)?(?: año)? (?P<anio>(?:1[5-9]|20)\d\d)\b(?![.,]\d|\d| (?:pesos|dólares|euros|personas|"
            r"millones|mil|viviendas|familias|metros|kilómetros|hectáreas|toneladas)\b)",
            _read_year,
        ),
        (rf"\b(?P<giro>hace|dentro de)(?: ya| casi| unos| más de)? (?P<n>{_COUNT}) "
         r"(?P<unidad>días?|semanas?|mes(?:es)?|años?|décadas?)\b", _read_ago),
        (r"\b(?P<palabra>pasado mañana)\b", _read_word),
        (r"\b(?P<palabra>ayer|anoche|anteayer|antier|hoy)\b(?! en día)", _read_word),
        (r"\b(?P<palabra>esta (?:mañana|tarde|noche|madrugada|jornada))\b", _read_word),
        (r"(?<!\bla )(?<!\besta )(?<!\buna )(?<!\bel )\b(?P<palabra>mañana)\b", _read_word),
        (
            rf"\b(?P<antes>el pasado|el próximo|este próximo|este pasado|pasado|próximo|este|el|del|al) (?P<dia>{_DAYS})\b"
            r"(?: (?P<tras>pasado|próximo|anterior|que viene|entrante))?",
            _read_weekday,
        ),
        (r"\b(?:el|este|del) (?:pasado |próximo )?fin de semana(?: pasado)?\b", _read_weekend),
        (
            r"\b(?P<antes>esta|este|el pasado|la pasada|el próximo|la próxima|del pasado|del próximo|pasado|próximo|próxima|pasada)"
            r" (?P<unidad>semana|mes|año|década)\b(?P<tras>\b\B)?",
            _read_unit,
        ),
        (r"\b(?P<unidad>semana|mes|año) (?P<tras>pasad[oa]|próxim[oa]|anterior|que viene)\b(?P<antes>\b\B)?", _read_unit),
        (r"\b(?:el|del) día (?P<dia>\d{1,2})\b(?! de (?:" + _MONTHS + r"))", _read_day_only),
    )
)  # fmt: skip


def find_dates(text: str, today: date, ahead: bool = False) -> list[DateMention]:
    """Returns the dates of a sentence in order, none overlapping another.

    `today` is the day of publication; `ahead` says that the sentence looks ahead (a verb in the future).
    """
    taken: list[DateMention] = []
    for pattern, reader in _RULES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other.end and other.start < end for other in taken):
                continue
            try:
                found = reader(match, today, ahead)
            except (ValueError, OverflowError):
                # A day outside the calendar: no date.
                continue
            if found is not None:
                taken.append(DateMention(start, end, *found))
    return sorted(taken, key=lambda mention: mention.start)
