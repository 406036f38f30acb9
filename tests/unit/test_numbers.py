"""Numbers are found with their value in every form that the Spanish press uses."""

import random
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsroom.numbers import NumberMention, find_numbers, read_unit

UNITS = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco "
    "veintiséis veintisiete veintiocho veintinueve"
)
TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
HUNDREDS = (
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)


def spell(number: int) -> str:
    """Writes a whole number below a million millions in words, as the Academy does."""
    if number < 30:
        return UNITS.split()[number]
    if number < 100:
        tens = TENS.split()[number // 10 - 3]
        return tens if number % 10 == 0 else f"{tens} y {spell(number % 10)}"
    if number < 1000:
        hundreds = "cien" if number == 100 else HUNDREDS.split()[number // 100 - 1]
        return hundreds if number % 100 == 0 else f"{hundreds} {spell(number % 100)}"
    unit, name = (1000, "mil") if number < 10**6 else (10**6, "millones")
    head = "" if number // unit == 1 else shorten_one(spell(number // unit))
    if unit == 10**6 and number // unit == 1:
        head, name = "un", "millón"
    text = f"{head} {name}".strip()
    return text if number % unit == 0 else f"{text} {spell(number % unit)}"


def shorten_one(words: str) -> str:
    """Returns the form before a noun: veintiún for veintiuno, un for uno."""
    if words.endswith("veintiuno"):
        return words.removesuffix("uno") + "ún"
    return words.removesuffix("o") if words.endswith("uno") else words


def group(digits: str, mark: str) -> str:
    head = len(digits) % 3 or 3
    return mark.join([digits[:head], *(digits[i : i + 3] for i in range(head, len(digits), 3))])


def ways_to_write(value: Decimal) -> list[str]:
    """Every usual way to write a positive number in figures."""
    whole, _, decimals = f"{value:f}".partition(".")
    ways = []
    for thousands, point in (
        (".", ","),
        (",", "."),
        (" ", ","),
        ("\u00a0", ","),
        ("\u202f", "."),
        ("'", "."),
        ("", ","),
    ):
        grouped = group(whole, thousands) if thousands else whole
        ways.append(grouped + (point + decimals if decimals else ""))
    if not decimals and value >= 1000:
        thousands_, rest = divmod(int(value), 1000)
        ways.append(
            f"{thousands_} mil{f' {rest}' if rest else ''}" if thousands_ < 1000 else group(whole, ".")
        )
    if not decimals and value >= 10**6:
        millions, rest = divmod(int(value), 10**6)
        ways.append(
            f"{millions} mill{'ón' if millions == 1 else 'ones'}"
            + (f" {group(str(rest), '.')}" if rest > 999 else f" {rest}" if rest else "")
        )
    return ways


VALUES = st.one_of(
    st.integers(2, 10**12 - 1).map(Decimal),
    st.decimals(Decimal("0.01"), Decimal(10**7), places=2, allow_nan=False),
    st.decimals(Decimal("0.1"), Decimal(10**5), places=1, allow_nan=False),
)


@settings(max_examples=600, deadline=None)
@given(value=VALUES, data=st.data())
@pytest.mark.untraced
def test_a_figure_is_read_back_from_every_format(value: Decimal, data: st.DataObject) -> None:
    for written in ways_to_write(value):
        before = data.draw(st.sampled_from(["Sumaron ", "(", "$", "US$ ", "de los ", "a\n"]))
        after = data.draw(
            st.sampled_from([" personas", ".", ", según", "%", " por ciento", " pesos", ")", "\n"])
        )
        text = before + written + after
        mentions = [m for m in find_numbers(text) if value in m.valores]
        assert [m.texto for m in mentions] == [written], text
        assert mentions[0].offset_inicio == len(before)
        assert mentions[0].offset_fin == len(before) + len(written)
        assert mentions[0].es_porcentaje == after.startswith(("%", " por ciento"))


@settings(max_examples=600, deadline=None)
@given(number=st.one_of(st.integers(2, 3000), st.integers(2, 10**12 - 1)))
@example(number=10_000_000_001)
@example(number=1_001_001)
@example(number=204_001_000_000)
@pytest.mark.untraced
def test_a_number_in_words_is_read_back(number: int) -> None:
    written = spell(number)
    for spelt in (written, written.capitalize(), written.replace("ó", "o\u0301").replace("é", "e")):
        text = f"Fueron ya {spelt}, dijo."
        (mention,) = find_numbers(text)
        assert mention.valores == (Decimal(number),), spelt
        assert mention.texto == spelt


def test_thousands_of_planted_numbers_are_all_found_in_one_text() -> None:
    rng = random.Random(3)
    expected: list[tuple[int, str, Decimal]] = []
    text = ""
    for _ in range(4000):
        value = Decimal(rng.choice([rng.randint(2, 99), rng.randint(100, 10**6), rng.randint(10**6, 10**11)]))
        written = rng.choice([*ways_to_write(value), spell(int(value))])
        text += "después hubo " + rng.choice(["", "unas ", "casi "])
        expected.append((len(text), written, value))
        text += written + rng.choice([" cosas y ", "; una persona, ", " por ciento. ", ". Un día "])
    found = find_numbers(text)
    assert [(m.offset_inicio, m.texto) for m in found] == [(start, written) for start, written, _ in expected]
    assert all(value in m.valores for m, (_, _, value) in zip(found, expected, strict=True))


def only(text: str) -> NumberMention:
    (mention,) = find_numbers(text)
    return mention


@pytest.mark.parametrize(
    ("text", "texto", "valores"),
    [
        ("1.200", "1.200", ["1200", "1.2"]),
        ("1,200", "1,200", ["1200", "1.2"]),
        ("0.200", "0.200", ["0.2"]),
        ("1.200,50", "1.200,50", ["1200.5"]),
        ("1,200.50", "1,200.50", ["1200.5"]),
        ("1'200.000", "1'200.000", ["1200000", "1200"]),
        ("1’200,000", "1’200,000", ["1200000", "1200"]),
        ("1'200'000", "1'200'000", ["1200000"]),
        ("½ taza", "½", ["0.5"]),
        ("2½ tazas", "2½", ["2.5"]),
        ("50 millones", "50 millones", ["50000000"]),
        ("1.200 millones", "1.200 millones", ["1200000000", "1200000"]),
        ("2 mil 500 millones", "2 mil 500 millones", ["2500000000"]),
        ("4 mil 89 oficiales", "4 mil 89", ["4089"]),
        ("un millón y medio", "un millón y medio", ["1500000"]),
        ("millón y medio de votos", "millón y medio", ["1500000"]),
        ("2 y medio millones", "2 y medio millones", ["2500000"]),
        ("medio millón", "medio millón", ["500000"]),
        ("mil millones", "mil millones", ["1000000000"]),
        ("3 billones", "3 billones", ["3000000000000"]),
        ("3 miles de millones", "3 miles de millones", ["3000000000"]),
        ("mil quinientos", "mil quinientos", ["1500"]),
        ("una docena", "una docena", ["12"]),
        ("media docena", "media docena", ["6"]),
        ("tres centenares", "tres centenares", ["300"]),
        ("doscientas mujeres", "doscientas", ["200"]),
        ("tres coma cinco", "tres coma cinco", ["3.5"]),
        ("cero coma cero cinco", "cero coma cero cinco", ["0.05"]),
        ("uno por ciento", "uno", ["1"]),
        ("20mdp", "20mdp", ["20000000"]),
        ("3,5 mdp", "3,5 mdp", ["3500000"]),
        ("20km", "20", ["20"]),
        ("cayó -3 grados", "3", ["-3"]),
        ("el —20 de ellos— día", "20", ["20"]),
        ("millo\u0301n y medio", "millo\u0301n y medio", ["1500000"]),
        ("doscien-\ntos", "doscien-\ntos", ["200"]),
    ],
)
def test_value_and_extent(text: str, texto: str, valores: list[str]) -> None:
    mention = only(text)
    assert mention.texto == texto
    assert mention.valores == tuple(map(Decimal, valores))


@pytest.mark.parametrize(
    "text",
    [
        "un perro, una casa y uno más",
        "por ciento",
        "millones de personas",
        "miles y cientos",
        "COVID-19",
        "el G20 y la red 5G",
        "el 3er lugar, la 2ª vez, el 1.º día, el 2do",
        "A/RES/x",
        "192.168.1.1",
        "1.2.3",
        "9" * 60,
        "la mitad y un tercio",
        "medio camino, media hora",
        "y, coma, punto",
        "",
    ],
)
def test_no_number(text: str) -> None:
    assert find_numbers(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dos o tres personas", ["2", "3"]),
        ("en 2018 200 personas", ["2018", "200"]),
        ("12 millones. 300 mil más", ["12000000", "300000"]),
        ("12 millones, 300 mil más", ["12000000", "300000"]),
        ("5 mil\n200 más", ["5000", "200"]),
        ("ganó 50 millones 2018 fue", ["50000000", "2018"]),
        ("tres mil un acto", ["3000"]),
        ("cien por ciento de cien", ["100", "100"]),
        ("2 millones 3 millones", ["2000000", "3000000"]),
        ("10-15 años", ["10", "15"]),
    ],
)
def test_neighbours_stay_apart(text: str, expected: list[str]) -> None:
    assert [m.valores[0] for m in find_numbers(text)] == [Decimal(value) for value in expected]


@pytest.mark.parametrize(
    ("text", "moneda"),
    [
        ("US$1.2 mil millones", "dólares"),
        ("U$S 30", "dólares"),
        ("USD 300", "dólares"),
        ("30 dólares", "dólares"),
        ("3 mdd", "dólares"),
        ("$500 pesos", "pesos"),
        ("3 mdp", "pesos"),
        ("2 millones de pesos mexicanos", "pesos"),
        ("$ 1.200", "$"),
        ("€5", "euros"),
        ("5 €", "euros"),
        ("5 euros", "euros"),
        ("S/ 25", "soles"),
        ("S/.25.50", "soles"),
        ("25 soles", "soles"),
        ("Bs. 300", "Bs"),
        ("300 bolívares", "bolívares"),
        ("R$ 12", "reales"),
        ("46 mil millones de lempiras", "lempiras"),
        ("los 25 de Córdoba", None),
        ("300 personas", None),
        ("25 por ciento", None),
    ],
)
def test_currency(text: str, moneda: str | None) -> None:
    assert only(text).moneda == moneda


def test_a_range_shares_its_unit() -> None:
    low, high = find_numbers("entre 10 y 15 por ciento")
    assert low.es_porcentaje
    assert high.es_porcentaje
    low, high = find_numbers("de 2 a 3 millones de euros")
    assert low.valores == (Decimal(2_000_000),)
    assert low.moneda == high.moneda == "euros"
    low, high = find_numbers("entre US$10 y 15")
    assert low.moneda == high.moneda == "dólares"
    left, right = find_numbers("5 personas y 15 por ciento")
    assert not left.es_porcentaje
    assert right.es_porcentaje


def test_years_and_dates_are_marked() -> None:
    day, year, other, hour, minutes = find_numbers("el 25 de noviembre de 2018, en 2019, a las 10:30")
    assert [m.es_fecha for m in (day, year, other, hour, minutes)] == [True, True, False, True, True]
    assert [m.parece_anio for m in (day, year, other, hour, minutes)] == [False, True, True, False, False]
    assert [m.texto for m in find_numbers("25/11/2018")] == ["25", "11", "2018"]
    assert all(m.es_fecha for m in find_numbers("25/11/2018"))
    assert not only("2018 pesos").parece_anio
    assert not only("2.018").parece_anio


@pytest.mark.parametrize(
    ("unidad", "multiplicador", "es_porcentaje", "moneda"),
    [
        ("millones de pesos", 10**6, False, "pesos"),
        ("miles de millones de dólares", 10**9, False, "dólares"),
        ("mil millones", 10**9, False, None),
        ("mdp", 10**6, False, "pesos"),
        ("miles de personas", 10**3, False, None),
        ("US$", 1, False, "dólares"),
        ("%", 1, True, None),
        ("por ciento", 1, True, None),
        ("puntos porcentuales", 1, False, None),
        ("personas", 1, False, None),
        ("", 1, False, None),
    ],
)
def test_unit(unidad: str, multiplicador: int, es_porcentaje: bool, moneda: str | None) -> None:
    unit = read_unit(unidad)
    assert unit.multiplicador == multiplicador
    assert (unit.es_porcentaje, unit.moneda) == (es_porcentaje, moneda)
