"""Normalizes names and makes their keys as the database does: `normalizar_nombre`, `claves_enlace`."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import combinations, islice

from newsroom.lexicon.tables import Use, folded

MAX_KEY_CHARS = 300
MAX_LINK_NAMES = 24

# Letters that the database's `unaccent` replaces and Unicode does not decompose.
_SPELT_OUT = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
     "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i"}
)  # fmt: skip
_INVISIBLE = re.compile(
    r"[\u0300-\u036F\u20D0-\u20FF\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF]"
)
_BETWEEN = re.compile(
    r"[\u0001-\u0020!\"&'()*,./:;<=>?^_`{|}~\[\]\\\u007F-\u00BF\u2000-\u206F\u3000-\u3003-]+"
)
_COMPANY_END = re.compile(r" s [al](?: de c v)?$")
_NUMBER_GAP = re.compile(r"([0-9]) (?=[0-9]{3}(?: |$))")
_REPEATED = re.compile(r"(.)\1+")
_WITHOUT_MEANING = frozenset().union(
    *(
        folded("organismos", key, Use.CLAVES)
        for key in ("sin_significado", "signos_de_numero", "honorificos", "formas_legales")
    )
)


def normalize_nombre(nombre: str) -> str:
    """Returns the form in which names are compared.

    It is in NFKC and lower case, without accents, with single spaces for white space and punctuation, and at
    most 300 characters long. A name that is only punctuation keeps it.
    """
    composed = unicodedata.normalize("NFKC", nombre)
    decomposed = unicodedata.normalize("NFKD", composed).translate(_SPELT_OUT)
    plain = unicodedata.normalize("NFC", _INVISIBLE.sub("", decomposed)).lower()
    key = _BETWEEN.sub(" ", plain).strip(" ")
    return (key or composed.strip(" ").lower())[:MAX_KEY_CHARS]


def link_keys(names: Iterable[str]) -> frozenset[str]:
    """Returns the keys under which the database finds these names, as `interno.claves_enlace` makes them.

    `c=` is the name without spaces, `s=` its initials, `t=` all its words, and `p=` each pair of its words.
    Words are folded and cut to five letters.
    """
    keys: set[str] = set()
    for name in islice(names, MAX_LINK_NAMES):
        words = _NUMBER_GAP.sub(r"\1", _COMPANY_END.sub("", normalize_nombre(name))).split(" ")
        full = [word for word in words if word not in _WITHOUT_MEANING][:8]
        short = sorted(fold_link_word(word) for word in full)
        joined = "".join(words)
        keys.add(f"c={joined[:60]}")
        if full:
            keys.add(f"c={''.join(full)[:60]}")
        if len(full) > 2:
            keys.add(f"s={''.join(word[:1] for word in full)}")
        if len(words) > 2:
            keys.add(f"s={''.join(word[:1] for word in words[:12])}")
        if 3 <= len(joined) <= 8:
            keys.add(f"s={joined}")
        if len(short) > 1:
            keys.add(f"t={' '.join(short)}")
        keys.update(f"p={one} {other}" for one, other in combinations(short, 2))
    return frozenset(keys)


def fold_link_word(word: str) -> str:
    """Returns a normalized word in the form of a key: spellings folded, cut to five letters."""
    if any(letter in "0123456789" for letter in word):
        return word[:20]
    plain = word.replace("th", "t").replace("ph", "f").replace("y", "i")
    return _REPEATED.sub(r"\1", plain)[:5]
