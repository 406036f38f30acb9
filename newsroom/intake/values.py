"""Reads a value as some tool wrote it: a date, names, words, a language, a flag, a text.

Each function returns None where the value says nothing. Nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from newsroom.models.base import parse_moment

# How tools write that they know nothing.
_NOTHING = {"", "-", "n/a", "na", "nan", "nat", "nil", "none", "null", "undefined", "unknown", "desconocido"}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "enero ene january jan", "febrero feb february", "marzo mar march", "abril abr april apr",
            "mayo may", "junio jun june", "julio jul july", "agosto ago august aug",
            "septiembre setiembre sep sept set september", "octubre oct october",
            "noviembre nov november", "diciembre dic december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_CLOCK = r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[ap]\.?\s?m\.?)?"
_IN_WORDS = (
    re.compile(r"(?P<day>\d{1,2})º?(?:\s+de)?\s+(?P<month>[a-z]{3,10})\.?,?(?:\s+del?)?\s+(?P<year>\d{4})"),
    re.compile(r"(?P<month>[a-z]{3,10})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})"),
)
_IN_DIGITS = re.compile(r"(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>\d{4})")
_ZONE_NAME = re.compile(r"\s+(?:utc|gmt|z)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
# Seconds since 1970 of the years 1990 to 2100; milliseconds and microseconds are these a thousand times each.
_EPOCH = range(631_152_000, 4_102_444_800)
_LANGUAGES = {
    "spanish": "es", "espanol": "es", "castellano": "es", "spa": "es", "esp": "es", "english": "en",
    "ingles": "en", "eng": "en", "portuguese": "pt", "portugues": "pt", "por": "pt", "catalan": "ca",
    "catala": "ca", "cat": "ca", "gallego": "gl", "galego": "gl", "glg": "gl", "euskera": "eu",
    "euskara": "eu", "vasco": "eu", "eus": "eu", "french": "fr", "frances": "fr", "fra": "fr",
    "italian": "it", "italiano": "it", "ita": "it", "german": "de", "aleman": "de", "deu": "de",
}  # fmt: skip
_BYLINE = re.compile(r"^(?:(?:by|por)\s+|(?:texto|redacción):\s*)", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")
# The order of reading, where a tool parts a text into an object.
_PARTS = ("headline", "title", "summary", "lead", "text", "paragraphs", "sections")
_NAME_KEYS = ("name", "nombre", "byline", "displayName", "title")
_WORD_KEYS = ("name", "nombre", "term", "label", "value", "title")
_TRUE = {"true", "1", "yes", "y", "si", "verdadero"}
_FALSE = {"false", "0", "no", "n", "falso"}


class UnclearDate(ValueError):
    """A date that is there and cannot be read for certain; the message is for an editor."""


def says_nothing(value: Any) -> bool:
    """Returns whether a value is one of the ways in which tools write that they know nothing."""
    if isinstance(value, str):
        return value.strip().casefold() in _NOTHING
    # The value that does not equal itself is NaN.
    return value is None or value == [] or value == {} or (isinstance(value, float) and value != value)


def read_text(value: Any) -> str | None:
    """Returns a text as it stands; of a list, its parts as paragraphs."""
    if isinstance(value, list | tuple):
        parts = [part for item in value if (part := read_text(item)) is not None]
        return "\n\n".join(parts) or None
    if isinstance(value, bool) or says_nothing(value) or not isinstance(value, str | int | float):
        return None
    return str(value)


def read_parts(value: Any) -> str | None:
    """Returns all texts within lists and objects, as paragraphs: what a tool parts into sections."""
    if isinstance(value, dict):
        known = [value[key] for key in _PARTS if key in value]
        value = [*known, *(inner for key, inner in value.items() if key not in _PARTS)]
    if isinstance(value, list | tuple):
        parts = [part for item in value if (part := read_parts(item)) is not None]
        return "\n\n".join(parts) or None
    return read_text(value)


def read_line(value: Any) -> str | None:
    """Returns a text on one line: a headline, an outlet, a section. Of a list: its first."""
    if isinstance(value, list | tuple):
        return next((line for item in value if (line := read_line(item)) is not None), None)
    text = read_text(value)
    return " ".join(text.split()) or None if text is not None else None


def read_first(value: Any) -> str | None:
    """Returns the first of several words: `Política` of `Política;Agua`."""
    return next(iter(read_words(value) or []), None)


def read_address(value: Any) -> str | None:
    """Returns the address of a page; None for what only identifies it (`urn:newsml:...`, `4711`)."""
    line = read_line(value)
    if line is None or _OTHER_SCHEME.match(line) or not ("/" in line or "." in line):
        return None
    return line


def read_outlet(value: Any) -> str | None:
    """Returns the name of an outlet; None for a mere domain, as the table of outlets knows it by its name."""
    line = read_line(value)
    return None if line is None or _DOMAIN.fullmatch(line) else line


def read_names(value: Any) -> str | None:
    """Returns people's names joined with commas, from a text, a list, or objects with a name."""
    parts = (part for name in _strings(value, _NAME_KEYS) for part in name.split(";"))
    names = [_BYLINE.sub("", " ".join(part.split())) for part in parts]
    return ", ".join(dict.fromkeys(name for name in names if name)) or None


def read_words(value: Any) -> list[str] | None:
    """Returns keywords, from a list, objects with a name, or one text with commas, semicolons or bars."""
    words: list[str] = []
    for text in _strings(value, _WORD_KEYS):
        parts = re.split(r"[,;|]", text) if isinstance(value, str) else [text]
        words += [" ".join(part.split()) for part in parts]
    return list(dict.fromkeys(word for word in words if word)) or None


def read_language(value: Any) -> str | None:
    """Returns the code of two letters of a language: of `es`, `es-MX`, `spa`, `Español`."""
    line = read_line(value)
    if line is None:
        return None
    word = fold(line)
    if word in _LANGUAGES:
        return _LANGUAGES[word]
    code = re.match(r"([a-z]{2})(?:[-_][a-z0-9]{2,8})*$", word)
    return code.group(1) if code else None


def read_flag(value: Any) -> bool | None:
    """Returns a yes or a no; None for anything else."""
    word = fold(str(value)) if isinstance(value, str | int | bool) else ""
    return True if word in _TRUE else False if word in _FALSE else None


def read_date(value: Any) -> datetime | None:
    """Returns the moment that a date means; without a zone it is UTC.

    Reads ISO 8601, the date of RSS and of e-mail, seconds or milliseconds since 1970, YYYYMMDD and
    YYYYMMDDhhmmss, dates in Spanish or English words, and figures with the year last if only one order of
    day and month is possible.

    Raises:
        UnclearDate: a date is there, but it cannot be told which.
    """
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if says_nothing(value):
        return None
    if isinstance(value, datetime):
        return parse_moment(value)
    text = str(value).strip()
    for read in (_read_number, _read_iso, _read_mail, _read_written):
        try:
            moment = read(text)
        except (ValueError, OverflowError):
            continue
        if moment is not None:
            return parse_moment(moment)
    raise UnclearDate(
        f"«{text[:40]}» no se entiende como fecha; la forma segura es 2025-04-15T10:30:00-05:00"
    )


def _read_number(text: str) -> datetime | None:
    if not _DIGITS.fullmatch(text):
        return None
    if len(text) in (8, 14) and text.isdecimal():
        return datetime.strptime(text, "%Y%m%d%H%M%S" if len(text) == 14 else "%Y%m%d")
    seconds = float(text)
    for unit in (1, 1_000, 1_000_000):
        if int(seconds / unit) in _EPOCH:
            return datetime.fromtimestamp(seconds / unit, UTC)
    raise ValueError(text)


def _read_iso(text: str) -> datetime | None:
    return datetime.fromisoformat(_ZONE_NAME.sub("+00:00", text) if _ZONE_NAME.search(text) else text)


def _read_mail(text: str) -> datetime | None:
    # Feeds in Spanish write the day and the month in Spanish.
    words = re.sub(r"^[^\W\d]{2,10}\.?,\s*", "", text)
    english = re.sub(r"[^\W\d]{3,10}\.?", lambda month: _english_month(month.group()), words, count=1)
    if not re.match(r"\d{1,2}\s+[A-Z][a-z]{2}\s+\d{4}\s+\d{1,2}:\d{2}", english):
        return None
    return parsedate_to_datetime(english)


def _english_month(word: str) -> str:
    number = _MONTHS.get(fold(word).rstrip("."))
    return datetime(2000, number, 1).strftime("%b") if number else word


def _read_written(text: str) -> datetime | None:
    plain = fold(text)
    for pattern in _IN_WORDS:
        found = pattern.search(plain)
        if found and (month := _MONTHS.get(found["month"])):
            return _at_clock(int(found["year"]), month, int(found["day"]), plain[found.end() :])
    digits = _IN_DIGITS.search(plain)
    if digits is None:
        return None
    first, second, year = int(digits["first"]), int(digits["second"]), int(digits["year"])
    if first > 12 or first == second:
        return _at_clock(year, second, first, plain[digits.end() :])
    if second > 12:
        return _at_clock(year, first, second, plain[digits.end() :])
    raise ValueError(text)  # 4/5: the fourth of May, or the fifth of April


def _at_clock(year: int, month: int, day: int, behind: str) -> datetime:
    clock = re.search(_CLOCK, behind[:30])
    if clock is None:
        return datetime(year, month, day)
    hour = int(clock["hour"])
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].startswith("p") else 0)
    return datetime(year, month, day, hour, int(clock["minute"]), int(clock["second"] or 0))


def _strings(value: Any, keys: tuple[str, ...]) -> Iterator[str]:
    """Yields the texts in a value: itself, those of a list, what an object has under one of `keys`."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item, keys)
    elif isinstance(value, dict):
        named = next((value[key] for key in keys if not says_nothing(value.get(key))), None)
        yield from _strings(named, keys)
    elif isinstance(value, str | int | float) and not isinstance(value, bool) and not says_nothing(value):
        yield str(value)


def fold(text: str) -> str:
    """Returns a text without outer space, case and accents: how words are compared."""
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
