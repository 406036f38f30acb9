"""The word lists of newsroom.lexicon as this engine reads them, and what tells its rules' versions apart."""

import hashlib
from functools import cache
from importlib.resources import files

from newsroom.lexicon import tables
from newsroom.lexicon.tables import Use, table

__all__ = ["VERSION", "fingerprint", "folded", "groups", "items", "lowered", "table"]

VERSION = "1"
"""Goes up with a change that users should know of; `fingerprint` tells every change apart."""


@cache
def fingerprint() -> str:
    """Returns eight hex digits that change whenever a word list or a module of the rules does."""
    digest = hashlib.sha256()
    for source in tables.sources():
        digest.update(source)
    modules = (file for file in files(__package__).iterdir() if file.name.endswith(".py"))
    for module in sorted(modules, key=lambda file: file.name):
        digest.update(module.read_bytes())
    return digest.hexdigest()[:8]


def items(name: str, key: str) -> tuple[str, ...]:
    """Returns one list of a table, spelt as written there."""
    return tables.items(name, key, Use.LECTURA)


def folded(name: str, key: str) -> frozenset[str]:
    """Returns one list of a table without accents and in lower case."""
    return tables.folded(name, key, Use.LECTURA)


def lowered(name: str, key: str) -> frozenset[str]:
    """Returns one list of a table in lower case, accents kept."""
    return tables.lowered(name, key, Use.LECTURA)


def groups(name: str, key: str) -> dict[str, tuple[str, ...]]:
    """Returns a table of lists: key -> items as written."""
    return tables.groups(name, key, Use.LECTURA)
