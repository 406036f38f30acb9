"""The words that Spanish writes numbers, units and currencies with, without accents and capitals."""

from decimal import Decimal

_UNITS = """un:1 una:1 uno:1 dos:2 tres:3 cuatro:4 cinco:5 seis:6 siete:7 ocho:8 nueve:9 diez:10 once:11
doce:12 trece:13 catorce:14 quince:15 dieciseis:16 diecisiete:17 dieciocho:18 diecinueve:19
veinte:20 veintiun:21 veintiuna:21 veintiuno:21 veintidos:22 veintitres:23 veinticuatro:24
veinticinco:25 veintiseis:26 veintisiete:27 veintiocho:28 veintinueve:29"""
_TENS = "treinta:30 cuarenta:40 cincuenta:50 sesenta:60 setenta:70 ochenta:80 noventa:90"
_HUNDREDS = """cien:100 ciento:100 doscient:200 trescient:300 cuatrocient:400 quinient:500 seiscient:600
setecient:700 ochocient:800 novecient:900"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _table(text: str) -> dict[str, Decimal]:
    return {word: Decimal(value) for word, value in (pair.split(":") for pair in text.split())}


UNITS = _table(_UNITS)
"""0 is not among them: "cero" stands in ZERO, because it joins with nothing."""
ZERO = "cero"
TENS = _table(_TENS)
HUNDREDS = {
    word + ending: value
    for word, value in _table(_HUNDREDS).items()
    for ending in (("os", "as") if word.endswith("ent") else ("",))
}
ONE = frozenset(("un", "una", "uno"))
"""Articles more often than numbers: they count only in front of a scale, a collective or a percent sign."""
THOUSAND = "mil"
SCALES = {
    "millon": Decimal(10) ** 6,
    "millones": Decimal(10) ** 6,
    "millardo": Decimal(10) ** 9,
    "millardos": Decimal(10) ** 9,
    "billon": Decimal(10) ** 12,
    "billones": Decimal(10) ** 12,
    "trillon": Decimal(10) ** 18,
    "trillones": Decimal(10) ** 18,
}
"""The long scale, as the Academy and the press use it: un billón is a million million."""
COLLECTIVES = _table(
    """decena:10 decenas:10 docena:12 docenas:12 veintena:20 treintena:30 cincuentena:50 centena:100
    centenas:100 centenar:100 centenares:100 millar:1000 millares:1000"""
)
HALVES = frozenset(("medio", "media"))
ABBREVIATIONS: dict[str, tuple[Decimal, str | None]] = {
    "mdp": (Decimal(10) ** 6, "pesos"),
    "mdd": (Decimal(10) ** 6, "dólares"),
    "mde": (Decimal(10) ** 6, "euros"),
    "mmdp": (Decimal(10) ** 9, "pesos"),
    "mmdd": (Decimal(10) ** 9, "dólares"),
    "mill": (Decimal(10) ** 6, None),
}
"""What a figure is multiplied by, and the currency if the abbreviation names one."""

NUMBER_WORDS = frozenset(
    (UNITS.keys() - ONE)
    | {ZERO, THOUSAND}
    | TENS.keys()
    | HUNDREDS.keys()
    | SCALES.keys()
    | COLLECTIVES.keys()
)

CURRENCY_WORDS = {
    **dict.fromkeys(("peso", "pesos", "mxn", "ars", "clp", "cop", "uyu", "dop", "cup"), "pesos"),
    **dict.fromkeys(("dolar", "dolares", "usd", "dls"), "dólares"),
    **dict.fromkeys(("euro", "euros", "eur"), "euros"),
    **dict.fromkeys(("sol", "soles", "pen"), "soles"),
    **dict.fromkeys(("bolivar", "bolivares", "ves"), "bolívares"),
    **dict.fromkeys(("boliviano", "bolivianos", "bob"), "bolivianos"),
    **dict.fromkeys(("quetzal", "quetzales", "gtq"), "quetzales"),
    **dict.fromkeys(("lempira", "lempiras", "hnl"), "lempiras"),
    **dict.fromkeys(("cordoba", "cordobas", "nio"), "córdobas"),
    **dict.fromkeys(("colon", "colones", "crc"), "colones"),
    **dict.fromkeys(("guarani", "guaranies", "pyg"), "guaraníes"),
    **dict.fromkeys(("balboa", "balboas"), "balboas"),
    **dict.fromkeys(("real", "reales", "brl"), "reales"),
    **dict.fromkeys(("libra", "libras", "gbp"), "libras"),
    **dict.fromkeys(("yen", "yenes", "jpy"), "yenes"),
    **dict.fromkeys(("yuan", "yuanes", "cny"), "yuanes"),
    **dict.fromkeys(("rublo", "rublos"), "rublos"),
    **dict.fromkeys(("franco", "francos"), "francos"),
    **dict.fromkeys(("peseta", "pesetas"), "pesetas"),
}
"""Behind a figure."""
CURRENCY_CODES = _words("mxn ars clp cop uyu dop usd eur pen ves bob gtq hnl nio crc pyg brl gbp jpy cny")
"""Those of the words above that also stand in front of a figure (USD 300)."""
CURRENCY_SIGNS = {
    ("us", "$"): "dólares",
    ("u", "$", "s"): "dólares",
    ("usd", "$"): "dólares",
    ("mx", "$"): "pesos",
    ("rd", "$"): "pesos",
    ("ar", "$"): "pesos",
    ("r", "$"): "reales",
    ("c", "$"): "córdobas",
    ("s", "/", "."): "soles",
    ("s", "/"): "soles",
    ("bs", "."): "bolívares",
    ("bs",): "bolívares",
    ("gs", "."): "guaraníes",
    ("gs",): "guaraníes",
    ("€",): "euros",
    ("£",): "libras",
    ("¥",): "yenes",
    ("₡",): "colones",
    ("₲",): "guaraníes",
    ("$",): "$",
}
"""In front of a figure, the longest first. A bare "$" names no currency: it stays "$"."""

MONTHS = _words(
    """
    enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre
    """
)
TIME_UNITS = _words(
    """
    ano anos dia dias mes meses hora horas h minuto minutos fecha semana semanas siglo siglos decada
    decadas
    """
)
GLUED_UNITS = _words(
    """
    km km2 km² m m2 m² m3 m³ cm mm kg g gr mg t tn l lt lts ml ha h hs hrs hr min s seg kw mw gw kwh mwh
    gwh gb tb mb hz mhz ghz c f x k mil millones millon usd eur mxn mdp mdd mmdp mmdd mill bpd am pm a p
    """
)
"""What may be written against a figure without a blank (20km). Anything else makes it a name (5G, 3er)."""
