"""The word lists that decide whether two names are one, as newsroom.linking compares words.

Without accents and capitals. Their home, where an editor extends them, is newsroom/lexicon.
"""

from newsroom.lexicon.tables import Use, folded, groups, rows, table
from newsroom.models.vocabulario import TipoEntidad
from newsroom.tokens import strip_accents


def _list(name: str, key: str) -> frozenset[str]:
    return folded(name, key, Use.ENLACE)


def _pairs(name: str, key: str) -> dict[str, str]:
    return {strip_accents(word): strip_accents(meaning) for word, meaning in table(name)[key].items()}


def _content(nombre: str) -> str:
    """Returns the words of a listed name that carry meaning, without accents."""
    return " ".join(word for word in strip_accents(nombre).split() if word not in STOP_WORDS)


ARTICLES = _list("lengua", "articulos")
CONNECTORS = _list("lengua", "particulas")
"""Words inside a name that carry no identity of their own."""
STOP_WORDS = _list("organismos", "sin_significado")
NUMBER_SIGNS = _list("organismos", "signos_de_numero")
HONORIFICS = _list("organismos", "honorificos")
LEGAL_FORMS = _list("organismos", "formas_legales")
ABBREVIATIONS = _pairs("organismos", "abreviaturas")
ORDINALS = {
    strip_accents(word): str(number)
    for number, words in enumerate(rows("numeros", "ordinales"), 1)
    for word in words
}
"""An ordinal -> its digits."""

HONOURED = _list("personas", "parte_del_nombre")
TITLES = _list("personas", "cargos") | _list("personas", "tratamientos") | HONOURED
"""Words in front of a person's name that are no part of it."""
OFFICES = _list("personas", "carteras")
"""What somebody is minister or president of: part of the title, as in `ministro de Economía Luis Caputo`."""

GIVEN_NAMES = _list("personas", "nombres")
EVERYBODYS = _list("personas", "de_todo_el_mundo")
GIVEN_OR_SURNAME = _list("personas", "nombre_o_apellido")
COMMON_SURNAMES = _list("personas", "apellidos")
"""Surnames so common that a given name left out or spelt otherwise makes somebody else."""
HYPOCORISTICS = _pairs("personas", "hipocoristicos")

SHARED_ACRONYMS = _list("organismos", "siglas_compartidas")
GENERIC_WORDS = _list("organismos", "palabras_genericas")


def _read_countries() -> tuple[dict[str, str], dict[str, str]]:
    short: dict[str, str] = {}
    long: dict[str, str] = {}
    gentilicios = groups("paises", "gentilicios", Use.ENLACE)
    for code, nombres in groups("paises", "nombres", Use.ENLACE).items():
        names = [_content(nombre) for nombre in nombres]
        if not names:
            continue
        country = names[0].replace(" ", "-")
        long.update((name, country) for name in names if " " in name)
        words = [name for name in names if " " not in name]
        words += [strip_accents(word) for word in gentilicios.get(code, ())]
        short.update((word, country) for word in (country, *words))
    return short, long


COUNTRIES, LONG_COUNTRIES = _read_countries()
"""A country of one word, or a gentilicio -> its country; a country of two words -> the same."""


def _number(known: list[tuple[str, ...]]) -> dict[str, int]:
    return {_content(name): number for number, names in enumerate(known) for name in names}


_PLACES = _number([*groups("paises", "nombres", Use.LUGAR).values(), *rows("lugares", "mismo_lugar")])
_BODIES = _number([*rows("organismos", "mismo_organismo")])

KNOWN_NAMES: dict[TipoEntidad, dict[str, int]] = {
    TipoEntidad.LUGAR: _PLACES,
    TipoEntidad.ORGANIZACION: _BODIES,
    TipoEntidad.INSTITUCION: _BODIES,
}
"""Names, stop words left out, that are known to be one (the same number), by tipo."""
