"""Hechos: which sentences are kept, their kind, date, place, future; always verbatim passages."""

from datetime import date

import pytest

from newsroom.engines.local.hechos import Event, find_hechos
from newsroom.engines.local.page import Page


def hechos(text: str, pais: str = "Chile") -> list[Event]:
    return find_hechos(Page(text, date(2024, 5, 15), pais))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("El presidente Gabriel Boric dijo que la reforma salda una deuda.", "DECLARACION"),
        ("El Senado aprobó ayer la Ley de Pensiones por 28 votos.", "NORMATIVA"),
        ("El Tribunal Constitucional anuló el decreto del Gobierno.", "NORMATIVA"),
        ("La ministra Ana Rey anunció un plan contra el dengue.", "ANUNCIO"),
        ("La Cumbre Iberoamericana se celebrará el viernes en Quito.", "EVENTO"),
        ("Pablo Neruda nació en Parral en 1904.", "BIOGRAFIA"),
        ("Un terremoto sacudió el martes la ciudad de Iquique.", "SUCESO"),
        ("La policía detuvo a 12 personas en Antofagasta.", "SUCESO"),
        ("La CGT es la mayor central sindical de Argentina.", "CONCEPTO"),
    ],
)
def test_kind(text: str, kind: str) -> None:
    found = hechos(text)
    assert [event.tipo.value for event in found] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "¿Quién gobernará el país después de las elecciones?",
        "Buenos días.",
        "Gracias a todos por venir a este acto tan bonito.",
        "La vida, la muerte y el tiempo.",
    ],
)
def test_what_states_no_happening(text: str) -> None:
    assert hechos(text) == []


def test_the_date_is_that_of_the_main_verb() -> None:
    event = hechos("El Gobierno anunció ayer que el 2 de junio habrá elecciones en Chile.")[0]
    assert event.when == (date(2024, 5, 14), date(2024, 5, 14))
    assert not event.is_future
    event = hechos("La Comisión citó al ministro Luis Soto para el viernes 17 de mayo.")[0]
    assert event.when is None


@pytest.mark.parametrize(
    ("text", "estado"),
    [
        ("La cumbre se celebrará el viernes en Quito con Gabriel Boric.", "programado"),
        ("La Federación confirmó que la marcha será el 20 de mayo en Santiago.", None),
        ("El Gobierno cancelará la cumbre de Quito del 20 de mayo.", "cancelado"),
        ("El Congreso aplazará la votación hasta junio.", "modificado"),
    ],
)
def test_future(text: str, estado: str | None) -> None:
    event = hechos(text)[0]
    assert event.is_future is (estado is not None)
    assert (event.estado.value if event.estado else None) == estado


def test_what_is_convened_is_dated_by_its_day() -> None:
    event = hechos("El sindicato PIT-CNT convocó ayer un paro general para el miércoles 29 de mayo.")[0]
    assert event.when == (date(2024, 5, 29), date(2024, 5, 29))
    assert event.is_future
    assert event.tipo.value == "EVENTO"


def test_places_and_tags() -> None:
    event = hechos("La sequía afecta a los agricultores de Arequipa, según el Gobierno de Perú.", "Perú")[0]
    assert event.where.pais == ("Perú",)
    assert "sequía" in event.tags


def test_best_ones_in_order_without_repetition() -> None:
    line = "El ministro Luis Soto anunció {} millones de euros para Lima. "
    text = (
        "".join(line.format(n) for n in range(10, 60))
        + "El ministro Luis Soto anunció 10 millones de euros para Lima."
    )
    found = hechos(text, "Perú")
    assert len(found) <= len(text) / 200
    assert [event.start for event in found] == sorted(event.start for event in found)
    assert len({event.content for event in found}) == len(found)


def test_a_long_sentence_is_cut_at_a_clause_and_stays_verbatim() -> None:
    text = (
        "El presidente Gabriel Boric inauguró en Iquique el hospital "
        + ", que tiene muchas salas nuevas" * 15
        + "."
    )
    event = hechos(text)[0]
    assert len(event.content) <= 300
    assert event.passage == text[event.start : event.end]
    assert event.content in text
