"""How names are compared: what `interno.normalizar_nombre` and pg_trgm do in the database."""

import re
import unicodedata

MAX_KEY_CHARS = 300

# What the database's `unaccent` spells out and Unicode does not decompose.
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
_WORD = re.compile(r"[^\W_]+")


def normalize_nombre(nombre: str) -> str:
    """Returns the form in which names are compared.

    NFKC, no accents, lower case, white space and punctuation folded to single spaces, at most 300
    characters; a name of nothing but punctuation keeps it.
    """
    composed = unicodedata.normalize("NFKC", nombre)
    decomposed = unicodedata.normalize("NFKD", composed).translate(_SPELT_OUT)
    plain = unicodedata.normalize("NFC", _INVISIBLE.sub("", decomposed)).lower()
    key = _BETWEEN.sub(" ", plain).strip(" ")
    return (key or composed.strip(" ").lower())[:MAX_KEY_CHARS]


def similarity(left: str, right: str) -> float:
    """Returns how alike two normalized names are, 0 to 1: the share of trigrams they have in common."""
    if left == right:
        return 1.0
    ours, theirs = _trigrams(left), _trigrams(right)
    union = len(ours | theirs)
    return len(ours & theirs) / union if union else 0.0


def _trigrams(text: str) -> frozenset[str]:
    padded = (f"  {word} " for word in _WORD.findall(text))
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))
