"""The language that a text is in. Catalan, Galician and Basque are told by their own small words."""

import re
from collections import Counter
from typing import Protocol

from newsroom.lexicon.tables import split_items, table
from newsroom.loading import load_once

_REGIONAL = ("ca", "gl", "eu")
_LEAST_WORDS, _LEAST_SHARE = 2, 0.05
_WORD = re.compile(r"[^\W\d_]+")
LANGUAGES = ("es", "en", "fr", "de", "it", "pt")
# In a shorter text the detector guesses, and the sender's word is better.
MIN_DETECTABLE_CHARS = 80
_DETECT_CHARS = 3_000


class _Detector(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


@load_once
def _detector() -> _Detector:
    # Imported late: numpy and the model's tables take a third of a second to load.
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_modelpath(MODEL_DIR / MODEL_FILE)
    identifier.set_languages(list(LANGUAGES))
    detector: _Detector = identifier
    return detector


def detect_language(texto: str, declared: str) -> str:
    """Returns the two-letter code of the language of `texto`, or `declared` if it is too short to tell."""
    if len(texto) < MIN_DETECTABLE_CHARS:
        return declared
    beginning = texto[:_DETECT_CHARS]
    return _regional_language(beginning) or _detector().classify(beginning)[0]


def _regional_language(texto: str) -> str | None:
    """Returns ca, gl or eu if the text has clearly more of that language's small words than of Spanish's.

    A few words in a Spanish text, such as the name of a body or one quotation, do not change its language.
    """
    words = Counter(_WORD.findall(texto.lower()))
    counts = {
        str(language): sum(words[word] for word in split_items(text))
        for language, text in table("lengua")["propias_de"].items()
    }
    best = max(_REGIONAL, key=lambda language: counts[language])
    rival = max(counts["es"], counts["pt"])
    clear = counts[best] >= max(_LEAST_WORDS, _LEAST_SHARE * sum(words.values()))
    return best if clear and counts[best] > 1.5 * rival else None
