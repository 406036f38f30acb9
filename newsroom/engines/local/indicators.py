"""What a figure measures, in the text's own words."""

from functools import cache

from newsroom.engines.local.page import Page
from newsroom.engines.local.rules import items, lowered
from newsroom.engines.local.sentences import Sentence
from newsroom.engines.local.verbs import read_finite
from newsroom.numbers import NumberMention
from newsroom.tokens import strip_accents

_REACH = 14
_MAX_TOKENS = 7
_STOPS = frozenset('.,;:()"!?-/')
_JOINING = frozenset(("de", "del", "la", "las", "los", "el"))
_COUNTED_AS_IS = frozenset(("porcentaje", "puntos", "puntos básicos"))


@cache
def _known() -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in items("cifras", "indicadores"):
        words = tuple(strip_accents(phrase).split())
        found.setdefault(words[0], []).append(words)
    return {word: sorted(phrases, key=len, reverse=True) for word, phrases in found.items()}


def find_indicator(
    page: Page, number: NumberMention, sentence: Sentence, unit: str, after: int, unit_end: int
) -> str | None:
    """Returns the noun phrase that a figure measures, verbatim: what is counted, or the nearest indicator.

    `after` is the token behind the number, `unit_end` the one behind its unit.
    """
    at = page.token_at(number.offset_inicio)
    if number.es_porcentaje:
        share = _complement(page, unit_end, sentence)
        return _named_before(page, at, sentence) or share or _named_anywhere(page, sentence)
    if number.moneda is not None:
        return _named_before(page, at, sentence) or _purpose(page, unit_end, sentence) or "monto"
    counted = _phrase(page, after, sentence)
    return counted or _named_before(page, at, sentence)


def _named_before(page: Page, at: int, sentence: Sentence) -> str | None:
    """Returns the nearest known indicator before the number, with what completes it."""
    for index in range(at - 1, max(sentence.first, at - _REACH) - 1, -1):
        phrase = _match(page, index, at)
        if phrase is not None:
            return phrase
    return None


def _named_anywhere(page: Page, sentence: Sentence) -> str | None:
    for index in range(sentence.first, sentence.last):
        phrase = _match(page, index, sentence.last)
        if phrase is not None:
            return phrase
    return None


def _match(page: Page, index: int, stop: int) -> str | None:
    words = page.tokens.loose
    for phrase in _known().get(words[index], ()):
        end = index + len(phrase)
        if end <= stop and tuple(words[index:end]) == phrase:
            return _cut(page, index, _lengthen(page, end, stop))
    return None


def _lengthen(page: Page, end: int, stop: int) -> int:
    """Returns the token behind an adjective or a complement with «de»: «precio de los alimentos»."""
    last = end
    while last < stop and last - end < 4:
        word = page.tokens.verbatim[last]
        if word.lower() in ("de", "del", "la", "los", "las"):
            last += 1
            continue
        if (
            last > end
            and page.tokens.loose[last - 1] in _JOINING
            and word.isalpha()
            and not read_finite(word.lower())
        ):
            return last + 1
        break
    return end


def _complement(page: Page, index: int, sentence: Sentence) -> str | None:
    """Returns the whole that a percentage is a part of: «el 40 % de la población»."""
    if index < sentence.last and page.tokens.loose[index] in ("de", "del"):
        first = index + 1
        while first < sentence.last and page.tokens.loose[first] in ("la", "los", "las", "el"):
            first += 1
        return _phrase(page, first, sentence)
    return None


def _purpose(page: Page, index: int, sentence: Sentence) -> str | None:
    """Returns what money is for: «20 millones de pesos para escuelas»."""
    if index < sentence.last and page.tokens.loose[index] in ("para", "en", "por", "destinados"):
        return _phrase(page, index + 1, sentence)
    return None


def _phrase(page: Page, first: int, sentence: Sentence) -> str | None:
    """Returns the noun phrase that begins at a token: words up to a verb, a stop or a preposition."""
    last = first
    if first < sentence.last and page.tokens.loose[first] == "de":
        first = last = first + 1
    while last < sentence.last and last - first < _MAX_TOKENS:
        word = page.tokens.verbatim[last]
        if word in _STOPS or not page.tokens.is_word(last) or word[0].isdigit():
            break
        lower = word.lower()
        if last > first and lower not in _JOINING and _ends_phrase(lower):
            break
        last += 1
    while last > first and page.tokens.loose[last - 1] in (*_JOINING, "y", "en", "un", "una"):
        last -= 1
    return _cut(page, first, last) if last > first else None


def _ends_phrase(word: str) -> bool:
    if word in lowered("lengua", "funcionales"):
        return True
    return read_finite(word) is not None and not word.endswith(("as", "os", "es"))


def _cut(page: Page, first: int, last: int) -> str | None:
    text = page.text[page.tokens.starts[first] : page.tokens.ends[last - 1]]
    text = " ".join(text.split())
    return text if 3 <= len(text) <= 120 else None
