"""Dates are resolved against the day of publication, here Wednesday, 15 May 2024."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.engines.local.dates import find_dates

TODAY = date(2024, 5, 15)

TABLE = [
    ("El 14 de mayo de 2024 votaron.", False, "2024-05-14", "2024-05-14", "dia"),
    ("Ocurrió en mayo de 2023.", False, "2023-05-01", "2023-05-31", "mes"),
    ("La ley rige desde 2019.", False, "2019-01-01", "2019-12-31", "año"),
    ("Firmado el 14/05/2024.", False, "2024-05-14", "2024-05-14", "dia"),
    ("Con fecha 2024-03-02.", False, "2024-03-02", "2024-03-02", "dia"),
    ("Ayer murió el escritor.", False, "2024-05-14", "2024-05-14", "dia"),
    ("Hoy se reúnen.", False, "2024-05-15", "2024-05-15", "dia"),
    ("Anoche hubo disturbios.", False, "2024-05-14", "2024-05-14", "dia"),
    ("El lunes votó el Senado.", False, "2024-05-13", "2024-05-13", "dia"),
    ("Lo anunció este miércoles.", False, "2024-05-15", "2024-05-15", "dia"),
    ("El viernes se celebrará la cumbre.", True, "2024-05-17", "2024-05-17", "dia"),
    ("El próximo viernes habrá paro.", False, "2024-05-17", "2024-05-17", "dia"),
    ("El pasado miércoles renunció.", False, "2024-05-08", "2024-05-08", "dia"),
    ("Renunció el lunes pasado.", False, "2024-05-13", "2024-05-13", "dia"),
    ("El martes 14 de mayo llegó.", False, "2024-05-14", "2024-05-14", "dia"),
    ("Hace tres años que huyó.", False, "2021-01-01", "2021-12-31", "año"),
    ("Hace 2 semanas empezó.", False, "2024-04-29", "2024-05-05", "semana"),
    ("Dentro de dos días vence el plazo.", False, "2024-05-17", "2024-05-17", "dia"),
    ("La semana pasada hubo lluvias.", False, "2024-05-06", "2024-05-12", "semana"),
    ("La próxima semana viajará.", True, "2024-05-20", "2024-05-26", "semana"),
    ("Este mes subió el pan.", False, "2024-05-01", "2024-05-31", "mes"),
    ("El mes pasado cerraron.", False, "2024-04-01", "2024-04-30", "mes"),
    ("El año pasado exportó más.", False, "2023-01-01", "2023-12-31", "año"),
    ("El próximo año habrá censo.", True, "2025-01-01", "2025-12-31", "año"),
    ("El pasado 3 de marzo dimitió.", False, "2024-03-03", "2024-03-03", "dia"),
    ("Las elecciones del 2 de junio.", False, "2024-06-02", "2024-06-02", "dia"),
    ("El 20 de diciembre fue detenido.", False, "2023-12-20", "2023-12-20", "dia"),
    ("En abril cayó el consumo.", False, "2024-04-01", "2024-04-30", "mes"),
    ("En julio entrará en vigor.", True, "2024-07-01", "2024-07-31", "mes"),
    ("A finales de junio se verá.", True, "2024-06-01", "2024-06-30", "mes"),
    ("Del 3 al 5 de julio de 2024 se reúnen.", False, "2024-07-03", "2024-07-05", "periodo"),
    ("Entre 2019 y 2024 gobernó.", False, "2019-01-01", "2024-12-31", "periodo"),
    ("En el primer trimestre de 2024 creció.", False, "2024-01-01", "2024-03-31", "trimestre"),
    ("En la década de 1970 emigró.", False, "1970-01-01", "1979-12-31", "decada"),
    ("En los años ochenta volvió.", False, "1980-01-01", "1989-12-31", "decada"),
    ("Mañana sábado abre la feria.", False, "2024-05-16", "2024-05-16", "dia"),
]


@pytest.mark.parametrize(("text", "ahead", "inicio", "fin", "precision"), TABLE)
def test_first_date(text: str, ahead: bool, inicio: str, fin: str, precision: str) -> None:
    found = find_dates(text, TODAY, ahead)
    assert found, text
    first = found[0]
    assert (first.inicio.isoformat(), first.fin.isoformat(), first.precision.value) == (
        inicio,
        fin,
        precision,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Cobró 2.019 pesos por hora.",
        "Llegaron 2024 personas.",
        "Trabaja por la mañana.",
        "El 31 de abril no existe.",
        "Hoy en día es común.",
        "Ganaron 3-0 en el minuto 12.",
        "La ley 29090 sigue vigente.",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert [mention for mention in find_dates(text, TODAY) if mention.inicio == mention.fin] == []


def test_several_dates_stand_in_order_and_apart() -> None:
    text = "El 3 de marzo y el 4 de abril de 2024, y ayer."
    found = find_dates(text, TODAY)
    assert [text[mention.start : mention.end] for mention in found] == [
        "3 de marzo",
        "4 de abril de 2024",
        "ayer",
    ]


@given(
    st.text(alphabet="elunspadomyh 0123456789/-.áñ", max_size=120),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
)
def test_any_text_gives_ordered_spans_and_days(text: str, today: date) -> None:
    found = find_dates(text, today)
    assert all(0 <= m.start < m.end <= len(text) and m.inicio <= m.fin for m in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


def test_without_a_day_of_publication_only_dates_that_need_none_are_read() -> None:
    text = "El lunes, hace tres años y el 5 de mayo se habló de la ley del 14 de marzo de 2003 y de 1998."

    assert [mention.inicio for mention in find_dates(text, None)] == [date(2003, 3, 14), date(1998, 1, 1)]
