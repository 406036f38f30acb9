"""Splits a person's name into given names and surnames with their particles, without titles."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from newsroom.linking.lists import (
    ARTICLES,
    COMMON_SURNAMES,
    CONNECTORS,
    COUNTRIES,
    GIVEN_NAMES,
    GIVEN_OR_SURNAME,
    HONOURED,
    OFFICES,
    TITLES,
)
from newsroom.linking.name_words import MAX_WORDS, is_acronym
from newsroom.names import normalize_nombre

_JOINING = frozenset(("y", "e", "i"))
_GENERATIONS = frozenset(("jr", "junior", "hijo", "hija", "sr", "ii", "iii", "iv", "v", "vi", "vii", "viii"))
_GENERATIONS |= frozenset(("ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xxiii"))
_BRACKETS = re.compile(r"\([^()]{0,80}\)")
_NICKNAME = re.compile(r"[\"“«‘'][^\"”»’'“«‘]{1,40}[\"”»’'](?!\w)")

Unit = tuple[str, ...]
"""A word together with the particles in front of it, or the words that a hyphen joins."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name without titles. `words` is all of it. `unsure` says that the surnames may begin elsewhere."""

    words: tuple[str, ...]
    units: tuple[Unit, ...]
    generation: str
    is_acronym: bool

    @property
    def is_full(self) -> bool:
        """Whether there is more than one word. A surname alone identifies nobody."""
        return len(self.units) > 1 or bool(self.generation)

    def splits(self) -> Iterator[tuple[tuple[Unit, ...], tuple[Unit, ...]]]:
        """Yields (given names, surnames): the likely split first, then the other possible ones."""
        count = len(self.units)
        border = self._border()
        yield self.units[:border], self.units[border:]
        for other in range(1, border):
            if count - other <= 2 and self.units[other][-1] in GIVEN_OR_SURNAME:
                yield self.units[:other], self.units[other:]
        if count == 3 and border == 1 and len(self.units[1]) == 1 and self._ends_in_surname():
            # The second word may be an unknown given name: Luis Cresencio Sandoval.
            yield self.units[:2], self.units[2:]

    def _ends_in_surname(self) -> bool:
        return _is_surname(self.units[2]) and not _is_surname(self.units[1])

    def _border(self) -> int:
        count = len(self.units)
        border = 1
        while border < count - 1 and _is_given(self.units[border]):
            border += 1
        # Of four or more words two are surnames, unless a known surname comes sooner.
        while count - border > 2 and len(self.units[border]) == 1 and not _is_surname(self.units[border]):
            border += 1
        return border


@lru_cache(maxsize=20_000)
def read_person(nombre: str) -> PersonName:
    """Returns the parts of a person's name, without nicknames in quotation marks or brackets."""
    acronym = is_acronym(nombre)
    bare = _BRACKETS.sub(" ", nombre)
    bare = _NICKNAME.sub(" ", bare) or bare
    units = [] if _are_two(bare) else _turn(bare)
    generation = ""
    if len(units) > 1 and len(units[-1]) == 1 and units[-1][0] in _GENERATIONS:
        units, generation = units[:-1], units[-1][0]
    units = _without_titles(units, keep_honour=not generation)
    words = tuple(word for unit in units for word in unit) or tuple(normalize_nombre(bare).split())
    return PersonName(words, tuple(units), generation, acronym and len(units) == 1)


def is_common(surname: Unit) -> bool:
    """Returns whether a surname says little, because many people have it or because it is too short."""
    return surname[-1] in COMMON_SURNAMES or len(surname[-1]) < 4


def _is_given(unit: Unit) -> bool:
    return unit[-1] in GIVEN_NAMES or (len(unit) == 1 and len(unit[0]) == 1)


def _is_surname(unit: Unit) -> bool:
    return unit[-1] in COMMON_SURNAMES and unit[-1] not in GIVEN_NAMES


def _are_two(nombre: str) -> bool:
    """Returns whether a given name and more follow "y": Daniel Ortega y Rosario Murillo are two people."""
    words = normalize_nombre(nombre).split()[:MAX_WORDS]
    return any(
        word in ("y", "e") and words[at + 1] in GIVEN_NAMES for at, word in enumerate(words[:-2]) if at > 0
    )


def _turn(nombre: str) -> list[Unit]:
    """Returns the units. `Pérez, Juan` is turned round; from `ministro, Juan Pérez` only the name is kept."""
    left, comma, right = nombre.partition(",")
    if not comma:
        return _read_units(nombre)
    before, after = _read_units(left), _read_units(right)
    if after and all(_is_given(unit) for unit in after):
        return after + before
    if len(after) > 1 and before and before[0][-1] in TITLES:
        return after
    return before + after


def _read_units(nombre: str) -> list[Unit]:
    units: list[Unit] = []
    particles: list[str] = []
    for raw in nombre.split()[:MAX_WORDS]:
        words = normalize_nombre(raw).split()
        if len(words) > 1 and all(len(word) == 1 for word in words):
            units += [(word,) for word in words]
        elif len(words) == 1 and words[0] in CONNECTORS | _JOINING:
            # A capital "I" is the number of a king, not the Catalan "and".
            if raw.isupper() and words[0] == "i":
                units.append(("i",))
            elif words[0] not in _JOINING:
                particles.append(words[0])
        elif words and any(word[0].isalnum() for word in words):
            units.append((*particles, *words))
            particles = []
    return units


def _without_titles(units: list[Unit], *, keep_honour: bool) -> list[Unit]:
    """Returns the units behind titles and offices. Papa Francisco keeps his title; Felipe VI needs none."""
    honour: Unit | None = None
    first = 0
    while first < len(units) - 1:
        unit = units[first]
        if _is_title(unit):
            honour = (unit[-1],) if unit[-1] in HONOURED else None
        elif first == 0 or not _is_office(unit, len(units) - first):
            break
        first += 1
    rest = [_strip_article(units[first]), *units[first + 1 :]] if units else []
    return [honour, *rest] if honour is not None and keep_honour and len(rest) == 1 else rest


def _is_title(unit: Unit) -> bool:
    return unit[-1] in TITLES or unit[-1] in ("ex", "vice")


def _strip_article(unit: Unit) -> Unit:
    return unit[1:] if len(unit) > 1 and unit[0] in ARTICLES else unit


def _is_office(unit: Unit, left: int) -> bool:
    """Returns whether a word behind a title belongs to the title: `de Economía`, `de Chile`, `chileno`."""
    return left > 2 and (unit[-1] in OFFICES or unit[-1] in COUNTRIES)
