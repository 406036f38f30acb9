"""Turns a record into the fields of an `Articulo` by the table of its shape."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from newsroom.intake.countries import read_country
from newsroom.intake.html import html_to_text
from newsroom.intake.paths import find, top_key
from newsroom.intake.shapes import READINGS, Reading, Shape, Source
from newsroom.intake.values import (
    UnclearDate,
    read_address,
    read_date,
    read_first,
    read_flag,
    read_language,
    read_line,
    read_names,
    read_outlet,
    read_parts,
    read_text,
    read_words,
    says_nothing,
)

# How News API ends a text of which it gives the beginning.
_CUT_OFF = re.compile(r"\[\+\d+ chars\]\s*$")


def _html(value: Any) -> str | None:
    text = read_text(value)
    return html_to_text(text) or None if text is not None else None


_READERS: dict[Reading, Callable[[Any], Any]] = {
    "text": read_text,
    "html": _html,
    "parts": read_parts,
    "line": read_line,
    "first": read_first,
    "names": read_names,
    "words": read_words,
    "outlet": read_outlet,
    "address": read_address,
    "country": read_country,
    "language": read_language,
    "flag": read_flag,
    "date": read_date,
    "as_is": lambda value: value,
}


@dataclass
class Fields:
    """The fields that a record says, what else it says, and what an editor should know of the reading."""

    said: dict[str, Any] = field(default_factory=dict)
    rest: dict[str, Any] = field(default_factory=dict)
    avisos: list[str] = field(default_factory=list)


def map_record(record: Mapping[str, Any], shape: Shape) -> Fields:
    """Returns the fields of the record. What no field took stays in `rest`, under the record's own keys."""
    found = Fields()
    used: set[str] = set()
    for name, source in shape.fields.items():
        value, path = _first(record, name, source, found)
        if value is None:
            # An empty key is a field that the tool knows and this record does not say.
            used.update(path for path in source.paths if path in record and says_nothing(record[path]))
        else:
            found.said[name] = value
            used.add(path)
    for name, constant in shape.constants.items():
        found.said.setdefault(name, constant)
    if "contenido_texto" not in found.said and "contenido_html" in found.said:
        text = html_to_text(found.said["contenido_html"])
        if text:
            found.said["contenido_texto"] = text
    if _CUT_OFF.search(found.said.get("contenido_texto", "")):
        found.avisos.append("contenido_texto: la fuente lo entrega cortado; falta el final")
    taken = {*(top_key(path) for path in used), *used, *shape.leave_out}
    found.rest |= {str(key): value for key, value in record.items() if key not in taken and value is not None}
    return found


def _first(record: Mapping[str, Any], name: str, source: Source, found: Fields) -> tuple[Any, str]:
    """Returns the first value that can be read, and the path that it stands under."""
    read = _READERS[source.reading or READINGS[name]]
    for path in source.paths:
        raw = find(record, path)
        if says_nothing(raw):
            continue
        try:
            value = read(raw)
        except UnclearDate as exc:
            found.avisos.append(f"{name}: {exc}")
            found.rest.setdefault(f"{name}_original", str(raw)[:200])
            continue
        if value is not None:
            return value, path
    return None, ""
