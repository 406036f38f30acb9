"""Ranges, rates, parts, comparisons and durations: what each figure of a sentence measures."""

from datetime import date

import pytest

from newsroom.engines.local.figures import Figure, find_figures
from newsroom.engines.local.page import Page


def figures(text: str) -> list[Figure]:
    return find_figures(Page(text, date(2024, 5, 15), "Colombia"))


def stated(text: str) -> str:
    return "/".join(f"{figure.valor.normalize():f} {figure.unidad}" for figure in figures(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cada avión cuesta entre 40 y 55 millones de euros.", "40000000 euros/55000000 euros"),
        ("Llegaron de 3 a 5 mil personas.", "3000 personas/5000 personas"),
        ("Harán falta de 2 a 4 millones de dólares.", "2000000 dólares/4000000 dólares"),
        ("Crecerá un 2 o 3 %.", "2 porcentaje/3 porcentaje"),
        ("Crecerá entre el 2,5 y el 3,5 %.", "2.5 porcentaje/3.5 porcentaje"),
        ("Del 5 al 7 por ciento de los hogares carece de agua.", "5 porcentaje/7 porcentaje"),
        ("El 20-25 % de las casas quedó dañado.", "20 porcentaje/25 porcentaje"),
        ("Gastará US$ 8 a US$ 10 millones.", "8000000 dólares/10000000 dólares"),
        ("Costará entre $30 y $40 millones.", "30000000 pesos/40000000 pesos"),
        ("Multas desde veinte hasta cien salarios mínimos.", "20 salarios mínimos/100 salarios mínimos"),
        ("Serán entre 12.000 y 15.000 hectáreas.", "12000 hectáreas/15000 hectáreas"),
        ("Entre 800 mil y 1,2 millones de personas votaron.", "800000 personas/1200000 personas"),
        ("Murieron 9 y 3 millones de personas huyeron.", "9 personas/3000000 personas"),
        ("Las multas van de $700.100 a $1.100.200.", "700100 pesos/1100200 pesos"),
    ],
)
def test_both_ends_of_a_range(text: str, expected: str) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La tasa fue de 25,3 homicidios por 100.000 habitantes.", "25.3 por 100.000 habitantes"),
        ("Hubo 12 muertes por cada 1.000 nacidos.", "12 por 1.000 nacidos"),
        ("La mortalidad es de 9,8 por cada 100 mil habitantes.", "9.8 por 100 mil habitantes"),
        ("El apoyo subió 2,4 puntos porcentuales en un mes.", "2.4 puntos porcentuales"),
        ("El riesgo país cayó 35 puntos básicos.", "35 puntos básicos"),
        ("El viento sopló a 95 km/h.", "95 kilómetros por hora"),
        ("El viento sopló a 95km/h.", "95 kilómetros por hora"),
        ("El río lleva 1.800 m³/s.", "1800 metros cúbicos por segundo"),
        ("La vía mide 25km.", "25 kilómetros"),
        ("Fue un sismo de magnitud 5,7.", "5.7 magnitud"),
        ("El temblor, de magnitud de 4,9, asustó a todos.", "4.9 magnitud"),
        ("Subió 50 centavos por litro.", "50 centavos"),
        ("Vale 30 centavos de dólar la hora.", "30 centavos de dólar"),
        ("El vaso cuesta 80 céntimos.", "80 céntimos"),
    ],
)
def test_units(text: str, expected: str) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("La Cámara aprobó la ley por 68 a 47.", "68 votos/47 votos"),
        ("El Senado rechazó la moción por 20 votos contra 12.", "20 votos/12 votos"),
        ("La enmienda prosperó 31-28 en el pleno.", "31 votos/28 votos"),
        ("Lo aprobaron por 9 a 6 en la comisión.", "9 votos/6 votos"),
        ("La investidura fracasó: 171 a favor y 178 en contra en la votación.", "171 votos/178 votos"),
    ],
)
def test_votes(text: str, expected: str) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hay 5.200 detenidos; de ellos, 3 mil 504 son jóvenes.", "5200 personas/3504 personas"),
        ("Murieron 340 personas. 190 de ellas vivían en la costa.", "340 personas/190 personas"),
        ("Mataron a dos monjas en la misión.", "2 personas"),
        ("Rescataron a tres pescadores en la bahía.", "3 personas"),
        ("Cayeron cuatro sicarios en Cali.", "4 personas"),
        ("Revisará trescientos veinte (320) edificios.", "320 edificios"),
        ("Son doce (12) escuelas sin agua.", "12 escuelas"),
        ("El 35 % de los 1.800 encuestados no votará.", "35 porcentaje/1800 personas"),
    ],
)
def test_parts_and_kinds(text: str, expected: str) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Tres de cada diez votantes dudan.",
        "Siete de cada 10 mujeres lo sufrieron.",
        "La inspección será cada dos (2) años.",
        "A menos de 48 horas de la elección, todo sigue igual.",
        "Hace 15 días hubo un paro.",
        "La crisis cumple siete años desde las protestas.",
        "Dentro de 20 días habrá excepción.",
        "Ocurrió en el kilómetro 37 de la carretera.",
        "Llame a la línea 113 o al 315-0400.",
        "El expediente 1234/2021 sigue abierto.",
        "El Bonar 2041 y el Global 2035 subieron.",
    ],
)
def test_no_figures(text: str) -> None:
    assert stated(text) == ""


@pytest.mark.parametrize(
    ("text", "valor", "anterior"),
    [
        ("El salario pasó de $700.100 a $1.100.200.", "1100200", "700100"),
        ("El paro bajó del 37 % al 34 %.", "34", "37"),
        ("Las remesas crecieron de US$ 5.000 millones a US$ 5.400 millones.", "5400000000", "5000000000"),
        ("Hubo 641 homicidios frente a los 700 de 2022.", "641", "700"),
        ("La inflación fue del 4 % frente al 5,2 % del año anterior.", "4", "5.2"),
        ("El déficit fue de 3 % desde el 4 % de marzo.", "3", "4"),
        ("El desempleo fue de 9,1 % en comparación con el 10,3 % de mayo.", "9.1", "10.3"),
    ],
)
def test_an_earlier_value(text: str, valor: str, anterior: str) -> None:
    assert [(f"{f.valor.normalize():f}", f"{f.anterior:f}") for f in figures(text) if f.anterior] == [
        (valor, anterior)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Rojas ganó con el 52,3 % de los votos frente al 47,7 % de Vera.",
        "Obtuvo el 61 % contra el 39 % de su rival.",
        "El partido logró 54 escaños frente a 46 de la oposición.",
        "La inflación fue de 3,2 % y desde enero acumula 14 %.",
        "En abril hubo 120 casos frente a los 1.400 casos acumulados del año.",
        "La multa es de 3 millones de euros, frente a ganancias de 20 millones de euros.",
        "El sí sacó 44 % y el no, 56 %.",
    ],
)
def test_no_earlier_value(text: str) -> None:
    found = figures(text)
    assert len(found) == 2
    assert all(figure.anterior is None for figure in found)


@pytest.mark.parametrize(
    ("text", "tendencia"),
    [
        ("Las reservas ascienden a 24.000 millones de dólares.", None),
        ("La deuda asciende al 60 % del PIB.", None),
        ("La lista suma 120 nombres.", None),
        ("El déficit supera el 5 % del PIB.", None),
        ("El costo es de 30 millones de euros.", None),
        ("El paro no subió del 11 %.", None),
        ("El desempleo ascendió un 3 %.", "aumento"),
        ("Las ventas crecieron un 12 %.", "aumento"),
        ("El gasto se redujo un 8 %.", "disminución"),
        ("La tasa se mantuvo en 11 %.", "estable"),
        ("Hubo una caída del 7 % en el turismo.", "disminución"),
    ],
)
def test_trend(text: str, tendencia: str | None) -> None:
    trends = [None if figure.tendencia is None else figure.tendencia.value for figure in figures(text)]
    assert trends == [tendencia]
