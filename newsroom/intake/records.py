"""`Record`: one article as a file holds it, before anybody knows which tool wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newsroom.inputs import Problem
from newsroom.models.identity import MAX_ITEM_BYTES

# A record may hold the HTML beside the text. `Articulo` itself checks how large an article may be.
MAX_LINE_BYTES = 4 * MAX_ITEM_BYTES


@dataclass(frozen=True)
class Record:
    """One record of a file.

    `place` is for messages: the file, and the line or the position in it. `value` is the record with its own
    keys, or why there is none. `shape` names the table to use where the format already says it. `avisos` is
    what an editor should know of how it was read.
    """

    place: str
    value: Mapping[str, Any] | Problem
    shape: str | None = None
    avisos: tuple[str, ...] = ()


def refused(place: str, message: str) -> Record:
    """Returns the record of something that cannot be read."""
    return Record(place, Problem(place, message))
