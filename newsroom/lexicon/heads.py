"""The first words of institutions and places that many share: Universidad de Chile is not Chile."""

from functools import cache

from newsroom.lexicon.tables import Use, folded

_LISTS = (
    ("organismos", "cabezas_institucion"),
    ("organismos", "cabezas_organizacion"),
    ("organismos", "cabezas_normativa"),
    ("organismos", "cabezas_evento"),
    ("organismos", "cabezas_concepto"),
    ("organismos", "cabezas_genericas"),
    ("lugares", "cabezas"),
)


@cache
def generic_heads(use: Use) -> frozenset[str]:
    """Returns the heads for `use`, without accents and in lower case; what follows one is shared too."""
    return frozenset().union(*(folded(name, key, use) for name, key in _LISTS))
