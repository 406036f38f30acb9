"""Paths into a record, fields named by `--map` or an editor's table, and what becomes of the rest."""

import json
from pathlib import Path
from typing import Any

import pytest

from newsroom.errors import InvalidInput
from newsroom.intake.articles import Shapes, choose_shapes
from newsroom.intake.mapping import map_record
from newsroom.intake.paths import find, top_key
from newsroom.intake.shapes import Shape
from tests.unit.intake.conftest import Reader

TEXT = "El Cabildo aprobó el lunes el plan de riego con nueve votos a favor y cuatro en contra."
RECORD = {
    "title": {"rendered": "Título"},
    "og.title": "Con punto",
    "authors": [{"name": "Ana"}, {"name": None}, {"name": "Luis"}],
    "terms": [[{"kind": "category", "name": "Agua"}], [{"kind": "tag", "name": "riego"}]],
    "items": [{"url": "https://a.test/1"}, {"url": ""}],
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("title.rendered", "Título"),
        ("og.title", "Con punto"),
        ("title", {"rendered": "Título"}),
        ("title.raw", None),
        ("title.rendered.more", None),
        ("authors[].name", ["Ana", "Luis"]),
        ("authors[0].name", "Ana"),
        ("authors[9].name", None),
        ("title[].rendered", ["Título"]),
        ("terms[][kind=tag].name", [[], ["riego"]]),
        ("terms[0][kind=CATEGORY].name", ["Agua"]),
        ("items[url]", [{"url": "https://a.test/1"}]),
        ("none[].name", None),
        ("", None),
    ],
)
def test_a_path_finds_its_value(path: str, value: Any) -> None:
    assert find(RECORD, path) == value


def test_the_first_key_of_a_path() -> None:
    assert [top_key(path) for path in ("a.b", "a[].b", "a", "")] == ["a", "a", "a", ""]


def shape(**fields: Any) -> Shape:
    return Shape.model_validate({"name": "x", "says": "x", "recognised_by": [["a"]], "fields": fields})


def test_the_first_path_that_says_something_counts() -> None:
    found = map_record({"a": "NaN", "b": " ", "c": "Sí"}, shape(titular=["a", "b", "c"]))
    assert found.said == {"titular": "Sí"}


def test_what_no_field_takes_is_kept_but_for_what_a_table_leaves_out() -> None:
    table = shape(titular="t.main").model_copy(update={"leave_out": ("html",), "constants": {"idioma": "es"}})
    found = map_record({"t": {"main": "Sí"}, "html": "<p>", "views": 3, "none": None}, table)
    assert found.said == {"titular": "Sí", "idioma": "es"}
    assert found.rest == {"views": 3}


def test_a_date_that_cannot_be_read_is_kept_and_named() -> None:
    found = map_record({"a": "el martes"}, shape(fecha_publicacion="a"))
    assert found.said == {}
    assert found.rest["fecha_publicacion_original"] == "el martes"
    assert found.avisos[0].startswith("fecha_publicacion: «el martes» no se entiende")


def test_html_beside_no_text_gives_the_text() -> None:
    found = map_record({"h": "<p>Uno.</p><script>x()</script><p>Dos<br>tres.</p>"}, shape(contenido_html="h"))
    assert found.said["contenido_texto"] == "Uno.\n\nDos\ntres."


def test_an_unknown_record_names_its_keys_and_what_to_say(read: Reader) -> None:
    problem = read("a.json", json.dumps({"nota": TEXT * 4, "encabezamiento": "Riego", "vacio": None})).problem
    assert problem == (
        "no known shape of an article; its keys are nota, encabezamiento; "
        "say which key is the text: --map contenido_texto=KEY"
    )


def test_map_names_the_fields_of_an_unknown_record(read: Reader) -> None:
    shapes = choose_shapes(None, ("contenido_texto=nota.html", "titular = Encabezado"))
    record = {"nota": {"html": f"<p>{TEXT}</p>"}, "Encabezado": "Riego", "folio": 7}
    articulo = read("a.json", json.dumps(record), shapes).articulo
    assert (articulo.titular, articulo.contenido_texto) == ("Riego", TEXT)
    assert articulo.metadata["folio"] == 7


def test_map_goes_before_the_table_and_the_table_fills_the_gaps(read: Reader) -> None:
    shapes = choose_shapes(None, ("titular=antetitulo",))
    rows = [{"antetitulo": "Riego", "title": "Otro", "text": TEXT}, {"title": "Otro", "text": f"{TEXT} Hoy."}]
    found = read("a.json", json.dumps(rows), shapes).articulos
    assert [articulo.titular for articulo in found] == ["Riego", "Otro"]


@pytest.mark.parametrize("words", ["titular", "titular=", "=a"])
def test_a_map_of_another_form_is_refused(words: str) -> None:
    with pytest.raises(InvalidInput, match="titular=headline"):
        choose_shapes(None, (words,))


def test_a_map_to_no_field_names_the_fields(read: Reader) -> None:
    with pytest.raises(InvalidInput, match="titular"):
        read("a.json", json.dumps({"text": TEXT}), Shapes(mapped={"titulo": "t"}))


def test_an_editors_own_table_is_recognised_and_can_be_forced(read: Reader, tmp_path: Path) -> None:
    folder = tmp_path / "shapes"
    folder.mkdir()
    table = folder / "redaccion.yaml"
    table.write_text(
        "name: redaccion\nsays: nuestro CMS\nrecognised_by:\n- [nota, folio]\n"
        "fields:\n  contenido_texto: {from: nota, as: html}\n  titular: [cabeza]\n"
        "constants:\n  medio: La Hoja\n",
        encoding="utf-8",
    )
    record = json.dumps({"nota": f"<p>{TEXT}</p>", "folio": 7, "cabeza": "Riego"})
    for shapes in (choose_shapes(None, (), folder), choose_shapes(str(table), ())):
        articulo = read("a.json", record, shapes).articulo
        assert (articulo.titular, articulo.medio, articulo.metadata["forma"]) == (
            "Riego",
            "La Hoja",
            "redaccion",
        )
    assert "no text" in read("a.json", record, choose_shapes("fundus", ())).problem


@pytest.mark.parametrize("key", ["Contenido", "CUERPO", "Texto completo", "cuerpo-noticia"])
def test_keys_in_capitals_or_with_accents_are_the_same_keys(read: Reader, key: str) -> None:
    articulo = read("a.json", json.dumps({key: TEXT, "Título": "Riego", "PAÍS": "mx"})).articulo
    assert (articulo.titular, articulo.pais_publicacion) == ("Riego", "México")


def test_a_list_within_an_object_of_no_known_shape_is_read(read: Reader) -> None:
    body = json.dumps({"ok": True, "data": [{"title": "Riego", "text": TEXT}, {"x": "y" * 300}, "z"]})
    found = read("a.json", body)
    assert [articulo.titular for articulo in found.articulos] == ["Riego"]
    assert [problem.place.rpartition(".")[2] for problem in found.problems] == ["data[2]", "data[3]"]


def test_an_envelope_without_articles_says_so(read: Reader) -> None:
    assert (
        "no article in its list" in read("a.json", '{"status":"ok","totalResults":0,"articles":[]}').problem
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Mexico", "México"), ("MX", "México"), ("méxico", "México"), ("Spain", "España"),
        ("Dominican Republic", "República Dominicana"), ("EE. UU.", "Estados Unidos"), ("Peru", "Perú"),
        ("Trinidad and Tobago", "Trinidad y Tobago"), ("Cataluña", "Cataluña"),
    ],
)  # fmt: skip
def test_a_country_is_written_as_this_program_does(read: Reader, written: str, name: str) -> None:
    assert read("a.json", json.dumps({"text": TEXT, "country": written})).articulo.pais_publicacion == name


def test_the_connectors_words_stay_as_they_are_sent(read: Reader) -> None:
    sent = {"contenido_texto": TEXT, "medio": "hoja.test", "pais_publicacion": "Mexico", "url": "urn:nota:7"}
    articulo = read("a.json", json.dumps({"articulo": sent})).articulo
    assert (articulo.medio, articulo.pais_publicacion, articulo.url) == ("hoja.test", "Mexico", "urn:nota:7")
    assert "forma" not in articulo.metadata


def test_the_same_article_twice_is_read_once(read: Reader) -> None:
    found = read("a.json", json.dumps([{"text": TEXT}, {"text": TEXT}]))
    assert len(found.articulos) == 1
    assert found.problems[0].harmless
