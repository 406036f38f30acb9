"""Cleaning tidies the text that a model reads. Words, punctuation and paragraphs stay."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.cleaning import clean_text, control_characters


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("", ""),
        (" \t\n\u00a0 ", ""),
        ("uno  dos\t\ttres\u00a0\u2009cuatro", "uno dos tres cuatro"),
        ("uno \r\n dos\rtres\u2028cuatro", "uno\ndos\ntres\ncuatro"),
        ("uno\n\n\n \n\ndos", "uno\n\ndos"),
        ("pin\u0303a", "piña"),
        ("a\u200bb\u00adc\ufeffd\u202ee\x07f\x9fg", "abcdefg"),
        ('«Así», “así”, "así", ‘así’ — y -así-…', '«Así», “así”, "así", ‘así’ — y -así-…'),
        ("½ ﬁn ² Ⅳ", "½ ﬁn ² Ⅳ"),
        ("<b>{{ x }}</b> '; DROP TABLE", "<b>{{ x }}</b> '; DROP TABLE"),
    ],
)
def test_what_is_tidied_and_what_stays(raw: str, clean: str) -> None:
    assert clean_text(raw) == clean


@settings(deadline=None)
@given(st.text())
def test_it_is_settled_after_once_and_loses_no_letter(texto: str) -> None:
    clean = clean_text(texto)
    assert clean_text(clean) == clean
    letters = [c for c in unicodedata.normalize("NFC", texto) if c.isalnum()]
    assert [c for c in clean if c.isalnum()] == letters
    assert "\n\n\n" not in clean


def test_control_characters_are_named_with_their_place() -> None:
    assert control_characters("a\tb\r\nc") == []
    assert control_characters("a\x07b\x9fc") == [(1, "U+0007"), (3, "U+009F")]
