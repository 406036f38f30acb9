"""The language that a text is in."""

from typing import Protocol

from newsroom.loading import load_once

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
    return _detector().classify(texto[:_DETECT_CHARS])[0]
