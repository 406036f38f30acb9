"""The word lists of newsroom.lexicon as they serve to read a text."""

from newsroom.lexicon import tables
from newsroom.lexicon.tables import Use, table

__all__ = ["folded", "groups", "items", "lowered", "table"]


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
