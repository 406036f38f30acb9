"""Stage `prepare`: detects the language of a text and cuts the text into pieces. No engine, no network.

It cleans only what the model reads. The stored text stays as received. It cannot tell the language of a text
below `MIN_DETECTABLE_CHARS` characters; then the sender's word holds. Catalan, Galician and Basque are told
by their own small words (lexicon/lengua.yaml): the detector takes them for Spanish, French or Portuguese.
"""

import re
from collections import Counter
from typing import Protocol

from newsroom.cleaning import clean_text, control_characters
from newsroom.furniture import readable
from newsroom.lexicon.tables import split_items, table
from newsroom.loading import load_once
from newsroom.models.item import Item
from newsroom.models.preparado import Preparado, Trozo

_REGIONAL = ("ca", "gl", "eu")
_LEAST_WORDS, _LEAST_SHARE = 2, 0.05
_WORD = re.compile(r"[^\W\d_]+")
LANGUAGES = ("es", "en", "fr", "de", "it", "pt")
# In a shorter text the detector guesses, and the sender's word is better.
MIN_DETECTABLE_CHARS = 80
_DETECT_CHARS = 3_000

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]{0,2}\s")
_BLANK = re.compile(r"\s")


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


def cut(texto: str, max_chars: int) -> list[tuple[int, int]]:
    """Returns half-open spans that cover `texto` without gap or overlap, none longer than `max_chars`.

    A cut falls after the end of a line if there is one in the second half of the piece. Else it falls after a
    sentence, else after a blank, else where the piece is full.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    while len(texto) - start > max_chars:
        end = _cut_point(texto, start, start + max_chars)
        spans.append((start, end))
        start = end
    spans.append((start, len(texto)))
    return spans


def _cut_point(texto: str, start: int, limit: int) -> int:
    middle = start + (limit - start) // 2
    line_end = texto.rfind("\n", middle, limit)
    if line_end >= 0:
        return line_end + 1
    for border in (_SENTENCE_END, _BLANK):
        ends = [match.end() for match in border.finditer(texto, middle, limit)]
        if ends:
            return ends[-1]
    return limit


def prepare(item: Item, max_chars: int) -> Preparado:
    """Returns the pieces of `item.contenido`, each at most `max_chars` characters long, and its language.

    `advertencias` (in Spanish) name control characters, and a language that is not the declared one.
    """
    advertencias: list[str] = []
    for field, text in (("titular", item.titular), ("contenido_texto", item.contenido)):
        found = control_characters(text)
        if found:
            position, name = found[0]
            advertencias.append(
                f"{field}: {len(found)} caracteres de control (el primero {name} en la posición {position}); "
                "se guardan como llegaron y no se muestran al modelo"
            )
    pieces = [
        (start, end, cleaned)
        for start, end in cut(item.contenido, max_chars)
        if (cleaned := clean_text(readable(item.contenido[start:end])))
    ]
    trozos = tuple(
        Trozo(indice=indice, offset_inicio=start, offset_fin=end, texto=texto)
        for indice, (start, end, texto) in enumerate(pieces)
    )
    idioma = detect_language(trozos[0].texto, item.idioma)
    if idioma != item.idioma[:2].lower():
        advertencias.append(f"idioma: el texto está en «{idioma}», aunque venía como «{item.idioma}»")
    return Preparado(idioma=idioma, trozos=trozos, advertencias=tuple(advertencias))
