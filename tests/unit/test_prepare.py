"""Pieces cover a text without a gap, the language is detected, and odd characters give a warning."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.cleaning import clean_text
from newsroom.language.detection import detect_language
from newsroom.stages.prepare import cut, prepare
from tests.factories import TEXTO
from tests.unit.material import item

ENGLISH = (
    "The Senate on Wednesday postponed a vote on the pension overhaul after the country's largest "
    "union federation said that it would call a general strike."
)


@settings(deadline=None)
@given(st.text(alphabet="ab .\n?”é😀", max_size=300), st.integers(1, 60))
def test_pieces_cover_the_text_without_gap_or_overlap_and_none_is_too_long(texto: str, longest: int) -> None:
    spans = cut(texto, longest)
    assert spans[0][0] == 0
    assert spans[-1][1] == len(texto)
    assert all(end == start for (_, end), (start, _) in itertools.pairwise(spans))
    assert all(end - start <= longest for start, end in spans)
    assert all(end > start for start, end in spans) or texto == ""
    assert "".join(texto[start:end] for start, end in spans) == texto


@pytest.mark.parametrize(
    ("texto", "longest", "pieces"),
    [
        ("corto", 10, ["corto"]),
        ("0123456789", 10, ["0123456789"]),
        ("uno dos\ntres cuatro", 12, ["uno dos\n", "tres cuatro"]),
        ("Unos. Dos tres cuatro", 9, ["Unos. ", "Dos tres ", "cuatro"]),
        ("Dijo «sí.» Luego se fue", 16, ["Dijo «sí.» ", "Luego se fue"]),
        ("a\nbcd efgh ijkl", 10, ["a\nbcd ", "efgh ijkl"]),
        ("x" * 25, 10, ["x" * 10, "x" * 10, "x" * 5]),
    ],
)
def test_a_cut_falls_after_a_line_else_a_sentence_else_a_blank(
    texto: str, longest: int, pieces: list[str]
) -> None:
    assert [texto[start:end] for start, end in cut(texto, longest)] == pieces


@pytest.mark.parametrize(
    ("texto", "declared", "language"),
    [
        (TEXTO, "en", "es"),
        (ENGLISH, "es", "en"),
        (
            "O presidente da República disse ontem que não haverá mudanças na lei das águas até o fim.",
            "es",
            "pt",
        ),
        ("Le président de la République a déclaré hier que la loi sur l'eau ne changerait pas.", "es", "fr"),
        ("Yes, of course", "es", "es"),
        ("Sí, claro", "en", "en"),
    ],
)
def test_the_language_is_the_texts_own_unless_it_is_too_short(
    texto: str, declared: str, language: str
) -> None:
    assert detect_language(texto, declared) == language


def test_pieces_carry_their_place_in_the_text_as_received_and_their_cleaned_words() -> None:
    contenido = "  " + "\r\n\r\n".join(f"Párrafo {n}  del texto que se lee. " * 4 for n in range(9)) + "\n"
    preparado = prepare(item(contenido), 300)
    assert len(preparado.trozos) > 4
    assert [t.indice for t in preparado.trozos] == list(range(len(preparado.trozos)))
    for trozo in preparado.trozos:
        assert trozo.texto == clean_text(contenido[trozo.offset_inicio : trozo.offset_fin])
    assert preparado.advertencias == ()
    assert prepare(item(contenido), 100_000).trozos[0].texto == clean_text(contenido)


def test_a_piece_of_blanks_is_not_read() -> None:
    preparado = prepare(item(TEXTO + "\n" * 2_000), 500)
    assert [(t.offset_inicio, t.texto) for t in preparado.trozos] == [(0, clean_text(TEXTO))]


def test_control_characters_and_a_belied_language_are_told() -> None:
    preparado = prepare(item(ENGLISH + "\x07\x08", titular="a\x1bb", idioma="es-CL"), 12_000)
    assert preparado.idioma == "en"
    assert preparado.advertencias == (
        "titular: 1 caracteres de control (el primero U+001B en la posición 1); "
        "se guardan como llegaron y no se muestran al modelo",
        f"contenido_texto: 2 caracteres de control (el primero U+0007 en la posición {len(ENGLISH)}); "
        "se guardan como llegaron y no se muestran al modelo",
        "idioma: el texto está en «en», aunque venía como «es-CL»",
    )
    assert "\x07" not in preparado.trozos[0].texto
    assert prepare(item(idioma="ES-cl"), 12_000).advertencias == ()
