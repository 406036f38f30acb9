"""Compares two names of institutions, places, events, laws or concepts. Precision comes first.

Two names are the same if they have the same words in the same order. Stop words do not count. So the
Ministerio de Salud de Chile is neither the Ministerio de Salud nor that of Peru. Initials stand for the words
that they are made of, unless several bodies have them. Other numbers, years or countries mean another body.
"""

from dataclasses import dataclass
from functools import lru_cache

from newsroom.lexicon.heads import generic_heads
from newsroom.lexicon.tables import Use
from newsroom.linking.lists import (
    COUNTRIES,
    GENERIC_WORDS,
    HONORIFICS,
    KNOWN_NAMES,
    LEGAL_FORMS,
    NUMBER_SIGNS,
    SHARED_ACRONYMS,
    STOP_WORDS,
)
from newsroom.linking.name_words import (
    content_words,
    countries_in,
    fold_countries,
    is_acronym,
    numbers_in,
    read_number,
    split_brackets,
    split_words,
)
from newsroom.linking.verdict import EQUAL, NOTHING, Kind, Verdict
from newsroom.models.vocabulario import TipoEntidad

_COMPANIES = frozenset((TipoEntidad.ORGANIZACION, TipoEntidad.INSTITUCION))
COUNTED = frozenset((TipoEntidad.EVENTO, TipoEntidad.NORMATIVA))
_MIN_ACRONYM, _MAX_ACRONYM = 3, 8

KNOWN = Verdict(Kind.SAME, "nombres conocidos de lo mismo")
INITIALS = Verdict(Kind.SAME, "siglas del nombre completo")
_SHARED = Verdict(Kind.UNKNOWN, "siglas que llevan varias instituciones")
_OTHER_NUMBER = Verdict(Kind.DIFFERENT, "otro número")
_OTHER_COUNTRY = Verdict(Kind.DIFFERENT, "otro país")
_OTHER_KNOWN = Verdict(Kind.DIFFERENT, "dos nombres conocidos de cosas distintas")
_ONE_NUMBER = Verdict(Kind.UNKNOWN, "solo uno lleva número")
_ONE_COUNTRY = Verdict(Kind.UNKNOWN, "solo uno dice de qué país es")


@dataclass(frozen=True, slots=True)
class BodyName:
    """A name: all its `words`; `content`, those with a meaning; `folded`, with gentilicios as countries."""

    words: tuple[str, ...]
    content: tuple[str, ...]
    folded: tuple[str, ...]
    is_acronym: bool

    @property
    def key(self) -> str:
        """The content words, joined into one string."""
        return " ".join(self.content)


def compare_bodies(tipo: TipoEntidad, one: str, other: str) -> Verdict:
    """Returns the verdict on two names of the same `tipo`, which must not be PERSONA."""
    a, b = read_body(tipo, one), read_body(tipo, other)
    if not a.content or not b.content:
        return EQUAL if a.words == b.words and a.words else NOTHING
    apart = _tell_apart(a, b)
    if apart.kind is Kind.DIFFERENT:
        return apart
    if a.folded == b.folded:
        return EQUAL
    if tipo in COUNTED and numbers_in(a.content) and sorted(a.folded) == sorted(b.folded):
        return EQUAL
    known = KNOWN_NAMES.get(tipo, {})
    groups = known.get(a.key), known.get(b.key)
    if None not in groups:
        return KNOWN if groups[0] == groups[1] else _OTHER_KNOWN
    if tipo is TipoEntidad.LUGAR:
        return apart
    return _compare_initials(a, b) or apart


@lru_cache(maxsize=20_000)
def read_body(tipo: TipoEntidad, nombre: str) -> BodyName:
    """Returns the words of a name, without an acronym in brackets, a legal form and an honorific."""
    bare, _ = split_brackets(nombre)
    words = split_words(bare)
    content = content_words(words)
    if tipo is TipoEntidad.NORMATIVA:
        content = tuple(word for word in content if word not in NUMBER_SIGNS)
    if tipo in COUNTED:
        content = tuple(read_number(word) or word for word in content)
    if tipo in _COMPANIES:
        content = _without_edges(content)
    return BodyName(words, content, fold_countries(content), is_acronym(bare))


def proves_as_alias(tipo: TipoEntidad, alias: str, nombre: str) -> bool:
    """Returns whether an alias that an article gave to `nombre` means it in other articles too.

    Banco Central, Hacienda and Chile (for its government) do not. These do: the full name of an acronym, an
    acronym that only one body has, an abbreviation of the name's words, and a name with a word of its own.
    """
    short = read_body(tipo, alias)
    if not short.content or short.key in SHARED_ACRONYMS:
        return False
    whole = read_body(tipo, nombre)
    if whole.is_acronym and len(short.content) > 2 and spells_initials(whole.key, short.words):
        return True
    if len(short.content) > 1:
        return tipo is not TipoEntidad.LUGAR and not all(map(_is_generic, short.content))
    if tipo is TipoEntidad.LUGAR or _is_generic(short.content[0]):
        return False
    return abbreviates(short.content[0], whole.words)


def abbreviates(short: str, words: tuple[str, ...]) -> bool:
    """Returns whether a word is made of the beginnings of two or more of the words, in order: Pemex."""
    # Each state is (letters used, words used). A word gives its first five letters at most.
    states = {(0, 0)}
    for word in words:
        added = {
            (used + size, count + 1)
            for used, count in states
            for size in range(1, min(5, len(word)) + 1)
            if short.startswith(word[:size], used)
        }
        states |= added
        if not states:
            return False
    return any(used == len(short) and count > 1 for used, count in states)


def _without_edges(content: tuple[str, ...]) -> tuple[str, ...]:
    while len(content) > 1 and content[0] in HONORIFICS:
        content = content[1:]
    while len(content) > 1 and content[-1] in LEGAL_FORMS:
        content = content[:-1]
    return content


def _tell_apart(a: BodyName, b: BodyName) -> Verdict:
    numbers = sorted(numbers_in(a.content)), sorted(numbers_in(b.content))
    if numbers[0] != numbers[1]:
        return _OTHER_NUMBER if all(numbers) else _ONE_NUMBER
    countries = countries_in(a.content), countries_in(b.content)
    if countries[0] != countries[1]:
        # A name that is only a country is not "of a country": China and República Popular China.
        whole = any(len(name.folded) == 1 for name in (a, b))
        return _OTHER_COUNTRY if all(countries) and not whole else _ONE_COUNTRY
    return NOTHING


def _compare_initials(a: BodyName, b: BodyName) -> Verdict | None:
    short, long = sorted((a, b), key=lambda name: len(name.content))
    word = short.key
    if not short.is_acronym or len(short.content) != 1 or long.is_acronym:
        return None
    if not _MIN_ACRONYM <= len(word) <= _MAX_ACRONYM or not spells_initials(word, long.words):
        return None
    return _SHARED if word in SHARED_ACRONYMS else INITIALS


def spells_initials(short: str, words: tuple[str, ...]) -> bool:
    """Returns whether a word is the initials of all words, with or without stop words: ONU, OTAN, FARC."""
    states = {0}
    for word in words:
        hits = {used + 1 for used in states if short.startswith(word[0], used)}
        states = hits | states if word in STOP_WORDS else hits
        if not states:
            return False
    return len(short) in states


def _is_generic(word: str) -> bool:
    return word in generic_heads(Use.ENLACE) or word in GENERIC_WORDS or word in COUNTRIES or word.isdigit()
