"""The tables of shapes, and a file of each tool read field by field."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from newsroom.errors import InvalidInput
from newsroom.inputs import Problem
from newsroom.intake.articles import choose_shapes, read_articulos
from newsroom.intake.files import read_records
from newsroom.intake.paths import find
from newsroom.intake.shapes import FOLDER, Shape, read_shape, recognise, shipped_shape, shipped_shapes
from newsroom.models.articulo import Articulo

DATA = Path(__file__).parents[2] / "data" / "intake"
EXPECTED: dict[str, list[dict[str, Any]]] = yaml.safe_load((DATA / "expected.yaml").read_text("utf-8"))
FILES = sorted(path.name for path in DATA.iterdir() if path.name != "expected.yaml")
# Files of tools whose records the table of another shape reads.
SHAPE_OF = {
    "mediacloud_antiguo": "mediacloud",
    "newsml_g2": "newsml",
    "newsml_1": "newsml",
    "tabla": "scrapy",
}


def fields_of(item: Articulo) -> dict[str, Any]:
    dates = ("fecha_publicacion", "fecha_recopilacion")
    said = {name: getattr(item, name) for name in (
        "titular", "contenido_texto", *dates, "medio", "pais_publicacion", "url", "idioma", "autor",
        "etiquetas_fuente", "seccion",
    )}  # fmt: skip
    said |= {name: said[name].isoformat() for name in dates if said[name] is not None}
    return {**said, "forma": item.metadata["forma"], "derivado": sorted(item.derivado)}


@pytest.mark.parametrize("name", FILES)
def test_each_tools_file_is_read_field_by_field(name: str) -> None:
    found = [
        {"problem": item.message} if isinstance(item, Problem) else fields_of(item)
        for item in read_articulos([DATA / name])
    ]
    assert found == EXPECTED[name]


def test_every_shape_has_a_file() -> None:
    shapes = {row["forma"] for rows in EXPECTED.values() for row in rows if "forma" in row}
    # GDELT gives addresses and no text; the connector's own form has its tests elsewhere.
    assert shapes == {shape.name for shape in shipped_shapes()} - {"gdelt", "conector"}


def test_a_table_is_named_as_its_file() -> None:
    assert [shape.name for shape in shipped_shapes()] == sorted(path.stem for path in FOLDER.glob("*.yaml"))
    for shape in shipped_shapes():
        assert "contenido_texto" in shape.fields
        assert {"titular", "url", "fecha_publicacion"} <= shape.fields.keys() or shape.name == "gdelt"


def filled(keys: tuple[str, ...]) -> dict[str, Any]:
    """Returns a record that has these keys and no more."""
    record: dict[str, Any] = {}
    for key in keys:
        parts = key.split(".")
        inner = record
        for part in parts[:-1]:
            inner = inner.setdefault(part, {})
        inner[parts[-1]] = "x"
    return record


@pytest.mark.parametrize(
    ("shape", "keys"), [(shape, keys) for shape in shipped_shapes() for keys in shape.recognised_by]
)
def test_the_keys_that_prove_a_shape_prove_no_other_better(shape: Shape, keys: tuple[str, ...]) -> None:
    record = filled(keys)
    scores = {other.name: other.fits(record) for other in shipped_shapes()}
    assert recognise(record, shipped_shapes()) is shape
    assert [name for name, score in scores.items() if score == max(scores.values())] == [shape.name]


def records_of(name: str) -> list[Mapping[str, Any]]:
    records = []
    for record in read_records(DATA / name):
        assert record.shape is None
        assert not isinstance(record.value, Problem)
        values = [record.value]
        for path in ("articles", "stories", "items", "El Faro del Sur"):
            values = find(record.value, path) or values
        records += values if name != "jsonfeed.json" else [record.value]
    return records


OF_RECORDS = [
    name
    for name in FILES
    # Of the other formats, and of tables with headings in Spanish, the keys alone do not tell the shape.
    if name.endswith((".json", ".jsonl", ".csv")) and name not in ("gdelt.gkg.csv", "tabla.csv")
]


@pytest.mark.parametrize("name", OF_RECORDS)
def test_each_tools_records_are_of_its_shape_and_of_no_other(name: str) -> None:
    stem = name.partition(".")[0].rstrip("123")
    own = shipped_shape(SHAPE_OF.get(stem, stem))
    for record in records_of(name):
        assert recognise(record, shipped_shapes()) is own
        assert all(other.fits(record) < own.fits(record) for other in shipped_shapes() if other is not own)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name: x", "says: Field required"),
        ("name: x\nsays: y\nrecognised_by: [[a]]\nfields: {titulo: t}", "titulo: no field of an article"),
        (
            "name: x\nsays: y\nrecognised_by: [[a]]\nfields: {titular: {from: t, as: prose}}",
            "Input should be",
        ),
        ("name: x\nsays: y\nrecognised_by: [[a]]\nfields: {titular: []}", "at least 1"),
        ("- a", "Input should be a valid dictionary"),
        (": :", "not YAML"),
    ],
)
def test_a_wrong_table_is_one_clear_line(tmp_path: Path, table: str, message: str) -> None:
    path = tmp_path / "mia.yaml"
    path.write_text(table, encoding="utf-8")
    with pytest.raises(InvalidInput, match=message) as caught:
        read_shape(path)
    assert "\n" not in str(caught.value)


def test_a_missing_table_names_those_there_are() -> None:
    with pytest.raises(InvalidInput, match="wordpress"):
        choose_shapes("wordpres", ())
    with pytest.raises(InvalidInput, match="cannot be read"):
        choose_shapes("nada.yaml", ())
