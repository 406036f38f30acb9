"""Describing a document by options and sidecars. A wrong one gives one clear line."""

import json
from pathlib import Path
from typing import Any

import pytest

from newsroom.documents.description import MAX_SIDECAR_BYTES, describe_document
from newsroom.inputs import Problem
from newsroom.models.documento import Documento


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ley de aguas.pdf"
    path.write_bytes(b"%PDF-")
    return path


def describe(path: Path, **given: Any) -> Documento:
    found = describe_document(path, given)
    assert isinstance(found, Documento), str(found)
    return found


def test_without_a_word_it_is_called_as_its_file(path: Path) -> None:
    found = describe(path, titulo=None, autor=None)
    assert (found.titulo, found.tipo_documento.value, found.ruta) == ("ley de aguas", "otro", str(path))


def test_files_that_nobody_named_are_apart_by_their_paths_and_the_same_file_stays_itself(path: Path) -> None:
    elsewhere = path.parent / "otra" / path.name
    elsewhere.parent.mkdir()
    files = [path, path.with_suffix(".txt"), elsewhere]
    for each in files:
        each.write_bytes(b"texto")

    assert len({describe(each).identidad for each in files}) == 3
    assert describe(path).identidad == describe(path).identidad


def test_a_title_makes_a_document_itself_wherever_its_file_is(path: Path) -> None:
    edited = path.with_name("ley corregida.pdf")
    edited.write_bytes(b"%PDF-")
    assert describe(path, titulo="Ley").identidad == describe(edited, titulo="Ley").identidad
    assert describe(path, titulo="Ley").distintivo is None


@pytest.mark.parametrize("name", ["ley de aguas.json", "ley de aguas.pdf.json"])
def test_a_sidecar_describes_it_and_options_win(path: Path, name: str) -> None:
    said = {
        "titulo": "Ley", "autor": "Cortes", "tipo_documento": "ley", "fecha_publicacion": "2009-03-31",
        "pais_publicacion": None, "metadata": {"estante": 3},
    }  # fmt: skip
    path.with_name(name).write_text(json.dumps(said), encoding="utf-8-sig")

    found = describe(path, titulo="Ley de Recursos Hídricos", autor=None)

    assert (found.titulo, found.autor, found.tipo_documento.value) == (
        "Ley de Recursos Hídricos",
        "Cortes",
        "ley",
    )
    assert (str(found.fecha_publicacion), found.pais_publicacion) == ("2009-03-31", "")
    assert found.metadata == {"estante": 3}


def test_the_sidecar_of_the_full_name_comes_first(path: Path) -> None:
    path.with_suffix(".json").write_text('{"titulo": "de otro"}')
    path.with_name(path.name + ".json").write_text('{"titulo": "propio"}')
    assert describe(path).titulo == "propio"


def test_the_path_is_told_in_full_wherever_it_is_read_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    path.with_suffix(".json").write_text('{"ruta": "/etc/passwd"}')
    assert describe(Path(path.name)).ruta == str(path)


DESCRIBES = "ley de aguas.json: describes ley de aguas.pdf and has"
NOT_JSON = "ley de aguas.json: the description of ley de aguas.pdf is not JSON: "


@pytest.mark.parametrize(
    ("sidecar", "message"),
    [
        (b"", f"{NOT_JSON}Expecting value"),
        (b"{'a': 1}", NOT_JSON),
        (b"\xff\xfe{\x00}\x00", f"{NOT_JSON}not UTF-8 (byte 0xff at 0)"),
        (b'{"metadata": {"a": NaN}}', f"{NOT_JSON}NaN"),
        (b"[" * 100_000, NOT_JSON),
        (b"[1]", "ley de aguas.json: the description of a document must be a JSON object"),
        (b"null", "ley de aguas.json: the description of a document must be a JSON object"),
        (b" " * (MAX_SIDECAR_BYTES + 1), "ley de aguas.json: more than 200000 bytes; a document's"),
        (b'{"editorial": "x"}', f"{DESCRIBES} an unknown field: editorial; if it is about something else"),
        (b'{"self": "x", "a b": 1}', f"{DESCRIBES} unknown fields: self, a b; if"),
        (b'{"tipo_documento": "novela"}', f"{DESCRIBES} a wrong value: tipo_documento: Input should be"),
        (b'{"contenido_texto": "x"}', "ley de aguas.pdf: give either ruta (a file) or contenido_texto"),
        (b'{"titulo": "a\\u0000"}', "ley de aguas.pdf: titulo: NUL character at position 1; remove it"),
        (b'{"fecha_publicacion": "ayer"}', f"{DESCRIBES} a wrong value: fecha_publicacion: not an ISO 8601"),
    ],
    ids=lambda value: repr(value)[:30],
)  # fmt: skip
def test_what_is_wrong_with_a_description_is_one_line_that_says_where(
    path: Path, sidecar: bytes, message: str
) -> None:
    path.with_suffix(".json").write_bytes(sidecar)
    found = describe_document(path, {})
    assert isinstance(found, Problem)
    assert f"{path.parent}/{message}" in str(found)
    assert str(found).isprintable()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"fecha_publicacion": "15/05/2024"},
            "fecha_publicacion: not an ISO 8601 date like 2025-04-15T10:30:00-05:00: '15/05/2024'",
        ),
        ({"tipo_documento": "Novela"}, "tipo_documento: Input should be 'libro'"),
        ({"titulo": " "}, "titulo: String should have at least 1 character"),
    ],
)
def test_a_wrong_option_is_one_line_too(path: Path, given: dict[str, Any], message: str) -> None:
    found = describe_document(path, given)
    assert isinstance(found, Problem)
    assert message in str(found)


def test_a_wrong_option_is_not_blamed_on_the_sidecar(path: Path) -> None:
    path.with_suffix(".json").write_text('{"tipo_documento": "ley"}')
    found = describe_document(path, {"tipo_documento": "Novela"})
    assert isinstance(found, Problem)
    assert found.place == str(path)


def test_a_sidecar_that_cannot_be_read_or_is_a_folder(path: Path) -> None:
    path.with_suffix(".json").mkdir()
    assert describe(path).titulo == "ley de aguas"


def test_a_name_that_no_database_can_hold_is_refused_and_printable(tmp_path: Path) -> None:
    path = tmp_path / "ley\udcf1\x1b[31m.txt"
    path.write_text("x")
    found = describe_document(path, {})
    assert isinstance(found, Problem)
    assert "lone surrogate U+DCF1" in str(found)
    assert str(found).isprintable()
