"""Splitting: every character is in exactly one fragment, cuts follow the structure, edits change little."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.documents.cutting import PARAGRAPH, SENTENCE, Cutter
from newsroom.documents.headings import find_headings, find_paths
from newsroom.documents.splitting import CHARS_PER_TOKEN, split_document
from newsroom.documents.texto import BLANKS, MAX_TITLE_CHARS, Heading, Page, Seccion, Texto
from newsroom.engines.groq.wire import estimate_tokens
from tests.texts import Made, make_law, make_minutes

TOKENS = 300

PIECES = st.sampled_from(
    [
        "# Título\n", "## Otro\n\n", "TÍTULO I\n", "CAPÍTULO II\nDe la forma\n", "palabra ", "1.2 Alcance\n",
        "Artículo 5.- El agua es de todos.\n", "EL PRESIDENTE:\n", "\n\n", "\n", " ", "Llueve. ",
        "El Dr. Ruiz habló. ¿Cuándo? ",
        "x" * 200, "\u200b" * 9, "\u00ad", "\n---\n", "Primera.- ",
        "Una frase que no acaba nunca y sigue ", "ñ\u0301 ", "🙂", "\t",
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
    for piece in pieces(texto, secciones):
        assert len(piece.strip(BLANKS)) <= max_tokens * CHARS_PER_TOKEN
        assert piece.strip(BLANKS) or len(secciones) == 1
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


MADE = {
    "law": make_law(400),
    "law with levels": make_law(250, seed=2, marks="## "),
    "minutes": make_minutes(300),
}
each_made = pytest.mark.parametrize("made", MADE.values(), ids=MADE.keys())


def check_sentences(made: Made, max_tokens: int) -> list[Seccion]:
    """Checks the cover, that every fragment is whole sentences, and that none ends with a heading alone."""
    secciones = check_cover(Texto(made.texto, "txt"), max_tokens)
    for seccion in secciones:
        piece = made.texto[seccion.offset_inicio : seccion.offset_fin]
        assert seccion.offset_inicio in made.starts, piece[:80]
        assert seccion.offset_inicio + len(piece.rstrip()) in made.ends, piece[-80:]
        assert seccion.offset_inicio + piece.rstrip().rfind("\n") + 1 not in made.headings_alone, piece[-80:]
    return secciones


@each_made
@pytest.mark.parametrize("max_tokens", [300, 1_000, 2_000])
def test_a_long_text_is_cut_between_sentences_and_never_below_a_heading(made: Made, max_tokens: int) -> None:
    secciones = check_sentences(made, max_tokens)
    fullest = max(seccion.offset_fin - seccion.offset_inicio for seccion in secciones)
    assert fullest > max_tokens * CHARS_PER_TOKEN / 2
    assert len(secciones) < 4 * len(made.texto) / (max_tokens * CHARS_PER_TOKEN)


@given(st.integers(0, 10**9), st.integers(1, 60), st.sampled_from([150, 300, 700]), st.booleans())
@settings(max_examples=25, deadline=None)
def test_so_it_is_for_laws_and_minutes_of_any_length(
    seed: int, size: int, max_tokens: int, spoken: bool
) -> None:
    check_sentences(make_minutes(size, seed) if spoken else make_law(size, seed), max_tokens)


@each_made
def test_an_edit_in_the_middle_leaves_the_rest_alone(made: Made) -> None:
    texto = Texto(made.texto, "txt")
    before = pieces(texto, check_cover(texto, 2_000))
    middle = made.texto.index("\n", len(made.texto) // 2)
    edited = f"{made.texto[:middle]}\n\nUn párrafo nuevo que nadie esperaba.\n\n{made.texto[middle:]}"
    again = Texto(edited, "txt")
    after = set(pieces(again, split_document(again, 2_000)))
    assert sum(piece in after for piece in before) >= 0.9 * len(before)
    assert all(piece.strip(BLANKS) for piece in before)


def test_the_headings_of_a_long_law_and_the_speakers_of_minutes_are_found_and_nothing_else() -> None:
    for made in MADE.values():
        assert [heading.offset for heading in find_headings(Texto(made.texto, "txt"))] == made.headings


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
        ("LIBRO PRIMERO", "LIBRO PRIMERO De los derechos"),
        ("## CAPÍTULO QUINTO", "CAPÍTULO QUINTO De los derechos"),
        ("CAPITULO 3.- De las tasas", "CAPITULO 3 De las tasas"),
        ("Sección 2.ª", "Sección 2.ª De los derechos"),
        ("**Artículo 12.-** Nadie puede ser molestado.", "Artículo 12"),
        ("**Artículo 12.- Objeto de la ley**", "Artículo 12 Objeto de la ley"),
        ("Artículo 12. Objeto. Esta ley regula el uso del agua y sus plazos.", "Artículo 12 Objeto"),
        ("Artículo 12. El uso del agua en la ciudad se rige por esta ordenanza.", "Artículo 12"),
        ("ARTÍCULO 1o.- La ciudad es libre y así lo será siempre por ley.", "ARTÍCULO 1o"),
        ("Artículo 7 bis. Tasas", "Artículo 7 bis Tasas"),
        ("     “Artículo 24-A.- Del recurso", "Artículo 24-A Del recurso"),
        ("Artículo primero. Modificación", "Artículo primero Modificación"),
        ("Art. 5º Tasas", "Art. 5º Tasas"),
        ("PRIMERA.- El plazo corre desde hoy y hasta que acabe el año.", "PRIMERA"),
        ("DISPOSICIÓN TRANSITORIA", "DISPOSICIÓN TRANSITORIA De los derechos"),
        ("Disposición adicional segunda. Plazos", "Disposición adicional segunda Plazos"),
        ("ANEXO II", "ANEXO II De los derechos"),
        ("EXPOSICIÓN DE MOTIVOS", "EXPOSICIÓN DE MOTIVOS De los derechos"),
        ("# Resumen", "Resumen"),
        ("3.2 Alcance del plan", "3.2 Alcance del plan"),
        ("EL SEÑOR PRESIDENTE: Tiene la palabra.", "EL SEÑOR PRESIDENTE"),
        ("El señor PÉREZ GÓMEZ (don Luis): Gracias.", "El señor PÉREZ GÓMEZ (don Luis)"),
        ("EL C. PRESIDENTE DIPUTADO RUIZ.- Tiene la palabra.", "EL C. PRESIDENTE DIPUTADO RUIZ"),
        ("PREGUNTA: ¿Cuándo?", "PREGUNTA"),
        ("ROSA PERALTA, MINISTRA DE SALUD", "ROSA PERALTA, MINISTRA DE SALUD"),
    ],
)  # fmt: skip
def test_what_begins_a_section(line: str, title: str) -> None:
    (border, *_) = find_headings(Texto(f"{line}\nDe los derechos\n\nTodos tienen derecho.\n", "txt"))
    assert (border.offset, border.title) == (0, title)


@pytest.mark.parametrize(
    "line",
    [
        "artículo 5 de la ley, que dice",
        "Artículo 5 de la ley, que dice",
        "El capítulo I trata de otra cosa.",
        "Título civil de la obra",
        "Parte a la que se refiere",
        "Base de datos",
        "Considerando que la ley dice",
        "3.500 personas fueron.",
        "1. Una frase entera, que acaba en punto.",
        "Segundo. En cuanto a la economía",
        "Nota: esto no es nadie",
        "EE. UU.",
        "Sí.",
    ],
)
def test_what_begins_none(line: str) -> None:
    assert find_headings(Texto(f"{line}\ny así sigue.\n", "txt")) == []


@pytest.mark.untraced
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


def test_a_line_that_goes_on_with_the_sentence_before_is_no_heading() -> None:
    assert (
        find_headings(Texto("según lo que dispone el\nArtículo 5. De esta ley se dijo\nque no.\n", "txt"))
        == []
    )


def test_a_law_read_in_parliament_has_speakers_and_a_law_with_words_in_capitals_has_articles() -> None:
    debate = (
        "EL PRESIDENTE: Lea.\n\nLA SECRETARIA: Dice así:\n\nArtículo 1. Objeto\n\nEL PRESIDENTE: Gracias.\n"
    )
    assert [b.title for b in find_headings(Texto(debate, "txt"))] == [
        "EL PRESIDENTE",
        "LA SECRETARIA",
        "EL PRESIDENTE",
    ]
    norm = "".join(f"Artículo {n}. Objeto {n}\n\nTexto.\n\nDEBE DECIR:\n\nTexto.\n\n" for n in range(1, 4))
    titles = [border.title for border in find_headings(Texto(norm + "Artículo 9. Fin\n\nTexto.\n", "txt"))]
    assert titles == ["Artículo 1 Objeto 1", "Artículo 2 Objeto 2", "Artículo 3 Objeto 3", "Artículo 9 Fin"]


def test_headings_nest_by_the_parts_of_a_law_and_by_the_levels_of_the_format() -> None:
    lines = [
        "# Ley de aguas", "## PREÁMBULO", "texto.", "## TÍTULO I", "### Artículo 1", "# Artículo 1", "texto.",
        "Artículo 2. Uso", "#### Notas", "1.1 Caudal", "## TÍTULO II", "CAPÍTULO I", "Artículo 3. Fin",
        "DISPOSICIONES FINALES", "Primera.- El plazo corre desde hoy.",
    ]  # fmt: skip
    paths = find_paths(find_headings(Texto("\n\n".join(lines), "md")))
    assert [" / ".join(path) for path in paths] == [
        "Ley de aguas",
        "Ley de aguas / PREÁMBULO",
        "Ley de aguas / TÍTULO I",
        "Ley de aguas / TÍTULO I / Artículo 1",
        "Ley de aguas / TÍTULO I / Artículo 1",
        "Ley de aguas / TÍTULO I / Artículo 2 Uso",
        "Ley de aguas / TÍTULO I / Notas",
        "Ley de aguas / TÍTULO I / Notas / 1.1 Caudal",
        "Ley de aguas / TÍTULO II",
        "Ley de aguas / TÍTULO II / CAPÍTULO I",
        "Ley de aguas / TÍTULO II / CAPÍTULO I / Artículo 3 Fin",
        "Ley de aguas / DISPOSICIONES FINALES",
        "Ley de aguas / DISPOSICIONES FINALES / Primera",
    ]


def test_what_fits_stays_together_under_the_title_it_shares() -> None:
    chapter = "".join(
        f"Artículo {n}. Punto {n}\n\n" + "El plazo corre y corre. " * 9 + "\n\n" for n in range(1, 5)
    )
    texto = Texto(f"TÍTULO I\n\nCAPÍTULO I\n\n{chapter}CAPÍTULO II\n\n{chapter}TÍTULO II\n\n{chapter}", "txt")
    assert [seccion.titulo_seccion for seccion in check_cover(texto, 400)] == [
        "TÍTULO I · CAPÍTULO I · Artículo 1 Punto 1 – Artículo 4 Punto 4",
        "TÍTULO I · CAPÍTULO II · Artículo 1 Punto 1 – Artículo 4 Punto 4",
        "TÍTULO II · Artículo 1 Punto 1 – Artículo 4 Punto 4",
    ]
    assert [seccion.titulo_seccion for seccion in check_cover(texto, 800)] == [
        "TÍTULO I · CAPÍTULO I – CAPÍTULO II",
        "TÍTULO II · Artículo 1 Punto 1 – Artículo 4 Punto 4",
    ]


def test_a_crumb_is_joined_to_its_neighbour() -> None:
    long = "El plazo corre y corre. " * 40
    texto = Texto(f"# Uno\n\n{long}\n\n# Dos\n\nBreve.\n\n# Tres\n\n{long}\n\n# Cuatro\n\n{long}\n", "md")
    titles = [seccion.titulo_seccion for seccion in check_cover(texto, 340)]
    assert titles in (["Uno – Dos", "Tres", "Cuatro"], ["Uno", "Dos – Tres", "Cuatro"])


def test_a_sentence_that_fits_is_never_cut_and_its_heading_gives_way() -> None:
    sentence = "La frase " + "que sigue y " * 45 + "acaba."
    texto = Texto(f"TÍTULO I\n\nArtículo 1. Objeto\n\n{sentence} {sentence}\n", "txt")
    assert [piece.strip() for piece in pieces(texto, check_cover(texto, len(sentence) // 3 + 1))] == [
        "TÍTULO I\n\nArtículo 1. Objeto",
        sentence,
        sentence,
    ]


def test_a_sentence_longer_than_a_fragment_is_cut_at_a_blank_and_a_word_at_last() -> None:
    words = Texto("palabra " * 100, "txt")
    assert all(
        piece.strip().replace("palabra", "").strip() == "" for piece in pieces(words, check_cover(words, 20))
    )
    accents = Texto("n\u0303" * 200, "txt")
    assert all(piece.startswith("n") for piece in pieces(accents, check_cover(accents, 7)))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Habló el Sr. Ruiz. Nada más. ", ["Habló el Sr. Ruiz. ", "Nada más. "]),
        (
            "Lo dice el art. 5 de la ley. Y el núm. 6 también. ",
            ["Lo dice el art. 5 de la ley. ", "Y el núm. 6 también. "],
        ),
        ("J. A. Pérez llegó en 2021. Se fue. ", ["J. A. Pérez llegó en 2021. ", "Se fue. "]),
        ("«¿Vienes?» —dijo. «No». Calló. ", ["«¿Vienes?» —dijo. ", "«No». ", "Calló. "]),
        ("Una línea que\nsigue aquí. Otra. ", ["Una línea que\nsigue aquí. ", "Otra. "]),
        ("Son tres:\n1. El agua\n2. La luz\n", ["Son tres:\n", "1. El agua\n", "2. La luz\n"]),
        ("El párrafo\n\nse partió. Sí. ", ["El párrafo\n\nse partió. ", "Sí. "]),
    ],
)
def test_where_a_sentence_ends(text: str, sentences: list[str]) -> None:
    ends = [gap.end for gap in Cutter(text, ()).gaps(1, len(text)) if gap.rank]
    assert [text[a:b] for a, b in itertools.pairwise([0, *ends, len(text)])] == sentences


def test_a_page_is_a_border_only_where_a_sentence_ends() -> None:
    pages = ("La primera página acaba aquí.", "La segunda sigue\nen la", "tercera y acaba. Fin.")
    text = "\n".join(pages)
    starts = (0, len(pages[0]) + 1, len(pages[0]) + len(pages[1]) + 2)
    cutter = Cutter(text, tuple(Page(start, number) for number, start in enumerate(starts, start=1)))
    assert [(gap.end, gap.rank) for gap in cutter.gaps(1, len(text)) if gap.rank] == [
        (starts[1], PARAGRAPH),
        (text.index("Fin"), SENTENCE),
    ]


def test_headings_of_the_format_bear_the_title_that_the_format_gives_them() -> None:
    text = "Resumen\n\nHay agua.\n\nDetalle\n\n" + "El plazo corre y corre. " * 30
    headings = (Heading(0, 1, "Resumen"), Heading(text.index("Detalle"), 2, "Detalle"))
    secciones = check_cover(Texto(text, "docx", headings=headings), 100)
    assert {seccion.titulo_seccion for seccion in secciones[1:]} == {"Resumen · Detalle"}


def test_a_token_is_what_the_engine_reckons_with() -> None:
    request = {"messages": [{"content": "x" * 3_000}], "response_format": {}, "max_completion_tokens": 0}
    assert estimate_tokens(request) == 3_000 // CHARS_PER_TOKEN


def test_a_text_of_nothing_has_no_fragments_and_a_budget_of_nothing_is_refused() -> None:
    assert split_document(Texto("", "txt"), 10) == []
    assert len(split_document(Texto(" \n" * 90, "txt"), 10)) == 1
    with pytest.raises(ValueError, match="at least 1"):
        split_document(Texto("a", "txt"), 0)
