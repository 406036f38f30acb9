"""Splitting: every character in exactly one fragment, at the structure, and stable under edits."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.documents.headings import find_headings
from newsroom.documents.reading import read_document
from newsroom.documents.splitting import CHARS_PER_TOKEN, split_document
from newsroom.documents.texto import MAX_TITLE_CHARS, Page, Seccion, Texto

REAL = Path(__file__).parents[3] / "shared" / "data" / "documentos"
TOKENS = 300

PIECES = st.sampled_from(
    [
        "# Título\n", "## Otro\n\n", "TÍTULO I\n", "CAPÍTULO II\nDe la forma\n", "palabra ", "1.2 Alcance\n",
        "Artículo 5.- El agua es de todos.\n", "EL PRESIDENTE:\n", "\n\n", "\n", " ", "Llueve. ",
        "El Dr. Ruiz habló. ¿Cuándo? ",
        "x" * 200, "Una frase que no acaba nunca y sigue ", "ñ\u0301 ", "🙂", "\t",
    ]
)  # fmt: skip


def law(articles: int) -> str:
    parts = ["LEY DE AGUAS\n\n"]
    for number in range(1, articles + 1):
        if number % 10 == 1:
            parts.append(f"TÍTULO {'I' * (number // 10 % 3 + 1)}\nDe la parte {number // 10}\n\n")
        words = " ".join(f"El ayuntamiento número {number} hará la cosa {n} en su plazo." for n in range(4))
        parts.append(f"Artículo {number}. Del asunto {number}\n\n{words}\n\n")
    return "".join(parts)


def pieces(texto: Texto, secciones: list[Seccion]) -> list[str]:
    return [texto.texto[seccion.offset_inicio : seccion.offset_fin] for seccion in secciones]


def check_cover(texto: Texto, max_tokens: int) -> list[Seccion]:
    secciones = split_document(texto, max_tokens)
    assert "".join(pieces(texto, secciones)) == texto.texto
    assert [seccion.indice_secuencial for seccion in secciones] == list(range(len(secciones)))
    assert all(seccion.offset_fin > seccion.offset_inicio for seccion in secciones)
    assert all(s.offset_fin - s.offset_inicio <= max_tokens * CHARS_PER_TOKEN for s in secciones)
    assert all(len(seccion.titulo_seccion or "") <= MAX_TITLE_CHARS for seccion in secciones)
    return secciones


@given(st.lists(PIECES, min_size=1, max_size=120), st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_every_character_belongs_to_exactly_one_fragment(parts: list[str], max_tokens: int) -> None:
    check_cover(Texto("".join(parts), "txt"), max_tokens)


@given(st.text(min_size=1, max_size=2_000))
@settings(max_examples=40, deadline=None)
def test_so_it_is_for_any_text(words: str) -> None:
    check_cover(Texto(words, "txt"), 20)


@pytest.mark.parametrize(
    "name", ["es-constitucion-1978-2011.md", "mx-estenografica-5.txt", "pe-LEY-29090-2007.md"]
)
def test_real_documents_are_covered_and_an_edit_leaves_the_rest_alone(name: str) -> None:
    if not (REAL / name).is_file():
        pytest.skip(f"{name} is not here: the real documents stand beside the repository, not in it")
    texto = read_document(REAL / name)
    before = pieces(texto, check_cover(texto, 2_000))
    middle = texto.texto.index("\n", len(texto.texto) // 2)
    edited = f"{texto.texto[:middle]}\n\nUn párrafo nuevo que nadie esperaba.\n\n{texto.texto[middle:]}"
    after = set(pieces(Texto(edited, texto.formato), split_document(Texto(edited, texto.formato), 2_000)))
    assert sum(piece in after for piece in before) >= 0.9 * len(before)


def test_fragments_begin_at_headings_and_bear_their_titles() -> None:
    texto = Texto(law(60), "txt")
    secciones = check_cover(texto, TOKENS)
    begins = [piece.split("\n")[0] for piece in pieces(texto, secciones)]
    assert all(line.startswith(("LEY", "TÍTULO", "Artículo")) for line in begins)
    assert secciones[1].titulo_seccion is not None
    assert "Artículo" in secciones[1].titulo_seccion
    assert all("TÍTULO" in (seccion.titulo_seccion or "") for seccion in secciones)


def test_a_heading_is_never_parted_from_its_text() -> None:
    texto = Texto(law(200), "txt")
    for piece in pieces(texto, check_cover(texto, TOKENS)):
        assert piece.rstrip().endswith("plazo.")


def test_no_sentence_is_cut() -> None:
    words = " ".join(
        f"El señor Dr. Gómez dijo la frase número {n} a las 10.30 en la av. Sur." for n in range(400)
    )
    texto = Texto(words, "txt")
    for piece in pieces(texto, check_cover(texto, 100)):
        assert piece.startswith("El señor")
        assert piece.rstrip().endswith("Sur.")


def test_inserting_a_section_leaves_ninety_in_a_hundred_fragments_as_they_were() -> None:
    whole = law(400)
    at = whole.index("Artículo 200.")
    new = "Artículo 199 bis. Del asunto nuevo\n\nEl ayuntamiento hará otra cosa más en su plazo.\n\n"
    before = pieces(Texto(whole, "txt"), split_document(Texto(whole, "txt"), TOKENS))
    edited = Texto(whole[:at] + new + whole[at:], "txt")
    after = set(pieces(edited, split_document(edited, TOKENS)))
    assert sum(piece in after for piece in before) >= 0.9 * len(before)


def test_pages_are_those_of_the_fragments_ends() -> None:
    first, second = "Una frase de la primera. " * 10, "Otra frase de la segunda. " * 10
    texto = Texto(first + second, "pdf", pages=(Page(0, 1), Page(len(first), 2)))
    secciones = check_cover(texto, 40)
    assert secciones[0].num_pagina_inicio == 1
    assert secciones[-1].num_pagina_fin == 2
    assert all((s.num_pagina_inicio or 0) <= (s.num_pagina_fin or 0) for s in secciones)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("TÍTULO II", "TÍTULO II De los derechos"),
        ("## CAPÍTULO QUINTO", "CAPÍTULO QUINTO De los derechos"),
        ("**Artículo 12.-** Nadie puede ser molestado.", "Artículo 12"),
        ("# Resumen", "Resumen"),
        ("3.2 Alcance del plan", "3.2 Alcance del plan"),
        ("EL SEÑOR PRESIDENTE: Tiene la palabra.", "EL SEÑOR PRESIDENTE"),
        ("ROSA PERALTA, MINISTRA DE SALUD", "ROSA PERALTA, MINISTRA DE SALUD"),
        ("DISPOSICIÓN TRANSITORIA", "DISPOSICIÓN TRANSITORIA"),
    ],
)  # fmt: skip
def test_what_begins_a_section(line: str, title: str) -> None:
    (border, *_) = find_headings(Texto(f"{line}\nDe los derechos\n\nTodos tienen derecho.\n", "txt"))
    assert (border.offset, border.title) == (0, title)


@pytest.mark.parametrize(
    "line",
    ["artículo 5 de la ley, que dice", "El capítulo I trata de otra cosa.", "3.500 personas fueron.", "Sí."],
)
def test_what_begins_none(line: str) -> None:
    assert find_headings(Texto(f"{line}\ny así sigue.\n", "txt")) == []


def test_a_hostile_text_of_400000_characters_ends() -> None:
    for words in (
        "A" * 400_000,
        "ARTÍCULO " * 44_000,
        "# " * 200_000,
        "\n" * 400_000,
        ". " * 200_000,
        "1.1.1.1 A " * 40_000,
    ):
        check_cover(Texto(words, "txt"), 1_000)
