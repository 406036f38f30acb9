"""Decides whether a row of the database is an entidad, from all the names of both."""

from collections.abc import Iterator, Sequence

from newsroom.linking.bodies import compare_bodies, proves_as_alias
from newsroom.linking.lists import COUNTRIES, GIVEN_NAMES, GIVEN_OR_SURNAME
from newsroom.linking.name_words import split_brackets
from newsroom.linking.person_names import read_person
from newsroom.linking.persons import compare_persons
from newsroom.linking.verdict import Kind, Verdict
from newsroom.models.vocabulario import TipoEntidad

Names = tuple[str, Sequence[str]]
"""A nombre and its aliases."""

MAX_ALIAS = 40


def compare_names(tipo: TipoEntidad, one: str, other: str, threshold: float = 1.0) -> Verdict:
    """Returns the verdict on two names of one tipo, if nothing else is known.

    Args:
        tipo: the tipo of both.
        one: a name.
        other: another name.
        threshold: how similar two spellings of a foreign surname must be to be one, 0 to 1. With 1, only
            equal spellings are one.
    """
    if tipo is TipoEntidad.PERSONA:
        return compare_persons(one, other, threshold)
    return compare_bodies(tipo, one, other)


def compare_entidades(tipo: TipoEntidad, one: Names, other: Names, threshold: float = 1.0) -> Verdict:
    """Returns the verdict on two entidades with all their names.

    SAME needs a pair of names that says so, and no pair that says DIFFERENT. At least one name of the pair
    must be a nombre, because two people may have the same alias.
    """
    best = compare_names(tipo, one[0], other[0], threshold)
    if best.kind is Kind.DIFFERENT:
        return best
    for mine, theirs in _pairs(tipo, one, other):
        found = compare_names(tipo, mine, theirs, threshold)
        if found.kind is Kind.DIFFERENT:
            return found
        best = max(best, found, key=lambda verdict: verdict.kind)
    return best


def _pairs(tipo: TipoEntidad, one: Names, other: Names) -> Iterator[tuple[str, str]]:
    """Yields the pairs of names that can prove something. At least one of each pair is a nombre."""
    mine, theirs = _proving(tipo, one), _proving(tipo, other)
    yield from ((one[0], alias) for alias in theirs)
    yield from ((alias, other[0]) for alias in mine)


def _proving(tipo: TipoEntidad, names: Names) -> list[str]:
    nombre, alias = names
    _, acronym = split_brackets(nombre)
    known = [*alias[:MAX_ALIAS], *([acronym] if acronym else [])]
    if tipo is TipoEntidad.PERSONA:
        return [name for name in known if names_a_person(name)]
    return [name for name in known if proves_as_alias(tipo, name, nombre)]


def names_a_person(alias: str) -> bool:
    """Returns whether an alias is more than a surname, a title or a casual way to call somebody."""
    name = read_person(alias)
    if name.is_acronym:
        return len(alias) > 2
    proper = [unit for unit in name.units if unit[-1] not in COUNTRIES]
    if not name.generation and all(unit[-1] in GIVEN_NAMES - GIVEN_OR_SURNAME for unit in proper):
        return False
    return len(proper) > 1 and alias.strip()[:1].isalnum() and not alias.islower()
