"""Who says a quotation: the subject of the verb of saying beside it, «según X», «X:», or who spoke last."""

from dataclasses import dataclass

from newsroom.engines.local.entities import Entity
from newsroom.engines.local.lexicon import singular
from newsroom.engines.local.page import Mention, Page
from newsroom.engines.local.quotes import Quote, is_saying
from newsroom.engines.local.rules import folded, lowered
from newsroom.engines.local.sentences import Sentence, sentence_at
from newsroom.models.vocabulario import TipoEntidad
from newsroom.tokens import strip_accents

_SPEAKING = frozenset((TipoEntidad.PERSONA, TipoEntidad.ORGANIZACION, TipoEntidad.INSTITUCION))
_PREPOSITIONS = folded("lengua", "preposiciones")
_HEADS_OF_STATE = frozenset(
    ["mandatario", "mandataria", "presidente", "presidenta", "jefe", "canciller", "primer", "premier"]
)
_AFTER_TOKENS = 26
_MAX_SILENCE = 2


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
        self._last: Entity | None = None
        self._last_paragraph = -2

    def attribute(self, quote: Quote) -> Attribution:
        page = self._page
        sentence = sentence_at(page.sentences, quote.start)
        paragraph = sentence.paragraph if sentence is not None else 0
        entity: Entity | None
        if quote.label is not None:
            entity = self._labelled(quote.label)
        elif quote.continues and self._last is not None:
            entity = self._last
        else:
            entity = self._behind(quote) or self._in_front(quote) or self._silent(quote, paragraph)
        if entity is not None:
            self._last, self._last_paragraph = entity, paragraph
        return Attribution(quote, entity)

    def _labelled(self, label: str) -> Entity | None:
        if not label:
            return self._interviewee()
        words = set(strip_accents(label).split())
        people = [e for e in self._page.entities if e.tipo is TipoEntidad.PERSONA]
        return max(
            (e for e in people if len(words.intersection(e.words)) >= min(2, len(e.words))),
            key=lambda e: len(words.intersection(e.words)),
            default=None,
        )

    def _interviewee(self) -> Entity | None:
        people = [e for e in self._page.entities if e.tipo is TipoEntidad.PERSONA]
        named = [e for e in people if any(strip_accents(form) in self._titular for form in e.forms())]
        return named[0] if named else max(people, key=lambda e: len(e.mentions), default=None)

    def _behind(self, quote: Quote) -> Entity | None:
        """Looks behind the closing mark: «..., dijo X», «..., según X», «Así lo dijo X»."""
        page = self._page
        first = page.token_at(quote.end)
        sentence = self._clause(first)
        if sentence is None:
            return None
        last = min(sentence.last, first + _AFTER_TOKENS)
        for index in range(first, last):
            word = page.tokens.verbatim[index].lower()
            if page.is_quoted(page.tokens.starts[index]):
                return None
            if is_saying(word):
                return self._subject(index, sentence, first)
            if word in ("según", "palabras", "juicio"):
                return self._first_speaker(index + 1, sentence.last, False)
            if index - first > 7:
                break
        return None

    def _clause(self, first: int) -> Sentence | None:
        """Returns the sentence that goes on behind a closing mark, or the next one if it begins «Así lo ...»."""
        page = self._page
        while first < len(page.tokens) and page.tokens.verbatim[first] in ('"', ",", ".", "...", ")"):
            first += 1
        if first >= len(page.tokens):
            return None
        sentence = sentence_at(page.sentences, page.tokens.starts[first])
        if sentence is None:
            return None
        begins = sentence.first == first
        return (
            sentence
            if not begins or page.tokens.loose[first] == "asi" or is_saying(page.tokens.verbatim[first])
            else None
        )

    def _subject(self, verb: int, sentence: Sentence, since: int) -> Entity | None:
        """Returns the subject of a verb of saying: behind it, else before it, else who spoke last."""
        behind = self._first_speaker(verb + 1, min(sentence.last, verb + 14), True)
        if behind is not None:
            return behind
        before = self._first_speaker(since, verb, True)
        return before or self._recent(self._page.tokens.starts[verb])

    def _in_front(self, quote: Quote) -> Entity | None:
        """Looks before the opening mark, in the sentence or in the one that ends with a colon before it."""
        page = self._page
        opening = page.token_at(quote.start) - 1
        sentence = sentence_at(page.sentences, quote.start)
        if sentence is None or opening < 0:
            return None
        if (
            opening <= sentence.first
            and sentence.first > 0
            and page.tokens.verbatim[sentence.first - 1] == ":"
        ):
            previous = sentence_at(page.sentences, page.tokens.starts[sentence.first - 1])
            return None if previous is None else self._speaker_of(previous, previous.last)
        if opening <= sentence.first:
            return None
        return self._speaker_of(sentence, opening)

    def _speaker_of(self, sentence: Sentence, stop: int) -> Entity | None:
        """Returns who speaks in the tokens of a sentence before `stop`."""
        page = self._page
        for index in range(stop - 1, sentence.first - 1, -1):
            word = page.tokens.verbatim[index].lower()
            if page.is_quoted(page.tokens.starts[index]):
                continue
            if word == "según":
                return self._first_speaker(index + 1, stop, False)
            if is_saying(word):
                behind = self._first_speaker(index + 1, stop, True)
                before = self._first_speaker(sentence.first, index, True)
                return (
                    behind
                    or before
                    or self._office(sentence.first, index)
                    or self._recent(page.tokens.starts[index])
                )
        return self._first_speaker(sentence.first, stop, True)

    def _first_speaker(self, first: int, last: int, as_subject: bool) -> Entity | None:
        """Returns the first who can speak among the tokens: a name, or an office that stands for one."""
        page = self._page
        named = next(
            (
                mention
                for mention in page.mentions_in(first, last)
                if mention.entity.tipo in _SPEAKING
                and not page.is_quoted(page.tokens.starts[mention.first])
                and not (as_subject and self._is_complement(mention))
            ),
            None,
        )
        office = self._office(first, named.first if named is not None else last)
        if office is not None and (named is None or not self._has_office(named)):
            return office
        return named.entity if named is not None else None

    def _has_office(self, mention: Mention) -> bool:
        return any(
            name.first == mention.first and name.office is not None for name in mention.entity.mentions
        )

    def _is_complement(self, mention: Mention) -> bool:
        index = mention.first - 1
        for name in mention.entity.mentions:
            if name.first == mention.first and name.office is not None:
                index = name.office - 1
        while index > 0 and self._page.tokens.loose[index] in ("el", "la", "los", "las", "su"):
            index -= 1
        return index >= 0 and self._page.tokens.loose[index] in _PREPOSITIONS

    def _office(self, first: int, last: int) -> Entity | None:
        """Resolves «el mandatario», «la ministra» to the last person before who holds that office."""
        page = self._page
        for index in range(first, min(last, len(page.tokens))):
            word = page.tokens.verbatim[index].lower()
            if (
                word in lowered("personas", "referencias")
                and index
                and page.tokens.loose[index - 1] in ("el", "la")
            ):
                if index > 1 and page.tokens.loose[index - 2] in _PREPOSITIONS:
                    continue
                return self._holder(singular(word), page.tokens.starts[index])
        return None

    def _holder(self, office: str, offset: int) -> Entity | None:
        wanted = _HEADS_OF_STATE if office in ("mandatario", "mandataria") else {office}
        page = self._page
        before = [
            m
            for m in page.mentions
            if page.tokens.starts[m.first] < offset and m.entity.tipo is TipoEntidad.PERSONA
        ]
        for mention in reversed(before):
            if wanted & page.offices[id(mention.entity)]:
                return mention.entity
        return None

    def _recent(self, offset: int) -> Entity | None:
        """Returns the last person named before, outside quotations, who is not only talked about."""
        page = self._page
        sentence = sentence_at(page.sentences, offset)
        if sentence is None:
            return None
        if self._last is not None and sentence.paragraph - self._last_paragraph <= 1:
            return self._last
        stop = page.token_at(offset)
        for mention in reversed(page.mentions_in(max(0, stop - 150), stop)):
            if mention.entity.tipo is TipoEntidad.PERSONA and not page.is_quoted(
                page.tokens.starts[mention.first]
            ):
                return mention.entity
        return None

    def _silent(self, quote: Quote, paragraph: int) -> Entity | None:
        """A quotation without a word about its speaker goes on with the one before it, if that is near."""
        if self._last is not None and paragraph - self._last_paragraph < _MAX_SILENCE:
            return self._last
        return None
