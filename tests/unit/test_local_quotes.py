"""Quotations: exact words, the difference between speech and titles, and the speakers."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.engines.local.page import Page
from newsroom.engines.local.quotes import find_quotes
from newsroom.engines.local.speakers import attribute_quotes


def quoted(text: str) -> list[str]:
    return [text[quote.start : quote.end] for quote in find_quotes(text)]


def said(text: str, titular: str = "") -> list[tuple[str | None, str]]:
    page = Page(text, date(2024, 5, 15), "España")
    return [
        (a.entity.name if a.entity else None, text[a.quote.start : a.quote.end])
        for a in attribute_quotes(page, titular)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“No habrá recortes este año”, dijo la ministra.", ["No habrá recortes este año"]),
        ("Dijo que «no habrá recortes este año».", ["no habrá recortes este año"]),
        ('Afirmó: "Seguiremos hasta el final".', ["Seguiremos hasta el final"]),
        ("—No pienso renunciar —dijo el ministro—. Seguiré aquí.", ["No pienso renunciar", "Seguiré aquí."]),
        ("Publicó el libro “La casa de los espíritus perdidos” en 1982.", []),
        ("La llamada “zona cero” sigue cerrada.", []),
        ("Actuó con “La Niña” en el teatro.", []),
        ("“Le dije: ‘vete ya de aquí’ y se fue”, contó Ana.", ["Le dije: ‘vete ya de aquí’ y se fue"]),
        ('“Si descontamos eso, queda poco". Luego calló.', ["Si descontamos eso, queda poco"]),
        ("Pidió “más presupuesto para la escuela", []),
        ("R: Yo no sabía nada de aquel contrato.", ["Yo no sabía nada de aquel contrato."]),
        ("Calificó la ley de “disparate jurídico total”.", ["disparate jurídico total"]),
    ],
)
def test_exact_words(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


def test_an_unbalanced_mark_does_not_swallow_the_article() -> None:
    text = (
        "Pidió “más dinero para todos.\n"
        + "El Congreso votó ayer la ley.\n" * 30
        + "“Es un error grave”, dijo Ana."
    )
    assert quoted(text) == ["Es un error grave"]


def test_marks_reopened_in_each_paragraph_are_one_speech() -> None:
    text = (
        "La rectora Ana Rey explicó:\n“La universidad no tiene dinero.\n“Por eso cerramos el comedor.”\n"
        "El ministro Luis Soto contestó: “Habrá fondos en julio”."
    )
    assert said(text) == [
        ("Ana Rey", "La universidad no tiene dinero."),
        ("Ana Rey", "Por eso cerramos el comedor."),
        ("Luis Soto", "Habrá fondos en julio"),
    ]


SPEAKERS = [
    ("“No habrá recortes este año”, dijo la ministra Ana Rey.", "Ana Rey"),
    ("Ana Rey, ministra de Salud, afirmó que “no habrá recortes este año”.", "Ana Rey"),
    ("Según el diputado Juan Paz, “la ley es un retroceso”.", "Juan Paz"),
    ("“La ley es un retroceso”, según Juan Paz.", "Juan Paz"),
    ("Juan Paz: “La ley es un retroceso”.", "Juan Paz"),
    ("La CGT respondió que “la reforma perjudica a todos”.", "CGT"),
    ("“El país no aguanta más”, lamentó ante la prensa el alcalde de Quito, Pabel Muñoz.", "Pabel Muñoz"),
    (
        "El canciller Luis Gil se reunió con Ana Rey. “Fue un encuentro cordial”, señaló el canciller.",
        "Luis Gil",
    ),
    (
        "La presidenta Dina Boluarte llegó a Cusco. La mandataria aseguró que “no dejará el cargo”.",
        "Dina Boluarte",
    ),
    ("Gustavo Petro habló en Cali. “Vamos a cumplir con la paz”, dijo.", "Gustavo Petro"),
    ("“Vamos a cumplir con la paz”. Así lo expresó el presidente Gustavo Petro en Cali.", "Gustavo Petro"),
    (
        "El fiscal general, Emilio Rolón, señaló ante la jueza Ana Rey que “hay pruebas de sobra”.",
        "Emilio Rolón",
    ),
    (
        "El jefe de Estado, Gabriel Boric, calificó la votación de “día histórico para Chile”.",
        "Gabriel Boric",
    ),
    (
        "“No vamos a ceder ante nadie”, insistió Bullrich. La ministra Patricia Bullrich viajó.",
        "Patricia Bullrich",
    ),
    (
        "De acuerdo con la economista Marina Dal Poggetto, “la inflación bajará despacio”.",
        "Marina Dal Poggetto",
    ),
]


@pytest.mark.parametrize(("text", "speaker"), SPEAKERS)
def test_speaker(text: str, speaker: str) -> None:
    assert [who for who, _ in said(text)] == [speaker]


def test_the_interviewee_answers() -> None:
    text = (
        "Entrevista con la escritora Ana Rey.\nP: ¿Qué lee?\nR: Leo poesía y poca prensa.\n"
        "P: ¿Y ensayo?\nR: Ensayo no leo nunca."
    )
    assert said(text, "Ana Rey: “Leo poesía”") == [
        ("Ana Rey", "Leo poesía y poca prensa."),
        ("Ana Rey", "Ensayo no leo nunca."),
    ]


def test_a_line_headed_by_a_name_is_its_speech() -> None:
    text = "Habló el presidente Andrés López.\nPRESIDENTE ANDRÉS LÓPEZ: Muchas gracias por venir a Oaxaca."
    assert said(text) == [("Andrés López", "Muchas gracias por venir a Oaxaca.")]


@given(st.text(alphabet="ab Dijo.,:“”«»‘’\"'—\n¿?", max_size=300))
def test_any_text_gives_spans_in_order_inside_it(text: str) -> None:
    found = find_quotes(text)
    assert all(0 <= quote.start < quote.end <= len(text) for quote in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


def test_the_mandatario_of_a_country_is_that_countrys() -> None:
    text = (
        "La presidenta del Paraguay, Lourdes Benítez, y su homólogo de Bolivia, Marcelo Condori, firmaron. "
        "El mandatario boliviano manifestó que “acaba una deuda”. La mandataria dijo que “es un día feliz”."
    )
    assert [who for who, _ in said(text)] == ["Marcelo Condori", "Lourdes Benítez"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "El abogado Tomás Rivas apelará. Según él, el dinero “se gastó en la emergencia sanitaria”.",
            "Tomás Rivas",
        ),
        (
            "La jueza Irene Roldán citó al fiscal Luis Soto. Ella espera poco: “Cerrarán en mayo”, dijo.",
            "Irene Roldán",
        ),
        (
            "La diputada Ana Solares y su esposo, Juan Paz, declararon. La legisladora rechazó los cargos. "
            "“Me persiguen por denunciar a otros”, escribió.",
            "Ana Solares",
        ),
        (
            "La jueza Irene Roldán falló. La Agencia de Aduanas apelará. La agencia sostuvo que el taller "
            "“empleaba a menores de edad”.",
            "Agencia de Aduanas",
        ),
        ("Fidel Arriaga gobierna. «El agua no da votos», me confesó una vez un alcalde.", None),
        (
            "Nubia Cerón, madre del cabo Yeison Cerón, agradeció el gesto. «Me lo devolvieron flaco», dijo.",
            "Nubia Cerón",
        ),
        ("Para la politóloga Rocío Paz, del Banco del Sur, «no hay favoritos aquí».", "Rocío Paz"),
        ("«Salieron a trabajar y no volvieron», dijo entre aplausos Rosa Tinoco.", "Rosa Tinoco"),
    ],
)
def test_who_speaks_without_being_named_beside_it(text: str, speaker: str | None) -> None:
    assert [name for name, _ in said(text)] == [speaker]


def test_an_interview_in_dashed_lines() -> None:
    text = (
        "Beatriz Sosa dirige el banco. Con ella está el gerente Gonzalo Pintos.\n"
        "—¿El sistema es sostenible?\n—Lo es hasta 2043.\n"
        "—El sindicato dice que no.\n—No es cierto. Lo hablamos ayer.\n"
        "—¿Cuántos cobran menos?\n—Unos doce mil casos.\n"
        "—Ya se corrigieron nueve mil —interviene Pintos— y el resto se pagará."
    )
    answers = ["Lo es hasta 2043.", "No es cierto. Lo hablamos ayer.", "Unos doce mil casos."]
    found = said(text, "Beatriz Sosa: el banco es sostenible")
    assert found == [
        *(("Beatriz Sosa", answer) for answer in answers),
        ("Gonzalo Pintos", "Ya se corrigieron nueve mil"),
        ("Gonzalo Pintos", "y el resto se pagará."),
    ]


def test_two_dashed_lines_are_no_interview() -> None:
    spoken = ["¿Vendrá usted mañana?", "No lo sé todavía"]
    assert quoted("—¿Vendrá usted mañana?\n—No lo sé todavía —dijo Ana Rey—.") == spoken
