"""JSON: one object, a list, one object a line, or objects one behind another."""

import io
import json
import re
from collections.abc import Iterator
from typing import IO, Any

from newsroom.errors import InvalidInput
from newsroom.inputs import Problem, printable
from newsroom.intake.decoding import Decoded, decode
from newsroom.intake.records import MAX_LINE_BYTES, Record, refused

# NaN and Infinity are no JSON, but tools that write tables put them where they know nothing.
_DECODER = json.JSONDecoder(parse_constant=lambda _name: None)

_BETWEEN = re.compile(r"[\s,]*")


def read_json(body: bytes, place: str) -> Iterator[Record]:
    """Yields the objects of a whole file: of its list, its one object, or objects one behind another."""
    try:
        decoded = decode(body, place)
    except InvalidInput as exc:
        yield refused(place, str(exc).removeprefix(f"{place}: "))
        return
    text = decoded.text.lstrip("\ufeff")
    try:
        values = _parse_all(text)
    except RecursionError:
        yield refused(place, "JSON nested too deep")
    except json.JSONDecodeError as exc:
        yield from _read_broken(text, place, decoded, f"not JSON: {printable(str(exc))}")
    except ValueError:
        # Python refuses whole numbers of more than 4,300 digits.
        yield refused(place, "a number is too long")
    else:
        if len(values) == 1 and isinstance(values[0], list):
            if not values[0]:
                # A scraper that found nothing new has not failed.
                nothing = "an empty list ([]): there is no article in it"
                yield Record(place, Problem(place, nothing, harmless=True))
            yield from _each(values[0], place, decoded)
        elif len(values) == 1:
            yield _record(place, values[0], decoded)
        else:
            yield from _each(values, place, decoded)


def _read_broken(text: str, place: str, decoded: Decoded, why: str) -> Iterator[Record]:
    """Yields what can be read of broken JSON: the items of a list that breaks off, or one object a line."""
    lines = text.splitlines()
    if text.lstrip().startswith("["):
        whole = _parse_items(text)
        yield from _each(whole, place, decoded)
        where = f"{place}[{len(whole) + 1}]" if whole else place
        yield refused(where, f"{why}; the rest of the list is lost" if whole else why)
    elif sum(line.startswith(('{"', "{ ")) for line in lines) > 1:
        yield from read_json_lines(io.BytesIO(text.encode("utf-8", "replace")), place)
    else:
        yield refused(place, why)


def read_json_lines(stream: IO[bytes], place: str) -> Iterator[Record]:
    """Yields the object of each line. A bad line is one Problem, and the next line is read."""
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        here = f"{place}:{number}"
        if len(line) > MAX_LINE_BYTES:
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES)
            yield refused(here, f"a line of more than {MAX_LINE_BYTES} bytes; is it one article?")
        elif line.strip():
            yield from read_json(line.strip(), here)


def _parse_all(text: str) -> list[Any]:
    """Returns the values that stand one behind another in `text`; at least one.

    Raises:
        ValueError: something in it is not JSON.
    """
    values: list[Any] = []
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at == len(text) and values:
            return values
        value, at = _DECODER.raw_decode(text, at)
        values.append(value)


def _parse_items(text: str) -> list[Any]:
    """Returns the items of a list up to where it breaks off."""
    items: list[Any] = []
    at = text.index("[") + 1
    while True:
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        try:
            item, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return items
        items.append(item)


def _each(values: list[Any], place: str, decoded: Decoded) -> Iterator[Record]:
    for position, value in enumerate(values, start=1):
        yield _record(f"{place}[{position}]", value, decoded)


def _record(place: str, value: Any, decoded: Decoded) -> Record:
    if not isinstance(value, dict):
        return refused(place, f"an article must be a JSON object, this is {type(value).__name__}")
    return Record(place, value, avisos=decoded.advertencias)
