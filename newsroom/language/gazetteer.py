"""Names that are known beforehand: places (CLDR through babel, and lexicon/lugares.yaml), bodies, norms."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.core import get_global

from newsroom.language.lists import groups, items
from newsroom.models.vocabulario import TipoEntidad
from newsroom.tokens import Tokens, strip_accents, tokenize

# Codes of CLDR that are no countries.
_NO_COUNTRIES = ("EU", "UN", "EZ", "ZZ", "QO", "XA", "XB")


@dataclass(frozen=True, slots=True)
class Place:
    """A place: `pais` is an ISO code or empty, `level` is pais, region, ciudad or otro."""

    name: str
    pais: str
    level: str


@dataclass(frozen=True, slots=True)
class Known:
    """A known name, as tokens without case and accents, and as it is listed.

    `is_exact` where only its own spelling is the name (PAN, Meta).
    """

    words: tuple[str, ...]
    tipo: TipoEntidad
    spelling: tuple[str, ...]
    is_exact: bool


@cache
def country_names() -> dict[str, str]:
    """Returns the Spanish name of each country by ISO code."""
    territories = Locale("es").territories
    return {code: str(name) for code, name in territories.items() if len(code) == 2 and code.isalpha()}


@cache
def places() -> dict[str, tuple[Place, ...]]:
    """Returns the places of each folded name, the likelier first."""
    found: dict[str, list[Place]] = {}
    for place in _listed_places():
        entry = found.setdefault(fold(place.name), [])
        if all((place.pais, place.level) != (other.pais, other.level) for other in entry):
            entry.append(place)
    for city in _zone_cities():
        found.setdefault(fold(city.name), [city])
    for name in items("lugares", "otros"):
        found.setdefault(fold(name), []).append(Place(name, "", "otro"))
    return {name: tuple(entry) for name, entry in found.items()}


def _listed_places() -> Iterator[Place]:
    for code, name in country_names().items():
        if code not in _NO_COUNTRIES:
            yield Place(name, code, "pais")
    for subject, key, level in (
        ("paises", "nombres", "pais"),
        ("lugares", "ciudades", "ciudad"),
        ("lugares", "regiones", "region"),
    ):
        for code, names in groups(subject, key).items():
            yield from (Place(name, code, level) for name in names)


def _zone_cities() -> Iterator[Place]:
    """Yields the cities that CLDR's time zones are named after."""
    names = Locale("es").time_zones
    for zone, code in get_global("zone_territories").items():
        city = names.get(zone, {}).get("city") or zone.rsplit("/", 1)[-1].replace("_", " ")
        if str(code).isalpha() and len(city) > 3:
            yield Place(str(city), str(code), "ciudad")


def fold(name: str) -> str:
    """Returns a name without case and accents, single blanks: the key of `places`."""
    return " ".join(strip_accents(name).split())


@cache
def demonyms() -> dict[str, str]:
    """Returns ISO codes by folded gentilicio, in both genders and numbers."""
    found: dict[str, str] = {}
    for code, words in groups("paises", "gentilicios").items():
        for word in words:
            base = strip_accents(word)
            stems = [base]
            if base.endswith("o"):
                stems.append(base[:-1] + "a")
            elif base.endswith(("n", "l", "s")):
                stems.append(base + "a")
            for stem in stems:
                found[stem] = code
                found[stem + ("s" if stem[-1] in "aeo" else "es")] = code
    return found


@cache
def known_names() -> dict[str, tuple[Known, ...]]:
    """Returns all known names by their first word, the longest first."""
    entries: list[Known] = []
    for name in {place.name for entry in places().values() for place in entry}:
        entries.append(_known(name, TipoEntidad.LUGAR))
    for key, tipo in (
        ("siglas_institucion", TipoEntidad.INSTITUCION),
        ("siglas_organizacion", TipoEntidad.ORGANIZACION),
        ("normativas", TipoEntidad.NORMATIVA),
        ("conceptos", TipoEntidad.CONCEPTO),
        ("eventos", TipoEntidad.EVENTO),
    ):
        entries.extend(_known(name, tipo) for name in items("organismos", key))
    by_word: dict[str, list[Known]] = {}
    for entry in entries:
        by_word.setdefault(entry.words[0], []).append(entry)
    return {
        word: tuple(sorted(group, key=lambda known: -len(known.words))) for word, group in by_word.items()
    }


def _known(name: str, tipo: TipoEntidad) -> Known:
    tokens = tokenize(name)
    is_exact = len(tokens) == 1 and (name.isupper() or len(name) <= 4)
    return Known(tuple(tokens.loose), tipo, tuple(tokens.verbatim), is_exact)


def match_known(tokens: Tokens, index: int, last: int) -> tuple[Known, int] | None:
    """Returns the longest known name that begins at token `index` and the token behind it, before `last`."""
    if not tokens.verbatim[index][0].isupper() and not tokens.verbatim[index][0].isdigit():
        return None
    for known in known_names().get(tokens.loose[index], ()):
        end = index + len(known.words)
        if end > last or tuple(tokens.loose[index:end]) != known.words:
            continue
        if tuple(tokens.verbatim[index:end]) == known.spelling:
            return known, end
        if known.is_exact or (len(known.words) > 1 and not _looks_proper(tokens, index, end)):
            continue
        return known, end
    return None


def _looks_proper(tokens: Tokens, first: int, last: int) -> bool:
    """Tells whether the last word of a known name is written in upper case: «la Paz» is, «la paz» is not."""
    final = tokens.verbatim[last - 1]
    return not final[0].isalpha() or final[0].isupper() or len(final) <= 2


def find_places(name: str) -> tuple[Place, ...]:
    """Returns the places that bear a name, the likelier first; empty if none is known."""
    return places().get(fold(name), ())
