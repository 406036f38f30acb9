"""The rules by which what is found counts as what was expected."""

from datetime import date
from pathlib import Path

import pytest

from newsroom.evaluation.gold import FechaEsperada
from newsroom.evaluation.matching import (
    is_date_right,
    locate_names,
    overlap,
    pair_citas,
    pair_datos,
    pair_entidades,
    pair_hechos,
    pair_up,
    same_unit,
)
from newsroom.models.extraccion import Fecha
from newsroom.models.vocabulario import TipoEntidad
from newsroom.tokens import tokenize
from tests.unit.evaluation_material import cita, dato, entidad, gold, hecho, moment


def test_pairs_are_one_to_one_and_the_heaviest_go_first() -> None:
    assert pair_up([(1.0, 0, 0), (2.0, 1, 0), (0.5, 0, 1)]) == {1: 0, 0: 1}
    assert pair_up([(1.0, 0, 0), (1.0, 1, 0)]) == {0: 0}


def test_an_entidad_is_found_by_any_form_whatever_its_kind(tmp_path: Path) -> None:
    read = gold(tmp_path)
    assert pair_entidades(read, [entidad("ANA REY", TipoEntidad.LUGAR)]) == {0: 0}
    assert pair_entidades(read, [entidad("Central", TipoEntidad.ORGANIZACION, "CCT")]) == {0: 1}
    assert pair_entidades(read, [entidad("Rey"), entidad("Ana Rey")]) == {1: 0}
    assert pair_entidades(read, [entidad("Ana Reyes")]) == {}


def test_names_are_places_in_the_text() -> None:
    tokens = tokenize("El Estado de México dice que el estado de México es México.")
    assert locate_names(tokens, ["México", "Estado de México"]) == {(1, 3), (7, 9), (11, 11)}
    assert locate_names(tokenize("el estado"), ["Estado"]) == set()


def test_a_hecho_is_found_by_its_passage_not_by_its_words(tmp_path: Path) -> None:
    read = gold(tmp_path)
    passage = read.esperado.hechos[0].pasaje
    assert pair_hechos(read, [hecho(passage)]) == {0: 0}
    assert pair_hechos(read, [hecho("La ministra Ana Rey anunció el lunes un plan")]) == {0: 0}
    assert pair_hechos(read, [hecho("La ministra Ana Rey")]) == {}
    # With two hechos of one passage the wording decides, and none counts twice.
    both = read.esperado.hechos[1].pasaje
    second, first = (
        hecho(both, "CCT convocó una huelga para el 20 de mayo"),
        hecho(both, "CCT rechazó el plan"),
    )
    assert pair_hechos(read, [second, first]) == {0: 2, 1: 1}
    assert overlap((0, 4), (2, 6)) == pytest.approx(1 / 3)
    assert overlap((0, 2), (4, 6)) == 0


def test_a_quotation_counts_whole(tmp_path: Path) -> None:
    read = gold(tmp_path)
    assert pair_citas(read, [cita("No habrá recortes")]) == {0: 0}
    assert pair_citas(read, [cita("«No habrá recortes»,")]) == {0: 0}
    assert pair_citas(read, [cita("No habrá")]) == {}


def test_a_figure_is_paired_by_value_and_the_unit_chooses(tmp_path: Path) -> None:
    read = gold(tmp_path)
    assert pair_datos(read, [dato("50000000", "dólares", "50")]) == {0: 0}
    assert pair_datos(read, [dato("12", "personas", "12"), dato("12", "escuelas", "12")]) == {1: 1}
    assert pair_datos(read, [dato("13", "escuelas", "12")]) == {}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("porcentaje", "%", True),
        ("por ciento", "%", True),
        ("pesos", "pesos mexicanos", True),
        ("dólar", "Dólares", True),
        ("km", "kilómetros", True),
        ("barriles diarios", "barriles por día", False),
        ("personas", "casos", False),
        ("", "casos", False),
    ],
)
def test_units(one: str, other: str, same: bool) -> None:
    assert same_unit(one, other) is same
    assert same_unit(other, one) is same


MAY = FechaEsperada(inicio=date(2024, 5, 1), fin=date(2024, 5, 31))
SINCE = FechaEsperada(inicio=date(2024, 5, 10))


@pytest.mark.parametrize(
    ("found", "wanted", "right"),
    [
        (Fecha(inicio=moment(1), fin=moment(31)), MAY, True),
        (Fecha(inicio=moment(10), fin=moment(10)), MAY, True),
        (Fecha(inicio=moment(10)), MAY, True),
        (Fecha(inicio=moment(1, 6), fin=moment(1, 6)), MAY, False),
        (Fecha(), MAY, False),
        (Fecha(), None, True),
        (Fecha(inicio=moment(10)), None, False),
        (
            Fecha(inicio=moment(1), fin=moment(31)),
            FechaEsperada(inicio=date(2024, 5, 3), fin=date(2024, 5, 3)),
            False,
        ),
        (Fecha(inicio=moment(10)), SINCE, True),
        (Fecha(inicio=moment(11)), SINCE, False),
        (Fecha(fin=moment(10)), FechaEsperada(fin=date(2024, 5, 10)), True),
        (Fecha(inicio=moment(10), fin=moment(9)), FechaEsperada(fin=date(2024, 5, 10)), False),
    ],
)
def test_dates(found: Fecha, wanted: FechaEsperada | None, right: bool) -> None:
    assert is_date_right(found, wanted) is right
