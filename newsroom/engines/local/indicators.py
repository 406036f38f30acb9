"""Finds what a figure measures, in the text's own words."""

from functools import cache

from newsroom.engines.local.calendar import MONTH_NUMBERS
from newsroom.engines.local.page import Page
from newsroom.language.lists import folded, items, lowered
from newsroom.language.sentences import Sentence
from newsroom.language.verbs import read_finite
from newsroom.numbers import NumberMention
from newsroom.tokens import strip_accents

_REACH = 14
_MONEY_REACH = 9
_MAX_TOKENS = 7
_NOUN_REACH = 6
_GENERIC = ("persona", "personas")
_SHOWN_CHARS = 120
_DETERMINERS = frozenset(("el", "la", "los", "las", "un", "una", "su", "sus"))
_STOPS = frozenset('.,;:()"!?-/')
_NEAR_VERB = 5
_SUBJECT_TOKENS = 9
_AROUND_TOKENS = 10
_LEAST_TOKENS = 3
_LEAST_CHARS = 3
_CLAUSE_STARTS = frozenset(("que", "mientras", "cuando", "donde", "pero", "aunque", "porque"))
_JOINING = frozenset(("de", "del", "la", "las", "los", "el"))


def _by_first_word(key: str) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in items("cifras", key):
        words = tuple(phrase.lower().split())
        found.setdefault(words[0], []).append(words)
    return {word: sorted(phrases, key=len, reverse=True) for word, phrases in found.items()}


@cache
def _strong() -> dict[str, list[tuple[str, ...]]]:
    """Returns the nouns that say what is measured, by their first word."""
    return _by_first_word("indicadores")


@cache
def _weak() -> dict[str, list[tuple[str, ...]]]:
    """Returns the nouns that only say how something changes."""
    return _by_first_word("indicadores_debiles")


def find_indicator(
    page: Page, number: NumberMention, sentence: Sentence, unit: str, after: int, unit_end: int
) -> str:
    """Returns what a figure measures, verbatim: what is counted, or the nearest indicator.

    If no noun says it, it is the subject of the verb before, and failing that the words around the figure.
    `after` is the token behind the number, `unit_end` the one behind its unit.
    """
    at = page.token_at(number.offset_inicio)
    named = _named(page, number, sentence, unit, at, after, unit_end)
    if named is None or named.lower() in _GENERIC or strip_accents(named) in folded("lengua", "funcionales"):
        named = _around(page, at, max(after, unit_end), sentence)
    return named


def _named(
    page: Page, number: NumberMention, sentence: Sentence, unit: str, at: int, after: int, unit_end: int
) -> str | None:
    if number.es_porcentaje:
        listed = _complement(page, unit_end, sentence, ("en",)) if _is_listed(page, at, sentence) else None
        named = listed or _in_brackets(page, at, sentence) or _of_share(page, at, unit_end, sentence)
        return named or _noun_before(page, at, sentence) or _noun_of_change(page, at, sentence)
    if number.moneda is not None:
        since = max(sentence.first, at - _MONEY_REACH)
        named = _before(page, at, sentence, _strong(), since) or _before(page, at, sentence, _weak(), since)
        purpose = _complement(page, unit_end, sentence, ("para", "en", "por"))
        return named or purpose or _noun_before(page, at, sentence)
    counted = _phrase(page, after, sentence) if unit_end > after else None
    if (
        counted is not None
        and unit in lowered("cifras", "medidas")
        and unit_end - after == len(counted.split())
    ):
        named = _before(page, at, sentence, _strong()) or _noun_before(page, at, sentence)
        return named or counted
    return counted or _before(page, at, sentence, _strong())


def _noun_of_change(page: Page, at: int, sentence: Sentence) -> str | None:
    """Returns the subject of the nearest verb before: el rubro in «el rubro de alimentos aumentó 2,9 %»."""
    verb = next((v for v in reversed(page.verbs(sentence)) if v.first < at <= v.last + _NEAR_VERB), None)
    if verb is None or verb.lemma in lowered("verbos", "decir"):
        return None
    first = verb.first
    while first > sentence.first and verb.first - first < _SUBJECT_TOKENS:
        if page.tokens.verbatim[first - 1] in _STOPS or page.tokens.loose[first - 1] in _CLAUSE_STARTS:
            break
        first -= 1
    last = verb.first
    while last > first and page.tokens.loose[last - 1] in ("se", "no", "ya", "le", "les", "lo"):
        last -= 1
    while first < last and page.tokens.loose[first] in folded("lengua", "funcionales"):
        first += 1
    cut = _cut(page, first, last) if first < last else None
    # A person is no measure: «Mamani ofreció un 6 %».
    named = page.tokens.verbatim[last - 1][0].isupper() or page.mentions_in(first, last)
    return None if cut is None or named else cut


def _around(page: Page, at: int, end: int, sentence: Sentence) -> str:
    """Returns the words of the clause with the figure: «la Policía solo acusó a dos»."""
    first = at
    while first > sentence.first and at - first < _AROUND_TOKENS:
        ends = page.tokens.verbatim[first - 1] in _STOPS or page.tokens.loose[first - 1] in _CLAUSE_STARTS
        if ends and at - first >= _LEAST_TOKENS:
            break
        first -= 1
    while first < at and not page.tokens.is_word(first):
        first += 1
    last = min(max(end, at + 1), sentence.last)
    text = " ".join(page.text[page.tokens.starts[first] : page.tokens.ends[last - 1]].split())
    whole = " ".join(page.cut(sentence).split())
    return text[-_SHOWN_CHARS:].strip() if len(text) >= _LEAST_CHARS else whole[:_SHOWN_CHARS]


def _in_brackets(page: Page, at: int, sentence: Sentence) -> str | None:
    """Returns the noun phrase before a figure in brackets, such as «(9,3 %)»."""
    if at - 2 < sentence.first or page.tokens.verbatim[at - 1] != "(":
        return None
    first = at - 1
    while first > sentence.first and at - first < _MAX_TOKENS and page.tokens.has_letter(first - 1):
        if read_finite(page.tokens.verbatim[first - 1].lower()) is not None:
            break
        first -= 1
    while first < at - 1 and page.tokens.loose[first] in folded("lengua", "funcionales"):
        first += 1
    return _cut(page, first, at - 1) if first < at - 1 else None


def _of_share(page: Page, at: int, unit_end: int, sentence: Sentence) -> str | None:
    return (
        _before(page, at, sentence, _strong())
        or _complement(page, unit_end, sentence, ("de", "del"))
        or _complement(page, unit_end, sentence, ("en",))
        or _before(page, at, sentence, _weak())
        or _anywhere(page, sentence)
    )


def _is_listed(page: Page, at: int, sentence: Sentence) -> bool:
    """Returns whether a percentage stands behind a noun of change: «subas del 2,9 % en indumentaria»."""
    before = page.tokens.loose[max(sentence.first, at - 3) : at]
    return any(word in _weak() for word in before)


def _noun_before(page: Page, at: int, sentence: Sentence) -> str | None:
    """Returns the nearest noun before the number: beca in «una beca de 3.600 pesos»."""
    for index in range(at - 1, max(sentence.first, at - _NOUN_REACH), -1):
        word = page.tokens.verbatim[index]
        article = page.tokens.loose[index - 1] in _DETERMINERS
        plain = word.isalpha() and word[0].islower() and len(word) > 3
        if article and plain and word not in lowered("lengua", "vacias") and not read_finite(word):
            return word
    return None


def _before(
    page: Page, at: int, sentence: Sentence, known: dict[str, list[tuple[str, ...]]], since: int = 0
) -> str | None:
    """Returns the nearest known noun before the number, with its complement."""
    for index in range(at - 1, max(sentence.first, since, at - _REACH) - 1, -1):
        phrase = _match(page, index, at, known)
        if phrase is not None:
            return phrase
    return None


def _anywhere(page: Page, sentence: Sentence) -> str | None:
    found = (_match(page, i, sentence.last, _strong()) for i in range(sentence.first, sentence.last))
    return next((phrase for phrase in found if phrase is not None), None)


def _match(page: Page, index: int, stop: int, known: dict[str, list[tuple[str, ...]]]) -> str | None:
    raw = page.tokens.verbatim[index]
    if raw[0].isupper() and not raw.isupper() and index and page.tokens.verbatim[index - 1][0].isalnum():
        # A capital belongs to a name: the Economía of a ministry measures nothing.
        return None
    for phrase in known.get(raw.lower(), ()):
        end = index + len(phrase)
        if end <= stop and tuple(word.lower() for word in page.tokens.verbatim[index:end]) == phrase:
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
            and word.lower() not in lowered("lengua", "funcionales")
            and not read_finite(word.lower())
        ):
            return last + 1
        break
    return end


def _complement(page: Page, index: int, sentence: Sentence, prepositions: tuple[str, ...]) -> str | None:
    """Returns the words that a preposition joins to the figure: la población in «el 40 % de la población»."""
    words = page.tokens.loose
    if index >= sentence.last or words[index] not in prepositions:
        return None
    first = index + 1
    while first < sentence.last and words[first] in ("la", "los", "las", "el"):
        first += 1
    times = folded("cifras", "de_tiempo")
    timely = first < sentence.last and (words[first] in MONTH_NUMBERS or words[first] in times)
    return None if timely else _phrase(page, first, sentence)


def _phrase(page: Page, first: int, sentence: Sentence) -> str | None:
    """Returns the noun phrase that begins at a token: words up to a verb, a stop or a preposition."""
    last = first
    if first < sentence.last and (page.tokens.loose[first] == "de" or _is_past(page.tokens.verbatim[first])):
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


def _is_past(word: str) -> bool:
    """Returns whether a word is a verb in the past: resultaron in «31 resultaron heridas»."""
    finite = read_finite(word.lower())
    return finite is not None and finite[1] == "pasado"


def _ends_phrase(word: str) -> bool:
    if word in lowered("lengua", "funcionales"):
        return True
    return read_finite(word) is not None and not word.endswith(("as", "os", "es"))


def _cut(page: Page, first: int, last: int) -> str | None:
    text = page.text[page.tokens.starts[first] : page.tokens.ends[last - 1]]
    text = " ".join(text.split())
    return text if 3 <= len(text) <= 120 else None
