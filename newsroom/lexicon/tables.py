"""Reads the word lists in `*.yaml` of this folder, each file once a process.

A list is text, its items separated by commas or line ends, so that YAML's own readings of words (`no`, `sí`,
numbers) never come into play. A list that several parts of the program share is written in groups: the key of
a group names the parts that use it (`lectura, enlace: |`), and no word stands in two groups.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Any

import yaml

from newsroom.tokens import strip_accents

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_lock = Lock()


class Use(StrEnum):
    """Who uses the words of a group."""

    LECTURA = "lectura"
    """The local engine, when it reads a text: newsroom.engines.local."""
    PRUEBA = "prueba"
    """The check that a name stands in the text: newsroom.grounding."""
    ENLACE = "enlace"
    """The choice of the entidad that the database knows: newsroom.linking."""
    CLAVES = "claves"
    """The keys that the database computes too (`interno.claves_enlace`): a new word needs a migration."""
    LUGAR = "lugar"
    """The names that are known to be one place: newsroom.linking."""


def table(name: str) -> dict[str, Any]:
    """Returns one file of this folder as YAML has it; `name` is the file's, without its ending."""
    # `cache` alone would let each thread that comes read the file too.
    with _lock:
        return _load(name)


@cache
def _load(name: str) -> dict[str, Any]:
    source = files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(source, Loader=_LOADER)
    return content


def sources() -> Iterator[bytes]:
    """Yields the content of every file, in the order of their names."""
    found = (file for file in files(__package__).iterdir() if file.name.endswith(".yaml"))
    for file in sorted(found, key=lambda file: file.name):
        yield file.read_bytes()


def split_items(text: str) -> list[str]:
    """Returns the items of a comma- or line-separated list, in order."""
    return [item for piece in text.replace("\n", ",").split(",") if (item := " ".join(piece.split()))]


@cache
def items(name: str, key: str, use: Use | None = None) -> tuple[str, ...]:
    """Returns one list of a table, spelt as written there.

    Args:
        name: the table.
        key: the list in it.
        use: only the groups for this use; None takes all. A list without groups is for everybody.

    Raises:
        ValueError: the key of a group names a use that there is not.
    """
    return tuple(_choose(table(name)[key], use))


@cache
def folded(name: str, key: str, use: Use | None = None) -> frozenset[str]:
    """Returns one list of a table without accents and in lower case. Arguments and errors: `items`."""
    return frozenset(strip_accents(item) for item in items(name, key, use))


@cache
def lowered(name: str, key: str, use: Use | None = None) -> frozenset[str]:
    """Returns one list of a table in lower case, accents kept. Arguments and errors: `items`."""
    return frozenset(item.lower() for item in items(name, key, use))


@cache
def groups(name: str, key: str, use: Use | None = None) -> dict[str, tuple[str, ...]]:
    """Returns a table of lists: key -> items as written. Arguments and errors: `items`."""
    return {str(group): tuple(_choose(content, use)) for group, content in table(name)[key].items()}


@cache
def rows(name: str, key: str) -> tuple[tuple[str, ...], ...]:
    """Returns a table of rows: the items of each line, as written."""
    return tuple(tuple(split_items(line)) for line in table(name)[key])


def _choose(content: str | dict[str, str], use: Use | None) -> list[str]:
    if isinstance(content, str):
        return split_items(content)
    return [
        item
        for users, text in content.items()
        if use is None or use in [Use(user) for user in split_items(users)]
        for item in split_items(text)
    ]
