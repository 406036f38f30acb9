"""The rule tables in `reglas/*.yaml`, read once; an editor extends them without touching code.

Lists are written as text, their items separated by commas or line ends, so that YAML's own readings of
words (`no`, `sí`, numbers) never come into play.
"""

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from newsroom.tokens import strip_accents

VERSION = "1"
"""Goes up with a change that users should know of; `fingerprint` tells every change apart."""

_TABLES = ("lengua", "lugares", "personas", "organismos", "verbos", "cifras", "relaciones", "temas")


@cache
def _source(table: str) -> str:
    return files(__package__).joinpath("reglas", f"{table}.yaml").read_text(encoding="utf-8")


@cache
def table(name: str) -> dict[str, Any]:
    """Returns one rule table as YAML has it."""
    content: dict[str, Any] = yaml.load(_source(name), Loader=yaml.CSafeLoader)
    return content


@cache
def fingerprint() -> str:
    """Returns eight hex digits that change whenever a rule table or a module of the rules does."""
    digest = hashlib.sha256()
    for name in _TABLES:
        digest.update(_source(name).encode())
    modules = (file for file in files(__package__).iterdir() if file.name.endswith(".py"))
    for module in sorted(modules, key=lambda file: file.name):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:8]


def split_items(text: str) -> list[str]:
    """Returns the items of a comma- or line-separated list, in order."""
    return [item for piece in text.replace("\n", ",").split(",") if (item := " ".join(piece.split()))]


@cache
def items(name: str, key: str) -> tuple[str, ...]:
    """Returns one list of a table, spelt as written there."""
    return tuple(split_items(table(name)[key]))


@cache
def folded(name: str, key: str) -> frozenset[str]:
    """Returns one list of a table without accents and in lower case."""
    return frozenset(strip_accents(item) for item in items(name, key))


@cache
def lowered(name: str, key: str) -> frozenset[str]:
    """Returns one list of a table in lower case, accents kept."""
    return frozenset(item.lower() for item in items(name, key))


@cache
def groups(name: str, key: str) -> dict[str, tuple[str, ...]]:
    """Returns a table of lists: key -> items as written."""
    return {str(group): tuple(split_items(text)) for group, text in table(name)[key].items()}
