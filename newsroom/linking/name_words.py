"""Splits a name into its words, before names are compared."""

import re
from functools import lru_cache

from newsroom.linking.lists import ABBREVIATIONS, COUNTRIES, LONG_COUNTRIES, ORDINALS, STOP_WORDS
from newsroom.names import normalize_nombre

MAX_WORDS = 16
"""A longer name is a sentence. Only this many words of it are compared."""

_BRACKETS = re.compile(r"\(([^()]{1,80})\)")
_THOUSANDS = re.compile(r"(?<=\d)[.\u00a0](?=\d{3}(?!\d))")
_ACRONYM = re.compile(r"[A-ZÁÉÍÓÚÑÜ]{2,10}")
_ROMAN = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}


@lru_cache(maxsize=20_000)
def split_words(nombre: str) -> tuple[str, ...]:
    """Returns the folded words of a name. 27.551 is one word, and so are O.N.U. and EE. UU."""
    plain = _join_letters(_THOUSANDS.sub("", nombre))
    return tuple(normalize_nombre(plain).split()[:MAX_WORDS])


def is_acronym(nombre: str) -> bool:
    """Returns whether the name is written as initials: ONU, O.N.U., EE. UU."""
    bare = nombre.replace(".", "").replace(" ", "").strip()
    return _ACRONYM.fullmatch(bare) is not None and ("." in nombre or " " not in nombre.strip())


def split_brackets(nombre: str) -> tuple[str, str | None]:
    """Returns the name without its acronym in brackets, and the acronym: `Instituto Electoral (INE)`."""
    found = _BRACKETS.search(nombre)
    if found and is_acronym(found[1]):
        return f"{nombre[: found.start()]} {nombre[found.end() :]}".strip(), found[1]
    return nombre, None


def content_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the words of a body's name with a meaning: abbreviations in full, ordinals as digits."""
    kept = (ABBREVIATIONS.get(word, word) for word in words if word not in STOP_WORDS)
    return tuple(ORDINALS.get(word, word) for word in kept)


def fold_countries(words: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the words with each gentilicio replaced by its country: `ejercito colombia`."""
    folded: list[str] = []
    at = 0
    while at < len(words):
        long = LONG_COUNTRIES.get(" ".join(words[at : at + 2]))
        folded.append(long or COUNTRIES.get(words[at], words[at]))
        at += 2 if long else 1
    return tuple(folded)


def countries_in(words: tuple[str, ...]) -> frozenset[str]:
    """Returns the countries that the words name."""
    return frozenset(fold_countries(words)) & _ALL_COUNTRIES


def numbers_in(words: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the numbers of a name as digits, also those of IX and tercera."""
    found = ((read_number(word) or "") for word in words)
    return tuple(number for number in found if number)


def read_number(word: str) -> str | None:
    """Returns the digits of a word that is or contains a number (G20, IX, tercera), or None."""
    if word in ORDINALS:
        return ORDINALS[word]
    digits = "".join(letter for letter in word if letter.isdigit())
    if digits:
        return digits
    return str(_roman(word)) if _ROMAN.fullmatch(word) else None


_ALL_COUNTRIES = frozenset(COUNTRIES.values()) | frozenset(LONG_COUNTRIES.values())


def _roman(word: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in word]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)


def _join_letters(nombre: str) -> str:
    """Returns the name with the letters between full stops joined: O.N.U. as ONU, EE. UU. as EEUU."""
    words = nombre.split()
    joined: list[str] = []
    run = ""
    for word in words:
        letters = word.replace(".", "")
        if "." in word and letters.isalpha() and letters.isupper() and _is_dotted(word):
            run += letters
            continue
        joined += [run, word] if run else [word]
        run = ""
    return " ".join([*joined, run] if run else joined)


def _is_dotted(word: str) -> bool:
    """Returns whether each full stop follows one letter, or two (in a plural)."""
    return all(len(part) <= 2 for part in word.split(".")) and len(word.split(".")[0]) <= 2
