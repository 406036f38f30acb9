"""Reads a text once for all stages: tokens, sentences, names, entidades, quotations, verbs."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from newsroom.engines.local.dates import DateMention, find_dates
from newsroom.engines.local.entities import Entity, fold_mentions
from newsroom.engines.local.names import Name, find_names
from newsroom.engines.local.offices import describe, offices_of
from newsroom.engines.local.quotes import Quote, find_quotes
from newsroom.language.sentences import Sentence, split_sentences
from newsroom.language.verbs import Verb, find_verbs
from newsroom.lexicon.countries import country_customs
from newsroom.numbers import NumberMention, NumberStyle, find_numbers_in, style_of
from newsroom.tokens import Tokens, tokenize

_KEPT_PAGES = 16


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of the text and the entidad that it names."""

    first: int
    last: int
    entity: Entity


class Page:
    """One text with everything that the rules read from it. It does not change after that.

    `pais` is the outlet's country. `today` is the day of publication, None if it is not known.
    """

    def __init__(self, text: str, today: date | None, pais: str) -> None:
        self.text, self.today, self.pais = text, today, pais
        self.tokens: Tokens = tokenize(text)
        self.sentences: list[Sentence] = split_sentences(self.tokens)
        self.names: list[Name] = find_names(self.tokens, self.sentences)
        self.entities: list[Entity] = fold_mentions(self.tokens, self.names)
        self.quotes: list[Quote] = find_quotes(text)
        self.mentions: list[Mention] = sorted(
            (Mention(name.first, name.last, entity) for entity in self.entities for name in entity.mentions),
            key=lambda mention: mention.first,
        )
        self._verbs: dict[int, list[Verb]] = {}
        self._dates: dict[int, list[DateMention]] = {}

    @cached_property
    def numbers(self) -> list[NumberMention]:
        """The numbers of the text, in order."""
        return find_numbers_in(self.tokens, self.style)

    @property
    def month_first(self) -> bool:
        """Whether the outlet's country writes the 7 of May as 5/7."""
        customs = country_customs(self.pais)
        return customs is not None and customs.month_first

    @cached_property
    def style(self) -> NumberStyle:
        """How the text's country writes numbers and money."""
        return style_of(self.tokens, self.pais)

    @cached_property
    def _inside_names(self) -> set[int]:
        return {index for mention in self.mentions for index in range(mention.first, mention.last)}

    @cached_property
    def descriptions(self) -> dict[str, str]:
        """The office or trade of each person, by the person's name."""
        found = ((e.name, describe(self.tokens, self.sentences, e, self.names)) for e in self.entities)
        return {name: text for name, text in found if text}

    @cached_property
    def offices(self) -> dict[int, frozenset[str]]:
        """The offices of each entidad, by its `id()`."""
        return {
            id(entity): offices_of(self.tokens, entity, self.descriptions.get(entity.name))
            for entity in self.entities
        }

    def cut(self, sentence: Sentence) -> str:
        """Returns a sentence's text."""
        return self.text[sentence.start : sentence.end]

    def verbs(self, sentence: Sentence) -> list[Verb]:
        """Returns the finite verbs of a sentence."""
        if sentence.first not in self._verbs:
            found = find_verbs(self.tokens, sentence.first, sentence.last)
            # «(UNE)» and «Digna Ruiz» are no forms of «unir» and «dignar».
            self._verbs[sentence.first] = [verb for verb in found if verb.first not in self._inside_names]
        return self._verbs[sentence.first]

    def is_ahead(self, day: date) -> bool:
        """Returns whether a day is after the day of publication. If that is not known, none is."""
        return self.today is not None and day > self.today

    def looks_ahead(self, sentence: Sentence) -> bool:
        """Returns whether the main verb of a sentence is in the future."""
        verbs = self.verbs(sentence)
        return bool(verbs) and any(verb.tense == "futuro" for verb in verbs[:3])

    def says_ahead(self, sentence: Sentence, main: Verb) -> bool:
        """Returns whether a verb of saying reports what will be: «explicó que abrirá», outside quotations."""
        reported = [verb for verb in self.verbs(sentence) if main.last < verb.first]
        that = self.tokens.loose[main.last : main.last + 1] == ["que"]
        return that and bool(reported) and reported[0].tense == "futuro"

    def dates(self, sentence: Sentence) -> list[DateMention]:
        """Returns the dates of a sentence. Their offsets are into the whole text."""
        if sentence.first not in self._dates:
            text = self.cut(sentence)
            found = find_dates(text, self.today, self.looks_ahead(sentence), self.month_first)
            self._dates[sentence.first] = [day.moved(sentence.start) for day in found]
        return self._dates[sentence.first]

    def mentions_in(self, first: int, last: int) -> list[Mention]:
        """Returns the mentions that begin among the tokens `first:last`."""
        low = bisect_left(self.mentions, first, key=lambda mention: mention.first)
        high = bisect_left(self.mentions, last, key=lambda mention: mention.first)
        return self.mentions[low:high]

    def numbers_in(self, start: int, end: int) -> list[NumberMention]:
        """Returns the numbers that begin among the characters `start:end`."""
        low = bisect_left(self.numbers, start, key=lambda number: number.offset_inicio)
        high = bisect_left(self.numbers, end, key=lambda number: number.offset_inicio)
        return self.numbers[low:high]

    def quotes_in(self, sentence: Sentence) -> list[Quote]:
        """Returns the quotations that begin in a sentence."""
        low = bisect_left(self._quote_starts, sentence.start)
        return self.quotes[low : bisect_left(self._quote_starts, sentence.end)]

    @cached_property
    def _quote_starts(self) -> list[int]:
        return [quote.start for quote in self.quotes]

    def is_quoted(self, offset: int) -> bool:
        """Returns whether a character stands inside a quotation."""
        return self.quote_at(offset) is not None

    def quote_at(self, offset: int) -> Quote | None:
        """Returns the quotation that holds a character, or None."""
        index = bisect_left(self._quote_starts, offset + 1) - 1
        inside = index >= 0 and self.quotes[index].start <= offset < self.quotes[index].end
        return self.quotes[index] if inside else None

    def token_at(self, offset: int) -> int:
        """Returns the first token that begins at or behind a character, or whose digits begin there."""
        index = bisect_left(self.tokens.starts, offset)
        inside = index > 0 and self.tokens.ends[index - 1] > offset and self.text[offset].isdecimal()
        return index - 1 if inside else index


@lru_cache(maxsize=_KEPT_PAGES)
def read_page(text: str, today: date | None, pais: str) -> Page:
    """Returns the page of a text. It is kept, so that all stages of a text share one page."""
    return Page(text, today, pais)
