"""Finds the dates of Spanish news, absolute and relative, and resolves them against the day of publication.

The rules are our own because dateparser 1.5 reads neither «hace tres años» nor «el lunes» nor «el pasado 3 de
marzo», and takes «mayo de 2023» for a day. In news «el lunes» is the last one, unless the verb looks ahead.
The phrases are in lexicon/fechas.yaml, and date_readers.py makes days of them. A weekday and a date that do
not fall together give no day at all.
"""

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from newsroom.engines.local import date_readers as read
from newsroom.engines.local.calendar import MONTH_NUMBERS, WEEKDAY_NUMBERS
from newsroom.lexicon.tables import table
from newsroom.models.vocabulario import PrecisionTemporal

_PIECE = re.compile(r"\{([^\W\d]\w*)\}")
# Every phrase needs one of these in the sentence, so other sentences are not searched.
_HINT = re.compile(
    rf"\d|{'|'.join(MONTH_NUMBERS)}|{'|'.join(WEEKDAY_NUMBERS)}|ayer|noche|hoy|antier|mañana|semana|mes|año|década|"
    r"hace|dentro|esta |noventa|[a-z]+enta\b|principios|mediados",
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

    def moved(self, offset: int) -> "DateMention":
        """Returns the same date in a text that has `offset` more characters before it."""
        return replace(self, start=self.start + offset, end=self.end + offset)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], read.Reader], ...]:
    """Returns the phrases of the table with their readers, in the table's order."""
    names = sorted((name for name in MONTH_NUMBERS if len(name) > 3), key=len, reverse=True)
    month, weekdays = "|".join(names), "|".join(WEEKDAY_NUMBERS)
    short = "|".join(name for name in MONTH_NUMBERS if len(name) == 3)
    numbers = "|".join(sorted(read.COUNTS, key=len, reverse=True))
    pieces = {
        "un_mes": f"(?:{month})",
        "un_corto": f"(?:{short})",
        "mes": f"(?P<mes>{month})",
        "mes1": f"(?P<mes1>{month})",
        "corto": f"(?P<mes>{short})",
        "semanal": f"(?:{weekdays})",
        "cuenta": rf"(?P<n>\d{{1,3}}|{numbers})",
        "orden": f"(?P<orden>{'|'.join(read.ORDINALS)})",
        "decenio": f"(?P<nombre>{'|'.join(read.DECADES)})",
        "dia": rf"(?P<dia>\d{{1,2}}|primero|{numbers})(?:\.?[º°o]\.?|ro\.?|er)?",
        **table("fechas")["piezas"],
    }

    def fill(pattern: str) -> str:
        return _PIECE.sub(lambda piece: fill(pieces[piece[1]]), pattern)

    rules = [(name, fill(text)) for row in table("fechas")["giros"] for name, text in row.items()]
    return tuple((re.compile(text, re.IGNORECASE), getattr(read, f"read_{name}")) for name, text in rules)


def find_dates(
    text: str, today: date | None, ahead: bool = False, month_first: bool = False
) -> list[DateMention]:
    """Returns the dates of a sentence in order, none overlapping another.

    Args:
        text: the sentence.
        today: the day of publication. If it is None, only dates that do not need it are read.
        ahead: whether the verb of the sentence is in the future.
        month_first: whether the country writes the 7 of May as 5/7.
    """
    if _HINT.search(text) is None:
        return []
    found: list[DateMention] = []
    taken = bytearray(len(text))
    for pattern, reader in _rules():
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            said = {name: word.lower() for name, word in match.groupdict().items() if word}
            resolved = _resolve(reader, said, today, ahead, month_first)
            if resolved is not None:
                found.append(DateMention(start, end, *resolved))
            if resolved is not None or "semana" in said:
                taken[start:end] = b"\1" * (end - start)
    return sorted(found, key=lambda mention: mention.start)


def _resolve(
    reader: read.Reader, said: read.Said, today: date | None, ahead: bool, month_first: bool
) -> read.Found | None:
    """Returns the meaning of a phrase; None if there is no such day, or if it needs an unknown `today`."""
    if today is None:
        first, second = (_resolve(reader, said, day, ahead, month_first) for day in _TWO_DAYS)
        return first if first == second else None
    try:
        found = reader(said, read.View(today, ahead, month_first))
    except (ValueError, OverflowError):
        return None
    weekday = WEEKDAY_NUMBERS.get(said.get("semana", ""))
    agrees = found is None or weekday is None or weekday in (found[0].weekday(), found[1].weekday())
    return found if agrees else None
