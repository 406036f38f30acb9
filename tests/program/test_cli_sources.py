"""`noticias sources` as a person runs it, on a table of three sources of a local site."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.newspapers import PRIVATE, put_feed, write_table
from tests.site import Page, Site
from tests.stack import run_noticias


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        put_feed(site, "/bueno", 1, 2, 3)
        site.pages["/pagina"] = Page("<!doctype html><title>x</title>")
        site.pages["/desvio"] = Page(status=302, headers={"Location": PRIVATE})
        yield site


def test_a_check_says_what_each_source_would_give_and_starts_no_server(tmp_path: Path, site: Site) -> None:
    write_table(tmp_path / "sources.yaml", site, "/bueno", "/pagina")
    private = {"NOTICIAS_FETCH_PRIVATE": "true", "NOTICIAS_FETCH_DELAY_S": "0"}
    done = run_noticias(tmp_path, "sources", "--check", **private)
    assert done.returncode == 1, done.stderr
    good, bad = done.stdout.split(f"{site.url}/pagina\n")
    assert good.startswith(
        f"{site.url}/bueno\n  3 entradas\n  la primera: Titular 0 (El Sitio, Chile, 2024-05-15 "
    )
    assert bad.strip().endswith("a web page, no feed; give the address of the feed itself")
    assert site.counted() == {"/bueno": 1, "/nota/1": 1, "/pagina": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["sources.yaml"]

    done = run_noticias(tmp_path, "sources", "--check", "--json", **private)
    good_line, bad_line = map(json.loads, done.stdout.splitlines())
    assert (good_line["leidos"], good_line["error"], good_line["primera"][0]["titular"]) == (
        3,
        None,
        "Titular 0",
    )
    assert "a web page" in bad_line["error"]

    done = run_noticias(tmp_path, "sources", "--check")
    assert done.stdout.count("not an address of the public internet") == 2


def test_the_list_has_every_source_whether_it_was_looked_at_or_not(tmp_path: Path, site: Site) -> None:
    write_table(tmp_path / "sources.yaml", site, "/bueno", "/desvio", activa=False)
    done = run_noticias(tmp_path, "sources", "--json")
    assert done.returncode == 0, done.stderr
    assert [(row["url"], row["activa"], "fallos" in row) for row in json.loads(done.stdout)] == [
        (f"{site.url}/bueno", False, False),
        (f"{site.url}/desvio", False, False),
    ]
    done = run_noticias(tmp_path, "sources")
    assert "no activa" in done.stdout
    assert site.asked == []


def test_without_a_source_it_says_how_to_add_one(tmp_path: Path) -> None:
    done = run_noticias(tmp_path, "sources")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("sources.yaml: no source in it; docs/sources.md says how to add one\n")


def test_a_table_with_a_mistake_is_one_line(tmp_path: Path) -> None:
    table = tmp_path / "mía.yaml"
    table.write_text("fuentes:\n- url: hola\n", encoding="utf-8")
    done = run_noticias(tmp_path, "sources", NOTICIAS_SOURCES=str(table))
    assert done.returncode == 2
    assert done.stderr == f"noticias: {table}: source 1: url: must be an http or https address\n"
