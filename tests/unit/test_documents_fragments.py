"""Making fragments of a document: no text is lost or doubled, and an edit changes only those around it."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.cleaning import clean_text
from newsroom.documents import fragments
from newsroom.documents.fragments import build_fragmentos
from newsroom.errors import InvalidInput
from newsroom.models.documento import Documento
from newsroom.models.fragmento import Fragmento

TOKENS = 200
REPEATED = "La misma cláusula se repite palabra por palabra en cada contrato que firma el ayuntamiento.\n\n"


def section(number: int) -> str:
    chooser = random.Random(number)
    words = " ".join(f"El servicio {chooser.randrange(10**6)} se presta sin demora." for _ in range(12))
    return f"## Artículo {number}\n\n{words}\n\n"


def documento(texto: str, **fields: object) -> Documento:
    return Documento.model_validate(
        {"titulo": "Ley de aguas", "tipo_documento": "ley", "contenido_texto": texto, **fields}
    )


def build(texto: str, tokens: int = TOKENS, **fields: object) -> tuple[Fragmento, ...]:
    return build_fragmentos(documento(texto, **fields), tokens)


def check_cover(texto: str, found: tuple[Fragmento, ...]) -> None:
    assert "".join(fragmento.texto_original for fragmento in found) == texto
    end = 0
    for number, fragmento in enumerate(found):
        place = fragmento.place()
        assert (place["indice_secuencial"], place["offset_inicio"]) == (number, end)
        end = place["offset_fin"]
        assert texto[place["offset_inicio"] : end] == fragmento.texto_original
    assert end == len(texto)
    assert len({fragmento.identidad for fragmento in found}) == len(found)


LAW = "".join(section(number) for number in range(30))


def test_every_character_of_a_law_is_in_exactly_one_fragment() -> None:
    found = build(LAW)
    assert len(found) > 10
    check_cover(LAW, found)


@given(
    st.text(st.sampled_from("aé. \n#¿?🙂\u200b\u00ad\t1"), min_size=1, max_size=3_000), st.integers(1, 300)
)
@settings(max_examples=60, deadline=None)
def test_every_character_of_random_text_is_in_exactly_one_fragment(texto: str, tokens: int) -> None:
    try:
        given_documento = documento(texto)
        found = build_fragmentos(given_documento, tokens)
    except ValueError:
        assert not texto.strip()
    except InvalidInput:
        assert clean_text(texto) == ""
    else:
        check_cover(fragments.load(given_documento).texto, found)


def test_after_an_edit_elsewhere_the_others_are_the_same_fragments() -> None:
    before = build(LAW)
    after = build(LAW.replace("## Artículo 15\n", "## Artículo 15\n\nUna frase nueva. "))

    gone = {fragmento.identidad for fragmento in before} - {fragmento.identidad for fragmento in after}
    new = {fragmento.identidad for fragmento in after} - {fragmento.identidad for fragmento in before}
    assert 1 <= len(gone) <= 3
    assert 1 <= len(new) <= 3
    known = {fragmento.identidad: fragmento.huella_contenido for fragmento in before}
    assert all(known[f.identidad] == f.huella_contenido for f in after if f.identidad in known), (
        "a moved fragment is not read again"
    )


def test_a_passage_that_is_repeated_is_as_many_fragments() -> None:
    clause = "## Cláusula\n\n" + REPEATED * 6
    found = build(clause * 3, tokens=len(clause) // 3)
    assert len({fragmento.texto_original for fragmento in found}) < len(found)
    check_cover(clause * 3, found)


def test_the_whole_text_and_how_it_is_cut_make_the_documents_fingerprint() -> None:
    def fingerprint(texto: str, tokens: int = TOKENS, **fields: object) -> str | None:
        (only,) = {fragmento.huella_documento for fragmento in build(texto, tokens, **fields)}
        return only

    first = fingerprint(LAW)
    assert fingerprint(LAW) == first
    assert fingerprint(LAW + "Fin.") != first
    assert fingerprint(LAW, autor="Cortes") != first
    # The database keeps one fragment for each place of one content. So other cuts must be another content.
    assert fingerprint(LAW, tokens=TOKENS * 3) != first


def test_no_fragment_is_blank_however_much_blank_there_is() -> None:
    texto = "\n" * 5_000 + section(1) + " \u200b\n" * 5_000 + section(2) + "\n" * 5_000
    found = build(texto, tokens=50)
    check_cover(fragments.load(documento(texto)).texto, found)
    assert all(fragmento.texto_original.strip(" \n\u200b") for fragmento in found)


@pytest.mark.parametrize("texto", ["\u200b\u200b\u00ad", "\x01\x02 \n", "\ufeff"])
def test_a_document_of_nothing_legible_is_one_line(texto: str) -> None:
    with pytest.raises(InvalidInput, match=r"^contenido_texto: .+$"):
        build(texto)


def test_a_fragment_that_is_too_large_to_travel_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "ley.md").write_text(LAW, encoding="utf-8")
    heavy = {"titulo": "x", "tipo_documento": "ley", "metadata": {"a": "x" * 499_000}}
    found = Documento.model_validate({**heavy, "ruta": str(tmp_path / "ley.md")})
    with pytest.raises(InvalidInput, match=r"^fragment 1: the fragment takes \d+ bytes, at most 500000"):
        build_fragmentos(found, 1_000)


def test_a_file_that_has_gone_is_one_line_that_names_it(tmp_path: Path) -> None:
    gone = Documento.model_validate(
        {"titulo": "x", "tipo_documento": "ley", "ruta": str(tmp_path / "ley.md")}
    )
    with pytest.raises(InvalidInput, match=r"ley\.md: no such file$"):
        build_fragmentos(gone, TOKENS)


def test_every_fragment_says_whose_it_is_and_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "ley.md"
    path.write_text(LAW, encoding="utf-8")
    url = "https://ejemplo.test/" + "x" * 400
    given_documento = Documento.model_validate(
        {"titulo": "Ley", "tipo_documento": "ley", "ruta": str(path), "url": url, "metadata": {"estante": 3}}
    )
    found = build_fragmentos(given_documento, TOKENS)

    assert {fragmento.ficha.identidad for fragmento in found} == {url}
    assert all(fragmento.identidad.startswith(f"{url}#") for fragmento in found)
    assert found[0].ficha.metadata == {"estante": 3, "formato": "md", "codificacion": "utf-8"}
    assert "Artículo 7" in str([fragmento.titulo_seccion for fragmento in found])
