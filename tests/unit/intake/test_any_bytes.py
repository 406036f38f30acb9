"""Whatever bytes a file has and whatever its name says, it is read or refused in one line."""

import json
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from newsroom.inputs import Problem
from newsroom.intake.articles import read_articulos
from newsroom.models.articulo import Articulo

DATA = Path(__file__).parents[2] / "data" / "intake"
FILES = {path.name: path.read_bytes() for path in sorted(DATA.iterdir()) if path.name != "expected.yaml"}
ENDINGS = (
    ".json", ".jsonl", ".json.gz", ".csv", ".tsv", ".xml", ".rss", ".html", ".txt", ".md", ".zip", ".tar",
    ".tar.gz",
)  # fmt: skip
# The libraries for each format are loaded in the first.
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(body: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{ending}"
        path.write_bytes(body)
        found = list(read_articulos([path]))
    assert found
    for item in found:
        if isinstance(item, Problem):
            assert item.message
            assert str(item).isprintable()
        else:
            assert isinstance(item, Articulo)


@SLOW
@given(body=st.binary(max_size=300), ending=st.sampled_from(ENDINGS))
@example(b"<?xml version='1.0' encoding='utf-16'?><rss>", ".xml")
@example(b"\xff\xfe<", ".html")
@example(b"<rss xmlns:a='h ttp://x'><a:b/>", ".xml")
@example(b"---\n\xf1: [\n---\n", ".md")
def test_any_bytes(body: bytes, ending: str) -> None:
    check(body, ending)


@SLOW
@given(text=st.text(max_size=300), ending=st.sampled_from(ENDINGS), head=st.sampled_from("{[<\"-a'"))
def test_any_text(text: str, ending: str, head: str) -> None:
    check((head + text).encode("utf-8", "surrogatepass"), ending)


@SLOW
@given(data=st.data(), name=st.sampled_from(sorted(FILES)))
def test_a_good_file_that_was_damaged(data: st.DataObject, name: str) -> None:
    body = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        length = data.draw(st.integers(0, 40))
        body[at : at + length] = data.draw(st.binary(max_size=20))
    check(bytes(body) or b" ", Path(name).suffix)


@SLOW
@given(name=st.sampled_from(sorted(FILES)), ending=st.sampled_from(ENDINGS))
def test_a_good_file_under_a_wrong_name(name: str, ending: str) -> None:
    check(FILES[name], ending)


KEYS = st.sampled_from(
    ["text", "title", "url", "date_publish", "maintext", "content", "body", "bodies", "uri", "@graph",
     "@type", "articleBody", "media_name", "media_url", "articles", "items", "version", "authors", "tags",
     "contenido_texto", "contenido_html", "metadata", "idioma", "fecha", "articulo"]
)  # fmt: skip
INNER_KEYS = st.sampled_from(["rendered", "value", "name", "@id", "sections", "x"])
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80) | st.just("agua " * 20)
)
VALUES = st.recursive(
    LEAVES,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(INNER_KEYS, inside, max_size=3),
    max_leaves=6,
)


@SLOW
@given(record=st.dictionaries(KEYS, VALUES, min_size=1))
def test_any_values_under_known_keys(record: dict[str, object]) -> None:
    check(json.dumps(record).encode(), ".json")


@SLOW
@given(data=st.data())
def test_a_damaged_archive(data: st.DataObject) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("newsplease.json", "nitf.xml"):
            archive.writestr(name, FILES[name])
    body = bytearray(out.getvalue())
    for _ in range(data.draw(st.integers(1, 3))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    check(bytes(body), ".zip")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_cut_off_anywhere(name: str) -> None:
    body = FILES[name]
    for at in range(1, len(body), max(1, len(body) // 12)):
        check(body[:at], Path(name).suffix)
