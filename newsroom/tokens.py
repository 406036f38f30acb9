"""Cuts a text into tokens that keep their place in it. Grounding, numbers and the local engine use them.

A token is a whole word, a whole figure or one mark of punctuation. It has two spellings. In `verbatim` only
what a typesetter may change is folded; in `loose` case and accents are folded too. White space and invisible
characters stand between tokens and never in them.

A token knows its own offsets, so nothing has to be mapped back. Every span made of tokens is a span of the
original text. It cannot cut apart a word, a figure, a combining sequence or a surrogate pair.
"""

import re
import sys
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of Python string indexes into a text as it was received: `text[inicio:fin]`."""

    offset_inicio: int
    offset_fin: int

    def cut(self, text: str) -> str:
        """Returns the characters of `text` that the span covers."""
        return text[self.offset_inicio : self.offset_fin]


def _mark_ranges() -> str:
    """Returns every combining mark of Unicode as the inside of a regex character class."""
    ranges: list[list[int]] = []
    # All marks are below U+20000, except the variation selectors in plane 14.
    for code in (*range(0x300, 0x20000), *range(0xE0100, min(0xE01F0, sys.maxunicode))):
        if unicodedata.category(chr(code))[0] == "M":
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_MARKS = _mark_ranges()
_INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_QUOTES = "\"'`´«»‹›“”„‟‘’‚‛″′＂＇"
_DASHES = "-‐‑‒–—―−﹘﹣－"
_LOWER = "a-zß-öø-ÿœﬀ-ﬆ"
# A word broken by a hyphen at the end of a line. Another kind of dash ends a phrase, not half a word.
_LINE_BREAK = r"[-\u2010\u00ad][ \t\u00a0]{0,9}(?:\r\n|[\n\r\u2028])[ \t\u00a0]{0,9}"
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "Ĳ": "IJ", "ĳ": "ij"}
)

_TOKEN = re.compile(
    rf"""
      [^\W_]++                                          # a word or a figure ...
      (?: (?: [{_MARKS}]                                # ... with its combining marks,
            | (?<=\d)[.,:/](?=\d)                       # 1.200,50  10:30  25/11/2018 are one figure,
            | [{_INVISIBLE}]{{1,9}}(?=[^\W_]|[{_MARKS}])    # soft hyphens and the like inside,
            | (?:(?<=[^\W\d_])|(?<=[{_MARKS}])){_LINE_BREAK}(?=[{_LOWER}])
          ) [^\W_]*+ )*+
    | (?: [.…]{{2,}}+ | … | [{_QUOTES}]++ | << | >> | [{_DASHES}]++
        | [\ud800-\udbff][\udc00-\udfff]
        | [^\s{_INVISIBLE}{_MARKS}]
      ) [{_MARKS}]*+
    """,
    re.VERBOSE,
)
_INSIDE_WORD = re.compile(rf"{_LINE_BREAK}|[{_INVISIBLE}]")


def strip_accents(text: str) -> str:
    """Returns `text` without combining marks and in folded case: "Ñandú" becomes "nandu"."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn").casefold()


def _fold(raw: str) -> tuple[str, str]:
    """Returns the verbatim and the loose spelling of one token."""
    if raw.isascii() and raw.isalnum():
        return raw, raw.lower()
    if raw[0] in _QUOTES or raw.startswith(("<<", ">>")):
        return '"', '"'
    if raw[0] in _DASHES:
        return "-", "-"
    if raw[0] in ".…" and ("…" in raw or raw.count(".") > 1):
        dots = "..." if "…" in raw or raw.count(".") > 2 else ".."
        return dots, dots
    verbatim = unicodedata.normalize("NFC", _INSIDE_WORD.sub("", raw).translate(_LIGATURES))
    return verbatim, strip_accents(verbatim)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of `text` in order, as parallel lists. Nobody may change them."""

    text: str
    starts: list[int]
    ends: list[int]
    verbatim: list[str]
    loose: list[str]

    def __len__(self) -> int:
        return len(self.starts)

    def span(self, first: int, last: int) -> Span:
        """Returns the span from token `first` to token `last`, both included."""
        return Span(self.starts[first], self.ends[last])

    def starting_at(self, offset: int) -> int | None:
        """Returns the token that begins exactly at `offset`, or None."""
        index = bisect_left(self.starts, offset)
        return index if index < len(self.starts) and self.starts[index] == offset else None

    def ending_at(self, offset: int) -> int | None:
        """Returns the token that ends exactly at `offset`, or None."""
        index = bisect_left(self.ends, offset)
        return index if index < len(self.ends) and self.ends[index] == offset else None

    def is_word(self, index: int) -> bool:
        """Returns whether the token is a word or a figure, not punctuation."""
        return self.verbatim[index][0].isalnum()

    def has_letter(self, index: int) -> bool:
        """Returns whether the token is a word: at least one letter in it."""
        return self.is_word(index) and any(c.isalpha() for c in self.verbatim[index])

    def touches(self, index: int) -> bool:
        """Returns whether nothing at all stands between the token and the one before it."""
        return 0 < index < len(self.starts) and self.ends[index - 1] == self.starts[index]


def tokenize(text: str) -> Tokens:
    """Returns the tokens of `text`, in time linear in its length. It takes lone surrogates too."""
    starts: list[int] = []
    ends: list[int] = []
    verbatim: list[str] = []
    loose: list[str] = []
    known: dict[str, tuple[str, str]] = {}
    for match in _TOKEN.finditer(text):
        raw = match.group()
        pair = known.get(raw)
        if pair is None:
            pair = known[raw] = _fold(raw)
        start, end = match.span()
        starts.append(start)
        ends.append(end)
        verbatim.append(pair[0])
        loose.append(pair[1])
    return Tokens(text, starts, ends, verbatim, loose)
