"""The furniture of a page is taken out of a text, and every word that stays keeps its offset."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.cleaning import clean_text
from newsroom.furniture import readable
from newsroom.grounding import SourceText

CASES = [
    ('<p style="color: red">Hola, <b>mundo</b></p>', "Hola, mundo"),
    ("El ministro habl&oacute; de &ldquo;paz&rdquo;.", "El ministro habló de “paz”."),
    ("Dijo \x93no\x94 y call\xf3.", "Dijo “no” y calló."),
    ("![](http://fotos.test/a.jpg)\nLa [ley](#A12) rige.", "La ley rige."),
    ("# Sesiones\nHubo **diez** votos.", "Sesiones\nHubo diez votos."),
    ("Fue el par-\nque nacional.", "Fue el parque nacional."),
    ("Aprobó la ley,\ninformó la diputada.", "Aprobó la ley, informó la diputada."),
    (
        "Costará 120 millones\nde pesos, dijo el ministro\nLuis Rey.",
        "Costará 120 millones de pesos, dijo el ministro Luis Rey.",
    ),
    ("Cayó el puente.\nLea también: Otro puente\nHay dos heridos.", "Cayó el puente.\n\nHay dos heridos."),
    ("Votaron. Foto de EFE", "Votaron."),
    ("Votaron hoy.\nSuscríbete a nuestro boletín\nFin de la sesión.", "Votaron hoy.\n\nFin de la sesión."),
    ("Más presos pic.twitter.com/aB12\n— Ana Rey (@ana) April 3, 2025\nCalló.", "Más presos\n\nCalló."),
    ("''No es cierto'', dijo.", '"No es cierto", dijo.'),
    ("Dijo: `No es cierto`.", "Dijo: 'No es cierto'."),
    ("- Uno de ellos\n- Otro más", "- Uno de ellos\n- Otro más"),
    ("COMPARTIR EN FACEBOOK\nEl Senado votó.", "El Senado votó."),
    ("Publicado el 12/06/2018 a las 11h45\nEl Senado votó.", "El Senado votó."),
    ("Redacción/agencias\nEl Senado votó.", "El Senado votó."),
    ("Publicado el informe, el ministro calló.", "Publicado el informe, el ministro calló."),
    ("Foto a foto, el caso avanza en el Senado.", "Foto a foto, el caso avanza en el Senado."),
    ("Vea usted lo que dice la ley.", "Vea usted lo que dice la ley."),
]


@pytest.mark.parametrize(("raw", "clean"), CASES)
def test_what_is_taken_out_and_what_stays(raw: str, clean: str) -> None:
    assert clean_text(readable(raw)) == clean


@settings(deadline=None)
@given(st.text(alphabet="aé <>p/*[]()#!&;-\n“”'`\x93.,:|"))
def test_the_length_never_changes(text: str) -> None:
    assert len(readable(text)) == len(text)


def test_a_quotation_is_found_at_its_place_in_the_raw_text() -> None:
    raw = "<p>La fiscal dijo: &ldquo;Tenemos <b>un</b> detenido&rdquo;.</p>"
    span = SourceText(readable(raw)).find_quote("Tenemos un detenido")
    assert span is not None
    assert span.cut(raw) == "Tenemos <b>un</b> detenido"
