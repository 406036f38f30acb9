"""Finds the passage that proves a statement, even if a few words of it differ. The work is bounded.

A passage that differs from the text in a figure, a negation or a proper name is another statement, however
similar the two are. Such a match is refused.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from newsroom.grounding.keys import TokenKey, distance
from newsroom.numbers.number_words import NUMBER_WORDS
from newsroom.tokens import Span, Tokens

MIN_SCORE = 0.86
"""The least similarity between a passage and the words of the text (Indel over characters, 0 to 1)."""
MIN_WORDS, MAX_WORDS = 5, 250
"""Similarity proves nothing for shorter passages. Longer ones would make the work unbounded."""
_ANCHORS, _POSITIONS, _WINDOWS, _SLACK = 8, 400, 4, 3
_NEGATIONS = frozenset(
    ("no", "ni", "nunca", "jamas", "tampoco", "sin", "nadie", "nada", "ningun", "ninguna", "ninguno")
)


@dataclass(frozen=True, slots=True)
class _Passage:
    words: list[str]
    """The words in loose spelling, without punctuation."""
    figures: frozenset[str]
    names: frozenset[str]
    negations: int


class PassageIndex:
    """The places of each word of a text. It is built once, in linear time."""

    def __init__(self, tokens: Tokens, key: TokenKey) -> None:
        self._tokens = tokens
        self._key = key
        self._positions: dict[str, list[int]] = defaultdict(list)
        for position, word in enumerate(key.words):
            self._positions[word].append(position)

    def find(self, pasaje: Tokens, near: Span | None) -> Span | None:
        """Returns the place of the words that `pasaje` copies, in loose spelling or nearly, or None."""
        passage = _read(pasaje)
        if not any(any(c.isalpha() for c in word) for word in passage.words):
            return None
        match = self._key.find(passage.words, near)
        if match:
            return self._tokens.span(*match)
        if not MIN_WORDS <= len(passage.words) <= MAX_WORDS:
            return None
        best: tuple[float, int, Span] | None = None
        for start in self._window_starts(passage.words, near):
            scored = self._score_window(passage, start)
            if scored:
                span = self._tokens.span(self._key.firsts[scored[1]], self._key.lasts[scored[2] - 1])
                rank = (scored[0], -distance(span, near)[0] if near else 0, span)
                best = max(best, rank) if best else rank
        return best[2] if best else None

    def _window_starts(self, words: Sequence[str], near: Span | None) -> Iterator[int]:
        """Yields the few places where the rarest words of the passage stand at their right distances."""
        width = max(4, len(words) // 2)
        votes: Counter[int] = Counter()
        for word, index in self._anchors(words):
            for position in self._nearest(self._positions[word], near):
                bucket = (position - index) // width
                votes[bucket] += 1
                votes[bucket + 1] += 1
        for bucket, _ in votes.most_common(_WINDOWS):
            yield (bucket - 1) * width

    def _anchors(self, words: Sequence[str]) -> list[tuple[str, int]]:
        places = {word: index for index, word in enumerate(words) if word in self._positions}
        rare_first = sorted(places, key=lambda word: (len(self._positions[word]), -len(word)))
        return [(word, places[word]) for word in rare_first[:_ANCHORS]]

    def _nearest(self, positions: list[int], near: Span | None) -> list[int]:
        if len(positions) <= _POSITIONS:
            return positions
        if near is None:
            return positions[:_POSITIONS]
        starts, firsts = self._tokens.starts, self._key.firsts
        return sorted(positions, key=lambda p: abs(starts[firsts[p]] - near.offset_inicio))[:_POSITIONS]

    def _score_window(self, passage: _Passage, start: int) -> tuple[float, int, int] | None:
        """Returns score, first word and end word (half-open) of the best match in a window, or None."""
        size = len(passage.words)
        low = max(0, start - _SLACK)
        window = self._key.words[low : max(0, start) + 2 * max(4, size // 2) + size + _SLACK]
        found = fuzz.partial_ratio_alignment(passage.words, window, score_cutoff=40)
        if found is None:
            return None
        score, first, end = _refine(passage.words, window, found.dest_start, found.dest_end)
        if score < MIN_SCORE or not _says_the_same(passage, window[first:end]):
            return None
        return score, low + first, low + end


def _refine(words: Sequence[str], window: Sequence[str], first: int, end: int) -> tuple[float, int, int]:
    """Returns the match with both ends moved by a few words to where the similarity is greatest."""
    target = " ".join(words)
    firsts = range(max(0, first - _SLACK), min(first + _SLACK + 1, len(window)))
    best = (0.0, first, end)
    for candidate in firsts:
        score = Indel.normalized_similarity(target, " ".join(window[candidate:end]))
        best = max(best, (score, candidate, end))
    score, first, end = best
    for candidate in range(max(first + 1, end - _SLACK), min(end + _SLACK, len(window)) + 1):
        score = Indel.normalized_similarity(target, " ".join(window[first:candidate]))
        best = max(best, (score, first, candidate))
    return best


def _read(pasaje: Tokens) -> _Passage:
    order = [index for index in range(len(pasaje)) if pasaje.is_word(index)]
    words = [pasaje.loose[index] for index in order]
    names = frozenset(
        pasaje.loose[index]
        for index in order[1:]
        if pasaje.verbatim[index][0].isupper() and len(pasaje.loose[index]) > 2
    )
    return _Passage(words, _figures(words), names, _count_negations(words))


def _figures(words: Sequence[str]) -> frozenset[str]:
    return frozenset(word for word in words if word[0].isdecimal() or word in NUMBER_WORDS)


def _count_negations(words: Sequence[str]) -> int:
    return sum(word in _NEGATIONS for word in words)


def _says_the_same(passage: _Passage, words: Sequence[str]) -> bool:
    present = frozenset(words)
    return (
        _figures(words) == passage.figures
        and passage.names <= present
        and _count_negations(words) == passage.negations
    )
