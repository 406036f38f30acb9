"""A passage may differ by a few words from the text, but never by a figure, a name or a negation."""

import random

import pytest

from newsroom.grounding import SourceText, Span
from tests.texts import make_law, make_minutes

TEXT = (
    "El Gobierno de Chile anunció el lunes que no subirá el impuesto a la renta durante 2024. "
    "La ministra Carolina Tohá explicó que la medida costará 300 millones de dólares al año, y que "
    "el Congreso deberá votarla antes del 15 de marzo. La oposición reclamó más tiempo para estudiarla."
)


@pytest.mark.parametrize(
    ("pasaje", "found"),
    [
        ("el Congreso deberá votarla", "el Congreso deberá votarla"),
        ("EL CONGRESO DEBERA VOTARLA", "el Congreso deberá votarla"),
        ("La oposición reclamó, más tiempo", "La oposición reclamó más tiempo"),
        (
            "La oposición ha reclamado más tiempo para estudiarla",
            "La oposición reclamó más tiempo para estudiarla",
        ),
        (
            "La ministra Carolina Tohá explicó que esta medida costará 300 millones de dólares",
            "La ministra Carolina Tohá explicó que la medida costará 300 millones de dólares",
        ),
        ("El Gobierno de Chile anunció que no subirá el impuesto a la renta durante 2024", TEXT[:87]),
    ],
)
def test_supported(pasaje: str, found: str) -> None:
    span = SourceText(TEXT).find_passage(pasaje)
    assert span is not None
    assert span.cut(TEXT) == found


@pytest.mark.parametrize(
    "pasaje",
    [
        "El Gobierno de Chile anunció el lunes que subirá el impuesto a la renta durante 2024",
        "El Gobierno de Chile anunció el lunes que no subirá el impuesto a la renta durante 2025",
        "El Gobierno de Perú anunció el lunes que no subirá el impuesto a la renta durante 2024",
        "La ministra Carolina Tohá explicó que la medida costará 400 millones de dólares al año",
        "La ministra Carolina Tohá explicó que la medida costará 300 mil dólares al año",
        "El sindicato de mineros convocó una huelga general para la semana próxima",
        "la oposición pidió",
        "",
        "...",
        "2024 15 300",
    ],
)
def test_not_supported(pasaje: str) -> None:
    assert SourceText(TEXT).find_passage(pasaje) is None


def test_nearest_copy_is_chosen_when_it_is_only_alike() -> None:
    text = f"{TEXT} {TEXT} {TEXT}"
    wanted = Span(len(TEXT) + 1, len(TEXT) + 88)
    pasaje = "El Gobierno de Chile anunció este lunes que no subirá el impuesto a la renta durante 2024"
    assert SourceText(text).find_passage(pasaje, near=wanted) == wanted


@pytest.mark.parametrize("text", [make_law(300).texto, make_minutes(150).texto], ids=["law", "minutes"])
@pytest.mark.untraced
def test_sentences_of_a_long_text_are_found_at_their_place_with_one_word_changed(
    text: str,
) -> None:
    source = SourceText(text)
    rng = random.Random(2)
    count = 0
    for _ in range(200):
        start = text.index(" ", rng.randrange(len(text) - 400)) + 1
        words = text[start : start + 220].split()[:-1]
        changeable = [i for i, word in enumerate(words) if i and word.islower() and len(word) in (5, 6)]
        if not changeable or len(words) < 14:
            continue
        place = Span(start, text.index(words[-1], start + len(" ".join(words[:-1]))) + len(words[-1]))
        words[rng.choice(changeable)] = "quizás"
        span = source.find_passage(" ".join(words), near=place)
        if span is not None:
            assert abs(span.offset_inicio - place.offset_inicio) < 30
            assert abs(span.offset_fin - place.offset_fin) < 30
            count += 1
    assert count > 120
