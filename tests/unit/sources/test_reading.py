"""One source read: what is new in it, with its text; and what is left for the next look."""

import gzip
from collections.abc import Collection, Iterator
from typing import Any

import pytest

from newsroom.inputs import Problem
from newsroom.models.articulo import Articulo
from newsroom.sources import reading
from newsroom.sources.fetching import Fetched, Fetcher
from newsroom.sources.reading import Found, fetch_articulos, read_address, read_fuente
from newsroom.sources.table import Fuente
from tests.site import XML, Page, Site, article_page, rss

TEXTO = (
    "El Congreso de Chile aprobó el martes la reforma de pensiones por 68 votos a 47, tras tres días.\n"
    "La ministra de Hacienda, Rosa Peralta, celebró el resultado en Valparaíso ante los periodistas.\n"
    "El costo de la reforma será de 1.200 millones de dólares, según el Ministerio de Hacienda del país.\n"
)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


def put_feed(site: Site, *numbers: int, **options: Any) -> None:
    links = [f"{site.url}/nota/{number}" for number in numbers]
    site.pages["/rss"] = Page(rss(site.url, *links, **options), XML, etag=f'"{numbers}"')


async def look(site: Site, *known: str, path: str = "/rss", **options: Any) -> Found:
    fuente = {"url": f"{site.url}{path}", **options.pop("fuente", {})}

    async def find_known(asked: list[str]) -> Collection[str]:
        return [identidad for identidad in asked if identidad in known]

    async with Fetcher(allow_private=True, delay_s=0) as fetcher:
        return await read_fuente(Fuente.model_validate(fuente), fetcher, find_known, **options)


async def test_the_page_gives_the_text_and_the_feed_headline_and_date(site: Site) -> None:
    put_feed(site, 1)
    site.pages["/nota/1"] = Page(article_page(1, TEXTO))
    found = await look(site)
    (articulo,) = found.articulos
    assert articulo.url == f"{site.url}/nota/1"
    assert articulo.titular == "Titular 0"
    assert articulo.fecha_publicacion is not None
    assert articulo.fecha_publicacion.isoformat() == "2024-05-15T10:00:00+00:00"
    assert articulo.contenido_texto.splitlines()[-1] == TEXTO.splitlines()[-1]
    assert "Todos los derechos" not in articulo.contenido_texto
    assert articulo.medio == "Portada"
    assert (found.listed, found.etag, found.error, found.refused, found.more) == (1, '"(1,)"', "", [], False)


async def test_where_the_feed_says_nothing_the_page_counts(site: Site) -> None:
    link = f"{site.url}/nota/1"
    feed = f"<rss version='2.0'><channel><item><link>{link}</link></item></channel></rss>"
    site.pages["/rss"] = Page(feed, XML)
    page = article_page(1, TEXTO).replace(
        "<head>", '<head><meta property="article:published_time" content="2024-05-14T08:00:00+00:00">'
    )
    site.pages["/nota/1"] = Page(page)
    (articulo,) = (await look(site)).articulos
    assert articulo.titular == "Titular 1"
    assert articulo.medio == "El Sitio"
    assert articulo.fecha_publicacion is not None
    assert articulo.fecha_publicacion.date().isoformat() == "2024-05-14"


async def test_what_the_table_says_of_the_outlet_wins(site: Site) -> None:
    put_feed(site, 1)
    site.pages["/nota/1"] = Page(article_page(1, TEXTO))
    about = {"medio": "La Voz", "pais": "Ecuador", "tipo": "radio"}
    (articulo,) = (await look(site, fuente=about)).articulos
    assert (articulo.medio, articulo.pais_publicacion, articulo.tipo_medio) == ("La Voz", "Ecuador", "radio")
    assert "medio" not in articulo.derivado


async def test_a_whole_text_in_the_feed_needs_no_page_unless_the_table_wants_it(site: Site) -> None:
    put_feed(site, 1, body="".join(f"<p>{line}</p>" for line in (TEXTO * 4).splitlines()))
    (articulo,) = (await look(site)).articulos
    assert articulo.contenido_texto.startswith("El Congreso de Chile")
    assert set(site.counted()) == {"/rss"}

    site.pages["/nota/1"] = Page(article_page(1, TEXTO.replace("martes", "jueves")))
    (articulo,) = (await look(site, fuente={"texto_de_la_pagina": True})).articulos
    assert "el jueves" in articulo.contenido_texto


async def test_only_new_entries_are_read_and_nothing_at_all_if_nothing_changed(site: Site) -> None:
    put_feed(site, 1, 2)
    site.pages["/nota/2"] = Page(article_page(2, TEXTO))
    found = await look(site, f"{site.url}/nota/1")
    assert [articulo.url for articulo in found.articulos] == [f"{site.url}/nota/2"]
    assert site.counted() == {"/rss": 1, "/nota/2": 1}

    again = await look(site, etag=found.etag, last_modified=found.last_modified)
    assert (again.not_modified, again.articulos, again.etag) == (True, [], found.etag)
    assert site.counted() == {"/rss": 2, "/nota/2": 1}


async def test_a_page_that_is_gone_or_no_article_is_refused_for_good_and_the_others_go_on(site: Site) -> None:
    put_feed(site, 1, 2, 3, 4)
    site.pages["/nota/2"] = Page("<html><body><p>Acepte las cookies.</p></body></html>")
    site.pages["/nota/3"] = Page(b"%PDF-1.7", "application/pdf")
    site.pages["/nota/4"] = Page(article_page(4, TEXTO))
    found = await look(site)
    assert [articulo.url for articulo in found.articulos] == [f"{site.url}/nota/4"]
    assert [(refused.identidad[-1], refused.lasting) for refused in found.refused] == [
        ("1", True), ("2", True), ("3", True),
    ]  # fmt: skip
    assert "answered 404" in found.refused[0].reason
    assert "application/pdf, no article" in found.refused[2].reason
    assert (found.error, found.more) == ("", False)


async def test_when_the_site_goes_away_the_rest_is_left_for_the_next_look(site: Site) -> None:
    put_feed(site, *range(9))
    site.pages["/nota/0"] = Page(article_page(0, TEXTO))
    site.pages |= {f"/nota/{number}": Page(status=502) for number in range(1, 9)}
    found = await look(site)
    assert len(found.articulos) == 1
    assert [(refused.identidad[-1], refused.lasting) for refused in found.refused] == [
        ("1", False), ("2", False), ("3", False),
    ]  # fmt: skip
    assert (found.more, found.error) == (True, "")
    assert sum(site.counted().values()) == 5

    site.pages["/nota/0"] = Page(status=502)
    found = await look(site)
    assert "answered 502" in found.error


async def test_a_site_that_wants_to_be_left_alone_is_and_no_entry_pays_for_it(site: Site) -> None:
    put_feed(site, 1, 2, 3)
    site.pages["/nota/1"] = Page(article_page(1, TEXTO))
    site.pages["/nota/2"] = Page(status=429, headers={"Retry-After": "600"})
    found = await look(site)
    assert (len(found.articulos), found.refused, found.more, found.retry_after_s) == (1, [], True, 600)
    assert "/nota/3" not in site.counted()


async def test_a_look_is_bounded_in_number_and_in_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    put_feed(site, 1, 2, 3)
    site.pages |= {f"/nota/{number}": Page(article_page(number, TEXTO)) for number in (1, 2, 3)}
    found = await look(site, limit=2)
    assert (len(found.articulos), found.more) == (2, True)
    monkeypatch.setattr(reading, "MAX_LOOK_S", -1.0)
    found = await look(site)
    assert (found.articulos, found.more) == ([], True)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page("<!doctype html><html><body>Hola</body></html>"), "a web page, no feed"),
        (Page("<rss><channel>", XML), "/rss: "),
        (Page(status=404), "/rss: answered 404 Not Found"),
        (Page(status=301, headers={"Location": "/rss"}), "redirects in a circle"),
        (Page(b"x" * 20_000_001), "more than 20000000 bytes"),
    ],
    ids=["page", "broken", "gone", "circle", "large"],
)
async def test_what_stands_in_the_way_of_a_source_is_one_line(site: Site, page: Page, words: str) -> None:
    site.pages["/rss"] = page
    found = await look(site)
    assert words in found.error
    assert "\n" not in found.error
    assert (found.articulos, found.etag) == ([], None)


async def test_a_source_that_is_busy_says_when_to_come_back(site: Site) -> None:
    site.pages["/rss"] = Page(status=503, headers={"Retry-After": "7200"})
    found = await look(site)
    assert found.retry_after_s == 7200


def sitemap(*links: str, root: str = "urlset") -> str:
    if root == "sitemapindex":
        listed = "".join(f"<sitemap><loc>{link}</loc></sitemap>" for link in links)
        return f"<sitemapindex>{listed}</sitemapindex>"
    news = "<n:news><n:title>Del mapa</n:title></n:news>"
    entries = "".join(f"<url><loc>{link}</loc>{news}</url>" for link in links)
    return f'<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{entries}</urlset>'


async def test_an_index_of_sitemaps_is_followed_two_levels_deep(site: Site) -> None:
    site.pages["/index.xml"] = Page(
        sitemap("/a.xml", "/b.xml.gz", "/gone.xml", root="sitemapindex"), etag='"i"'
    )
    site.pages["/a.xml"] = Page(sitemap("/index2.xml", root="sitemapindex"))
    site.pages["/index2.xml"] = Page(sitemap("/deep.xml", root="sitemapindex"))
    site.pages["/deep.xml"] = Page(sitemap("/nota/9"))
    site.pages["/b.xml.gz"] = Page(gzip.compress(sitemap(f"{site.url}/nota/1").encode()), "application/gzip")
    site.pages["/nota/1"] = Page(article_page(1, TEXTO))
    found = await look(site, path="/index.xml")
    assert [articulo.titular for articulo in found.articulos] == ["Del mapa"]
    assert found.etag is None, "an index may stay the same while its sitemaps change"
    assert "/deep.xml" not in site.counted()


async def test_an_index_in_a_circle_ends_and_one_that_leads_nowhere_fails(site: Site) -> None:
    site.pages["/index.xml"] = Page(sitemap("/index.xml", "/index.xml", root="sitemapindex"))
    found = await look(site, path="/index.xml")
    assert (found.listed, found.error) == (0, "")
    assert site.counted()["/index.xml"] <= 1 + reading.MAX_SITEMAPS
    site.pages["/index.xml"] = Page(sitemap("/gone.xml", root="sitemapindex"))
    assert "/gone.xml: answered 404" in (await look(site, path="/index.xml")).error


async def test_a_wordpress_site_is_asked_for_its_posts(site: Site) -> None:
    posts = "/wp-json/wp/v2/posts?per_page=50&_embed=author,wp:term"
    html = "".join(f"<p>{line}</p>" for line in (TEXTO * 4).splitlines())
    post = (
        f'[{{"link": "{site.url}/nota/1", "date_gmt": "2024-05-15T13:00:00", '
        f'"title": {{"rendered": "Del sitio"}}, "content": {{"rendered": "{html}"}}}}]'
    )
    site.pages[posts] = Page(post, "application/json")
    (articulo,) = (await look(site, path="/", fuente={"clase": "wordpress"})).articulos
    assert (articulo.titular, articulo.url) == ("Del sitio", f"{site.url}/nota/1")
    assert articulo.contenido_texto.startswith("El Congreso")


async def test_one_address_is_read_as_an_article_or_as_a_feed(site: Site) -> None:
    site.pages["/nota/1"] = Page(article_page(1, TEXTO))
    put_feed(site, 1, 2, body="".join(f"<p>{line}</p>" for line in (TEXTO * 4).splitlines()))
    (articulo,) = await fetch_articulos(f"{site.url}/nota/1", allow_private=True)
    assert isinstance(articulo, Articulo)
    assert (articulo.titular, articulo.url) == ("Titular 1", f"{site.url}/nota/1")
    assert len(await fetch_articulos(f"{site.url}/rss", allow_private=True)) == 2
    (problem,) = await fetch_articulos(f"{site.url}/nada", allow_private=True)
    assert str(problem) == f"{site.url}/nada: answered 404 Not Found"
    (problem,) = await fetch_articulos(f"{site.url}/nota/1", allow_private=False)
    assert "not an address of the public internet" in str(problem)


def test_a_file_at_an_address_is_no_article() -> None:
    (found,) = read_address(Fetched("https://a.example/f.jpg", b"\xff\xd8", "image/jpeg"))
    assert found == Problem("https://a.example/f.jpg", "image/jpeg, no article; save it and give the file")
