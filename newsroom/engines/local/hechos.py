"""Finds the sentences that state a hecho, with its kind, time and place. The best ones are kept."""

import re
from collections import Counter
from dataclasses import dataclass, replace

from newsroom.engines.local.geography import Where, locate
from newsroom.engines.local.page import Page
from newsroom.engines.local.rules import folded, lowered
from newsroom.engines.local.sentences import Sentence
from newsroom.engines.local.statements import Statement, split_statements
from newsroom.engines.local.timing import Story, When, find_when
from newsroom.engines.local.verbs import Verb, lemmatize
from newsroom.engines.local.word_classes import is_office
from newsroom.models.vocabulario import EstadoProgramacion, TipoEntidad, TipoHecho
from newsroom.tokens import strip_accents

_PER_CHARS = 100
_ALWAYS_ALLOWED = 8
_MIN_CHARS, _MAX_CHARS = 35, 300
_LONGEST_SENTENCE = 900
_MIN_SCORE, _MIN_SCORE_SPOKEN = 2.0, 3.0
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
    if page.tokens.loose[sentence.first] in folded("lengua", "saludos"):
        return []
    if page.is_quoted(sentence.start) and page.is_quoted(sentence.end - 2):
        return []
    statements = split_statements(page, sentence)
    if not statements:
        return []
    score = _score(page, sentence, statements[0].main)
    if score < least:
        return []
    alone = len(statements) == 1
    return [_state(page, sentence, statement, frequent, score, alone) for statement in statements]


def _is_spoken(page: Page) -> bool:
    """Returns whether a text is the transcript of a speech, because many sentences address somebody."""
    spoken = sum(1 for sentence in page.sentences if _SPOKEN.search(page.cut(sentence)))
    return spoken > _SPOKEN_SHARE * len(page.sentences)


def _state(
    page: Page, sentence: Sentence, statement: Statement, frequent: Counter[str], score: float, alone: bool
) -> Event:
    start, end = _passage(page.cut(sentence), sentence)
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
        _kind(page, sentence, statement.main, future),
        when,
        locate(page, sentence),
        _tags(page, sentence, frequent),
        future and when is not None,
        _planned_state(verbs or [statement.main]) if future and when is not None else None,
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
    score -= 0.5 * (len(text) > _MAX_CHARS) + 2.5 * _is_anaphoric(text) + 0.7 * text.endswith(":")
    dated = main.tense == "pasado" and any(day.inicio == day.fin for day in page.dates(sentence))
    return score if mentions or figures or dated else score - 1.5


def _is_anaphoric(text: str) -> bool:
    """Returns whether a sentence cannot be understood without the one before it."""
    beginning = strip_accents(text[:20]).lstrip('«“"¿¡ ')
    return any(beginning.startswith(f"{mark} ") for mark in folded("lengua", "anaforas"))


def _passage(text: str, sentence: Sentence) -> tuple[int, int]:
    """Returns the sentence's place, cut at a clause if it is too long to be shown."""
    if len(text) <= _MAX_CHARS:
        return sentence.start, sentence.end
    cut = max(
        (m.start() for m in _BREAKS.finditer(text, 0, _MAX_CHARS) if m.start() > _MIN_CHARS * 2), default=0
    )
    if not cut:
        cut = text.rfind(" ", 0, _MAX_CHARS)
    return sentence.start, sentence.start + (cut if cut > 0 else _MAX_CHARS)


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


def _kind(page: Page, sentence: Sentence, main: Verb, future: bool) -> TipoHecho:
    kinds = {mention.entity.tipo for mention in page.mentions_in(sentence.first, sentence.last)}
    words = set(page.tokens.loose[sentence.first : sentence.last])
    if (
        main.lemma in lowered("verbos", "biografia")
        and TipoEntidad.PERSONA in kinds
        and main.lemma != "fallecer"
    ):
        return TipoHecho.BIOGRAFIA
    legal = TipoEntidad.NORMATIVA in kinds or words & {
        "ley",
        "decreto",
        "sentencia",
        "reglamento",
        "resolucion",
        "norma",
        "codigo",
    }
    if main.lemma in lowered("verbos", "normar") and legal:
        return TipoHecho.NORMATIVA
    if main.lemma in lowered("verbos", "anunciar"):
        return TipoHecho.ANUNCIO
    if main.lemma in lowered("verbos", "declarar") and _is_declared(page, sentence, main, kinds):
        return TipoHecho.DECLARACION
    if main.lemma in lowered("verbos", "celebrar"):
        return TipoHecho.EVENTO
    if future:
        return TipoHecho.ANUNCIO
    if main.lemma == "ser" and main.tense == "presente":
        return TipoHecho.CONCEPTO
    return TipoHecho.SUCESO


def _is_declared(page: Page, sentence: Sentence, main: Verb, kinds: set[TipoEntidad]) -> bool:
    """Returns whether the sentence reports what somebody says.

    «explicó que», a quotation, or a name or an office beside the verb show it.
    """
    following = page.tokens.loose[main.last : main.last + 1]
    quoted = any(sentence.start <= quote.start < sentence.end for quote in page.quotes_in(sentence))
    office = any(is_office(page.tokens.verbatim[i].lower()) for i in range(sentence.first, sentence.last))
    speaking = kinds & {TipoEntidad.PERSONA, TipoEntidad.INSTITUCION, TipoEntidad.ORGANIZACION}
    return following == ["que"] or quoted or bool(speaking) or office


def _planned_state(verbs: list[Verb]) -> EstadoProgramacion:
    lemmas = {verb.lemma for verb in verbs}
    if lemmas & lowered("verbos", "cancelar"):
        return EstadoProgramacion.CANCELADO
    if lemmas & lowered("verbos", "aplazar"):
        return EstadoProgramacion.MODIFICADO
    if lemmas & lowered("verbos", "confirmar"):
        return EstadoProgramacion.CONFIRMADO
    return EstadoProgramacion.PROGRAMADO


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
