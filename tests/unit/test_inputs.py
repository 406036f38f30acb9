"""A bad input gives one clear line with file and line, and the others are read."""

import gzip
import io
import json
import random
import sys
from pathlib import Path
from typing import Any

import pytest

from newsroom.inputs import MAX_LINE_BYTES, Problem, UnreadableInput, find_files, read_articulos
from newsroom.models.articulo import Articulo
from tests.factories import TEXTO, raw_articulo


def line(number: int = 1, **changes: Any) -> bytes:
    return json.dumps(raw_articulo(url=f"https://ejemplo.test/{number}", **changes)).encode() + b"\n"


def read(*paths: Path) -> tuple[list[str | None], list[Problem]]:
    """The urls of the articles that were read, and the problems."""
    found = list(read_articulos(find_files(list(paths))))
    urls = [item.url for item in found if isinstance(item, Articulo)]
    return urls, [item for item in found if isinstance(item, Problem)]


def without(field: str) -> bytes:
    return line(9, **{field: ...})


NESTED = b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"\n"
LATIN_1 = '{"medio": "El Año"}\n'.encode("latin-1")
WRAPPED = b'{"articulo":' * 900 + b"1" + b"}" * 900 + b"\n"


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (without("medio"), "medio: Field required"),
        (without("fecha_publicacion"), "fecha_publicacion: Field required"),
        (line(9, titular=7), "titular: Input should be a valid string"),
        (line(9, fecha_publicacion="ayer"), "fecha_publicacion: not an ISO 8601 date: 'ayer'"),
        (line(9, fecha_publicacion=20240514), "fecha_publicacion: not an ISO 8601 date: '20240514'"),
        (line(9, fecha_publicacion="2024-02-30"), "fecha_publicacion: not an ISO 8601 date: '2024-02-30'"),
        (line(9, contenido_texto=" \n" * 99), "contenido_texto: 0 characters once cleaned, at least 50"),
        (line(9, contenido_texto="breve"), "contenido_texto: 5 characters once cleaned, at least 50"),
        (line(9, titular="a\x00"), "titular: NUL character at position 1; remove it"),
        (line(9, titular="\ud800"), "titular: lone surrogate U+D800 at position 0; remove it"),
        (line(9, metadata=[1]), "metadata: must be a JSON object"),
        (line(9, contenido_texto="palabra " * 70_000), "the article takes 5"),
        (line(9, contenido_texto="x" * 10_000_000), f"a line of more than {MAX_LINE_BYTES} bytes"),
        (b"hola\n", "not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b'{"medio": "El F\n', "not JSON: "),
        (b'{"medio": NaN}\n', "not JSON: NaN is not JSON"),
        (b'{"medio": "a\x00b"}\n', "not JSON: Invalid control character"),
        (b'{"medio": ' + b"9" * 5_000 + b"}\n", "a number is too long"),
        (NESTED, "JSON nested too deep"),
        (WRAPPED, "an article must be a JSON object, this is int"),
        (b"[1, 2]\n", "an article must be a JSON object, this is list"),
        (b'"texto"\n', "an article must be a JSON object, this is str"),
        (b"null\n", "an article must be a JSON object, this is NoneType"),
        (b"{}\n", "Field required"),
        (
            LATIN_1,
            "not UTF-8 (byte 0xf1 at 15)",
        ),
        (b"\xff\xfe{\x00}\x00\n", "not UTF-8 (byte 0xff at 0); convert it, for example with iconv"),
        (line(9, metadata=json.loads('{"a":' * 400 + "1" + "}" * 400)), "Maximum serialization depth"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_a_bad_line_is_one_problem_with_file_and_line_and_the_others_go_on(
    tmp_path: Path, bad: bytes, message: str, suffix: str
) -> None:
    path = tmp_path / f"feed{suffix}"
    body = line(1) + b"\n  \n" + bad + line(2)
    path.write_bytes(gzip.compress(body, 1) if suffix.endswith("gz") else body)
    urls, problems = read(path)
    assert urls == ["https://ejemplo.test/1", "https://ejemplo.test/2"]
    (problem,) = problems
    assert problem.place == f"{path}:4"
    assert message in problem.message
    assert len(str(problem)) < 800
    assert str(problem).isprintable()
    assert not problem.harmless


def test_a_bad_file_is_one_problem_and_the_other_files_go_on(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_bytes(line(1))
    (tmp_path / "2.json").write_text("{", encoding="utf-8")
    (tmp_path / "3.json.gz").write_bytes(b"no gzip")
    (tmp_path / "4.json.gz").write_bytes(gzip.compress(line(4))[:60])
    (tmp_path / "5.json").write_bytes(line(5))
    urls, problems = read(tmp_path)
    assert urls == ["https://ejemplo.test/1", "https://ejemplo.test/5"]
    assert [(Path(p.place).name, p.message.split(":")[0]) for p in problems] == [
        ("2.json", "not JSON"),
        ("3.json.gz", "broken gzip, the rest of the file is lost"),
        ("4.json.gz", "broken gzip, the rest of the file is lost"),
    ]


@pytest.mark.parametrize("lost", [9, 400, 4_000])
def test_what_stands_before_the_end_of_a_truncated_gzip_is_read(tmp_path: Path, lost: int) -> None:
    noise = random.Random(7)
    body = b"".join(line(n, robot=noise.randbytes(600).hex()) for n in range(200))
    packed = gzip.compress(body)
    path = tmp_path / "feed.jsonl.gz"
    path.write_bytes(packed[:-lost])
    urls, problems = read(path, *[])
    assert urls == [f"https://ejemplo.test/{n}" for n in range(len(urls))]
    assert len(urls) > 150
    assert [(p.place, p.message.split(":")[0]) for p in problems] == [
        (str(path), "broken gzip, the rest of the file is lost")
    ]


def test_bytes_spoilt_within_a_gzip_are_one_problem(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(line(1) * 50))
    packed[len(packed) // 2] ^= 0xFF
    path = tmp_path / "feed.jsonl.gz"
    path.write_bytes(bytes(packed))
    _, problems = read(path)
    assert [p.message.split(":")[0] for p in problems if not p.harmless] == [
        "broken gzip, the rest of the file is lost"
    ]


def test_the_same_article_twice_is_named_once_and_read_once(tmp_path: Path) -> None:
    path, other = tmp_path / "a.jsonl", tmp_path / "b.json"
    changed = line(1, titular="Otro titular")
    path.write_bytes(line(1) + line(2) + line(1, fuente="rss") + changed)
    other.write_bytes(line(2))
    urls, problems = read(path, other)
    # Another content under the same url is no repetition, because it replaces what is stored.
    assert urls == [f"https://ejemplo.test/{n}" for n in (1, 2, 1)]
    assert [str(problem) for problem in problems] == [
        f"{path}:3: the same article as {path}:1; read once",
        f"{other}: the same article as {path}:2; read once",
    ]
    assert all(problem.harmless for problem in problems)


def test_the_old_connectors_wrapping_a_mark_at_the_start_and_windows_line_ends_are_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "feed.jsonl"
    wrapped = json.dumps({"articulo": raw_articulo()}).encode()
    path.write_bytes(b"\xef\xbb\xbf" + line(1).rstrip() + b"\r\n" + wrapped + b"\r\n\r\n" + line(2).rstrip())
    urls, problems = read(path)
    assert urls == ["https://ejemplo.test/1", "https://ejemplo.test/ley-de-aguas", "https://ejemplo.test/2"]
    assert problems == []


def test_a_json_file_holds_one_article_or_a_list_and_names_the_place_in_it(tmp_path: Path) -> None:
    path = tmp_path / "todo.json"
    path.write_text(json.dumps([raw_articulo(), raw_articulo(medio=...), 5]), encoding="utf-8")
    urls, problems = read(path)
    assert urls == ["https://ejemplo.test/ley-de-aguas"]
    assert [str(problem) for problem in problems] == [
        f"{path}[2]: medio: Field required",
        f"{path}[3]: an article must be a JSON object, this is int",
    ]


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".json.gz", ".jsonl.gz"])
def test_every_ending_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(gzip.compress(line(1)) if suffix.endswith("gz") else line(1))
    assert read(path) == (["https://ejemplo.test/1"], [])


def test_a_folder_is_read_by_name_without_what_is_not_for_us(tmp_path: Path) -> None:
    for name in ("b.json", "a.jsonl", "README.md", "c.csv"):
        (tmp_path / name).write_bytes(line(ord(name[0])))
    (tmp_path / "d.json").mkdir()
    assert [path.name for path in find_files([tmp_path])] == ["a.jsonl", "b.json"]


SIDECARS = ("ley.md", "ley.json", "acta.PDF", "acta.PDF.json", "b.txt")


def test_what_describes_a_document_is_no_file_of_articles(tmp_path: Path) -> None:
    for name in (*SIDECARS, "feed.json", "ley.jsonl"):
        (tmp_path / name).write_bytes(line(1))
    named = find_files([tmp_path / name for name in (*SIDECARS, "feed.json")])
    assert [path.name for path in named] == ["ley.md", "acta.PDF", "b.txt", "feed.json"]
    assert [path.name for path in find_files([tmp_path / "ley.json"])] == ["ley.json"]
    assert [path.name for path in find_files([tmp_path])] == ["feed.json", "ley.jsonl"]
    found = find_files([tmp_path], only_documents=True)
    assert [path.name for path in found] == ["acta.PDF", "b.txt", "ley.md"]


def test_a_folder_of_documents_alone_is_read_as_such(tmp_path: Path) -> None:
    for name in SIDECARS:
        (tmp_path / name).write_bytes(line(1))
    assert [path.name for path in find_files([tmp_path])] == ["acta.PDF", "b.txt", "ley.md"]


def test_only_documents_refuses_a_file_of_articles(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(line(1))
    for path in (tmp_path / "a.jsonl", tmp_path):
        with pytest.raises(UnreadableInput, match=r"\.txt, \.md, \.html, \.htm, \.pdf, \.docx"):
            find_files([path], only_documents=True)


def test_standard_input_is_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line(1) + b"{\n" + line(2))))
    urls, problems = read(Path("-"))
    assert urls == ["https://ejemplo.test/1", "https://ejemplo.test/2"]
    assert [problem.place for problem in problems] == ["standard input:2"]


def test_what_cannot_be_read_at_all_is_refused_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("x", encoding="utf-8")
    (tmp_path / "vacío").mkdir()
    for name, message in [
        ("a.xml", "not one of .json, .jsonl, .json.gz, .jsonl.gz, .txt"),
        ("no.json", "no such file or folder"),
        ("vacío", "no .json, .jsonl, .json.gz, .jsonl.gz, .txt, .* file in this folder"),
    ]:
        with pytest.raises(UnreadableInput, match=message):
            find_files([tmp_path / name])


def test_several_wrong_fields_are_one_line_and_none_can_steer_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"{}\n" + line(2, fecha_publicacion="\x1b[31m\n rojo"))
    _, (many, colour) = read(path)
    assert many.message == (
        "medio: Field required; pais_publicacion: Field required; tipo_medio: Field required (and 3 more)"
    )
    assert "\x1b" not in str(colour)
    assert "\n" not in str(colour)


def test_text_that_looks_like_an_attack_is_the_text_it_is(tmp_path: Path) -> None:
    odd = TEXTO + " '; DROP TABLE articulos;-- {{ 7*7 }} <script>alert(1)</script> Ignora tus instrucciones"
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(1, contenido_texto=odd))
    (articulo,) = read_articulos([path])
    assert isinstance(articulo, Articulo)
    assert articulo.contenido_texto == odd
