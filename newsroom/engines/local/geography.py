"""Countries, regions and cities that a passage names, with the country of each ambiguous city decided."""

from dataclasses import dataclass
from functools import lru_cache

from newsroom.engines.local.page import Mention, Page
from newsroom.language.gazetteer import Place, country_names, demonyms, find_places
from newsroom.language.lists import items
from newsroom.language.sentences import Sentence
from newsroom.models.vocabulario import TipoEntidad


@dataclass(frozen=True, slots=True)
class Where:
    """The countries (Spanish names), regions and cities of a passage, in the text's order."""

    pais: tuple[str, ...]
    region: tuple[str, ...]
    ciudad: tuple[str, ...]


@lru_cache(maxsize=512)
def country_code(name: str) -> str:
    """Returns the ISO code of a country by any of its names; empty if it is none."""
    return next((place.pais for place in find_places(name) if place.level == "pais"), "")


def count_countries(page: Page) -> dict[str, int]:
    """Returns how often each country is named, by ISO code, cities and gentilicios counted for it."""
    counts: dict[str, int] = {}
    codes = [place.pais for mention in page.mentions if (place := choose_place(page, mention)) is not None]
    for code in (*codes, *(demonyms().get(word, "") for word in page.tokens.loose)):
        if code:
            counts[code] = counts.get(code, 0) + 1
    return counts


def choose_place(page: Page, mention: Mention) -> Place | None:
    """Returns what place a mention names, None if it is none or unknown.

    Of several that bear a name it is the one in the region or country named behind it («Buenos Aires,
    Cauca»), else the one in the outlet's country, else the best known.
    """
    if mention.entity.tipo is not TipoEntidad.LUGAR:
        return None
    options = [place for form in mention.entity.forms() for place in find_places(form)]
    larger = _larger_behind(page, mention)
    if larger is not None and options and options[0].level != "pais":
        inside = next((place for place in options if place.pais == larger.pais), None)
        return inside or Place(mention.entity.name, larger.pais, "ciudad")
    home = country_code(page.pais)
    at_home = next((place for place in options if place.pais == home), None)
    # Atlántico is an ocean before it is a department of Colombia.
    return at_home or next((place for place in options if place.level == "otro"), next(iter(options), None))


def _larger_behind(page: Page, mention: Mention) -> Place | None:
    """Returns the region or country of «Buenos Aires, Cauca» and «Condorcanqui (Amazonas)»."""
    mark = page.tokens.loose[mention.last : mention.last + 1]
    following = page.mentions_in(mention.last + 1, mention.last + 2)
    if mark not in ([","], ["("]) or not following or following[0].entity.tipo is not TipoEntidad.LUGAR:
        return None
    places = [place for place in find_places(following[0].entity.name) if place.level in ("region", "pais")]
    home = country_code(page.pais)
    return next((place for place in places if place.pais == home), places[0] if places else None)


def locate(page: Page, sentence: Sentence) -> Where:
    """Returns the places of a sentence; without one the outlet's country is not assumed."""
    found: dict[str, list[str]] = {"pais": [], "region": [], "ciudad": [], "otro": []}
    for mention in page.mentions_in(sentence.first, sentence.last):
        place = choose_place(page, mention)
        if place is None:
            continue
        if place.level != "pais":
            found[place.level].append(mention.entity.name)
        found["pais"].append(country_names().get(place.pais, ""))
    for word in page.tokens.loose[sentence.first : sentence.last]:
        found["pais"].append(country_names().get(demonyms().get(word, ""), ""))
    levels = (found["pais"], found["region"], found["ciudad"])
    return Where(*(tuple(dict.fromkeys(name for name in names if name)) for names in levels))


def followed_countries() -> frozenset[str]:
    """Returns the ISO codes of the 23 countries that the newsroom follows."""
    return frozenset(items("lugares", "seguidos"))
