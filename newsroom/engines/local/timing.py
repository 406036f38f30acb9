"""Finds when a statement takes place: chooses among its dates and reads them backwards or forwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from newsroom.engines.local.dates import DateMention, find_dates
from newsroom.engines.local.page import Page
from newsroom.engines.local.statements import Statement
from newsroom.language.lists import folded, lowered
from newsroom.language.sentences import Sentence
from newsroom.language.verbs import Verb
from newsroom.models.vocabulario import PrecisionTemporal

_COARSE = (PrecisionTemporal.AÑO, PrecisionTemporal.DECADA)
_RELATIVE = frozenset(("que", "quien", "quienes", "donde", "cuyo", "cuya", "cuyos", "cuyas", "cuando"))
_DATELINE_CHARS = 80
_DEFINITE = ("el", "la", "los", "las")
_NAMING = (*_DEFINITE, "un", "una", "del", "al")
_BORDERS = frozenset(("que", ";", ":", "pero", "aunque", "mientras", "cuando", "donde"))


@dataclass(frozen=True, slots=True)
class When:
    """The first and last day of a hecho. An open end is None («desde el lunes»)."""

    inicio: date | None
    fin: date | None
    precision: PrecisionTemporal


def find_when(page: Page, sentence: Sentence, statement: Statement) -> When | None:
    """Returns when a statement takes place; None if its words do not say.

    An announcement or demand has the future day that it names. Any other statement has the date nearest to
    its verb. If there is none, a date in the reported words counts. If there is none either, it is the day of
    what the statement follows («tras el alud que el martes sepultó ...») or leads to («la cumbre, que será el
    20 de mayo»).
    """
    outer = [m for m in _mentions(page, sentence, statement) if not _is_of_noun(page, sentence, m)]
    inside = [m for m in outer if _in_relative(page, statement, page.token_at(m.start))]
    mentions = [m for m in outer if m not in inside]
    planned = [m for m in mentions if _plans(statement) and page.is_ahead(m.inicio)]
    own, told = _divide(page, statement, mentions)
    if statement.main.tense == "pasado":
        own = [m for m in own if not page.is_ahead(m.inicio) or _is_bounded(page, m)]
    shared = [m for m in inside if _is_shared(page, statement, m)]
    for group in (planned, own, told, shared):
        if group:
            return _bound(page, min(group, key=lambda m: _distance(page, statement, m)))
    return None


def _is_shared(page: Page, statement: Statement, mention: DateMention) -> bool:
    """Returns whether the day in a subordinate clause is also the day of the statement."""
    if statement.main.tense == "futuro":
        return page.is_ahead(mention.inicio)
    between = page.tokens.loose[statement.main.last : page.token_at(mention.start)]
    return "tras" in between and mention.inicio == mention.fin


def _mentions(page: Page, sentence: Sentence, statement: Statement) -> list[DateMention]:
    """Returns the dates of a statement. A date whose own verb looks ahead is read forwards."""
    start, end = page.tokens.starts[statement.first], page.tokens.ends[statement.last - 1]
    text = page.text[start:end]
    back, ahead = (find_dates(text, page.today, view, page.month_first) for view in (False, True))
    later = {(m.start, m.end): m.moved(start) for m in ahead}
    earlier = {(m.start, m.end): m.moved(start) for m in back}
    found = []
    for place in sorted(later.keys() | earlier.keys()):
        past, future = earlier.get(place), later.get(place)
        if future is not None and (past is None or _looks_ahead(page, sentence, statement, past)):
            past = future
        if past is not None and not page.is_quoted(past.start):
            found.append(past)
    return found


def _plans(statement: Statement) -> bool:
    lemma = statement.main.lemma
    return any(lemma in lowered("verbos", key) for key in ("programar", "anunciar", "pedir"))


def _looks_ahead(page: Page, sentence: Sentence, statement: Statement, mention: DateMention) -> bool:
    """Returns whether the verb of a date is in the future, or sets a day."""
    first, last = page.token_at(mention.start), page.token_at(mention.end)
    if _preposition(page, mention) in ("hasta", "para"):
        return True
    verb = _verb_of(page, sentence, statement, first, last)
    if verb is None:
        return False
    if verb.tense in ("futuro", "condicional", "subjuntivo"):
        return True
    begins = _preposition(page, mention) == "desde" and verb.lemma in lowered("verbos", "pedir")
    return begins or (verb.lemma in lowered("verbos", "programar") and verb.first < first)


def _verb_of(page: Page, sentence: Sentence, statement: Statement, first: int, last: int) -> Verb | None:
    """Returns the verb of the clause that holds the tokens `first:last`: the last before, else the next."""
    words = page.tokens.loose
    begin = next(
        (i + 1 for i in range(first - 1, statement.first - 1, -1) if words[i] in _BORDERS), statement.first
    )
    verbs = page.verbs(sentence)
    before = [verb for verb in verbs if begin <= verb.first < first]
    if before:
        return before[-1]
    behind = next((verb for verb in verbs if last <= verb.first < statement.last), None)
    return behind or statement.main


def _preposition(page: Page, mention: DateMention) -> str:
    """Returns the word that bounds a date: desde (also for «a partir de»), hasta, para or antes.

    If none of them does, it is another word.
    """
    first = page.token_at(mention.start)
    words = page.tokens.loose
    index = first if words[first] in ("desde", "hasta", "para") else first - 1
    while index > 0 and words[index] in ("el", "la", "los", "del", "al"):
        index -= 1
    near = words[max(0, index - 1) : index + 1]
    if "partir" in near:
        return "desde"
    if "antes" in near:
        return "antes"
    return words[index] if index >= 0 else ""


def _is_bounded(page: Page, mention: DateMention) -> bool:
    return _preposition(page, mention) in ("hasta", "para", "desde", "antes")


def _bound(page: Page, mention: DateMention) -> When:
    preposition = _preposition(page, mention)
    if preposition == "antes":
        return When(None, mention.inicio - timedelta(days=1), mention.precision)
    inicio = None if preposition == "hasta" else mention.inicio
    fin = None if preposition == "desde" else mention.fin
    return When(inicio, fin, mention.precision)


def _is_of_noun(page: Page, sentence: Sentence, mention: DateMention) -> bool:
    """Returns whether a date belongs to a noun or a comparison: «el reglamento de 1987», «más que en 2021».

    But the month of a measure is the month of the hecho: «la inflación de octubre».
    """
    first = page.token_at(mention.start)
    words = page.tokens.loose
    before = words[first - 1] if first > sentence.first else ""
    wide = mention.precision in (*_COARSE, PrecisionTemporal.MES)
    if words[first] in ("de", "del") and wide:
        return mention.precision in _COARSE or before not in folded("cifras", "indicadores")
    return (before in ("que", "de", "mismo", "misma") and wide) or _is_dateline(page, mention)


def _is_dateline(page: Page, mention: DateMention) -> bool:
    """Returns whether a date stands at the beginning of the text, before «.-» or «(EFE).»."""
    head = page.text[: mention.end + 24]
    return mention.start < _DATELINE_CHARS and any(
        mark in head[mention.end :] for mark in (".-", ".–", ".—", ").", "—")
    )


def _in_relative(page: Page, statement: Statement, index: int) -> bool:
    """Returns whether a relative clause holds the token: «cuya misión visitó Bata en noviembre, ...»."""
    words = page.tokens.loose
    for place in range(index - 1, statement.first, -1):
        if words[place] in _RELATIVE and place != statement.said:
            closed = any(words[i] == "," for i in range(place + 1, index))
            return not (closed and place < statement.main.first)
        if statement.main.first <= place < statement.main.last:
            return False
    return False


def _divide(
    page: Page, statement: Statement, mentions: Sequence[DateMention]
) -> tuple[list[DateMention], list[DateMention]]:
    """Returns the dates of the statement itself, and those of what is said in it."""
    if statement.said is None:
        return list(mentions), []
    border = page.tokens.starts[statement.said]
    return [m for m in mentions if m.start < border], [m for m in mentions if m.start >= border]


def _distance(page: Page, statement: Statement, mention: DateMention) -> tuple[bool, int]:
    start, end = page.tokens.starts[statement.main.first], page.tokens.ends[statement.main.last - 1]
    return mention.precision in _COARSE, max(start - mention.end, mention.start - end)


class Story:
    """The days that a text has named so far: that of the lead, and the last one."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._lead: When | None = None
        self._last: tuple[When, Sentence] | None = None

    def add(self, sentence: Sentence, when: When | None) -> None:
        """Notes when something took place. Only a single day in the past can hold for later statements."""
        if when is None or when.inicio is None or when.inicio != when.fin or self._page.is_ahead(when.inicio):
            return
        self._lead = self._lead or when
        self._last = when, sentence

    def day_of(self, sentence: Sentence, main: Verb) -> When | None:
        """Returns the day of a statement without its own date; None if nothing says it.

        «En la misma sesión», «a la salida» and «por la tarde» mean the lead's day. What happened in the
        paragraph of a dated sentence has that sentence's day. What somebody only says may have been said on
        another day, and another paragraph may be about another day. No date is better than a wrong one.
        """
        if main.tense != "pasado" or self._lead is None or self._is_pluperfect(main):
            return None
        text = f" {' '.join(self._page.tokens.loose[sentence.first : sentence.last])} "
        if any(f" {mark} " in text for mark in folded("lengua", "escena")):
            return self._lead
        if main.lemma in lowered("verbos", "decir") | lowered("verbos", "anunciar"):
            return None
        where = self._last[1] if self._last is not None else sentence
        told_on = where.paragraph == sentence.paragraph or self._is_of_lead(sentence)
        return self._last[0] if self._last is not None and told_on else None

    def _is_of_lead(self, sentence: Sentence) -> bool:
        """Returns whether a sentence begins with what the last dated one tells of: «El alud destruyó ...»."""
        words = self._page.tokens.loose
        last = self._last[1] if self._last is not None else sentence
        named = {words[i] for i in range(last.first, last.last) if words[i - 1] in _NAMING}
        return words[sentence.first] in _DEFINITE and words[sentence.first + 1] in named

    def _is_pluperfect(self, main: Verb) -> bool:
        return self._page.tokens.loose[main.first] in ("habia", "habian")
