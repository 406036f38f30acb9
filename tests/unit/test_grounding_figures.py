"""A figure is grounded by its value and its unit, or not at all."""

import random
from decimal import Decimal

import pytest

from newsroom.grounding import SourceText, Span


@pytest.mark.parametrize(
    ("text", "valor", "unidad", "found"),
    [
        ("Sumaron 3.500 votos", 3500, None, "3.500"),
        ("Sumaron tres mil quinientos votos", 3500, "votos", "tres mil quinientos"),
        ("Sumaron 3,5 mil votos", 3500, None, "3,5 mil"),
        ("Pesó 3.500 kilos", 3.5, "kilos", "3.500"),
        ("Cayó 3 % el PIB", -3, "%", "3"),
        ("Cayó -3 % el PIB", 3, "%", "3"),
        ("Costó 50 millones de pesos", 50, "millones de pesos", "50 millones"),
        ("Costó 50 millones de pesos", 50_000_000, "pesos", "50 millones"),
        ("Costó 50 millones de pesos", 50_000_000.0, None, "50 millones"),
        ("Costó 2 mil 500 millones", 2500, "millones de pesos", "2 mil 500 millones"),
        ("Costó US$1.2 mil millones", Decimal("1.2"), "miles de millones de dólares", "1.2 mil millones"),
        ("Costó US$1.2 mil millones", 1200, "mdd", "1.2 mil millones"),
        ("Costó $300", 300, "pesos", "300"),
        ("Costó $300", 300, "dólares", "300"),
        ("Entre 10 y 15 por ciento", 10, "%", "10"),
        ("Entre 2 y 3 millones", 2_000_000, "personas", "2"),
        ("La tasa: 25", 25, "%", "25"),
        ("Gasto (en millones de pesos)\nSalud 1.250\nEducación 980", 980, "millones de pesos", "980"),
        ("Ocurrió en 2018", 2018, "año", "2018"),
        ("Fue el 25 de mayo", 25, None, "25"),
        ("No hubo cero errores", 0, "errores", "cero"),
    ],
)
def test_grounded(text: str, valor: Decimal | float, unidad: str | None, found: str) -> None:
    span = SourceText(text).find_number(valor, unidad=unidad)
    assert span is not None
    assert span.cut(text) == found


@pytest.mark.parametrize(
    ("text", "valor", "unidad"),
    [
        ("Sumaron 3.500 votos", 35, None),
        ("Sumaron 3.501 votos", 3500, None),
        ("Costó 50 millones de pesos", 50, None),
        ("Costó 50 millones de pesos", 50, "pesos"),
        ("Costó 50 millones de pesos", 50_000_000, "millones de pesos"),
        ("Costó 50 millones de pesos", 50_000_000, "dólares"),
        ("Costó 50 millones de pesos", 50_000_000, "%"),
        ("Subió 25 por ciento", 25, "pesos"),
        ("Subió 25 por ciento", 0.25, None),
        ("Gasto en salud 980", 980, "millones de pesos"),
        ("Fue el 25 de mayo", 25, "personas"),
        ("A las 10:30", 30, "heridos"),
        ("Por la COVID-19", 19, None),
        ("Ciento por ciento", 1, None),
        ("Una casa", 1, None),
        ("Sin cifras", 7, None),
        ("Sumaron 3", float("nan"), None),
        ("Sumaron 3", float("inf"), None),
        ("Sumaron 3", Decimal("1e999999"), "millones"),
    ],
)
def test_not_grounded(text: str, valor: Decimal | float, unidad: str | None) -> None:
    assert SourceText(text).find_number(valor, unidad=unidad) is None


def test_a_mention_whose_unit_agrees_is_preferred_to_an_earlier_one() -> None:
    text = "Votaron 25 personas, el 25 por ciento; costó 25 euros y fue el 25 de mayo."
    source = SourceText(text)
    assert source.find_number(25) == Span(8, 10)
    assert source.find_number(25, unidad="personas") == Span(8, 10)
    assert source.find_number(25, unidad="%") == Span(24, 26)
    assert source.find_number(25, unidad="euros") == Span(45, 47)
    assert source.find_number(25, unidad="días de mayo") == Span(8, 10)


def test_within_limits_the_search() -> None:
    text = "Hubo 30 heridos. Hubo 30 detenidos."
    source = SourceText(text)
    assert source.find_number(30, within=Span(17, 35)) == Span(22, 24)
    assert source.find_number(30, within=Span(0, 6)) is None


def test_planted_figures_are_found_and_absent_ones_never() -> None:
    rng = random.Random(11)
    numbers = rng.sample(range(100, 10**7), 3000)
    planted, absent = numbers[:1500], numbers[1500:]
    text, places = "", []
    for number in planted:
        text += "luego hubo "
        places.append(len(text))
        text += f"{number:,}".replace(",", rng.choice([".", ",", " ", "\u00a0", "", "'"])) + " casos, "
    source = SourceText(text)
    for number, place in zip(planted, places, strict=True):
        span = source.find_number(number, unidad="casos")
        assert span is not None
        assert span.offset_inicio == place
    # A figure in thousands can also be read as a decimal, so absent ones are whole and far from it.
    assert not any(source.find_number(number) for number in absent)
