"""Countries as this program writes them: `México` of `Mexico`, `MX` and `méxico`."""

from functools import cache

from newsroom.intake.values import fold, read_line

# What people write and no list of countries has.
_OTHER_NAMES = {"usa": "US", "us": "US", "eeuu": "US", "ee.uu.": "US", "ee. uu.": "US", "uk": "GB"}


def read_country(value: object) -> str | None:
    """Returns the Spanish name of a country, by its Spanish or English name or its code of two letters.

    What is no known country (a region, say) is returned as it stands.
    """
    line = read_line(value)
    if line is None:
        return None
    return _spanish_names().get(_key(line), line)


@cache
def _spanish_names() -> dict[str, str]:
    # Imported late: it takes a quarter of a second, and few records name a country.
    from babel import Locale

    spanish = {code: name for code, name in Locale("es").territories.items() if code.isalpha()}
    english = Locale("en").territories
    names = {_key(english[code]): name for code, name in spanish.items() if code in english}
    names |= {_key(code): name for code, name in spanish.items()}
    names |= {_key(name): name for name in spanish.values()}
    return names | {written: spanish[code] for written, code in _OTHER_NAMES.items()}


def _key(name: str) -> str:
    return fold(name).replace("&", "and")
