"""Finds the speaker of a quotation: the subject of a verb of saying, «según X», «X:», or the last who spoke.

A name near a quotation is no speaker. Without words that attribute the quotation the speaker is None, and
also if somebody without a name speaks. Who spoke is remembered for a verb without subject («ha subrayado»).
"""

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cached_property

from newsroom.engines.local.entities import Entity
from newsroom.engines.local.page import Page
from newsroom.engines.local.quotes import Quote
from newsroom.engines.local.subjects import SubjectFinder, Who
from newsroom.language.lists import folded, lowered
from newsroom.language.sentences import Sentence, sentence_at
from newsroom.language.verbs import is_saying, lemmatize, may_say, read_participle
from newsroom.language.word_classes import is_office
from newsroom.models.vocabulario import TipoEntidad
from newsroom.tokens import strip_accents

_AFTER_TOKENS = 60
_NEAR_VERB = 24
_LATEST_VERB = 7
_MAX_SILENCE = 3
_MAX_PEOPLE = 60
_ACCORDING = (("acuerdo", "con"), ("palabras", "de"), ("juicio", "de"), ("opinion", "de"), ("criterio", "de"))
_CLOSING = ('"', ",", ".", "...", ")", "-")
_LONGEST_REMATE = 3


@dataclass(frozen=True, slots=True)
class Attribution:
    """A quotation and its speaker. `entity` is None if the text does not say who speaks."""

    quote: Quote
    entity: Entity | None


@dataclass(frozen=True, slots=True)
class _Voice:
    """Who speaks at a token. `paragraph` is that of the words that say so."""

    at: int
    who: Who
    paragraph: int


def attribute_quotes(page: Page, titular: str = "") -> list[Attribution]:
    """Returns every quotation of a page with its speaker."""
    attributor = _Attributor(page, titular)
    found: list[Attribution] = []
    silent: list[int] = []
    for quote in page.quotes:
        who = attributor.attribute(quote)
        if who is None:
            silent.append(len(found))
        found.append(Attribution(quote, who.entity if who is not None else None))
    for place in reversed(silent):
        # «A». «B», dijo Ana: she said both.
        if place + 1 < len(found) and attributor.are_joined(found[place].quote, found[place + 1].quote):
            found[place] = replace(found[place], entity=found[place + 1].entity)
    return found


class _Attributor:
    """Goes through the quotations in order and remembers who spoke last, and in which paragraph."""

    def __init__(self, page: Page, titular: str) -> None:
        self._page, self._titular = page, strip_accents(titular)
        self._subjects = SubjectFinder(page)
        people = [entity for entity in page.entities if entity.tipo is TipoEntidad.PERSONA]
        self._people = sorted(people, key=lambda entity: -len(entity.mentions))[:_MAX_PEOPLE]
        self._quoted: list[_Voice] = []

    def attribute(self, quote: Quote) -> Who | None:
        """Returns who says a quotation, None if the text is silent about it."""
        start = self._page.token_at(quote.start)
        sentence = sentence_at(self._page.sentences, quote.start)
        paragraph = sentence.paragraph if sentence is not None else 0
        if quote.label is not None:
            who: Who | None = Who(self._labelled(quote.label))
        elif quote.continues and self._quoted:
            who = self._quoted[-1].who
        else:
            who = self._behind(quote) or self._in_front(quote) or self._silent(quote, sentence)
        if who is not None:
            self._quoted.append(_Voice(start, who, paragraph))
        return who

    def are_joined(self, one: Quote, other: Quote) -> bool:
        """Returns whether only marks stand between two quotations, or the second goes on with the first."""
        between = self._page.text[one.end : other.start]
        return not any(char.isalnum() for char in between)

    def _labelled(self, label: str) -> Entity | None:
        """Returns the speaker named at the head of the line: «PRESIDENTE ANA REY: ...».

        For «R: ...» it is the person who is interviewed.
        """
        people = self._people
        if not label:
            named = [e for e in people if any(strip_accents(form) in self._titular for form in e.forms())]
            return named[0] if named else max(people, key=lambda e: len(e.mentions), default=None)
        words = set(strip_accents(label).replace(".", " ").replace(",", " ").split())
        matching = [
            e
            for e in people
            if len(words.intersection(e.words)) >= min(2, len(e.words)) or words <= set(e.words)
        ]
        return max(matching, key=lambda e: len(words.intersection(e.words)), default=None)

    def _behind(self, quote: Quote) -> Who | None:
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
            if seen > _LATEST_VERB or (page.tokens.loose[index] == "que" and index > first):
                return None
            if self._says(index, True) or (index == first and word in lowered("verbos", "decir_tras_cita")):
                return self._speaker_at(index, first, sentence, quote)
            if self._is_according(index):
                return self._according(index, sentence.last)
        return None

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
        opening = page.tokens.loose[first : first + _LONGEST_REMATE]
        remate = any(" ".join(opening[:size]) in folded("lengua", "remates") for size in (1, 2, 3))
        small = page.tokens.verbatim[first].islower()
        return sentence if remate or small or is_saying(page.tokens.verbatim[first]) else None

    def _speaker_at(self, verb: int, since: int, sentence: Sentence, quote: Quote) -> Who | None:
        """Returns the subject of a verb after a quotation: behind it, between, or whom it carries on."""
        between = self._subjects.behind(since, verb)
        behind = self._subjects.behind(verb + 1, min(sentence.last, verb + _NEAR_VERB))
        if between is not None and between.entity is None:
            between = None
        return behind or between or self._in_front(quote) or self._recent(self._page.token_at(quote.start))

    def _according(self, index: int, stop: int) -> Who | None:
        """Returns whom «según» names. For «según él» it is the one that the pronoun means."""
        entity = self._subjects.pronoun(index + 1)
        begin = index + 1 if self._page.tokens.loose[index] == "segun" else index + 2
        if entity is not None:
            return Who(entity)
        found = self._subjects.behind(begin, stop)
        return found or Who(self._subjects.named(begin, min(stop, begin + _NEAR_VERB), False))

    def _says(self, index: int, beside: bool) -> bool:
        """Returns whether a verb of saying with a speaker stands here, outside quotations."""
        page = self._page
        word = page.tokens.verbatim[index]
        before = page.tokens.loose[index - 1] if index else ""
        if before in lowered("lengua", "haber"):
            # «Ha subrayado» is a form of «subrayar».
            word = read_participle(word.lower()) or word
        saying = may_say(word) if beside else is_saying(word)
        if not saying or page.is_quoted(page.tokens.starts[index]) or is_office(word.lower()):
            return False
        # «A esto se agrega» and «se informó» have no speaker.
        return before != "se" or lemmatize(word.lower()) in lowered("verbos", "decir_con_se")

    def _is_according(self, index: int) -> bool:
        """Returns whether «según», «de acuerdo con», «a juicio de» stands here."""
        words = self._page.tokens.loose[index : index + 2]
        return words[0] == "segun" or tuple(words) in _ACCORDING

    def _in_front(self, quote: Quote) -> Who | None:
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

    def _speaker_of(self, sentence: Sentence, stop: int) -> Who | None:
        """Returns the subject of the last verb of saying in a sentence before `stop`, or None."""
        page = self._page
        for index in range(stop - 1, sentence.first - 1, -1):
            if self._is_according(index) and not page.is_quoted(page.tokens.starts[index]):
                return self._according(index, stop)
            if self._says(index, True):
                who = self._subjects.ahead(sentence, index) or self._subjects.behind(index + 1, stop)
                return who or self._recent(index)
        colon = stop > sentence.first and page.tokens.verbatim[stop - 1] == ":"
        # A «para» at the beginning names the speaker: «Para la politóloga Ana Ruiz, “no hay favoritos”».
        if not colon and page.tokens.loose[sentence.first] != "para":
            return None
        who = self._subjects.behind(sentence.first, stop)
        if who is None or who.entity is None:
            # Without another verb any name may be the speaker: «La respuesta de Juárez es: “...”».
            acts = any(verb.lemma != "ser" and verb.first < stop for verb in page.verbs(sentence))
            who = None if acts else Who(self._subjects.named(sentence.first, stop, False))
        return who

    @cached_property
    def _voices(self) -> list[_Voice]:
        """Who speaks at each verb of saying that names its subject, also without quotation marks."""
        found: list[_Voice] = []
        for sentence in self._page.sentences:
            for index in range(sentence.first, sentence.last):
                if not self._says(index, False):
                    continue
                who = self._subjects.ahead(sentence, index) or self._subjects.behind(
                    index + 1, min(sentence.last, index + _NEAR_VERB)
                )
                if who is not None:
                    found.append(_Voice(index, who, sentence.paragraph))
        return found

    def _recent(self, index: int) -> Who | None:
        """Returns whom a verb without a subject at a token means: the last who spoke, or who acted since."""
        sentence = sentence_at(self._page.sentences, self._page.tokens.starts[index])
        paragraph = sentence.paragraph if sentence is not None else 0
        low = bisect_left(self._voices, index, key=lambda voice: voice.at)
        said = [*self._voices[max(0, low - 1) : low], *self._quoted[-1:]]
        last = max(said, key=lambda voice: voice.at, default=None)
        topic = self._topic(index, last.at if last is not None else -1)
        if topic is not None:
            return topic
        near = last is not None and paragraph - last.paragraph <= _MAX_SILENCE
        return last.who if near and last is not None else None

    def _topic(self, index: int, since: int) -> Who | None:
        """Returns the person whom the sentence before is about, if it stands behind the last speech."""
        page = self._page
        here = sentence_at(page.sentences, page.tokens.starts[index])
        if here is None or not here.first:
            return None
        before = sentence_at(page.sentences, page.tokens.starts[here.first - 1])
        if before is None or before.first <= since:
            return None
        who = self._subjects.behind(before.first, before.last) or Who(
            self._subjects.named(before.first, before.last)
        )
        person = who is not None and who.entity is not None and who.entity.tipo is TipoEntidad.PERSONA
        return who if person else None

    def _silent(self, quote: Quote, sentence: Sentence | None) -> Who | None:
        """Returns the last who spoke, if it is near, for a quotation that is a whole sentence."""
        page = self._page
        if sentence is None or not self._quoted:
            return None
        around = (
            page.text[sentence.start : quote.start] + page.text[min(quote.end, sentence.end) : sentence.end]
        )
        last = self._quoted[-1]
        near = sentence.paragraph - last.paragraph < 2
        return last.who if near and not any(char.isalnum() for char in around) else None
