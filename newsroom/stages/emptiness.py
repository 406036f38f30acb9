"""Says of a text that it is no article: a cookie notice, a login, an error, a menu, the shell of a video.

A scraper that was turned away stores such a page as if it were an article. The words that tell are in
`newsroom/lexicon/sin_contenido.yaml`. A text in which something is told is an article, whatever stands around
it: in doubt the model decides.
"""

import re
from dataclasses import dataclass
from functools import cache

from newsroom.cleaning import clean_text
from newsroom.lexicon.tables import folded, groups
from newsroom.tokens import strip_accents

# A notice is short. Of a longer text this much is read.
_READ_CHARS = 12_000
# So many words that are neither a notice nor a label are a text.
MIN_TOLD_WORDS = 20
# A sentence of at least so many words that tells what happened is a short news item.
MIN_SENTENCE_WORDS = 7
# News may cite a notice.
MIN_CITING_WORDS = 10
_MAX_LABEL_WORDS = 16
_MIN_LABELS = 8
_MIN_MENU_WORDS = 3
_MAX_SHOWN = 60

_NAMES = {
    "cookies": "es un aviso de cookies",
    "acceso": "es una página de acceso o de suscripción",
    "error": "es una página de error o de comprobación",
    "video": "es la página de un vídeo, sin texto",
    "vacía": "es una página vacía",
}
_MENU = "es una lista de enlaces"
_CODE = "son restos de código de la página (CSS o JavaScript)"

_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’»)]{0,2}\s+(?=[^a-z\s])")
_ENDS = re.compile(r"[.!?…][\"'”’»)\]]{0,3}$")
_WORD = re.compile(r"[^\W_]+")
# The preterite tells what happened: aprobó, votaron, decidieron, dijo. A notice or a menu has none.
_TELLS = re.compile(
    r"\b(?:\w{2,}[^\W\daeou]ó|\w{3,}(?:aron|ieron|yeron|jeron)|\w{1,}[iuy]ó|fue|fueron|dijo|dio|hubo|hizo|pidió|tuvo"
    r"|estuvo|puso|quiso|supo|vino|trajo|murió)\b"
)
# Preterites that notices and error pages do write.
_TELLS_NOTHING = re.compile(
    r"\b(?:ocurrió|produjo|encontró|encontraron|cambió|caducó|expiró|falló|movió|eliminó)\b"
)
_SHELL_TITLE = re.compile(r"^(?:[-–—|·\s]+youtube|youtube|vimeo|facebook|instagram|tiktok|x|twitter)$", re.I)
_CODE_LINE = re.compile(
    r"[{};]\s*$|^\s*[.#@]?[\w.#:, -]{1,80}\{|function\s*\(|=>\s*[{(]|\b(?:var|let|const)\s+\w+\s*=|"
    r"\b(?:window|document|dataLayer|googletag|gtag|jQuery)\b[.(\[]|@media|!important|:\s*\d+px"
)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_CODE_MARKS = re.compile(r"[{}();=<>\[\]|&$#_]")


@dataclass(frozen=True)
class _Units:
    """The sentences and labels of a text by what they are; `notices` are kind -> phrases that were seen."""

    told: int
    labels: int
    code: int
    menu_words: int
    notices: dict[str, list[str]]


def say_why_empty(titular: str, texto: str) -> str | None:
    """Returns in Spanish why a text is no article, None if it may be one.

    Args:
        titular: the headline, empty if there is none.
        texto: the text, cleaned or not. The answer depends on its first 12,000 characters.
    """
    # Some scrapers leave the tags in. They are neither text nor left-overs.
    cleaned = clean_text(_TAG.sub(" ", texto[:_READ_CHARS]))
    if len(texto) > _READ_CHARS and not _mostly_code(cleaned):
        return None
    units = _read(cleaned)
    if units.told >= MIN_TOLD_WORDS:
        return None
    if _mostly_code(cleaned) or (_TAG.search(texto) and not _WORD.search(cleaned)):
        return f"No es un artículo: {_CODE}."
    if units.notices:
        kind = max(units.notices, key=lambda name: len(units.notices[name]))
        return f"No es un artículo: {_NAMES[kind]} («{units.notices[kind][0][:_MAX_SHOWN]}»)."
    if units.menu_words >= _MIN_MENU_WORDS and units.labels >= _MIN_LABELS:
        return f"No es un artículo: {_MENU}."
    if _SHELL_TITLE.match(titular.strip()) and not units.told:
        return f"No es un artículo: {_NAMES['video']} («{titular.strip()[:_MAX_SHOWN]}»)."
    return None


def _read(texto: str) -> _Units:
    pieces = [piece for line in texto.split("\n") for piece in _SENTENCE.split(line) if piece.strip()]
    plain = [strip_accents(piece) for piece in pieces]
    notices: dict[str, list[str]] = {}
    for piece in plain:
        for kind, phrase in _find_notices(piece):
            notices.setdefault(kind, []).append(phrase)
    told = labels = code = menu_words = 0
    for piece, folded_piece in zip(pieces, plain, strict=True):
        words = len(_WORD.findall(piece))
        menu = _count_menu_words(folded_piece)
        notice = bool(_find_notices(folded_piece))
        if _CODE_LINE.search(piece):
            code += 1
        elif _tells(piece) and words >= (MIN_CITING_WORDS if notice else MIN_SENTENCE_WORDS):
            told += max(words, MIN_TOLD_WORDS)
        elif notice:
            continue
        elif _is_label(piece, words, menu):
            labels += max(1, menu)
            menu_words += menu
        elif not _is_near(folded_piece, notices):
            told += words
    return _Units(told, labels, code, menu_words, notices)


def _tells(piece: str) -> bool:
    return _TELLS.search(_TELLS_NOTHING.sub("", piece)) is not None


def _is_label(piece: str, words: int, menu: int) -> bool:
    """Returns whether a line is a name, a menu or the headline of another text, not a sentence."""
    if _ENDS.search(piece) and words > 3:
        return False
    return words <= _MAX_LABEL_WORDS or menu * 3 >= words


def _is_near(piece: str, notices: dict[str, list[str]]) -> bool:
    """Returns whether a sentence belongs to a notice that was found in the same text."""
    words = f" {' '.join(_WORD.findall(piece))} "
    return any(f" {neighbour} " in words for kind in notices for neighbour in _neighbours(kind))


def _find_notices(piece: str) -> list[tuple[str, str]]:
    return [(kind, phrase) for kind, phrases in _phrases().items() for phrase in phrases if phrase in piece]


def _count_menu_words(piece: str) -> int:
    words = f" {' '.join(_WORD.findall(piece))} "
    return sum(f" {label} " in words for label in folded("sin_contenido", "navegación"))


def _mostly_code(texto: str) -> bool:
    lines = [line for line in texto.split("\n") if line]
    if not lines:
        return False
    code = sum(len(line) for line in lines if _CODE_LINE.search(line))
    return code * 2 > len(texto) and len(_CODE_MARKS.findall(texto)) * 25 > len(texto)


@cache
def _phrases() -> dict[str, tuple[str, ...]]:
    return {kind: _fold(words) for kind, words in groups("sin_contenido", "claras").items()}


@cache
def _neighbours(kind: str) -> tuple[str, ...]:
    return _fold(groups("sin_contenido", "vecinas")[kind])


def _fold(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(strip_accents(word) for word in words)
