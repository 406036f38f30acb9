"""A file with any content is read, or refused in one line."""

import gzip
import json
import tempfile
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from newsroom.documents.files import read_document
from newsroom.errors import InvalidInput
from newsroom.inputs import Problem
from newsroom.intake import files
from newsroom.intake.articles import read_articulos
from newsroom.models.articulo import Articulo
from newsroom.models.fragmento import Fragmento
from tests.unit.intake.test_files import line

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
    max_leaves=12,
)
ARTICLE = json.loads(line(1))
FRAGMENT = {
    "id_fragmento": "f-1",
    "texto_original": "El Congreso aprobó la reforma. " * 4,
    "id_articulo_fuente": "a",
}
SUFFIXES = st.sampled_from([".json", ".jsonl", ".json.gz", ".jsonl.gz"])
DOCUMENTS = st.sampled_from([".txt", ".md", ".html", ".pdf", ".docx"])


def one_line(words: str) -> bool:
    return bool(words) and len(words.splitlines()) == 1 and words.isprintable()


def read(body: bytes, suffix: str) -> list[Articulo | Problem]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(body)
        return list(read_articulos([path]))


@settings(deadline=None)  # libraries are loaded in the first
@given(body=st.binary(max_size=400), suffix=SUFFIXES, packed=st.booleans())
def test_any_bytes_are_articles_or_problems(body: bytes, suffix: str, packed: bool) -> None:
    for item in read(gzip.compress(body) if packed else body, suffix):
        assert isinstance(item, Articulo) or one_line(str(item))


@settings(deadline=None)  # libraries are loaded in the first
@given(field=st.sampled_from(sorted(ARTICLE)) | st.text(max_size=20), value=JSON)
def test_any_value_of_any_field_is_taken_or_named(field: str, value: Any) -> None:
    (found,) = read(json.dumps({**ARTICLE, field: value}).encode(), ".json")
    assert isinstance(found, Articulo) or one_line(str(found))


@settings(deadline=None)  # libraries are loaded in the first
@given(field=st.sampled_from(sorted(FRAGMENT)) | st.text(max_size=20), value=JSON)
def test_any_value_of_a_fragment_is_taken_or_refused(field: str, value: Any) -> None:
    with suppress(ValidationError):
        Fragmento.model_validate({**FRAGMENT, field: value})


@settings(deadline=None)  # libraries are loaded in the first
@given(body=st.binary(max_size=600), suffix=DOCUMENTS)
def test_any_bytes_are_a_document_or_one_line(body: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"ley{suffix}"
        path.write_bytes(body)
        said = ""
        try:
            texto = read_document(path)
        except InvalidInput as refused:
            said = str(refused)
        assert one_line(said) if said else texto.texto.strip()


@pytest.mark.parametrize("suffix", [".json.gz", ".jsonl.gz"])
def test_a_bomb_is_refused_before_it_fills_the_memory(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MAX_FILE_BYTES", 5_000_000)
    path = tmp_path / f"bomba{suffix}"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        for _ in range(100):
            stream.write(b"[" * 1_000_000)
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    try:
        (problem,) = read_articulos([path])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(problem, Problem)
    assert "more than" in str(problem)
    assert peak < 40_000_000


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.jsonl", "..%2f..%2fx.jsonl", "a\nb.jsonl", "\x1b[2J.jsonl"]
)
def test_a_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name.replace("/", "_")
    path.write_bytes(b"{\n")
    (problem,) = read_articulos([path])
    assert one_line(str(problem))
