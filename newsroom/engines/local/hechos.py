"""Finds the sentences that state a hecho, with its kind, time and place. The best ones are kept."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from newsroom.engines.local.geography import Where, locate
from newsroom.engines.local.hecho_kinds import kind_of, planned_state
from newsroom.engines.local.page import Page
from newsroom.engines.local.statements import Statement, split_statements
from newsroom.engines.local.timing import Story, When, find_when
from newsroom.language.lists import folded, lowered
from newsroom.language.sentences import Sentence
from newsroom.language.verbs import Verb, lemmatize
from newsroom.models.vocabulario import EstadoProgramacion, TipoEntidad, TipoHecho
from newsroom.tokens import strip_accents

_PER_CHARS = 100
_ALWAYS_ALLOWED = 8
_MIN_CHARS, _MAX_CHARS = 25, 300
_LONGEST_SENTENCE = 900
_MIN_SCORE, _MIN_SCORE_SPOKEN = 2.0, 3.0
_QUOTED_SCORE = 0.9
_SPOKEN_SHARE = 0.05
_TENSE_SCORE = {
    "pasado": 2.0,
    "futuro": 2.0,
    "presente": 1.0,
    "condicional": 0.5,
    "imperfecto": 0.5,
    "subjuntivo": 0.2,
}
_SPOKEN = re.compile(
    r"\b(?:yo|ustedes|nosotros|nuestro|nuestra|amigas|amigos|gracias|miren|fíjense)\b", re.IGNORECASE
)
# The journalist's own part in the story is none.
_OURSELVES = re.compile(r"\ba este (?:diario|medio|periódico|portal)\b|[»”\"], (?:me|nos) ")
# The words of a link that a scraper lost: «ha designado a .», «Según apunta , ...».
_HOLE = re.compile(
    r"\b(?:al?|del?|por|en|con|según(?: \w+)?|para|que|y|el|la|los|las|un|una|su|sobre|ante) +[.,;](?=\s|$)"
)
_LABEL = re.compile(r"^(?:Pregunta|Respuesta|P|R)\s?[:.]-?\s+(?=\S)")
_BREAKS = re.compile(r"[;:]|, (?:y|pero|aunque|mientras|lo que|por lo que|quien|que) |, ")


@dataclass(frozen=True, slots=True)
class Event:
    """A hecho. `passage` is verbatim, `start:end` is its place in the text, and the rest is read from it."""

    sentence: Sentence
    main: Verb
    start: int
    end: int
    passage: str
    content: str
    tipo: TipoHecho
    when: When | None
    where: Where
    tags: tuple[str, ...]
    is_future: bool
    estado: EstadoProgramacion | None
    score: float


def find_hechos(page: Page) -> list[Event]:
    """Returns the best hechos of a page in the text's order, at most one for each 100 characters."""
    frequent = _frequent_nouns(page)
    least = _MIN_SCORE_SPOKEN if _is_spoken(page) else _MIN_SCORE
    found: list[Event] = []
    seen: set[str] = set()
    for sentence in page.sentences:
        for event in _read(page, sentence, frequent, least):
            if (key := event.content.casefold()) not in seen:
                seen.add(key)
                found.append(event)
    found = _carry_days(page, found)
    limit = max(_ALWAYS_ALLOWED, len(page.text) // _PER_CHARS)
    best = sorted(found, key=lambda event: -event.score)[:limit]
    return sorted(best, key=lambda event: event.start)


def _carry_days(page: Page, events: list[Event]) -> list[Event]:
    """Returns the hechos. One without a date gets the day on which the story goes on, if it is known."""
    dated: list[Event] = []
    story = Story(page)
    for event in events:
        when = event.when or story.day_of(event.sentence, event.main)
        story.add(event.sentence, when)
        dated.append(event if when is event.when else replace(event, when=when))
    return dated


def _read(page: Page, sentence: Sentence, frequent: Counter[str], least: float) -> list[Event]:
    text = page.cut(sentence)
    if not _MIN_CHARS <= len(text) <= _LONGEST_SENTENCE or text.endswith("?") or "¿" in text[:3]:
        return []
    if _HOLE.search(text) or (text.endswith(":") and _announces_list(page, sentence)):
        return []
    if page.tokens.loose[sentence.first] in folded("lengua", "saludos"):
        return []
    if page.is_quoted(sentence.start) and page.is_quoted(sentence.end - 2) and not _is_turn(page, sentence):
        return []
    statements = split_statements(page, sentence) or _decided(page, sentence)
    if not statements:
        return []
    if page.tokens.verbatim[sentence.first].lower() in lowered("verbos", "disponer"):
        return [_state(page, sentence, statements[0], frequent, least, True)]
    score = _score(page, sentence, statements[0].main)
    if score < least:
        return []
    alone = len(statements) == 1
    return [_state(page, sentence, statement, frequent, score, alone) for statement in statements]


def _decided(page: Page, sentence: Sentence) -> list[Statement]:
    """Returns the decision of a gazette as a statement, or nothing: «Artículo 1.- Designar a Ana Rey»."""
    first = page.tokens.verbatim[sentence.first].lower()
    if first not in lowered("verbos", "disponer") or not sentence.first:
        return []
    if page.tokens.verbatim[sentence.first - 1] not in (".", "-", ":", ")"):
        return []
    verb = Verb(sentence.first, sentence.first + 1, first, "presente")
    return [Statement(verb, sentence.first, sentence.last, page.cut(sentence), None)]


def _announces_list(page: Page, sentence: Sentence) -> bool:
    """Returns whether a list follows: the sentence is no hecho, its items are."""
    return page.text[sentence.end : sentence.end + 1] in ("\n", "")


def _is_turn(page: Page, sentence: Sentence) -> bool:
    """Returns whether a sentence belongs to a quotation that is longer than a quotation in an article.

    So are the answers of an interview and the turns of a transcript. Their statements stand for themselves.
    """
    quote = page.quote_at(sentence.start)
    return quote is not None and quote.label is not None


def _widen(page: Page, sentence: Sentence) -> tuple[int, int]:
    """Returns the place of a sentence with the whole of each quotation that begins or ends in it."""
    first, last = page.quote_at(sentence.start), page.quote_at(sentence.end - 1)
    start = sentence.start if first is None or first.label is not None else first.start - 1
    end = sentence.end if last is None or last.label is not None else last.end + 1
    if end - start > _LONGEST_SENTENCE or "\n" in page.text[start:end]:
        return sentence.start, sentence.end
    return start, end


def _is_spoken(page: Page) -> bool:
    """Returns whether a text is the transcript of a speech, because many sentences address somebody."""
    spoken = sum(1 for sentence in page.sentences if _SPOKEN.search(page.cut(sentence)))
    return spoken > _SPOKEN_SHARE * len(page.sentences)


def _state(
    page: Page, sentence: Sentence, statement: Statement, frequent: Counter[str], score: float, alone: bool
) -> Event:
    start, end = _passage(page, sentence)
    when = find_when(page, sentence, statement)
    future = _is_future(page, statement.main, when)
    verbs = [verb for verb in page.verbs(sentence) if statement.first <= verb.first < statement.last]
    return Event(
        sentence,
        statement.main,
        start,
        end,
        page.text[start:end],
        _tidy(page.text[start:end] if alone else statement.content),
        kind_of(page, sentence, statement.main, future),
        when,
        locate(page, sentence),
        _tags(page, sentence, frequent),
        future and when is not None,
        planned_state(verbs or [statement.main]) if future and when is not None else None,
        score,
    )


def _score(page: Page, sentence: Sentence, main: Verb) -> float:
    text = page.cut(sentence)
    score = _TENSE_SCORE.get(main.tense, 0.0)
    mentions = page.mentions_in(sentence.first, sentence.last)
    kinds = {mention.entity.tipo for mention in mentions}
    score += min(3, len({id(mention.entity) for mention in mentions})) * 0.8
    score += 0.5 * bool(kinds & {TipoEntidad.PERSONA, TipoEntidad.INSTITUCION, TipoEntidad.ORGANIZACION})
    figures = [
        n for n in page.numbers_in(sentence.start, sentence.end) if not n.es_fecha and not n.parece_anio
    ]
    score += min(2, len(figures)) * 0.7 + min(1, len(page.dates(sentence))) * 0.8
    score += 0.6 * (main.lemma in lowered("verbos", "normar") or main.lemma in lowered("verbos", "anunciar"))
    score -= 1.0 * main.is_first_person + 0.8 * bool(_SPOKEN.search(text))
    score -= (
        0.5 * (len(text) > _MAX_CHARS)
        + 2.0 * bool(_OURSELVES.search(text))
        + 2.5 * _is_anaphoric(text)
        + 0.7 * text.endswith(":")
    )
    if main.lemma in lowered("verbos", "decir") and _tells_quotation(page, sentence):
        return score + _QUOTED_SCORE
    dated = main.tense == "pasado" and any(day.inicio == day.fin for day in page.dates(sentence))
    return score if mentions or figures or dated else score - 1.5


def _tells_quotation(page: Page, sentence: Sentence) -> bool:
    """Returns whether a sentence has a quotation, and more than «dijo» beside it."""
    quoted = page.quotes_in(sentence) or page.quote_at(sentence.start)
    tokens = page.tokens
    words = (i for i in range(sentence.first, sentence.last) if tokens.is_word(i))
    return bool(quoted) and sum(1 for i in words if not page.is_quoted(tokens.starts[i])) > 1


def _is_anaphoric(text: str) -> bool:
    """Returns whether a sentence cannot be understood without the one before it."""
    beginning = strip_accents(text[:20]).lstrip('«“"¿¡ ')
    return any(beginning.startswith(f"{mark} ") for mark in folded("lengua", "anaforas"))


def _passage(page: Page, sentence: Sentence) -> tuple[int, int]:
    """Returns the place of what is told, cut at a clause if it is too long to be shown."""
    start, end = _widen(page, sentence)
    if end - start <= _MAX_CHARS or (start, end) != (sentence.start, sentence.end):
        return start, end
    text = page.text[start:end]
    cut = max(
        (m.start() for m in _BREAKS.finditer(text, 0, _MAX_CHARS) if m.start() > _MIN_CHARS * 2), default=0
    )
    if not cut:
        cut = text.rfind(" ", 0, _MAX_CHARS)
    return start, start + (cut if cut > 0 else _MAX_CHARS)


def _tidy(passage: str) -> str:
    tidy = " ".join(_LABEL.sub("", passage).split()).strip(" -–—―:")
    if tidy[:1] in '“«"' and not any(mark in tidy[1:] for mark in '”»"'):
        tidy = tidy[1:]
    return tidy


def _is_future(page: Page, main: Verb, when: When | None) -> bool:
    day = None if when is None else when.fin or when.inicio
    if main.tense == "futuro":
        return day is None or page.today is None or day >= page.today
    first = None if when is None else when.inicio or when.fin
    return first is not None and page.is_ahead(first)


def _frequent_nouns(page: Page) -> Counter[str]:
    words = (page.tokens.verbatim[i] for i in range(len(page.tokens)) if page.tokens.has_letter(i))
    return Counter(lemmatize(word) for word in words if word[0].islower() and len(word) > 4)


def _follows_determiner(page: Page, index: int) -> bool:
    """Returns whether a word stands where a noun stands: after an article, a preposition or a possessive."""
    before = page.tokens.verbatim[index - 1].lower() if index else ""
    return before == "la" or before in lowered("lengua", "ante_sustantivo")


def _tags(page: Page, sentence: Sentence, frequent: Counter[str]) -> tuple[str, ...]:
    found: dict[str, int] = {}
    for index in range(sentence.first, sentence.last):
        word = page.tokens.verbatim[index]
        if (
            not word[0].islower()
            or len(word) < 5
            or not word.isalpha()
            or not _follows_determiner(page, index)
        ):
            continue
        lemma = lemmatize(word)
        if lemma.endswith(("ar", "er", "ir", "mente", "ado", "ido")) or lemma in lowered("lengua", "vacias"):
            continue
        if lemma not in lowered("lengua", "funcionales") and lemma not in lowered("personas", "cargos"):
            found[lemma] = frequent[lemma]
    return tuple(sorted(found, key=lambda lemma: -found[lemma])[:4])
