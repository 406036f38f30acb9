"""Finds the dates of Spanish news, absolute and relative, and resolves them against the day of publication.

The rules are our own because dateparser 1.5 reads neither «hace tres años» nor «el lunes» nor «el pasado 3 de
marzo», and takes «mayo de 2023» for a day. In news «el lunes» is the last one, unless the verb looks ahead.
"""

import re
from dataclasses import dataclass
from datetime import date

from newsroom.engines.local import date_readers as read
from newsroom.engines.local.calendar import MONTH_NUMBERS, WEEKDAY_NUMBERS
from newsroom.models.vocabulario import PrecisionTemporal

_MONTH = "|".join(sorted((name for name in MONTH_NUMBERS if len(name) > 3), key=len, reverse=True))
_SHORT = "|".join(name for name in MONTH_NUMBERS if len(name) == 3)
_WEEKDAY = "|".join(WEEKDAY_NUMBERS)
_COUNT = r"\d{1,3}|" + "|".join(read.COUNTS)
_WHICH = r"(?:(?P<cual>pasado|próximo) )?"
_YEAR = r"(?:1[5-9]|20)\d\d"
_OF_YEAR = rf"(?:,? (?:de|del)(?: año)? (?P<anio>{_YEAR})\b)?"
# A group for patterns without a group that their reader asks for. It never takes part in a match.
_NO = r"(?P<{}>\b\B)?"
_THINGS = (
    "pesos|dólares|euros|soles|personas|millones|mil|viviendas|familias|metros|kilómetros|hectáreas|toneladas"
)

_PATTERNS: tuple[tuple[str, read.Reader], ...] = (
    (
        rf"\b(?P<dia>\d{{1,2}})(?: de (?P<mes1>{_MONTH}) (?:al|hasta el|a)| (?:al|y|y el|y al|hasta el|a))"
        rf" (?P<dia2>\d{{1,2}}) de (?P<mes>{_MONTH})\b{_OF_YEAR}",
        read.read_range,
    ),
    (rf"{_WHICH}\b(?P<dia>\d{{1,2}})(?:º|°|ro)? de (?P<mes>{_MONTH})\b{_OF_YEAR}", read.read_day_month),
    (rf"{_WHICH}\b(?P<dia>primero) de (?P<mes>{_MONTH})\b{_OF_YEAR}", read.read_day_month),
    (
        rf"{_WHICH}\b(?P<dia>\d{{1,2}}) (?P<mes>{_SHORT})\b(?:\.? (?P<anio>20\d\d)\b)?",
        read.read_day_month,
    ),
    (r"\b(?P<anio>(?:19|20)\d\d)-(?P<mes>\d\d)-(?P<dia>\d\d)\b", read.read_figures),
    (
        r"\b(?P<dia>\d{1,2})(?P<raya>[/.-])(?P<mes>\d{1,2})(?P=raya)(?P<anio>(?:19|20)?\d\d)\b(?![/.-]?\d)",
        read.read_figures,
    ),
    (
        rf"\b(?P<orden>{'|'.join(read.ORDINALS)}) (?P<parte>bimestre|trimestre|cuatrimestre|semestre)\b"
        r"(?: (?:de|del)(?: año)?(?: (?P<anio>(?:19|20)\d\d)\b)?)?",
        read.read_quarter,
    ),
    (
        r"\b(?:en|de|desde|hasta|para|este|durante|finales de|principios de|inicios de|mediados de|"
        rf"comienzos de) (?:el )?(?:mes de )?{_WHICH}(?P<mes>{_MONTH})\b{_OF_YEAR}",
        read.read_month,
    ),
    (rf"\b(?:del|el|al) mes de {_WHICH}(?P<mes>{_MONTH})\b{_OF_YEAR}", read.read_month),
    (rf"\b(?P<mes>{_MONTH}) (?P<cual>pasado|próximo)\b{_NO.format('anio')}", read.read_month),
    (
        rf"\b(?P<mes>{_MONTH}) (?:de |del )?(?:año )?(?P<anio>{_YEAR})\b{_NO.format('cual')}",
        read.read_month,
    ),
    (
        rf"\bdécada de (?:los )?(?:(?P<anio>(?:1[5-9]|20)\d0)|(?P<nombre>{'|'.join(read.DECADES)}))\b",
        read.read_decade,
    ),
    (rf"\baños (?P<nombre>{'|'.join(read.DECADES)})\b{_NO.format('anio')}", read.read_decade),
    (r"\b(?P<anio>(?:19|20)\d\d) ?[-–/a] ?(?P<anio2>(?:19|20)\d\d)\b", read.read_years),
    (
        r"\b(?:entre|de|desde) (?P<anio>(?:19|20)\d\d) (?:y|a|hasta) (?P<anio2>(?:19|20)\d\d)\b",
        read.read_years,
    ),
    (
        r"\b(?:en|de|del|desde|hasta|para|año|años|durante|a|y|antes de|después de|verano de|invierno de|"
        rf"ejercicio)(?: el)?(?: año)? (?P<anio>{_YEAR})\b(?![.,]\d| (?:{_THINGS})\b)",
        read.read_year,
    ),
    (
        rf"\b(?P<giro>hace|dentro de)(?: ya| casi| unos| más de)? (?P<n>{_COUNT}) "
        r"(?P<unidad>días?|semanas?|mes(?:es)?|años?|décadas?)\b",
        read.read_ago,
    ),
    (
        rf"\b(?P<n>{_COUNT}) (?P<unidad>días?|semanas?|mes(?:es)?|años?|décadas?) atrás\b"
        rf"{_NO.format('giro')}",
        read.read_ago,
    ),
    (
        rf"\b(?:entre|de|desde) (?P<mes1>{_MONTH}) (?:y|a|hasta) (?P<mes>{_MONTH})\b{_OF_YEAR}",
        read.read_months,
    ),
    (r"\b(?P<palabra>pasado mañana)\b", read.read_word),
    (r"(?<!como )\b(?P<palabra>ayer|anoche|anteayer|antier|hoy)\b(?! en día)", read.read_word),
    (r"\b(?P<palabra>esta (?:mañana|tarde|noche|madrugada|jornada))\b", read.read_word),
    (r"(?<!\bla )(?<!\besta )(?<!\buna )(?<!\bel )\b(?P<palabra>mañana)\b", read.read_word),
    (
        r"\b(?P<antes>este mismo|el mismo|el pasado|el próximo|este próximo|este pasado|pasado|próximo|este|"
        r"el|del|al)"
        rf" (?P<dia>{_WEEKDAY})\b(?!,? \d{{1,2}}(?:º|°|ro)? (?:de|{_SHORT})\b)"
        r"(?: (?P<tras>pasado|próximo|anterior|que viene|entrante))?",
        read.read_weekday,
    ),
    (r"\b(?:el|este|del) (?:pasado |próximo )?fin de semana(?: pasado)?\b", read.read_weekend),
    (
        r"\b(?P<antes>esta misma|este mismo|esta|este|el pasado|la pasada|el próximo|la próxima|del pasado|"
        r"del próximo|pasado|"
        rf"próximo|próxima|pasada) (?P<unidad>semana|mes|año|década)\b{_NO.format('tras')}",
        read.read_unit,
    ),
    (
        r"\b(?P<unidad>semana|mes|año) (?P<tras>pasad[oa]|próxim[oa]|anterior|que viene)\b"
        rf"{_NO.format('antes')}",
        read.read_unit,
    ),
    (rf"\b(?:el|del) día (?P<dia>\d{{1,2}})\b(?! de (?:{_MONTH}))", read.read_day_only),
)
_RULES = tuple((re.compile(pattern, re.IGNORECASE), reader) for pattern, reader in _PATTERNS)
# Every pattern needs one of these in the sentence, so other sentences are not searched.
_HINT = re.compile(
    rf"\d|{_MONTH}|{_WEEKDAY}|ayer|anoche|hoy|antier|mañana|semana|mes|año|década|hace|dentro|trimestre|"
    r"semestre|esta |bimestre",
    re.IGNORECASE,
)


# A date that means the same on both of these days needs no day of publication.
_TWO_DAYS = (date(1987, 11, 5), date(2014, 3, 18))


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date that stands at `start:end`: the days from `inicio` to `fin`, both included."""

    start: int
    end: int
    inicio: date
    fin: date
    precision: PrecisionTemporal


def find_dates(text: str, today: date | None, ahead: bool = False) -> list[DateMention]:
    """Returns the dates of a sentence in order, none overlapping another.

    `today` is the day of publication. If it is None, only dates that do not need it are read. `ahead` says
    that the verb of the sentence is in the future.
    """
    if _HINT.search(text) is None:
        return []
    found: list[DateMention] = []
    taken = bytearray(len(text))
    for pattern, reader in _RULES:
        for match in pattern.finditer(text):
            start, end = match.span()
            resolved = None if any(taken[start:end]) else _resolve(reader, match, today, ahead)
            if resolved is not None:
                found.append(DateMention(start, end, *resolved))
                taken[start:end] = b"\1" * (end - start)
    return sorted(found, key=lambda mention: mention.start)


def _resolve(reader: read.Reader, match: re.Match[str], today: date | None, ahead: bool) -> read.Found | None:
    """Returns the meaning of a match; None if the day does not exist, or if it needs an unknown `today`."""
    if today is None:
        first, second = (_resolve(reader, match, day, ahead) for day in _TWO_DAYS)
        return first if first == second else None
    try:
        return reader(match, today, ahead)
    except (ValueError, OverflowError):
        return None
