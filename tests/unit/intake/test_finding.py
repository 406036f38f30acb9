"""Which files are read, and which of them are articles and which long documents."""

import json
from pathlib import Path

import pytest

from newsroom.inputs import UnreadableInput
from newsroom.intake.finding import Files, find_files, kind_of
from tests.factories import raw_articulo

SIDECARS = ("ley.md", "ley.json", "acta.PDF", "acta.PDF.json", "b.txt")
HEADER = "Titular: El Congreso aprueba la ley\nMedio: El Correo\n\nEl Congreso aprobó la ley.\n"


def fill(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text(json.dumps(raw_articulo()), encoding="utf-8")


def names(found: Files) -> tuple[list[str], list[str], list[str]]:
    """The names of the articles, of the documents, and of what no reader knows."""
    lists = (found.articles, found.documents, found.passed_over)
    return ([p.name for p in lists[0]], [p.name for p in lists[1]], [p.name for p in lists[2]])


def test_a_folder_is_read_by_name_and_what_no_reader_knows_is_named(tmp_path: Path) -> None:
    fill(tmp_path, "b.json", "a.jsonl", "c.csv", "foto.png", "ley.pdf", ".oculto.json")
    (tmp_path / "d.json").mkdir()
    assert names(find_files([tmp_path])) == (["a.jsonl", "b.json", "c.csv"], ["ley.pdf"], ["foto.png"])


@pytest.mark.parametrize("name", ["README.md", "readme.txt", "LICENSE.txt", "LÉEME.md", "Leeme.txt"])
def test_what_is_about_the_folder_is_passed_over_in_silence(tmp_path: Path, name: str) -> None:
    fill(tmp_path, "a.json", name)
    assert names(find_files([tmp_path])) == (["a.json"], [], [])
    # Whoever names it means it.
    assert names(find_files([tmp_path / name])) == ([], [name], [])


def test_the_examples_are_ten_articles(tmp_path: Path) -> None:
    found = find_files([Path(__file__).parents[3] / "examples"])
    assert len(found.articles) == 10
    assert (found.documents, found.passed_over) == ([], [])


def test_what_describes_a_document_is_no_file_of_articles(tmp_path: Path) -> None:
    fill(tmp_path, *SIDECARS, "feed.json", "ley.jsonl")
    named = find_files([tmp_path / name for name in (*SIDECARS, "feed.json")])
    assert names(named) == (["feed.json"], ["ley.md", "acta.PDF", "b.txt"], [])
    assert names(find_files([tmp_path / "ley.json"])) == (["ley.json"], [], [])
    both: tuple[list[str], list[str], list[str]] = (
        ["feed.json", "ley.jsonl"],
        ["acta.PDF", "b.txt", "ley.md"],
        [],
    )
    assert names(find_files([tmp_path])) == both
    assert names(find_files([tmp_path], "documents")) == ([], both[1], [])
    assert names(find_files([tmp_path], "articles"))[1:] == ([], [])


def test_a_text_is_an_article_if_its_header_names_an_outlet_or_an_address(tmp_path: Path) -> None:
    (tmp_path / "nota.txt").write_text(HEADER)
    (tmp_path / "ley.txt").write_text("Artículo 1. La ley rige desde hoy.\n")
    (tmp_path / "acta.txt").write_text(HEADER)
    (tmp_path / "acta.json").write_text('{"titulo": "Acta"}')
    (tmp_path / "pagina.html").write_text('<html><meta property="og:type" content="article"></html>')
    (tmp_path / "norma.html").write_text("<html><h1>Norma</h1></html>")
    articles, documents, _ = names(find_files([tmp_path]))
    assert (articles, documents) == (["nota.txt", "pagina.html"], ["acta.txt", "ley.txt", "norma.html"])


@pytest.mark.parametrize("name", ["ley.txt", "ley.md", "ley.html"])
def test_a_person_may_say_which_of_the_two_it_is(tmp_path: Path, name: str) -> None:
    fill(tmp_path, name)
    assert kind_of(tmp_path / name, "articles") == "articles"
    assert kind_of(tmp_path / name, "documents") == "documents"


def test_only_documents_refuses_a_file_of_articles(tmp_path: Path) -> None:
    fill(tmp_path, "a.jsonl")
    for path in (tmp_path / "a.jsonl", tmp_path):
        with pytest.raises(UnreadableInput, match=r"\.txt, \.md, \.html, \.htm, \.pdf, \.docx"):
            find_files([path], "documents")


def test_only_articles_refuses_a_document(tmp_path: Path) -> None:
    fill(tmp_path, "a.pdf")
    with pytest.raises(UnreadableInput, match=r"a\.pdf: not one of \.json"):
        find_files([tmp_path / "a.pdf"], "articles")


def test_what_cannot_be_read_at_all_is_refused_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("x", encoding="utf-8")
    (tmp_path / "vacío").mkdir()
    for name, message in [
        ("a.png", r"not one of \.json, \.jsonl, .*\.docx; save it in one of these formats"),
        ("no.json", "no such file or folder; check the path"),
        ("vacío", r"no \.json, \.jsonl, .*\.docx file in this folder"),
    ]:
        with pytest.raises(UnreadableInput, match=message):
            find_files([tmp_path / name])


def test_standard_input_is_articles() -> None:
    assert names(find_files([Path("-")])) == (["-"], [], [])
