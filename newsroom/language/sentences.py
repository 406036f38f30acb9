"""Cuts a text into sentences. Abbreviations, decimals, initials and quotations do not end a sentence."""

from bisect import bisect_right
from dataclasses import dataclass

from newsroom.language.lists import lowered
from newsroom.tokens import Tokens

# No Spanish sentence is longer. A longer one is a table or an attack, and costs grow with its square.
_MAX_TOKENS = 300
_TERMINATORS = frozenset((".", "?", "!", "...", ".."))
_CLOSERS = frozenset("”»›’\"')]")
_OPENERS = frozenset("“«‹‘\"'([¿¡-–—―")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: the tokens `first:last` and the characters `start:end`. `paragraph` counts from 0."""

    first: int
    last: int
    start: int
    end: int
    paragraph: int


def split_sentences(tokens: Tokens) -> list[Sentence]:
    """Returns the sentences of a text in order. Every token belongs to exactly one."""
    sentences: list[Sentence] = []
    first, paragraph = 0, 0
    for index in range(len(tokens)):
        last_of_line = index + 1 == len(tokens) or _breaks_line(tokens, index + 1)
        if last_of_line or index + 1 - first >= _MAX_TOKENS or _ends_sentence(tokens, index):
            sentences.append(Sentence(first, index + 1, tokens.starts[first], tokens.ends[index], paragraph))
            first = index + 1
            paragraph += last_of_line
    return sentences


def sentence_at(sentences: list[Sentence], offset: int) -> Sentence | None:
    """Returns the sentence that holds the character at `offset`, or the one before it."""
    index = bisect_right(sentences, offset, key=lambda sentence: sentence.start) - 1
    return sentences[index] if index >= 0 else None


def _breaks_line(tokens: Tokens, index: int) -> bool:
    return "\n" in tokens.text[tokens.ends[index - 1] : tokens.starts[index]]


def _ends_sentence(tokens: Tokens, index: int) -> bool:
    """Returns whether a sentence ends after token `index`: a full stop or the like, or a mark closing it."""
    place = index
    while place > 0 and index - place < 3 and _closes(tokens, place):
        place -= 1
    if tokens.verbatim[place] not in _TERMINATORS:
        return False
    following = index + 1
    if _closes(tokens, following) and not _opens_word(tokens, following):
        return False
    if tokens.verbatim[place] in (".", "..") and _is_abbreviation(tokens, place, following):
        return False
    return _begins_sentence(tokens, following)


def _closes(tokens: Tokens, index: int) -> bool:
    char = tokens.text[tokens.starts[index]]
    # The dash of a dateline (2018.-) closes the sentence too.
    return (char in _CLOSERS or (char in "-–—" and tokens.verbatim[index - 1] == ".")) and tokens.touches(
        index
    )


def _opens_word(tokens: Tokens, index: int) -> bool:
    return index + 1 < len(tokens) and tokens.touches(index + 1) and tokens.is_word(index + 1)


def _begins_sentence(tokens: Tokens, index: int) -> bool:
    if tokens.touches(index) and tokens.is_word(index):
        return False
    for place in range(index, min(index + 3, len(tokens))):
        first = tokens.text[tokens.starts[place]]
        if first not in _OPENERS:
            return first.isupper() or first.isdigit()
    return False


def _is_abbreviation(tokens: Tokens, dot: int, following: int) -> bool:
    if dot == 0 or not tokens.touches(dot):
        return False
    before = tokens.verbatim[dot - 1]
    if len(before) == 1 and before.isalpha() and before.isupper():
        return True
    word = before.lower()
    if word not in lowered("lengua", "abreviaturas"):
        return False
    if word in lowered("lengua", "abreviaturas_finales"):
        # In "EE. UU. El presidente" a new sentence begins, because no name begins with "El".
        return tokens.verbatim[following].lower() not in lowered("lengua", "funcionales")
    return True
