"""Who says a quotation: the subject of the verb of saying beside it, «según X», «X:», or who spoke last."""

from dataclasses import dataclass

from newsroom.engines.local.entities import Entity
from newsroom.engines.local.lexicon import is_office
from newsroom.engines.local.page import Page
from newsroom.engines.local.quotes import Quote, is_saying
from newsroom.engines.local.rules import groups, lowered
from newsroom.engines.local.sentences import Sentence, sentence_at
from newsroom.engines.local.subjects import SubjectFinder
from newsroom.engines.local.verbs import lemmatize
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
    """A quotation and who says it; `entity` is None where the text does not tell."""

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
        """Returns who heads the line: «PRESIDENTE ANA REY: ...», or the interviewee of «R: ...»."""
        people = self._people
        if not label:
            named = [e for e in people if any(strip_accents(form) in self._titular for form in e.forms())]
            return named[0] if named else max(people, key=lambda e: len(e.mentions), default=None)
        words = set(strip_accents(label).split())
        matching = [e for e in people if len(words.intersection(e.words)) >= min(2, len(e.words))]
        return max(matching, key=lambda e: len(words.intersection(e.words)), default=None)

    def _behind(self, quote: Quote) -> Entity | None:
        """Looks behind the closing mark: «..., dijo X», «..., según X», «Así lo dijo X»."""
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
        """Returns whom «según» names; of «según él», whom the pronoun means."""
        return self._subjects.pronoun(index + 1) or self._subjects.first(index + 1, stop, False)

    def _going_on(self, first: int) -> Sentence | None:
        """Returns the sentence that goes on behind a closing mark, or the next if it begins «Así lo ...»."""
        page = self._page
        if first >= len(page.tokens):
            return None
        sentence = sentence_at(page.sentences, page.tokens.starts[first])
        if sentence is None or sentence.first != first:
            return sentence
        goes_on = page.tokens.loose[first] == "asi" or is_saying(page.tokens.verbatim[first])
        return sentence if goes_on else None

    def _subject(self, verb: int, since: int, sentence: Sentence) -> Entity | None:
        """Returns the subject of a verb behind a quotation: behind it, before it, else who spoke last."""
        stop = self._clause_end(verb + 1, min(sentence.last, verb + _NEAR_VERB))
        behind = self._subjects.first(verb + 1, stop, True)
        if behind is None and self._is_unnamed(verb + 1, stop):
            return None
        return (
            behind or self._subjects.first(since, verb, True) or self._recent(self._page.tokens.starts[verb])
        )

    def _is_unnamed(self, first: int, stop: int) -> bool:
        """Returns whether somebody without a name speaks: «confesó una vez un alcalde», «dijo una vecina»."""
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
        """Returns the token where what the verb says begins: «considera que ...»."""
        words = self._page.tokens.loose
        return next((index for index in range(first, last) if words[index] in ("que", "si", "como")), last)

    def _in_front(self, quote: Quote) -> Entity | None:
        """Looks before the opening mark, in the sentence or in the one that ends with a colon before it."""
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
        """Returns who speaks in the tokens of a sentence before `stop`: by its last verb of saying."""
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
        # «Para la politóloga Ana Ruiz, “no hay favoritos”».
        colon = colon or page.tokens.loose[sentence.first] == "para"
        # «La respuesta de Juárez es: “...”»: whoever is named before the colon.
        return acting or (self._subjects.first(sentence.first, stop, False) if colon else None)

    def _is_impersonal(self, index: int) -> bool:
        """Returns whether nobody says it: «a esto se agrega», «se informó»."""
        before = self._page.tokens.loose[index - 1] if index else ""
        reflexive = lemmatize(self._page.tokens.verbatim[index].lower()) in _REFLEXIVE
        return before == "se" and not reflexive

    def _recent(self, offset: int) -> Entity | None:
        """Returns who a verb without a subject speaks of: the last speaker, else the last subject named."""
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
        """A quotation without a word about its speaker goes on with the one before it, if that is near."""
        near = paragraph - self._last_paragraph < _MAX_SILENCE
        return self._last if near else None
