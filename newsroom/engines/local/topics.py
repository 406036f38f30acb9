"""Measures by weighted words how much of a text is sport, advertising, public affairs and so on."""

import re
from functools import cache

from newsroom.lexicon.tables import split_items, table
from newsroom.tokens import strip_accents

Weights = dict[tuple[str, ...], float]
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 4


def _read(text: str) -> Weights:
    found: Weights = {}
    for item in split_items(text):
        words, _, weight = item.rpartition(" ")
        found[tuple(_WORD.findall(strip_accents(words)))] = float(weight)
    return found


@cache
def exclusions() -> dict[str, Weights]:
    """Returns the words of each topic that the newsroom does not cover."""
    return {str(topic): _read(text) for topic, text in table("temas")["exclusiones"].items()}


@cache
def public_affairs() -> Weights:
    """Returns the words of public affairs. They count against the excluded topics."""
    return _read(table("temas")["publico"])


@cache
def themes() -> dict[str, Weights]:
    """Returns the words of the six themes that the newsroom follows."""
    return {str(theme): _read(text) for theme, text in table("temas")["temas"].items()}


@cache
def section_hint(section: str) -> str | None:
    """Returns the topic that a section's name suggests, or `publico`; None if it suggests nothing."""
    folded = strip_accents(section).strip()
    hints: dict[str, str] = table("temas")["secciones"]
    return hints.get(folded) or next((hint for name, hint in hints.items() if name in folded.split()), None)


@cache
def genre_marks() -> dict[str, tuple[str, ...]]:
    """Returns the folded phrases that mark each genre."""
    return {
        str(genre): tuple(strip_accents(mark) for mark in split_items(text))
        for genre, text in table("temas")["genero"].items()
    }


class WordCount:
    """How often each run of up to four words occurs in a text."""

    def __init__(self, words: list[str]) -> None:
        self.total = max(1, len(words))
        self._counts: dict[tuple[str, ...], int] = {}
        for size in range(1, _LONGEST + 1):
            for index in range(len(words) - size + 1):
                run = tuple(words[index : index + size])
                self._counts[run] = self._counts.get(run, 0) + 1

    def weigh(self, weights: Weights) -> float:
        """Returns the weight of a topic per 100 words. A word counts four times at most."""
        total = sum(weight * min(4, self._counts.get(run, 0)) for run, weight in weights.items())
        return 100 * total / (self.total + 60)

    def distinct(self, weights: Weights) -> int:
        """Returns how many different words of a topic occur."""
        return sum(1 for run, weight in weights.items() if weight and run in self._counts)
