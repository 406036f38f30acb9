"""Figures: value, unit, indicator, subject area and trend; and numbers that are no figures."""

from datetime import date
from decimal import Decimal

import pytest

from newsroom.engines.local.figures import Figure, find_figures
from newsroom.engines.local.page import Page


def figures(text: str) -> list[Figure]:
    return find_figures(Page(text, date(2024, 5, 15), "España"))


TABLE = [
    ("El desempleo bajó al 11,3 % en abril.", "11.3", "porcentaje", "desempleo", "económico", "disminución"),
    (
        "La inflación interanual llegó al 4,2 por ciento.",
        "4.2",
        "porcentaje",
        "inflación interanual",
        "económico",
        None,
    ),
    (
        "El Gobierno destinará 50 millones de euros para escuelas.",
        "50000000",
        "euros",
        "escuelas",
        None,
        None,
    ),
    (
        "La policía detuvo a 120 personas en Quito.",
        "120",
        "personas",
        "La policía detuvo a 120 personas",
        "conflicto",
        None,
    ),
    ("Murieron 14 personas en el ataque.", "14", "personas", "Murieron 14 personas", "conflicto", None),
    (
        "El incendio quemó 3.500 hectáreas de bosque.",
        "3500",
        "hectáreas",
        "hectáreas de bosque",
        "ambiental",
        None,
    ),
    (
        "El presupuesto de Salud sube a 2.300 millones de pesos.",
        "2300000000",
        "pesos",
        None,
        "presupuestario",
        "aumento",
    ),
    ("El partido obtuvo 1,2 millones de votos.", "1200000", "votos", "votos", "electoral", None),
    ("Ganó 37 escaños en el Parlamento.", "37", "escaños", "escaños", "electoral", None),
    ("Se aplicaron 25 mil dosis de la vacuna.", "25000", "dosis", "dosis de la vacuna", "sanitario", None),
    ("La carretera mide 48 kilómetros.", "48", "kilómetros", None, None, None),
    ("El 40 % de los hogares vive en la pobreza.", "40", "porcentaje", "hogares", None, None),
    ("Las exportaciones cayeron un 7 %.", "7", "porcentaje", "exportaciones", "económico", "disminución"),
    ("El sismo tuvo una magnitud de 6,1 grados.", "6.1", "grados", None, "ambiental", None),
    (
        "Llegaron tres mil quinientos migrantes a Tapachula.",
        "3500",
        "personas",
        "migrantes",
        "demográfico",
        None,
    ),
    (
        "La deuda pública asciende a US$ 45.000 millones.",
        "45000000000",
        "dólares",
        "deuda pública",
        None,
        "sin tendencia",
    ),
    ("Fue condenado a 12 años de prisión.", "12", "años", "años de prisión", None, None),
    ("Votaron 10 millones de guatemaltecos.", "10000000", "personas", "guatemaltecos", None, None),
    ("Firmaron un gasoducto de 530 kilómetros.", "530", "kilómetros", "gasoducto", None, None),
    (
        "La Secretaría de Economía gastó 20 millones de pesos.",
        "20000000",
        "pesos",
        "La Secretaría de Economía gastó 20 millones de pesos",
        None,
        None,
    ),
    ("El Gobierno compró 12 aviones.", "12", "aviones", "aviones", None, None),
]


@pytest.mark.parametrize(("text", "valor", "unidad", "indicador", "categoria", "tendencia"), TABLE)
def test_figure(
    text: str, valor: str, unidad: str, indicador: str | None, categoria: str | None, tendencia: str | None
) -> None:
    found = figures(text)
    assert [(figure.valor, figure.unidad) for figure in found] == [(Decimal(valor), unidad)]
    figure = found[0]
    assert indicador is None or figure.indicador == indicador
    assert categoria is None or figure.categoria.value == categoria
    said = "sin tendencia" if figure.tendencia is None else figure.tendencia.value
    assert tendencia in (None, said)
    assert figure.clause in text
    assert text[figure.start : figure.end] in figure.clause


@pytest.mark.parametrize(
    "text",
    [
        "La reunión será el 14 de mayo de 2024 a las 10:30.",
        "Lo establece el artículo 155 de la Constitución.",
        "La Ley 29090 regula las edificaciones.",
        "Llame al teléfono 900 123 456.",
        "Desde hace 36 años gobierna el mismo partido.",
        "Hay tres razones para votar.",
        "A cuatro meses de las elecciones, las actividades siguen.",
        "En 2019 empezó todo.",
        "Ganaron la copa en 1986 y 2022.",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    assert figures(text) == []


def test_the_former_value_belongs_to_the_figure() -> None:
    found = figures("El paro bajó al 11,3 % desde el 12 % de hace un año.")
    assert [(figure.valor, figure.anterior) for figure in found] == [(Decimal("11.3"), Decimal(12))]


def test_periods() -> None:
    found = figures("La inflación anual fue del 8 % y la mensual, del 0,5 % mensual.")
    assert found[0].tipo_periodo is not None
    assert found[0].tipo_periodo.value == "anual"


def test_a_list_of_percentages_names_each() -> None:
    found = figures("Hubo subas del 2,9% en indumentaria, 2,7% en gastronomía y 2,3% en salud.")
    assert [figure.indicador for figure in found] == ["indumentaria", "gastronomía", "salud"]
    assert [f.indicador for f in figures("Subieron Restaurantes y hoteles (9,3%).")] == [
        "Restaurantes y hoteles"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Se aprobó por 84 votos a favor, 61 en contra y 5 abstenciones.",
            "84 votos 61 votos 5 abstenciones",
        ),
        ("Se aprobó con nueve votos contra cuatro.", "9 votos 4 votos"),
        ("Murieron 9 y 31 personas resultaron heridas.", "9 personas 31 personas"),
        ("Revisaron 41 de los 52 pagos.", "41 pagos 52 pagos"),
        ("Multas de entre 10 y 2.500 salarios mínimos.", "10 salarios mínimos 2500 salarios mínimos"),
        ("Educación recibirá 96 millones de euros y Sanidad, 71 millones.", "96000000 euros 71000000 euros"),
        ("Acusaron a seis exfuncionarios y tres periodistas.", "6 personas 3 personas"),
        ("El plan rige durante 60 días de estado de excepción.", "60 días"),
    ],
)
def test_the_unit_that_is_left_out(text: str, expected: str) -> None:
    assert " ".join(f"{figure.valor} {figure.unidad}" for figure in figures(text)) == expected


def test_what_only_compares_is_no_figure_of_its_own() -> None:
    (figure,) = figures("Hubo 641 homicidios, un 23 % más que en 2023.")
    assert (figure.valor, figure.variacion) == (Decimal(641), Decimal(23))
    (figure,) = figures("La participación fue del 64 %, 3,2 puntos menos que en 2021.")
    assert (figure.valor, figure.diferencia) == (Decimal(64), Decimal("-3.2"))
    (figure,) = figures("La producción pasó de 57.000 a 48.500 barriles diarios.")
    assert (figure.valor, figure.anterior) == (Decimal(48500), Decimal(57000))


@pytest.mark.parametrize(
    ("pais", "unidad"), [("México", "pesos"), ("Puerto Rico", "dólares"), ("Ecuador", "dólares")]
)
def test_a_bare_dollar_sign_is_the_country_s(pais: str, unidad: str) -> None:
    page = Page("El contrato costó $18 millones.", date(2024, 5, 15), pais)
    assert [figure.unidad for figure in find_figures(page)] == [unidad]


def test_every_figure_says_what_it_measures() -> None:
    (figure,) = figures("Mamani ofreció un 6 % desde enero.")
    assert figure.indicador == "Mamani ofreció un 6 %"
