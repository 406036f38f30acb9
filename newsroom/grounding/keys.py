"""Searches for tokens at the speed of a substring search.

The tokens are joined by spaces, and no token contains one. So a plain `str.find` of the joined words can
match whole tokens only. It never finds a candidate that must be refused, and the search stays linear on
hostile text.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from newsroom.tokens import Span, Tokens

Entry = tuple[str, int, int]
"""A word to match, and the first and last token that it stands for."""


class TokenKey:
    """A text's tokens in one folded form, built once and searched often."""

    def __init__(self, tokens: Tokens, entries: Iterable[Entry]) -> None:
        kept = [entry for entry in entries if entry[0]]
        self.words: list[str] = [entry[0] for entry in kept]
        self.firsts: list[int] = [entry[1] for entry in kept]
        self.lasts: list[int] = [entry[2] for entry in kept]
        self._tokens = tokens
        self._joined = f" {' '.join(self.words)} "
        # The place in the joined string of the space in front of each entry.
        self._at: list[int] = list(accumulate((len(word) + 1 for word in self.words), initial=0))

    @cached_property
    def _reversed(self) -> str:
        return self._joined[::-1]

    def find(self, words: Sequence[str], near: Span | None = None) -> tuple[int, int] | None:
        """Returns first and last token of the first occurrence of `words`, or of the nearest to `near`."""
        if not words:
            return None
        needle = f" {' '.join(words)} "
        if near is None:
            return self._matched(self._joined.find(needle), len(words))
        entry = bisect_left(self.firsts, bisect_left(self._tokens.starts, near.offset_inicio))
        turn = self._at[entry]
        after = self._matched(self._joined.find(needle, turn), len(words))
        # The string is reversed because str.rfind can be quadratic and str.find is not.
        size = len(self._joined)
        back = self._reversed.find(needle[::-1], max(0, size - turn - len(needle) + 1))
        before = self._matched(size - back - len(needle) if back >= 0 else -1, len(words))
        return min((m for m in (before, after) if m), key=lambda m: self._distance(m, near), default=None)

    def find_all(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yields first and last token of every occurrence that does not overlap the one before."""
        if not words:
            return
        needle = f" {' '.join(words)} "
        position = self._joined.find(needle)
        while position >= 0:
            match = self._matched(position, len(words))
            if match:
                yield match
            position = self._joined.find(needle, position + len(needle) - 1)

    def _matched(self, position: int, count: int) -> tuple[int, int] | None:
        if position < 0:
            return None
        entry = bisect_left(self._at, position)
        return self.firsts[entry], self.lasts[entry + count - 1]

    def _distance(self, match: tuple[int, int], near: Span) -> tuple[int, int]:
        return distance(self._tokens.span(*match), near)


def distance(span: Span, near: Span) -> tuple[int, int]:
    """Returns the number of characters between two spans (0 if they overlap), and between their starts."""
    gap = max(span.offset_inicio - near.offset_fin, near.offset_inicio - span.offset_fin, 0)
    return gap, abs(span.offset_inicio - near.offset_inicio)


def verbatim_entries(tokens: Tokens) -> Iterator[Entry]:
    """Yields every token with its case and punctuation."""
    return ((word, index, index) for index, word in enumerate(tokens.verbatim))


def bare_entries(tokens: Tokens) -> Iterator[Entry]:
    """Yields the tokens without quotation marks, and a word with hyphens inside as one word.

    Two copies of one sentence can have the same words and differ in quotation marks and hyphens. That happens
    if a quotation stands within a quotation, or if a line ends inside a compound ("político-" / "social").
    """
    words = tokens.verbatim
    index, size = 0, len(words)
    while index < size:
        first, word = index, words[index]
        while _hyphen_joins(tokens, index):
            index += 2
            word += words[index]
        if word != '"':
            yield word, first, index
        index += 1


def _hyphen_joins(tokens: Tokens, index: int) -> bool:
    """Returns whether the word at `index` continues behind a hyphen: "a-b", or "a- b" with a small letter."""
    hyphen, rest = index + 1, index + 2
    if rest >= len(tokens) or tokens.verbatim[hyphen] != "-" or not tokens.touches(hyphen):
        return False
    if not (tokens.has_letter(index) and tokens.has_letter(rest)):
        return False
    return tokens.touches(rest) or tokens.verbatim[rest][0].islower()


def name_entries(tokens: Tokens) -> Iterator[Entry]:
    """Yields the tokens in loose spelling, without quotation marks (Joaquín "El Chapo" Guzmán)."""
    return ((word, index, index) for index, word in enumerate(tokens.loose) if word != '"')


def word_entries(tokens: Tokens) -> Iterator[Entry]:
    """Yields words and figures only, in loose spelling."""
    return ((word, index, index) for index, word in enumerate(tokens.loose) if tokens.is_word(index))
