"""What single words say about a name: heads of institutions, first names, offices, joining words."""

from functools import cache

from newsroom.language.lists import folded, lowered
from newsroom.models.vocabulario import TipoEntidad
from newsroom.tokens import strip_accents

_HEADS = (
    ("cabezas_institucion", TipoEntidad.INSTITUCION),
    ("cabezas_normativa", TipoEntidad.NORMATIVA),
    ("cabezas_organizacion", TipoEntidad.ORGANIZACION),
    ("cabezas_evento", TipoEntidad.EVENTO),
    ("cabezas_concepto", TipoEntidad.CONCEPTO),
)
_GEO = ("san", "santa", "santo", "puerto", "villa", "ciudad", "nuevo", "nueva")
_LONGEST_HEAD = 4


@cache
def heads() -> dict[str, TipoEntidad]:
    """Returns what kind of name begins with a folded word or words."""
    found: dict[str, TipoEntidad] = {}
    for key, tipo in _HEADS:
        for head in folded("organismos", key):
            found.setdefault(head, tipo)
    for head in folded("lugares", "cabezas"):
        found.setdefault(head, TipoEntidad.LUGAR)
    return found


def head_kind(words: list[str]) -> TipoEntidad | None:
    """Returns the kind that the first words of a name announce, the longest head first; None if none."""
    for size in range(min(_LONGEST_HEAD, len(words)), 0, -1):
        kind = heads().get(" ".join(words[:size]))
        if kind is not None:
            return kind
    return None


def is_geographic(word: str) -> bool:
    """Tells whether many places begin with the folded word."""
    return word in _GEO


def is_first_name(word: str) -> bool:
    """Tells whether a folded word is a first name."""
    return word in folded("personas", "nombres")


def is_surname(word: str) -> bool:
    """Tells whether a folded word is a frequent surname."""
    return word in folded("personas", "apellidos")


def is_surname_like(raw: str) -> bool:
    """Tells whether a capitalised small word can be a surname behind a first name: Díez, Abril."""
    return raw.lower() not in lowered("lengua", "conectores") and len(raw) > 3


@cache
def singular(word: str) -> str:
    """Returns a lower-case word in the singular, if it is a plural of an office or a title."""
    if word in offices() or word in titles():
        return word
    for ending in ("es", "s"):
        if word.endswith(ending) and (word[: -len(ending)] in offices() or word[: -len(ending)] in titles()):
            return word[: -len(ending)]
    return word


def offices() -> frozenset[str]:
    """Returns the offices and trades that stand before or after a person's name.

    In lower case with their accents: a «secretaria» is a person, a «secretaría» is not.
    """
    return lowered("personas", "cargos")


def titles() -> frozenset[str]:
    """Returns the forms of address in lower case."""
    return lowered("personas", "tratamientos")


def is_office(word: str) -> bool:
    """Tells whether a lower-case word is an office, in singular or plural."""
    return singular(word) in offices()


def is_title(word: str) -> bool:
    """Tells whether a lower-case word is a form of address, in singular or plural."""
    return singular(word) in titles() and singular(word) not in ("san", "santa", "rey", "reina")


@cache
def function_words() -> frozenset[str]:
    """Returns the folded words that begin sentences and never names."""
    return frozenset(strip_accents(word) for word in folded("lengua", "funcionales"))
