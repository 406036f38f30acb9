"""An article in plain text or Markdown, with a small header or none.

    Titular: El Congreso aprueba la ley del agua
    Medio: El Correo
    Fecha: 2025-04-15

    El Congreso de Jalisco aprobó este jueves ...

A header is YAML between two lines of `---`, or lines `Word: value` before the first blank line, of which at
least one word is known. `shapes/texto.yaml` says which.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

from newsroom.errors import InvalidInput
from newsroom.intake.decoding import decode
from newsroom.intake.records import Record, refused
from newsroom.intake.shapes import shipped_shape

SHAPE = "texto"
TEXT_KEY = "texto"
MAX_HEADER_CHARS = 20_000

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_HEADER_LINE = re.compile(r"([^\W\d_][\w .áéíóúñ-]{1,30}):[ \t]*(.*)")


def read_plain(body: bytes, place: str) -> Iterator[Record]:
    """Yields the one article of a text file: the keys of its header, and the text under `texto`."""
    try:
        decoded = decode(body, place)
    except InvalidInput as exc:
        yield refused(place, str(exc).removeprefix(f"{place}: "))
        return
    header, texto = split_header(decoded.text.lstrip("\ufeff"))
    yield Record(place, {**header, TEXT_KEY: texto}, SHAPE, decoded.advertencias)


def split_header(text: str) -> tuple[dict[str, Any], str]:
    """Returns what the header of a text says, keys in small letters, and the text behind it."""
    unix = text.replace("\r\n", "\n")
    front = _FRONT_MATTER.match(unix)
    if front is not None and (said := _read_yaml(front.group(1))):
        return {str(key).casefold(): value for key, value in said.items()}, unix[front.end() :].lstrip("\n")
    lines = {}
    head, _, rest = unix[:MAX_HEADER_CHARS].partition("\n\n")
    for line in head.split("\n"):
        found = _HEADER_LINE.fullmatch(line.strip())
        if found is None:
            return {}, text
        lines[found.group(1).strip().casefold()] = found.group(2).strip()
    if not rest or not lines.keys() & _known_words():
        return {}, text
    return lines, unix[len(head) :].lstrip("\n")


def _read_yaml(text: str) -> dict[str, Any]:
    """Returns an object in YAML, all its values as they are written; empty if it is none.

    One with aliases is none: a few lines of them can stand for more than the memory holds.
    """
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.BaseLoader)):
            return {}
        said = yaml.load(text, yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


@cache
def _known_words() -> frozenset[str]:
    """Returns the words that a header may use: those of the table."""
    return frozenset(path for source in shipped_shape(SHAPE).fields.values() for path in source.paths)
