"""Sentences of Spanish news: abbreviations, figures, initials and quotations do not cut them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.language.sentences import split_sentences
from newsroom.language.verbs import find_verbs, lemmatize, read_finite, read_participle
from newsroom.tokens import tokenize


def sentences(text: str) -> list[str]:
    return [text[s.start : s.end] for s in split_sentences(tokenize(text))]


@pytest.mark.parametrize(
    "whole",
    [
        "El Sr. Pérez y la Dra. Ruiz llegaron.",
        "La inflación subió 3.5 puntos y el PIB 1.200 millones.",
        "Lo dijo J. K. Rowling en Londres.",
        "La sesión empezó a las 10:30 a. m. del lunes.",
        "Compró Aceros del Norte S. A. por 3 millones.",
        "Lo dispone el art. 14 de la ley núm. 29090.",
        "Viajó a EE. UU. para firmar el tratado.",
        "“No iré. Nunca lo haré”, dijo el ministro.",
        "El diputado (P. Rivas) votó en contra.",
        "Se reunió con Juan Pérez, etc. y otros.",
    ],
)
def test_is_one_sentence(whole: str) -> None:
    if whole.startswith("“"):
        # Of two sentences inside the marks, the second continues after the closing mark.
        assert sentences(whole) == ["“No iré.", "Nunca lo haré”, dijo el ministro."]
    else:
        assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Llegó tarde. Nadie lo esperaba.", ["Llegó tarde.", "Nadie lo esperaba."]),
        ("¿Vendrá? Sí.", ["¿Vendrá?", "Sí."]),
        ("Habló en EE. UU. El canciller calló.", ["Habló en EE. UU.", "El canciller calló."]),
        ("Dijo: “Basta.” Luego salió.", ["Dijo: “Basta.”", "Luego salió."]),
        ("Quito, 3 de mayo.- El Congreso votó.", ["Quito, 3 de mayo.-", "El Congreso votó."]),
        ("Un título\nY su texto.", ["Un título", "Y su texto."]),
        ("Ganó 3-0... Pero perdió.", ["Ganó 3-0...", "Pero perdió."]),
    ],
)
def test_cuts(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_paragraphs_are_counted() -> None:
    found = split_sentences(tokenize("Uno. Dos.\n\nTres."))
    assert [sentence.paragraph for sentence in found] == [0, 0, 1]


@given(st.text(alphabet='aÁ. \n“”"¿?!—1,EUSr', max_size=200))
def test_every_token_is_in_exactly_one_sentence(text: str) -> None:
    tokens = tokenize(text)
    covered = [i for s in split_sentences(tokens) for i in range(s.first, s.last)]
    assert covered == list(range(len(tokens)))


@pytest.mark.parametrize(
    ("word", "lemma", "tense"),
    [
        ("anunció", "anunciar", "pasado"),
        ("dijo", "decir", "pasado"),
        ("propuso", "proponer", "pasado"),
        ("murieron", "morir", "pasado"),
        ("celebrará", "celebrar", "futuro"),
        ("decidirán", "decidir", "futuro"),
        ("exige", "exigir", "presente"),
        ("podría", "poder", "condicional"),
        ("negociaba", "negociar", "imperfecto"),
    ],
)
def test_finite_verbs(word: str, lemma: str, tense: str) -> None:
    assert read_finite(word) == (lemma, tense)


@pytest.mark.parametrize(
    "word", ["economía", "fiscalía", "para", "detenidos", "aprobar", "aprobando", "ley", "mesa"]
)
def test_what_is_no_finite_verb(word: str) -> None:
    assert read_finite(word) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La ley fue aprobada ayer.", [("aprobar", "pasado", True)]),
        ("El juez ha dictado sentencia.", [("dictar", "pasado", False)]),
        ("El Gobierno va a convocar elecciones.", [("convocar", "futuro", False)]),
        ("El anuncia de su casa.", []),
    ],
)
def test_verb_groups(text: str, expected: list[tuple[str, str, bool]]) -> None:
    tokens = tokenize(text)
    found = find_verbs(tokens, 0, len(tokens))
    assert [(verb.lemma, verb.tense, verb.is_passive) for verb in found] == expected


def test_participles_and_lemmas() -> None:
    assert [read_participle(word) for word in ("detenidas", "muertos", "electo", "mesa")] == [
        "detener",
        "morir",
        "elegir",
        None,
    ]
    assert lemmatize("salarios") == "salario"
