"""Hechos: which sentences are kept, with which kind, date and place. Passages are always verbatim."""

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


def days(event: Event) -> tuple[date | None, date | None]:
    return (event.when.inicio, event.when.fin) if event.when else (None, None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        # An announcement or a demand has the future day that it names.
        ("El Gobierno anunció ayer que el 2 de junio habrá elecciones en Chile.", (6, 2), (6, 2)),
        ("La Comisión citó al ministro Luis Soto para el viernes 17 de mayo.", (5, 17), (5, 17)),
        ("El abogado Luis Soto anunció que apelará la próxima semana.", (5, 20), (5, 26)),
        ("La ministra Ana Rey prometió que el sábado llegarán 600 dosis.", (5, 18), (5, 18)),
        ("El sindicato CUT convocó a una vigilia este viernes en Santiago.", (5, 17), (5, 17)),
        ("La ministra Ana Rey confirmó el lunes 42 muertes en Chile.", (5, 13), (5, 13)),
        # Open ends.
        ("La jefa Ana Rey explicó que el virus circula desde marzo en Chile.", (3, 1), None),
        ("El Gobierno de Chile entregará 500 soles a cada familia hasta diciembre.", None, (12, 31)),
        # A date that belongs to a noun, a comparison or a subordinate clause is not the hecho's.
        ("La Ley de Aguas deroga el reglamento de 1987.", None, None),
        ("Las exportaciones de Chile subieron un 3 % más que en 2021.", None, None),
        ("Ana Rey, que dirigió el Banco entre 2010 y 2015, rechazó la oferta.", None, None),
        ("La CAF, cuya misión visitó Lima en marzo, pidió más gasto a Chile.", None, None),
    ],
)
def test_when(text: str, first: tuple[int, int] | None, last: tuple[int, int] | None) -> None:
    expected = tuple(date(2024, *day) if day else None for day in (first, last))
    assert days(hechos(text)[0]) == expected


def test_a_tale_goes_on_the_same_day_and_what_is_said_need_not() -> None:
    found = hechos(
        "El Senado aprobó el martes la Ley de Aguas. La senadora Ana Rey votó en contra con su partido.\n"
        "La ministra Rosa Paz llegó por la tarde a Valparaíso. El diputado Luis Soto criticó la Ley de Aguas."
    )
    assert [days(event)[0] for event in found] == [date(2024, 5, 14)] * 3 + [None]


@pytest.mark.parametrize(
    ("text", "contents"),
    [
        (
            "La ministra Ana Rey admitió la falta de camas y prometió 60.000 dosis de vacuna.",
            [
                "La ministra Ana Rey admitió la falta de camas",
                "La ministra Ana Rey prometió 60.000 dosis de vacuna.",
            ],
        ),
        (
            "La ministra Ana Rey precisó que la obra empezará en abril y que costará 3 millones de euros.",
            [
                "La ministra Ana Rey precisó que la obra empezará en abril",
                "La ministra Ana Rey precisó que costará 3 millones de euros.",
            ],
        ),
        (
            "Ana Rey informó que el ministro Luis Soto viajó a Lima y visitó Cusco.",
            ["Ana Rey informó que el ministro Luis Soto viajó a Lima y visitó Cusco."],
        ),
        (
            "El Congreso aprobó la ley y el presupuesto de 2025.",
            ["El Congreso aprobó la ley y el presupuesto de 2025."],
        ),
    ],
)
def test_a_sentence_with_two_statements_is_two_hechos(text: str, contents: list[str]) -> None:
    found = hechos(text)
    assert [event.content for event in found] == contents
    assert {event.passage for event in found} == {text}


@pytest.mark.parametrize(
    ("text", "estado"),
    [
        ("La cumbre se celebrará el viernes en Quito con Gabriel Boric.", "programado"),
        ("La Federación confirmó que la marcha será el 20 de mayo en Santiago.", "confirmado"),
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
    assert days(event) == (date(2024, 5, 29), date(2024, 5, 29))
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
    assert len(found) <= len(text) / 100
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
