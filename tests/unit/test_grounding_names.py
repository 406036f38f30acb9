"""A name must be written in the text. A part of it counts only if it can mean nobody else."""

import random
import unicodedata

import pytest

from newsroom.grounding import SourceText


@pytest.mark.parametrize(
    ("text", "nombre", "alias", "tipo", "found"),
    [
        ("Habló Juan Pérez hoy", "Juan Pérez", (), None, "Juan Pérez"),
        ("Habló JUAN PEREZ hoy", "Juan Pérez", (), None, "JUAN PEREZ"),
        ("Habló Juan\nPe\u0301rez hoy", "Juan Pérez", (), None, "Juan\nPe\u0301rez"),
        ("Cayó Joaquín “El Chapo” Guzmán", "Joaquín El Chapo Guzmán", (), None, "Joaquín “El Chapo” Guzmán"),
        ("La Sedena negó", "SEDENA", (), None, "Sedena"),
        ("La secretaría de hacienda", "Secretaría de Hacienda", (), None, "secretaría de hacienda"),
        ("El Banco de México", "El Banco de México", (), None, "Banco de México"),
        ("Dijo el Banco de México", "El Banco de México", (), None, "Banco de México"),
        ("La reforma energetica", "Reforma energética", (), "CONCEPTO", "reforma energetica"),
        # alias
        ("La Semar negó", "Secretaría de Marina", ("Semar",), "INSTITUCION", "Semar"),
        ("La ONU pidió calma", "Organización de las Naciones Unidas", (), "ORGANIZACION", "ONU"),
        ("En EE.UU. no", "Estados Unidos", (), "LUGAR", "EE.UU"),
        ("En EE. UU. no", "Estados Unidos", (), "LUGAR", "EE. UU"),
        ("Dijo AMLO", "Andrés Manuel López Obrador", (), "PERSONA", "AMLO"),
        # parts of a person's name
        ("El presidente López Obrador dijo", "Andrés Manuel López Obrador", (), None, "López Obrador"),
        ("Ayer López Obrador dijo", "Presidente Andrés Manuel López Obrador", (), None, "López Obrador"),
        ("dijo Sheinbaum.", "Claudia Sheinbaum Pardo", (), None, "Sheinbaum"),
        ("La Presidenta Sheinbaum dijo", "Claudia Sheinbaum Pardo", (), "PERSONA", "Sheinbaum"),
        ("Para Sheinbaum es", "Claudia Sheinbaum Pardo", (), "PERSONA", "Sheinbaum"),
        ("Volvió Lula.", "Lula da Silva", (), "PERSONA", "Lula"),
        ("dijo Zelenski", "Volodímir Zelenski", (), "PERSONA", "Zelenski"),
        ("El Papa Francisco", "papa Francisco", (), "PERSONA", "Papa Francisco"),
        # first words of an institution's name
        ("La Corte Suprema falló", "Corte Suprema de Justicia de la Nación", (), None, "Corte Suprema"),
        ("El Banco Central subió", "Banco Central de Chile", (), "INSTITUCION", "Banco Central"),
    ],
)
def test_surface_form(text: str, nombre: str, alias: tuple[str, ...], tipo: str | None, found: str) -> None:
    span = SourceText(text).find_name(nombre, alias, tipo=tipo)
    assert span is not None
    assert span.cut(text) == found


@pytest.mark.parametrize(
    ("text", "nombre", "tipo"),
    [
        ("Habló Pedro Gómez", "Juan Pérez", None),
        ("Habló Juan, Pérez no", "Juan Pérez", "LUGAR"),
        ("El soldado habló", "Sol", None),
        ("Firmaron la paz", "Paz", "PERSONA"),
        ("Compró pan y leche", "PAN", "ORGANIZACION"),
        ("Pan y circo", "PAN", "ORGANIZACION"),
        # somebody else
        ("dijo Juan Pardo", "Claudia Sheinbaum Pardo", "PERSONA"),
        ("dijo Beatriz López Obrador", "Andrés Manuel López Obrador", "PERSONA"),
        ("Ayer dijo Beatriz López.", "Andrés Manuel López Obrador", "PERSONA"),
        ("dijo López Portillo", "Andrés Manuel López Obrador", "PERSONA"),
        ("dijo Andrés Manuel", "Andrés Manuel López Obrador", "PERSONA"),
        ("dijo Andrés", "Andrés Manuel López Obrador", "PERSONA"),
        ("dijo Sánchez-Castejón", "Pedro Sánchez", "PERSONA"),
        ("dijo Gómez-Sánchez", "Pedro Sánchez", "PERSONA"),
        ("Vive en Córdoba", "María Córdoba", "PERSONA"),
        ("El mercado cayó", "Luis Mercado", "PERSONA"),
        ("dijo Ríos", "Ana Gil", "PERSONA"),
        # a place or a head that many share
        ("Habló Chile", "Universidad de Chile", "INSTITUCION"),
        ("La universidad", "Universidad de Chile", "INSTITUCION"),
        ("El Banco Central de Chile", "Banco Central de Bolivia", "INSTITUCION"),
        ("Viajó a México", "Banco de México", None),
        ("El senador Cruz", "Cruz Roja", "ORGANIZACION"),
        ("El Ministerio habló", "Ministerio de Salud Pública de Ecuador", "INSTITUCION"),
        ("cualquier texto", "", None),
        ("cualquier texto", "...", None),
        ("", "Juan", None),
    ],
)
def test_no_surface_form(text: str, nombre: str, tipo: str | None) -> None:
    assert SourceText(text).find_name(nombre, tipo=tipo) is None


def test_the_first_occurrence_of_the_best_form_is_returned() -> None:
    text = "López Obrador llegó. Andrés Manuel López Obrador habló. Andrés Manuel López Obrador se fue."
    span = SourceText(text).find_name("Andrés Manuel López Obrador")
    assert span is not None
    assert span.offset_inicio == 21


GIVEN = ["José", "María", "Ángel", "Sofía", "Raúl", "Inés"]
SURNAMES = ["Núñez", "Güemes", "Ibáñez", "Peñalosa", "Quintanilla", "Zúñiga", "Echeverría", "Tlacuilo"]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.untraced
def test_planted_names_are_found_and_absent_ones_refused(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(500):
        given = rng.choice(GIVEN)
        first, second, other = rng.sample(SURNAMES, 3)
        nombre = f"{given} {first} {second}"
        shown = rng.choice(
            [nombre, f"{first} {second}", first, nombre.upper(), unicodedata.normalize("NFD", nombre)]
        )
        before = "la comisión, según contó ayer " + rng.choice(["", "el ministro ", "la Dra. ", "a ", "“"])
        text = f"{before}{shown}{rng.choice([', que', ' dijo', '”, fue', '.'])} ante quienes miraban"
        source = SourceText(text)
        span = source.find_name(nombre, tipo="PERSONA")
        assert span is not None, text
        assert (span.offset_inicio, span.cut(text)) == (len(before), shown)
        assert source.find_name(f"{given} {other}", tipo="PERSONA") is None
        assert SourceText(f"{before}{given} {other} {first} dijo").find_name(nombre, tipo="PERSONA") is None
