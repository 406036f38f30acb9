"""Money and decimal marks are read as the country of the article writes them."""

from datetime import date
from decimal import Decimal

import pytest

from newsroom.engines.local.figures import Figure, find_figures
from newsroom.engines.local.page import Page
from newsroom.grounding import SourceText

TODAY = date(2024, 5, 15)


def figures(text: str, pais: str) -> list[Figure]:
    return find_figures(Page(text, TODAY, pais))


def stated(text: str, pais: str) -> list[str]:
    return [f"{figure.valor.normalize():f} {figure.unidad}" for figure in figures(text, pais)]


MONEY = [
    ("Bolivia", "La alcaldía gastó Bs 2,3 millones en luces.", "2300000 bolivianos"),
    ("Bolivia", "El bono sube a Bs. 1.500 por familia.", "1500 bolivianos"),
    ("Bolivia", "El crédito es de $us 75 millones.", "75000000 dólares"),
    ("Bolivia", "El crédito es de $us80 millones.", "80000000 dólares"),
    ("Bolivia", "Pagará 35 millones de Bs a los municipios.", "35000000 bolivianos"),
    ("Venezuela", "El salario es de Bs 130 al mes.", "130 bolívares"),
    ("Venezuela", "La multa fue de Bs.S 45.000.", "45000 bolívares"),
    ("El Correo del Sur", "El Gobierno de Bolivia destinó Bs 12 millones.", "12000000 bolivianos"),
    ("España", "El Ejecutivo venezolano repartió Bs 12 millones.", "12000000 bolívares"),
    ("Guatemala", "El proyecto costó Q900 millones.", "900000000 quetzales"),
    ("Guatemala", "La cuota es de Q.75 al mes.", "75 quetzales"),
    ("Guatemala", "Le pagaron Q3 mil 500 por mes.", "3500 quetzales"),
    ("Guatemala", "Cobra Q4,250.75 al mes.", "4250.75 quetzales"),
    ("Honduras", "La obra costó L17 millones.", "17000000 lempiras"),
    ("Honduras", "El subsidio es de L. 2,500 por familia.", "2500 lempiras"),
    ("Honduras", "La deuda es de Lps. 4,300 millones.", "4300000000 lempiras"),
    ("Panamá", "El aporte es de B/. 350 millones.", "350000000 balboas"),
    ("Panamá", "El aporte es de B/.1,250.50 por persona.", "1250.5 balboas"),
    ("Perú", "El canon suma S/ 1 350 millones.", "1350000000 soles"),
    ("Perú", "El bono es de S/.760 por hogar.", "760 soles"),
    ("Perú", "El bono es de S/1,025 por hogar.", "1025 soles"),
    ("Paraguay", "El salario sube a G. 2.680.373.", "2680373 guaraníes"),
    ("Paraguay", "La obra costó ₲ 45.000 millones.", "45000000000 guaraníes"),
    ("Paraguay", "El déficit es de G. 1,5 billones.", "1500000000000 guaraníes"),
    ("República Dominicana", "Dio RD$3,450 millones a las alcaldías.", "3450000000 pesos"),
    ("República Dominicana", "La tarifa es de $1,200 al mes.", "1200 pesos"),
    ("Costa Rica", "El faltante es de ¢12.500 millones.", "12500000000 colones"),
    ("Costa Rica", "Pagó ₡350.000 de multa.", "350000 colones"),
    ("Nicaragua", "La cosecha dejó C$450 millones.", "450000000 córdobas"),
    ("Argentina", "El fondo recibirá u$s2.300 millones.", "2300000000 dólares"),
    ("Argentina", "El préstamo es de U$S 350 millones.", "350000000 dólares"),
    ("Argentina", "La deuda es de U$D 1.200 millones.", "1200000000 dólares"),
    ("Argentina", "El bono será de $70.000 por mes.", "70000 pesos"),
    ("Argentina", "El crédito es de 25.000 UVA por familia.", "25000 UVA"),
    ("Uruguay", "El convenio es de U$S 12,5 millones.", "12500000 dólares"),
    ("Chile", "El subsidio llega a 1.100 UF por vivienda.", "1100 UF"),
    ("Chile", "El subsidio llega a UF 950 por vivienda.", "950 UF"),
    ("Chile", "La multa va de 5 a 50 UTM.", "5 UTM/50 UTM"),
    ("Chile", "El municipio gastó MM$ 320 en luminarias.", "320000000 pesos"),
    ("Chile", "La inversión fue de US$ 45 MM en la región.", "45000000 dólares"),
    ("Colombia", "El proyecto vale $2,5 billones.", "2500000000000 pesos"),
    ("Colombia", "La multa fue de $850.000.", "850000 pesos"),
    ("México", "El programa costará 350 mdp este año.", "350000000 pesos"),
    ("México", "La inversión será de 1,200 mdd.", "1200000000 dólares"),
    ("México", "La renta es de $12,500.75 al mes.", "12500.75 pesos"),
    ("Ecuador", "El bono es de $55 al mes.", "55 dólares"),
    ("El Salvador", "El fondo es de $3.2 millones.", "3200000 dólares"),
    ("Puerto Rico", "La multa es de $1,500.", "1500 dólares"),
    ("Estados Unidos", "El condado dará $12.5 millones.", "12500000 dólares"),
    ("España", "El plan suma 45 M€ hasta marzo.", "45000000 euros"),
    ("España", "El plan suma 1.350M€ hasta marzo.", "1350000000 euros"),
    ("España", "Las ayudas llegan a 350 mlls. de euros.", "350000000 euros"),
    ("España", "La cuota será de 3,50 €.", "3.5 euros"),
    ("España", "El saldo fue de -350 millones de euros.", "-350000000 euros"),
    ("Perú", "El resultado fue de S/ -25 millones.", "-25000000 soles"),
    ("Cuba", "La libra se vende a 350 CUP.", "350 pesos"),
]


@pytest.mark.parametrize(("pais", "text", "expected"), MONEY)
def test_money(pais: str, text: str, expected: str) -> None:
    assert "/".join(stated(text, pais)) == expected


@pytest.mark.parametrize(("pais", "text", "expected"), [case for case in MONEY if "/" not in case[2]])
def test_a_right_answer_is_grounded_in_its_currency_and_in_no_other(
    pais: str, text: str, expected: str
) -> None:
    value, unidad = expected.split(" ", 1)
    source = SourceText(text, pais)
    assert source.find_number(Decimal(value), unidad=unidad) is not None
    for other in ("bolívares", "bolivianos", "quetzales", "soles", "guaraníes", "euros", "yenes"):
        assert other == unidad or source.find_number(Decimal(value), unidad=other) is None


DECIMALS = [
    ("México", "La tasa llegó a 10.751 por ciento.", "10.751 porcentaje"),
    ("Perú", "El desempleo bajó a 6.342 %.", "6.342 porcentaje"),
    ("Colombia", "El interés será de 9,125 %.", "9.125 porcentaje"),
    ("España", "El euríbor quedó en 3,679 %.", "3.679 porcentaje"),
    ("España", "El euríbor quedó en 3.679 %.", "3.679 porcentaje"),
    ("Panamá", "La economía creció .7 por ciento.", "0.7 porcentaje"),
    ("México", "El gasto cayó .25% en mayo.", "0.25 porcentaje"),
    ("España", "El paro subió 1'3 % en abril.", "1.3 porcentaje"),
    ("España", "Costará 2'5 millones de euros.", "2500000 euros"),
    ("Guatemala", "La inflación fue de 4.17 por ciento.", "4.17 porcentaje"),
    ("Chile", "El PIB creció 2,375 % en el año.", "2.375 porcentaje"),
    ("República Dominicana", "El fondo es de 1,147 millones de pesos.", "1147000000 pesos"),
    ("México", "El fondo es de 1.147 millones de pesos.", "1147000 pesos"),
    ("Argentina", "El fondo es de 1.147 millones de pesos.", "1147000000 pesos"),
    ("Honduras", "Atendieron a 1,250 personas.", "1250 personas"),
    ("Uruguay", "Atendieron a 1.250 personas.", "1250 personas"),
    ("Colombia", "El plan cuesta 45, 7 billones de pesos.", "45700000000000 pesos"),
]


@pytest.mark.parametrize(("pais", "text", "expected"), DECIMALS)
def test_decimals_and_thousands(pais: str, text: str, expected: str) -> None:
    assert stated(text, pais) == [expected]


def test_the_text_s_own_figures_win_over_the_country() -> None:
    # An agency's text in a Mexican paper.
    assert stated("Subió 4,5 % y costó 2.471 millones de euros a 1.210 firmas.", "México")[1] == (
        "2471000000 euros"
    )


@pytest.mark.parametrize("text", ["Hubo 540.0000 afectados.", "Perdió 12.5000 millones.", "Pagó $1.200.00."])
def test_a_malformed_figure_is_none_and_is_named(text: str) -> None:
    source = SourceText(text, "México")
    assert stated(text, "México") == []
    assert len(source.malformed_figures) == 1
    assert source.find_number(540) is None


@pytest.mark.parametrize(
    ("text", "pais"),
    [
        ("El Q4 de 2024 fue malo.", "España"),
        ("La línea L17 llega al puerto.", "España"),
        ("El grupo G. 20 se reúne.", "Guatemala"),
        ("El artículo 5 y el L 12.", "Chile"),
    ],
)
def test_a_letter_is_money_only_in_its_country(text: str, pais: str) -> None:
    assert not any(figure.unidad in ("quetzales", "lempiras", "guaraníes") for figure in figures(text, pais))
