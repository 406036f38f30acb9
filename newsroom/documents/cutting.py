"""Finds where a text without headings can be cut: between paragraphs, else sentences, else words.

A cut stands after the white space, so that a piece begins with something to read.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple
from zlib import crc32

from newsroom.documents.texto import BLANKS, Page
from newsroom.lexicon.tables import items

NOWHERE, SENTENCE, LINE, PARAGRAPH = 0, 1, 2, 3
"""Ranks of a place to cut: none, after a sentence, at the end of a line, between paragraphs."""

_HASHED_CHARS = 48
_GAP = re.compile(f"[{re.escape(BLANKS)}]+")
_CLOSERS = "\"'”’»›)]*_"
_OPENERS = "\"'“‘«‹([¿¡*_-–—"
_TERMINATORS = ".!?…"
_ITEM = re.compile(r"(?:[-–—•·*]|\(?[a-zñ0-9]{1,3}[.)])[ \t\u00a0]")
_LABEL = re.compile(r"(?:^|\n)[ \t\u00a0]{0,20}[(]?(?:\d{1,3}(?:\.\d{1,3}){0,3}|[IVXLCDM]{1,6}|[A-Za-z])\.$")
_LAST_WORD = re.compile(r"[^\W\d_]{1,9}$")


class Gap(NamedTuple):
    """White space from `start` to `end`, and its rank as a place to cut."""

    start: int
    end: int
    rank: int


class Cutter:
    """Finds places to cut in one text. `pages` are those that its format knows."""

    def __init__(self, text: str, pages: tuple[Page, ...]) -> None:
        self._text = text
        self._pages = [page.offset_inicio for page in pages]
        self._abbreviations = frozenset(items("lengua", "abreviaturas"))

    def find_cut(self, start: int, body: int, first: int, last: int) -> int:
        """Returns where the piece that begins at `start` ends. Its readable text ends in `first..last`.

        Among the places of the best rank in that range, a hash of the words behind each one decides. So the
        same place is taken again after an edit nearby. If the range has no place, the last place before it is
        taken. The heading reaches up to `body`; it is cut from its text only to keep a sentence whole. A
        sentence longer than all of this is cut at its last blank, or where the piece is full.
        """
        gaps = [gap for gap in self.gaps(max(first, body), last) if gap.rank]
        if gaps:
            best = max(gap.rank for gap in gaps)
            return max(
                (gap.end for gap in gaps if gap.rank == best),
                key=lambda end: (priority(self._text, end), end),
            )
        earlier = [gap.end for gap in self.gaps(start + 1, last) if gap.rank]
        behind = [end for end in earlier if end > body]
        if behind:
            return behind[-1]
        if earlier and any(gap.rank for gap in self.gaps(body, body + last - start)):
            return earlier[-1]
        blanks = [gap.end for gap in self.gaps(start + 1, last) if self._is_white(gap)]
        return blanks[-1] if blanks else self._inside_word(start, last)

    def _is_white(self, gap: Gap) -> bool:
        # A soft hyphen and similar characters stand inside a word.
        return any(map(str.isspace, self._text[gap.start : gap.end]))

    def gaps(self, first: int, last: int) -> Iterator[Gap]:
        """Yields the white space that begins in `first..last`, with its rank."""
        for match in _GAP.finditer(self._text, first, last + 1):
            start = match.start()
            if start == first and start and self._text[start - 1] in BLANKS:
                continue
            whole = _GAP.match(self._text, start)
            assert whole is not None
            yield Gap(start, whole.end(), self._rank(start, whole.end()))

    def _rank(self, start: int, end: int) -> int:
        text = self._text
        if end == len(text) or start == 0:
            return NOWHERE
        lines = text.count("\n", start, end)
        stop = start
        while stop > max(0, start - 4) and text[stop - 1] in _CLOSERS:
            stop -= 1
        mark = text[stop - 1] if stop else ""
        ended = mark in _TERMINATORS and mark != "" and not (mark == "." and self._is_abbreviation(stop))
        begins = self._begins(end)
        if lines == 0:
            return SENTENCE if ended and begins else NOWHERE
        item = _ITEM.match(text, end) is not None
        if not (begins or item):
            # A paragraph that continues in lower case was broken by a page or a picture.
            return NOWHERE
        if lines > 1 or (ended and self._turns_page(start, end)):
            return PARAGRAPH
        return LINE if ended or item or mark in ":;" else NOWHERE

    def _is_abbreviation(self, stop: int) -> bool:
        """Returns whether the full stop before `stop` ends an abbreviation or the number of a list item."""
        before = self._text[max(0, stop - 32) : stop]
        if _LABEL.search(before):
            return True
        word = _LAST_WORD.search(before[:-1])
        if word is None:
            return False
        return (len(word[0]) == 1 and word[0].isupper()) or word[0].lower() in self._abbreviations

    def _begins(self, offset: int) -> bool:
        """Returns whether a sentence can begin at `offset`. In lower case it cannot."""
        for char in self._text[offset : offset + 4]:
            if char not in _OPENERS:
                return not char.islower()
        return True

    def _turns_page(self, start: int, end: int) -> bool:
        return bisect_right(self._pages, end) > bisect_right(self._pages, start)

    def _inside_word(self, start: int, last: int) -> int:
        cut = last
        if blank := _GAP.match(self._text, cut):
            return blank.end()
        while cut > max(start + 1, last - 16) and unicodedata.combining(self._text[cut]):
            cut -= 1
        return cut


def priority(text: str, offset: int) -> int:
    """Returns a number that depends only on the words behind `offset`."""
    return crc32(text[offset : offset + _HASHED_CHARS].encode("utf-8", "replace"))
