"""Finds the speaker of a quotation: the subject of a verb of saying, «según X», «X:», or the last speaker."""

from dataclasses import dataclass

from newsroom.engines.local.entities import Entity
from newsroom.engines.local.page import Page
from newsroom.engines.local.quotes import Quote, is_saying
from newsroom.engines.local.rules import groups, lowered
from newsroom.engines.local.sentences import Sentence, sentence_at
from newsroom.engines.local.subjects import SubjectFinder
from newsroom.engines.local.verbs import lemmatize
from newsroom.engines.local.word_classes import is_office
from newsroom.models.vocabulario import TipoEntidad
from newsroom.tokens import strip_accents

_AFTER_TOKENS = 60
_NEAR_VERB = 14
_LATEST_VERB = 7
_MAX_SILENCE = 2
_MAX_PEOPLE = 60
_UNNAMED_TOKENS = 5
_ACCORDING = (("acuerdo", "con"), ("palabras", "de"), ("juicio", "de"), ("opinion", "de"), ("criterio", "de"))
_REFLEXIVE = ("pronunciar", "preguntar", "referir", "lamentar", "mostrar", "declarar", "manifestar")
_CLOSING = ('"', ",", ".", "...", ")", "-")


@dataclass(frozen=True, slots=True)
class Attribution:
    """A quotation and its speaker. `entity` is None if the text does not say who speaks."""

    quote: Quote
    entity: Entity | None


def attribute_quotes(page: Page, titular: str = "") -> list[Attribution]:
    """Returns every quotation of a page with its speaker."""
    attributor = _Attributor(page, titular)
    return [attributor.attribute(quote) for quote in page.quotes]


class _Attributor:
    """Goes through the quotations in order and remembers who spoke last, and in which paragraph."""

    def __init__(self, page: Page, titular: str) -> None:
        self._page, self._titular = page, strip_accents(titular)
        self._subjects = SubjectFinder(page)
        people = [entity for entity in page.entities if entity.tipo is TipoEntidad.PERSONA]
        self._people = sorted(people, key=lambda entity: -len(entity.mentions))[:_MAX_PEOPLE]
        self._last: Entity | None = None
        self._last_paragraph = -2

    def attribute(self, quote: Quote) -> Attribution:
        sentence = sentence_at(self._page.sentences, quote.start)
        paragraph = sentence.paragraph if sentence is not None else 0
        entity: Entity | None
        if quote.label is not None:
            entity = self._labelled(quote.label)
        elif quote.continues and self._last is not None:
            entity = self._last
        else:
            entity = self._behind(quote) or self._in_front(quote) or self._silent(paragraph)
        if entity is not None:
            self._last, self._last_paragraph = entity, paragraph
        return Attribution(quote, entity)

    def _labelled(self, label: str) -> Entity | None:
        """Returns the speaker named at the head of the line: «PRESIDENTE ANA REY: ...».

        For «R: ...» it is the person who is interviewed.
        """
        people = self._people
        if not label:
            named = [e for e in people if any(strip_accents(form) in self._titular for form in e.forms())]
            return named[0] if named else max(people, key=lambda e: len(e.mentions), default=None)
        words = set(strip_accents(label).split())
        matching = [e for e in people if len(words.intersection(e.words)) >= min(2, len(e.words))]
        return max(matching, key=lambda e: len(words.intersection(e.words)), default=None)

    def _behind(self, quote: Quote) -> Entity | None:
        """Returns the speaker after the closing mark, or None: «dijo X», «según X», «Así lo dijo X»."""
        page = self._page
        first = page.token_at(quote.end)
        while first < len(page.tokens) and page.tokens.verbatim[first] in _CLOSING:
            first += 1
        sentence = self._going_on(first)
        if sentence is None:
            return None
        seen = 0
        for index in range(first, min(sentence.last, first + _AFTER_TOKENS)):
            word = page.tokens.verbatim[index].lower()
            if page.is_quoted(page.tokens.starts[index]):
                continue
            seen += 1
            if seen > _LATEST_VERB:
                return None
            if is_saying(word) or (index == first and word in lowered("verbos", "decir_tras_cita")):
                return self._subject(index, first, sentence)
            if self._is_according(index):
                return self._according(index, sentence.last)
        return None

    def _according(self, index: int, stop: int) -> Entity | None:
        """Returns the person after «según». For «según él» it is the one that the pronoun means."""
        return self._subjects.pronoun(index + 1) or self._subjects.first(index + 1, stop, False)

    def _going_on(self, first: int) -> Sentence | None:
        """Returns the rest of the sentence after a closing mark, or the next one if it says who spoke.

        The next one does so if it begins with «Así lo ...» or with a verb of saying.
        """
        page = self._page
        if first >= len(page.tokens):
            return None
        sentence = sentence_at(page.sentences, page.tokens.starts[first])
        if sentence is None or sentence.first != first:
            return sentence
        goes_on = page.tokens.loose[first] == "asi" or is_saying(page.tokens.verbatim[first])
        return sentence if goes_on else None

    def _subject(self, verb: int, since: int, sentence: Sentence) -> Entity | None:
        """Returns the subject of a verb after a quotation: after it, before it, else the last speaker."""
        stop = self._clause_end(verb + 1, min(sentence.last, verb + _NEAR_VERB))
        behind = self._subjects.first(verb + 1, stop, True)
        if behind is None and self._is_unnamed(verb + 1, stop):
            return None
        return (
            behind or self._subjects.first(since, verb, True) or self._recent(self._page.tokens.starts[verb])
        )

    def _is_unnamed(self, first: int, stop: int) -> bool:
        """Returns whether somebody without a name speaks: «confesó un alcalde», «dijo una vecina»."""
        words = self._page.tokens.loose
        return any(
            words[index] in ("un", "una", "unos", "unas") and self._is_person(index + 1)
            for index in range(first, min(stop, first + _UNNAMED_TOKENS))
        )

    def _is_person(self, index: int) -> bool:
        if index >= len(self._page.tokens):
            return False
        word = self._page.tokens.verbatim[index].lower()
        return is_office(word) or word in groups("cifras", "unidades")["personas"]

    def _is_according(self, index: int) -> bool:
        """Returns whether «según», «de acuerdo con», «a juicio de» stands here."""
        words = self._page.tokens.loose[index : index + 2]
        return words[0] == "segun" or tuple(words) in _ACCORDING

    def _clause_end(self, first: int, last: int) -> int:
        """Returns the token where the reported words begin, as after «considera que»."""
        words = self._page.tokens.loose
        return next((index for index in range(first, last) if words[index] in ("que", "si", "como")), last)

    def _in_front(self, quote: Quote) -> Entity | None:
        """Returns the speaker before the opening mark, or None.

        It is in the same sentence, or in the one before if that ends with a colon.
        """
        page = self._page
        opening = page.token_at(quote.start) - 1
        sentence = sentence_at(page.sentences, quote.start)
        if sentence is None or opening < 0:
            return None
        if opening > sentence.first:
            return self._speaker_of(sentence, opening)
        if sentence.first > 0 and page.tokens.verbatim[sentence.first - 1] == ":":
            previous = sentence_at(page.sentences, page.tokens.starts[sentence.first - 1])
            return None if previous is None else self._speaker_of(previous, previous.last)
        return None

    def _speaker_of(self, sentence: Sentence, stop: int) -> Entity | None:
        """Returns the subject of the last verb of saying in a sentence before `stop`, or None."""
        page = self._page
        for index in range(stop - 1, sentence.first - 1, -1):
            word = page.tokens.verbatim[index].lower()
            if page.is_quoted(page.tokens.starts[index]):
                continue
            if self._is_according(index):
                return self._according(index, stop)
            if is_saying(word) and not is_office(word) and not self._is_impersonal(index):
                behind = self._subjects.first(index + 1, self._clause_end(index + 1, stop), True)
                before = self._subjects.first(sentence.first, index, True)
                return before or behind or self._recent(page.tokens.starts[index])
        acting = self._subjects.first(sentence.first, stop, True)
        colon = stop > sentence.first and page.tokens.verbatim[stop - 1] == ":"
        # A «para» at the beginning names the speaker: «Para la politóloga Ana Ruiz, “no hay favoritos”».
        colon = colon or page.tokens.loose[sentence.first] == "para"
        # Before a colon any name may be the speaker: «La respuesta de Juárez es: “...”».
        return acting or (self._subjects.first(sentence.first, stop, False) if colon else None)

    def _is_impersonal(self, index: int) -> bool:
        """Returns whether the verb has no speaker: «a esto se agrega», «se informó»."""
        before = self._page.tokens.loose[index - 1] if index else ""
        reflexive = lemmatize(self._page.tokens.verbatim[index].lower()) in _REFLEXIVE
        return before == "se" and not reflexive

    def _recent(self, offset: int) -> Entity | None:
        """Returns whom a verb without a subject means: the last speaker, else the last subject named."""
        sentence = sentence_at(self._page.sentences, offset)
        near = sentence is not None and sentence.paragraph - self._last_paragraph <= 1
        recent = self._subjects.latest(offset)
        if not near or self._last is None:
            return recent
        return (
            recent
            if recent is not None and self._subjects.is_later(recent, self._last, offset)
            else self._last
        )

    def _silent(self, paragraph: int) -> Entity | None:
        """Returns the speaker of the quotation before, if it is near, for one without a word about it."""
        near = paragraph - self._last_paragraph < _MAX_SILENCE
        return self._last if near else None
