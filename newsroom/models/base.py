"""What all models share: they are frozen, and they refuse text that PostgreSQL cannot hold."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

# PostgreSQL's text and jsonb cannot hold NUL. UTF-8 cannot hold half of a surrogate pair.
_NUL = "\x00"

EXAMPLE_DATE = "2025-04-15T10:30:00-05:00"
_MONTH, _DAY = r"(0[1-9]|1[0-2])", r"(0[1-9]|[12][0-9]|3[01])"
_HOUR, _SIXTY = r"([01][0-9]|2[0-3])", r"[0-5][0-9]"
_DATE = rf"[0-9]{{4}}(-{_MONTH}-{_DAY}|{_MONTH}{_DAY})"
_SECOND = rf"{_SIXTY}([.,][0-9]{{1,9}})?"
_CLOCK = rf"{_HOUR}(:{_SIXTY}(:{_SECOND})?|{_SIXTY}({_SECOND})?)"
_ZONE = rf"([Zz]|[+-]{_HOUR}(:?{_SIXTY})?)"
DATE_PATTERN = rf"^\s*({_DATE}([Tt ]{_CLOCK}{_ZONE}?)?)?\s*$"
"""What `parse_moment` reads, or nothing. For JSON schemas: Prefect checks a `pattern` but not a `format`."""


class Frozen(BaseModel):
    """Base of the models that only this system makes: no unknown field, no change after construction."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def reject_unstorable(value: Any, where: str = "") -> None:
    """Refuses a value with a string that the database cannot store.

    Args:
        value: any JSON value. Keys are checked too.
        where: the name of `value` in the message; empty for the whole item.

    Raises:
        ValueError: a string holds NUL or a lone surrogate. The message names its place.
    """
    stack: list[tuple[str, Any]] = [(where, value)]
    while stack:
        place, item = stack.pop()
        if isinstance(item, str):
            _reject_in_text(item, place)
        elif isinstance(item, dict):
            for key, inner in item.items():
                if isinstance(key, str):
                    _reject_in_text(key, f"{place} (key)")
                stack.append((f"{place}.{key}" if place else str(key), inner))
        elif isinstance(item, list | tuple):
            stack.extend((f"{place}[{index}]", inner) for index, inner in enumerate(item))


def _reject_in_text(text: str, place: str) -> None:
    at = text.find(_NUL)
    if at >= 0:
        raise ValueError(f"{place}: NUL character at position {at}; remove it")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as exc:
        code = ord(text[exc.start])
        raise ValueError(f"{place}: lone surrogate U+{code:04X} at position {exc.start}; remove it") from None


def parse_moment(value: Any) -> datetime:
    """Returns an aware datetime from a datetime, a date or an ISO 8601 string. Without a zone it is UTC.

    Numbers are refused: pydantic would read 20240514 as seconds since 1970.

    Raises:
        ValueError: `value` is none of these, or lies outside the years 1 to 9998.
    """
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)
    elif isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip().upper())
        except ValueError:
            raise ValueError(f"not an ISO 8601 date like {EXAMPLE_DATE}: {value[:40]!r}") from None
    else:
        raise ValueError(f"not an ISO 8601 date like {EXAMPLE_DATE}: {str(value)[:40]!r}")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"date outside the calendar: {str(value)[:40]!r}") from None
    return moment


Moment = Annotated[datetime, BeforeValidator(parse_moment)]
