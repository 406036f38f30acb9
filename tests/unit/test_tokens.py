"""Tokens know their place in the text and never cut apart what belongs together."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.tokens import Span, strip_accents, tokenize


@pytest.mark.parametrize(
    ("text", "verbatim"),
    [
        ("La presi-\n dente", ["La", "presidente"]),
        ("La presi\u00ad\r\ndente", ["La", "presidente"]),
        ("político-social", ["político", "-", "social"]),
        ("Lima-\nCallao", ["Lima", "-", "Callao"]),
        ("ﬁn de ﬂor", ["fin", "de", "flor"]),
        ("cafe\u0301", ["café"]),
        ("sol\u00addado\u200b .", ["soldado", "."]),
        ("1.200,50 a las 10:30 del 25/11/2018.", ["1.200,50", "a", "las", "10:30", "del", "25/11/2018", "."]),
        ("«a» ''b'' <<c>>", ['"', "a", '"', '"', "b", '"', '"', "c", '"']),
        ("a… b.... c.. d.", ["a", "...", "b", "...", "c", "..", "d", "."]),
        ("a—b -- c", ["a", "-", "b", "-", "c"]),
        ("25 %", ["25", "%"]),
        ("\ud83d\ude00x\ud800", ["\ud83d\ude00", "x", "\ud800"]),
        (" \u0301 \u200b\u00ad\n", []),
        # A mark after any token belongs to that token: «, dots, a dash, a pair of surrogates.
        ("«\U000e0100a", ['"', "a"]),
        ("a..\u0301 b…\u0301 c.\u0301", ["a", "..", "b", "...", "c", ".\u0301"]),
        ("-\u0301<<\u0301\ud83d\ude00\u0301", ["-", '"', "\ud83d\ude00\u0301"]),
    ],
)
def test_tokens(text: str, verbatim: list[str]) -> None:
    assert tokenize(text).verbatim == verbatim


@settings(max_examples=400, deadline=None)
@given(
    st.text(
        st.characters(codec=None) | st.sampled_from("\u0301\u00ad\u200b-\n.…«»\ud83d\ude00ﬁ1,"), max_size=60
    )
)
def test_tokens_are_in_order_disjoint_and_hold_all_that_is_visible(text: str) -> None:
    tokens = tokenize(text)
    covered = [False] * len(text)
    for first, (start, end) in enumerate(zip(tokens.starts, tokens.ends, strict=True)):
        assert 0 <= start < end <= len(text)
        assert first == 0 or tokens.ends[first - 1] <= start
        assert tokens.verbatim[first]
        assert not any(c.isspace() for c in tokens.verbatim[first])
        assert tokens.span(first, first) == Span(start, end)
        covered[start:end] = [True] * (end - start)
    for character, is_covered in zip(text, covered, strict=True):
        if character.isalnum():
            assert is_covered, ascii(text)
        if character.isspace() and is_covered:
            # Only the end of a line inside a broken word.
            assert "-" in text or "\u00ad" in text or "\u2010" in text
    for end in tokens.ends:
        assert end == len(text) or unicodedata.category(text[end])[0] != "M"


def test_loose_spelling_has_no_accents_and_no_capitals() -> None:
    assert tokenize("Ñandú ÁRBOL Straße").loose == ["nandu", "arbol", "strasse"]
    assert strip_accents("Güemes") == "guemes"


def test_neighbours_and_kinds() -> None:
    tokens = tokenize("El G20, 1.200 ½ —sí—")
    assert [tokens.is_word(i) for i in range(len(tokens))] == [
        True,
        True,
        False,
        True,
        True,
        False,
        True,
        False,
    ]
    assert [tokens.has_letter(i) for i in range(len(tokens))] == [
        True,
        True,
        False,
        False,
        False,
        False,
        True,
        False,
    ]
    assert [tokens.touches(i) for i in range(len(tokens))] == [
        False,
        False,
        True,
        False,
        False,
        False,
        True,
        True,
    ]
    assert tokens.starting_at(3) == 1
    assert tokens.starting_at(4) is None
    assert tokens.ending_at(6) == 1
    assert tokens.ending_at(5) is None
