"""Splits a `Texto` along its structure into fragments that cover it without gap or overlap.

A document is a row of sections (a heading and its text), nested by their headings. What fits into one
fragment stays together: a whole title, else a whole chapter, else neighbouring articles of one chapter. A
single section that is too long is cut between paragraphs, else between sentences.

No cut depends on a running count. It stands at a border of the structure, or a hash of the words behind it
chooses it. So an edit changes the fragments around it and leaves the others as they were, character by
character.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from newsroom.documents.cutting import Cutter, priority
from newsroom.documents.headings import Border, find_headings, find_paths
from newsroom.documents.texto import BLANKS, MAX_TITLE_CHARS, Seccion, Texto

CHARS_PER_TOKEN = 3
"""The same number as in `newsroom.engines.groq.wire.estimate_tokens`."""

_CRUMBS = 4
Path = tuple[str, ...]


class _Piece(NamedTuple):
    """A fragment: it begins at `start`, its readable text is `first` to `last`, and it has these sections."""

    start: int
    first: int
    last: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class _Section:
    """What always stays together: headings that follow one another, and the text behind the last.

    It begins at `start`. Its readable text, without the blanks around it, is `first` to `last` (half-open).
    The headings reach up to `body`. `depth` is that of its outermost heading, `path` that of its text.
    """

    start: int
    first: int
    body: int
    last: int
    depth: int
    path: Path


def split_document(texto: Texto, max_tokens: int) -> list[Seccion]:
    """Returns the fragments of a document in order. Every character belongs to exactly one.

    The readable text of a fragment (without the blanks at its ends) is at most `max_tokens` estimated tokens
    long, and never empty. A heading belongs to the text behind it. A sentence is cut only if it alone is
    longer than a fragment. An empty text has no fragments. The time is linear in the text's length.

    Raises:
        ValueError: `max_tokens` is less than 1.
    """
    if max_tokens < 1:
        raise ValueError(f"max_tokens must be at least 1, not {max_tokens}")
    text = texto.texto
    if not text:
        return []
    budget = max_tokens * CHARS_PER_TOKEN
    sections = list(_find_sections(texto, budget))
    pieces = _join_crumbs(_Packer(texto, sections, budget).pack(0, len(sections)), budget)
    ends = [piece.start for piece in pieces[1:]] + [len(text)]
    return [
        Seccion(
            number, piece.start, end, _name(sections[piece.begin : piece.end]), *_find_pages(texto, piece)
        )
        for number, (piece, end) in enumerate(zip(pieces, ends, strict=True))
    ]


def _find_sections(texto: Texto, budget: int) -> Iterator[_Section]:
    text = texto.texto
    borders = find_headings(texto)
    paths = find_paths(borders)
    starts = [border.offset for border in borders] + [len(text)]
    start, depth = 0, 0
    before = _measure(text, 0, starts[0])
    if borders and before[1] > before[0]:
        yield _Section(0, before[0], 0, before[1], 0, ())
        start = borders[0].offset
    elif not borders:
        yield _Section(0, before[0], 0, max(before), 0, ())
    pending: Border | None = None
    for number, border in enumerate(borders):
        depth = len(paths[number]) if pending is None else min(depth, len(paths[number]))
        following = starts[number + 1]
        first, last = _measure(text, start, following)
        pending = pending or border
        # A heading without its own text belongs to what follows, unless headings alone fill a fragment.
        alone = not text[border.end : following].strip(BLANKS + "*_#>|-")
        if alone and following < len(text) and last - first <= budget // 2:
            continue
        yield _Section(start, first, border.end, last, depth, paths[number])
        start, pending = following, None


def _measure(text: str, start: int, end: int) -> tuple[int, int]:
    """Returns where the readable text of `text[start:end]` begins and ends."""
    part = text[start:end]
    return end - len(part.lstrip(BLANKS)), start + len(part.rstrip(BLANKS))


class _Packer:
    """Puts sections together into pieces that fit the budget, in characters."""

    def __init__(self, texto: Texto, sections: list[_Section], budget: int) -> None:
        self._text = texto.texto
        self._sections = sections
        self._budget = budget
        self._cutter = Cutter(texto.texto, texto.pages)

    def pack(self, first: int, last: int) -> Iterator[_Piece]:
        """Yields the pieces of the sections `first..last` (half-open).

        They are grouped by their outermost headings. A group that fits is packed with its neighbours. One
        that does not fit is packed on its own, by the headings within it.
        """
        small: list[tuple[int, int]] = []
        for begin, end in self._groups(first, last):
            if self._length(begin, end) <= self._budget:
                small.append((begin, end))
                continue
            yield from self._pack_run(small)
            small = []
            yield from self._cut(begin) if end - begin == 1 else self.pack(begin, end)
        yield from self._pack_run(small)

    def _groups(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        outermost = min((section.depth for section in self._sections[first + 1 : last]), default=0)
        begin = first
        for number in range(first + 1, last):
            if self._sections[number].depth == outermost:
                yield begin, number
                begin = number
        yield begin, last

    def _length(self, first: int, last: int) -> int:
        return self._sections[last - 1].last - self._sections[first].first

    def _pack_run(self, groups: list[tuple[int, int]]) -> Iterator[_Piece]:
        """Yields neighbouring groups as pieces that fit. Each group must fit."""
        at = 0
        while at < len(groups):
            end = self._choose(groups, at)
            yield self._piece(groups[at][0], groups[end - 1][1])
            at = end

    def _choose(self, groups: list[tuple[int, int]], at: int) -> int:
        """Returns the group after which the piece that begins with group `at` ends."""
        begin = groups[at][0]
        left = self._length(begin, groups[-1][1])
        if left <= self._budget:
            return len(groups)
        least, most = _window(left, self._budget)
        fitting, good = at + 1, []
        for end in range(at + 1, len(groups)):
            length = self._length(begin, groups[end - 1][1])
            if length > most:
                break
            fitting = end
            if length >= least:
                good.append(end)
        return max(good, key=lambda end: (self._priority(groups[end][0]), end), default=fitting)

    def _priority(self, section: int) -> int:
        return priority(self._text, self._sections[section].first)

    def _piece(self, first: int, last: int) -> _Piece:
        return _Piece(
            self._sections[first].start,
            self._sections[first].first,
            self._sections[last - 1].last,
            first,
            last,
        )

    def _cut(self, number: int) -> Iterator[_Piece]:
        """Yields the pieces of one section that is too long."""
        section = self._sections[number]
        start, first = section.start, section.first
        while section.last - first > self._budget:
            least, most = _window(section.last - first, self._budget)
            cut = self._cutter.find_cut(first, section.body, first + least, first + most)
            read_to = first + len(self._text[first:cut].rstrip(BLANKS))
            yield _Piece(start, first, read_to, number, number + 1)
            start = first = cut
        yield _Piece(start, first, section.last, number, number + 1)


def _join_crumbs(pieces: Iterator[_Piece], budget: int) -> list[_Piece]:
    """Returns the pieces. One below a quarter of the budget is joined to the piece after or before it.

    Every fragment costs the model's instructions once more, whatever its length.
    """
    joined: list[_Piece] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        if before is not None and piece.last - before.first <= budget:
            lengths = before.last - before.first, piece.last - piece.first
            if min(lengths) < budget // _CRUMBS:
                joined[-1] = before._replace(last=piece.last, end=piece.end)
                continue
        joined.append(piece)
    return joined


def _window(left: int, budget: int) -> tuple[int, int]:
    """Returns the least and the greatest length of a piece, so that the last piece is not too small."""
    if left < budget * 3 // 2:
        return max(1, left // 3), max(1, min(budget, left - left // 3))
    return max(1, budget // 2), budget


def _name(sections: list[_Section]) -> str | None:
    """Returns the titles that the sections share, then the titles of the first and the last of them."""
    one, other = sections[0].path, sections[-1].path
    shared = [a for a, b in zip(one, other, strict=False) if a == b]
    if len(sections) > 1:
        for section in sections:
            shared = (
                [a for a, b in zip(shared, section.path, strict=False) if a == b] if section.path else shared
            )
    depth = len(shared)
    ends = [path[depth] for path in (one, other) if len(path) > depth]
    if len(sections) > 1 and len(one) == depth and depth:
        ends = []
    parts = [*shared, " – ".join(dict.fromkeys(ends))] if ends else shared
    return _bound(parts) or None


def _bound(parts: list[str]) -> str:
    """Returns a path of titles that is short enough. Titles in its middle are left out first."""
    while len(parts) > 2 and len(" · ".join(parts)) > MAX_TITLE_CHARS:
        parts = ["…", *parts[2:]] if parts[0] == "…" else ["…", *parts[1:]]
    title = " · ".join(parts)
    return title if len(title) <= MAX_TITLE_CHARS else title[: MAX_TITLE_CHARS - 1] + "…"


def _find_pages(texto: Texto, piece: _Piece) -> tuple[int | None, int | None]:
    """Returns the pages on which a fragment begins and ends."""
    if not texto.pages:
        return None, None
    begun = [
        bisect_right(texto.pages, offset, key=lambda page: page.offset_inicio) - 1
        for offset in (piece.first, max(piece.first, piece.last - 1))
    ]
    return texto.pages[max(begun[0], 0)].number, texto.pages[max(begun[1], 0)].number
