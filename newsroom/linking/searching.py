"""Makes the keys by which the database looks for the rows that an entidad may be.

Each pair of names that the rules call SAME must share one of these keys; a test checks that. Any other row
that is found only costs work.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from newsroom.linking.bodies import COUNTED, read_body
from newsroom.linking.comparing import MAX_ALIAS, Names, names_a_person
from newsroom.linking.lists import ABBREVIATIONS, COUNTRIES, HYPOCORISTICS, KNOWN_NAMES, ORDINALS
from newsroom.linking.name_words import read_number, split_brackets
from newsroom.linking.person_names import PersonName, read_person
from newsroom.models.vocabulario import TipoEntidad
from newsroom.names import MAX_LINK_NAMES, fold_link_word, link_keys

_MAX_KEYS = 200
_ROMANS = (
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi",
    "xvii", "xviii", "xix", "xx", "xxi", "xxii", "xxiii", "xxiv", "xxv", "xxvi", "xxvii", "xxviii", "xxix",
    "xxx",
)  # fmt: skip


def search_keys(tipo: TipoEntidad, names: Names) -> list[str]:
    """Returns the keys for a nombre and its aliases, in the form of `newsroom.names.link_keys`."""
    nombre, alias = names
    keys = _person_keys(nombre, alias) if tipo is TipoEntidad.PERSONA else _body_keys(tipo, nombre, alias)
    return sorted(set(keys))[:_MAX_KEYS]


def _person_keys(nombre: str, alias: Sequence[str]) -> Iterator[str]:
    known = [nombre, *(name for name in alias[:MAX_ALIAS] if names_a_person(name))]
    for name in known[:MAX_LINK_NAMES]:
        person = read_person(name)
        written = link_keys([" ".join(person.words), name])
        yield from (key for key in written if key.startswith(("c=", "t=")))
        yield from _pair_keys(person)


def _pair_keys(person: PersonName) -> Iterator[str]:
    """Yields the pairs of words with a surname. Very many people share two given names."""
    if person.generation:
        yield from (_pair((word, person.generation)) for word in person.words)
    if len(person.units) < 2:
        return
    for given, surnames in person.splits():
        firsts = {word for unit in given for word in _all_forms(unit[-1])}
        lasts = [word for unit in surnames for word in unit]
        yield from map(_pair, product(firsts, lasts))
        yield from map(_pair, combinations(lasts, 2))


def _pair(words: tuple[str, str]) -> str:
    one, other = sorted(map(fold_link_word, words))
    return f"p={one} {other}"


def _all_forms(given: str) -> set[str]:
    full = HYPOCORISTICS.get(given, given)
    return {given, full, *(short for short, long in HYPOCORISTICS.items() if long == full)}


def _body_keys(tipo: TipoEntidad, nombre: str, alias: Sequence[str]) -> Iterator[str]:
    bare, acronym = split_brackets(nombre)
    forms = [nombre, bare, *alias[:MAX_ALIAS], *([acronym] if acronym else [])]
    for form in [*dict.fromkeys(forms)][:MAX_LINK_NAMES]:
        yield from (key for key in link_keys([form]) if not key.startswith("p="))
    for form in _body_forms(tipo, bare):
        yield from (key for key in link_keys([form]) if key.startswith(("c=", "t=")))


def _body_forms(tipo: TipoEntidad, nombre: str) -> Iterator[str]:
    """Yields other ways to write the name: known names, gentilicios, abbreviations, numbers."""
    name = read_body(tipo, nombre)
    yield name.key
    # The row's name may have its acronym in brackets.
    for words in (name.content, name.words):
        if len(words) > 2:
            yield f"{name.key} {''.join(word[0] for word in words)}"
    known = KNOWN_NAMES.get(tipo, {})
    if name.key in known:
        yield from (other for other, number in known.items() if number == known[name.key])
    for at, word in enumerate(name.content):
        for other in _other_words(word, counted=tipo in COUNTED):
            yield " ".join((*name.content[:at], other, *name.content[at + 1 :]))


def _other_words(word: str, *, counted: bool) -> Iterator[str]:
    country = COUNTRIES.get(word)
    yield from (other for other, theirs in COUNTRIES.items() if country and theirs == country)
    yield from (short for short, long in ABBREVIATIONS.items() if long == word)
    number = read_number(word) if counted or word.isdigit() else None
    if number and number == word and 0 < int(number[:9]) <= len(_ROMANS):
        yield _ROMANS[int(number) - 1]
        yield from (ordinal for ordinal, value in ORDINALS.items() if value == number)
