"""Countries, regions and cities that a passage names, with the country of each ambiguous city decided."""

from dataclasses import dataclass
from functools import lru_cache

from newsroom.engines.local.entities import Entity
from newsroom.engines.local.gazetteer import Place, country_names, demonyms, find_places
from newsroom.engines.local.page import Page
from newsroom.engines.local.rules import items
from newsroom.engines.local.sentences import Sentence
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
    for mention in page.mentions:
        place = choose_place(mention.entity, page.pais) if mention.entity.tipo is TipoEntidad.LUGAR else None
        if place is not None and place.pais:
            counts[place.pais] = counts.get(place.pais, 0) + 1
    for word in page.tokens.loose:
        code = demonyms().get(word)
        if code:
            counts[code] = counts.get(code, 0) + 1
    return counts


def choose_place(entity: Entity, pais: str) -> Place | None:
    """Returns what place a LUGAR is; of several that bear its name the one in `pais`, a country name."""
    options = [place for form in entity.forms() for place in find_places(form)]
    if not options:
        return None
    home = country_code(pais)
    return next((place for place in options if place.pais == home), options[0])


def locate(page: Page, sentence: Sentence) -> Where:
    """Returns the places of a sentence; without one the outlet's country is not assumed."""
    found: dict[str, list[str]] = {"pais": [], "region": [], "ciudad": [], "otro": []}
    for mention in page.mentions_in(sentence.first, sentence.last):
        if mention.entity.tipo is not TipoEntidad.LUGAR:
            continue
        place = choose_place(mention.entity, page.pais)
        if place is None:
            continue
        if place.level != "pais":
            found[place.level].append(mention.entity.name)
        if place.pais:
            found["pais"].append(country_names().get(place.pais, ""))
    for index in range(sentence.first, sentence.last):
        code = demonyms().get(page.tokens.loose[index])
        if code:
            found["pais"].append(country_names()[code])
    return Where(
        *(
            tuple(dict.fromkeys(name for name in found[level] if name))
            for level in ("pais", "region", "ciudad")
        )
    )


def followed_countries() -> frozenset[str]:
    """Returns the ISO codes of the 23 countries that the newsroom follows."""
    return frozenset(items("lugares", "seguidos"))
