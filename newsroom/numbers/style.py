"""How the country of a text writes numbers and money."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from newsroom.lexicon.countries import codes_by_name, country_customs, customs
from newsroom.numbers.number_words import CURRENCY_SIGNS, Money, read_money
from newsroom.tokens import Tokens

_DECIMALS = re.compile(r"(?<![\d.,:/])\d{1,3}([.,])\d{1,2} ?(?:%|(?!ho|hs?\b|de\b|a\.)[a-z])")
_THOUSANDS = re.compile(
    r"(?<![\d.,:/])[1-9]\d{0,2}(?:([.,])\d\d0(?! ?%| por)|([.,])\d{3}(?:\2\d{3})+)(?![.,]?\d)"
)


@dataclass(frozen=True, slots=True, eq=False)
class NumberStyle:
    """The decimal mark (empty if not known), the signs of currencies, and what «$» is.

    `is_sure` says that the country is known and the text's figures do not speak against its mark.
    """

    decimal: str = ""
    is_sure: bool = False
    signs: Mapping[tuple[str, ...], Money] = field(default_factory=lambda: CURRENCY_SIGNS)
    dollar: str = "dólares"

    def sign_before(self, words: list[str]) -> tuple[tuple[str, ...], Money] | None:
        """Returns the sign with which the folded `words` end, its factor and its currency, or None."""
        for length in range(min(5, len(words)), 0, -1):
            if (sign := tuple(words[-length:])) in self.signs:
                return sign, self.signs[sign]
        return None


ANY_STYLE = NumberStyle()
"""That of a text whose country is not known."""


def style_of(tokens: Tokens, pais: str) -> NumberStyle:
    """Returns the style of a text that an outlet of `pais` (its Spanish name, or empty) publishes.

    The signs are those of the outlet's country, then those of the countries that the text names. The decimal
    mark is the one that most figures of the text show (4,5 % and 2.471.602 show the comma, and so does 1.200,
    because nobody writes decimals that end in 0), else that of the first of these countries.
    """
    home = country_customs(pais)
    seen: Counter[str] = Counter()
    before, names = "", codes_by_name()
    for word in tokens.loose:
        code = names.get(f"{before} {word}") or names.get(word) or names.get(_masculine(word))
        if code is not None:
            seen[code] += 1
        before = word
    shown = Counter(_DECIMALS.findall(tokens.text))
    shown.update("." if "," in marks else "," for marks in _THOUSANDS.findall(tokens.text))
    mark = "" if shown["."] == shown[","] else max(shown, key=lambda mark: shown[mark])
    return _make_style(pais if home else "", tuple(code for code, _ in seen.most_common(3)), mark)


def _masculine(word: str) -> str:
    base = word.removesuffix("s")
    return f"{base[:-1]}o" if base.endswith("a") else base


@lru_cache(maxsize=256)
def _make_style(pais: str, named: tuple[str, ...], mark: str) -> NumberStyle:
    home = country_customs(pais)
    known = [*([home] if home else []), *(customs()[code] for code in named)]
    signs = dict(CURRENCY_SIGNS)
    for country in reversed(known):
        signs |= {tuple(sign.split()): read_money(said) for sign, said in country.signs.items()}
    decimal = known[0].decimal if known else ""
    return NumberStyle(
        mark or decimal,
        bool(decimal) and mark in ("", decimal),
        signs,
        known[0].dollar if known else "dólares",
    )
