"""Finds a quotation: the same words in the same order, or nothing. Only the typesetting may differ."""

from dataclasses import dataclass
from itertools import accumulate

from newsroom.grounding.keys import TokenKey, bare_entries
from newsroom.tokens import Span, Tokens, tokenize

_FINAL = frozenset(".,;:")
_ENDS = frozenset(("...", ".", ",", ";", ":", "!", "?", ")", "%"))
# An exact copy is refused if it stands inside a word. Then the search goes on, this many times at most. The
# folded search finds what is missed here, so the bound only costs the preference for an exact copy.
_EXACT_TRIES = 16


@dataclass(frozen=True, slots=True)
class _Cut:
    """A part of a quotation: tokens `first` to `last`, both included."""

    tokens: Tokens
    first: int
    last: int

    @property
    def words(self) -> list[str]:
        return self.tokens.verbatim[self.first : self.last + 1]

    @property
    def raw(self) -> str:
        return self.tokens.span(self.first, self.last).cut(self.tokens.text)

    def says_something(self) -> bool:
        return any(self.tokens.has_letter(i) for i in range(self.first, self.last + 1))


def find_quote(
    tokens: Tokens, verbatim: TokenKey, bare: TokenKey, cita: str, near: Span | None
) -> Span | None:
    """Returns the place of `cita`, or None. `SourceText.find_quote` says what is folded."""
    whole = _without_outer_marks(tokenize(cita))
    if not whole.says_something():
        return None
    exact = _find_exact(tokens, whole) if near is None else None
    if exact:
        return exact
    inner = _without_ends(whole)
    for cut in (whole, inner):
        match = verbatim.find(cut.words, near)
        if match:
            return tokens.span(*match)
    match = bare.find(_bare_words(inner), near)
    return tokens.span(*match) if match else None


def _find_exact(tokens: Tokens, cut: _Cut) -> Span | None:
    raw = cut.raw
    start = tokens.text.find(raw)
    for _ in range(_EXACT_TRIES):
        if start < 0:
            return None
        end = start + len(raw)
        if tokens.starting_at(start) is not None and tokens.ending_at(end) is not None:
            return Span(start, end)
        start = tokens.text.find(raw, start + 1)
    return None


def _without_outer_marks(tokens: Tokens) -> _Cut:
    """Returns the quotation without the marks around the whole and without a mark that has no partner.

    A full stop after the marks goes too. The outer marks of “Sí” y “No” are no pair, so they stay.
    """
    words, last = tokens.verbatim, len(tokens) - 1
    if last < 2:
        return _Cut(tokens, 0, last)
    closing = last - 1 if words[last] in _FINAL and words[last - 1] == '"' else last
    steps = [_direction(tokens, index) for index, word in enumerate(words) if word == '"']
    opens = words[0] == '"' and steps[0] > 0
    closes = words[closing] == '"' and steps[-1] < 0
    if opens and closes and sum(steps) == 0 and min(accumulate(steps[:-1])) > 0:
        return _Cut(tokens, 1, closing - 1)
    if opens and sum(steps) > 0:
        return _Cut(tokens, 1, last)
    if closes and sum(steps) < 0:
        return _Cut(tokens, 0, closing - 1)
    return _Cut(tokens, 0, last)


def _direction(tokens: Tokens, mark: int) -> int:
    """Returns 1 for a mark that opens a quotation, -1 for one that closes it, 0 for an apostrophe."""
    sign = tokens.text[tokens.starts[mark]]
    if sign in "«“„‹<":
        return 1
    if sign in "»”›>":
        return -1
    before, after = tokens.touches(mark), tokens.touches(mark + 1)
    if before and after and tokens.is_word(mark - 1) and tokens.is_word(mark + 1):
        return 0
    # A mark after an opening bracket or a dash opens a quotation: ("así
    return -1 if before and (tokens.is_word(mark - 1) or tokens.verbatim[mark - 1] in _ENDS) else 1


def _without_ends(cut: _Cut) -> _Cut:
    """Returns the quotation without marks at its ends and final punctuation.

    An ellipsis stays, because it shows a cut.
    """
    words, first, last = cut.tokens.verbatim, cut.first, cut.last
    while last > first and (words[last] == '"' or words[last] in _FINAL):
        last -= 1
    while first < last and words[first] == '"':
        first += 1
    return _Cut(cut.tokens, first, last)


def _bare_words(cut: _Cut) -> list[str]:
    return [w for w, first, last in bare_entries(cut.tokens) if cut.first <= first and last <= cut.last]
