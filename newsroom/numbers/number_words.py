"""The words of numbers and currencies, without accents and capitals: lexicon/numeros.yaml, monedas.yaml."""

from decimal import Decimal

from newsroom.lexicon.tables import folded, groups, table
from newsroom.tokens import strip_accents


def _values(key: str) -> dict[str, Decimal]:
    return {strip_accents(word): Decimal(value) for word, value in table("numeros")[key].items()}


def _with_feminine(hundreds: dict[str, Decimal]) -> dict[str, Decimal]:
    """Returns doscientas beside doscientos; cien and ciento have one form."""
    feminine = {word[:-2] + "as": value for word, value in hundreds.items() if word.endswith("os")}
    return hundreds | feminine


Money = tuple[Decimal, str | None]
"""What a figure is multiplied by, and its currency if one is named."""


def read_money(said: str) -> Money:
    """Returns the money that a table states: «1000000 pesos», «1000000» or «pesos»."""
    factor, _, moneda = str(said).partition(" ")
    return (Decimal(factor), moneda or None) if factor.isdecimal() else (Decimal(1), str(said))


UNITS = _values("unidades")
"""0 is not among them: "cero" stands in ZERO, because it joins with nothing."""
ZERO = "cero"
TENS = _values("decenas")
HUNDREDS = _with_feminine(_values("centenas"))
ONE = frozenset(("un", "una", "uno"))
"""Articles more often than numbers: they count only in front of a scale, a collective or a percent sign."""
THOUSAND = "mil"
SCALES = _values("escalas")
PLURAL_SCALES = frozenset(word for word in SCALES if word.endswith("s"))
COLLECTIVES = _values("colectivos")
HALVES = frozenset(("medio", "media"))
ABBREVIATIONS = {word: read_money(said) for word, said in table("monedas")["abreviaturas"].items()}
"""One in lower case stands for any case. «MM» is millions, but «mm» is millimetres."""

NUMBER_WORDS = frozenset(
    (UNITS.keys() - ONE)
    | {ZERO, THOUSAND}
    | TENS.keys()
    | HUNDREDS.keys()
    | SCALES.keys()
    | COLLECTIVES.keys()
)

CURRENCY_WORDS = {
    strip_accents(word): moneda for moneda, words in groups("monedas", "palabras").items() for word in words
}
"""Behind a figure."""
CURRENCY_CODES = folded("monedas", "codigos")
"""Those of the words above that also stand in front of a figure (USD 300)."""
CURRENCY_SIGNS = {tuple(sign.split()): read_money(said) for sign, said in table("monedas")["signos"].items()}
"""In front of a figure in every country. "$" and "Bs" name no currency: they stay as they are."""
SHARED_SIGNS = groups("monedas", "compartidos")
"""The currencies that a sign of several countries can mean."""
RATE_WORDS = folded("cifras", "tasas")
"""Before a figure they say that it has decimals, not thousands."""

MONTHS = folded("lengua", "meses") | {strip_accents(month) for month in table("lengua")["meses_variantes"]}
TIME_UNITS = folded("numeros", "unidades_de_tiempo")
PERCENT_WORDS = folded("numeros", "porcentaje")
GLUED_UNITS = folded("numeros", "unidades_pegadas")
"""What may be written against a figure without a blank (20km). Anything else makes it a name (5G, 3er)."""
