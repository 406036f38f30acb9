"""Splits a `Texto` into fragments that cover it without gap or overlap, at the structure it has.

The text is first cut into small units (sections, their paragraphs, the sentences of long paragraphs). Units
are then packed into fragments: each ends at the best border between half of the budget and the whole of it,
the outermost heading first; among equals a hash of the words behind the border decides. So borders belong to
the words around them and not to a running count: after an edit the fragments before and, from the next common
border on, behind it are the same as before.
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from newsroom.documents.headings import PARAGRAPH, SENTENCE, WORD, Border, find_headings
from newsroom.documents.texto import MAX_TITLE_CHARS, Seccion, Texto

CHARS_PER_TOKEN = 3
"""What `newsroom.engines.groq_wire.estimate_tokens` reckons with."""

_ENDS = ".!?…:;"
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*|(?<=[.!?…:;»”\")])[ \t]*\n")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’»)]{0,2}\s+(?=[\"'“‘«(¿¡—–-]{0,3}[A-ZÁÉÍÓÚÜÑ0-9])")
_BLANK = re.compile(r"\s+")
_NO_END = re.compile(
    r"(?:\b(?:[A-ZÁÉÍÓÚÑ]|art|arts|núm|num|no|nro|sr|sra|dr|dra|lic|ing|gral|pág|págs|inc|etc|av|ej)\.)$",
    re.IGNORECASE,
)
_HASHED_CHARS = 80


@dataclass(frozen=True, slots=True)
class _Unit:
    """Text that is never cut again: it begins at `start`; `rank` says how good a place to cut that is."""

    start: int
    rank: int


def split_document(texto: Texto, max_tokens: int) -> list[Seccion]:
    """Returns the fragments of a document in order, each of at most `max_tokens` tokens by estimate.

    Every character belongs to exactly one fragment. A heading belongs to the text behind it. A sentence is
    cut only where it alone is longer than half of the budget.
    """
    budget = max(max_tokens * CHARS_PER_TOKEN, 2)
    headings = find_headings(texto)
    units = list(_cut_units(texto.texto, headings, budget // 2))
    spans = _pack(texto.texto, units, budget)
    paths = _Paths(headings)
    return [
        Seccion(number, start, end, paths.title(start, end), *_pages(texto, start, end))
        for number, (start, end) in enumerate(spans)
    ]


def _cut_units(words: str, headings: list[Border], limit: int) -> Iterator[_Unit]:
    """Yields units of at most `limit` characters that follow one another without a gap."""
    borders = [border for border in headings if border.offset > 0]
    starts = [0, *(border.offset for border in borders), len(words)]
    ranks = [0, *(border.rank for border in borders)]
    behind_heading_only = False
    for rank, start, end in zip(ranks, starts, starts[1:], strict=False):
        if start == end:
            continue
        # A heading that follows another without text between them is no place to cut.
        yield _Unit(start, WORD * 2 if behind_heading_only else rank)
        yield from _cut_section(words, start, end, limit)
        behind_heading_only = "\n" not in words[start:end].strip() and _is_heading(headings, start)


def _is_heading(headings: list[Border], start: int) -> bool:
    at = bisect_right(headings, start, key=lambda border: border.offset) - 1
    return at >= 0 and headings[at].offset == start and headings[at].rank < 30


def _cut_section(words: str, start: int, end: int, limit: int) -> Iterator[_Unit]:
    """Yields the units of a section but its first, which begins where it begins."""
    for first, last in _spans(_PARAGRAPH, words, start, end):
        if first > start:
            yield _Unit(first, PARAGRAPH)
        if last - first > limit:
            yield from _cut_paragraph(words, first, last, limit)


def _cut_paragraph(words: str, start: int, end: int, limit: int) -> Iterator[_Unit]:
    for first, last in _spans(_SENTENCE, words, start, end):
        if first > start:
            yield _Unit(first, SENTENCE)
        while last - first > limit:
            blanks = [match.end() for match in _BLANK.finditer(words, first + limit // 2, first + limit)]
            first = blanks[-1] if blanks and blanks[-1] < last else first + limit
            yield _Unit(first, WORD)


def _spans(border: re.Pattern[str], words: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yields the pieces of `words[start:end]`; what the pattern matches ends the piece before."""
    first = start
    for match in border.finditer(words, start, end):
        if border is _SENTENCE and _NO_END.search(words[max(first, match.start() - 12) : match.start()]):
            continue
        if match.end() < end:
            yield first, match.end()
            first = match.end()
    yield first, end


def _pack(words: str, units: list[_Unit], budget: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start, position = 0, 1
    while len(words) - start > budget:
        choices: list[tuple[tuple[int, int, bytes], int, int]] = []
        at = position
        while at < len(units) and units[at].start <= start + budget:
            unit = units[at]
            early = unit.start < start + budget // 2
            key = (1 if early else 0, unit.rank, _hash(words, unit.start) if not early else b"")
            # Too early is only taken if nothing else is there, and then as late as can be.
            choices.append(((key[0], key[1] if not early else -unit.start, key[2]), unit.start, at))
            at += 1
        _, end, chosen = min(choices)
        spans.append((start, end))
        start, position = end, chosen + 1
    if start < len(words) or not spans:
        spans.append((start, len(words)))
    return spans


def _hash(words: str, start: int) -> bytes:
    return hashlib.blake2b(words[start : start + _HASHED_CHARS].encode(), digest_size=8).digest()


class _Paths:
    """The titles above each place of a document."""

    def __init__(self, headings: list[Border]) -> None:
        self._starts = [border.offset for border in headings]
        self._paths: list[tuple[str, ...]] = []
        above: list[Border] = []
        for border in headings:
            above = [*(outer for outer in above if outer.rank < border.rank), border]
            self._paths.append(tuple(outer.title for outer in above if outer.title))

    def title(self, start: int, end: int) -> str | None:
        """Returns the path of titles of a fragment: what its sections share, then the first and the last."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end - 1) - 1
        if first < 0:
            first = 0 if last >= 0 else -1
        if first < 0:
            return None
        one, other = self._paths[first], self._paths[last]
        if first != last and self._is_only_heading(first, last, one, other):
            one = other
        shared = [a for a, b in zip(one, other, strict=False) if a == b]
        title = " · ".join(shared)
        if one != other:
            own, others = one[len(shared) :] or one[-1:], other[len(shared) :] or other[-1:]
            ends = f"{' · '.join(own)} – {' · '.join(others)}"
            title = f"{title} · {ends}" if title else ends
        return title[:MAX_TITLE_CHARS] or None

    def _is_only_heading(self, first: int, last: int, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        """Tells whether the first heading only opens the path of the last: «TÍTULO I», «Artículo 1»."""
        return last - first == len(other) - len(one) and other[: len(one)] == one


def _pages(texto: Texto, start: int, end: int) -> tuple[int | None, int | None]:
    if not texto.pages:
        return None, None
    first = bisect_right(texto.pages, start, key=lambda page: page.offset_inicio) - 1
    last = bisect_right(texto.pages, end - 1, key=lambda page: page.offset_inicio) - 1
    return texto.pages[max(first, 0)].number, texto.pages[max(last, 0)].number
