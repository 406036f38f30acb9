"""What a source lists: RSS, Atom, JSON Feed, WordPress, news sitemaps; and what is none of these."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from newsroom.sources import listing
from newsroom.sources.listing import Entry, Listing, NoListing, kind_of, read_listing
from newsroom.sources.sitemaps import NoSitemap, read_sitemap
from tests.site import article_page, rss

SITE = "https://medio.example"
TEXTO = "El Congreso aprobó la reforma de pensiones. " * 30

ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="es">
<title>El Medio</title><id>urn:x</id><updated>2024-05-15T10:00:00Z</updated>
<entry><title>Titular &amp; más</title><id>tag:medio.example,2024:1</id><link href="/nota/1"/>
<published>2024-05-15T09:00:00-04:00</published><author><name>Ana Paz</name></author>
<content type="html">&lt;p&gt;{TEXTO}&lt;/p&gt;</content></entry></feed>"""

JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "El Medio",
    "language": "es",
    "items": [
        {"id": "1", "url": f"{SITE}/nota/1", "title": "Titular", "content_html": f"<p>{TEXTO}</p>",
         "date_published": "2024-05-15T09:00:00-04:00"},
        {"id": "2", "url": f"{SITE}/nota/2", "title": "Otro", "content_text": "Corto."},
    ],
}  # fmt: skip

WORDPRESS = [
    {
        "id": 7,
        "date": "2024-05-15T09:00:00",
        "date_gmt": "2024-05-15T13:00:00",
        "link": f"{SITE}/nota/1/",
        "title": {"rendered": "Titular &#8211; uno"},
        "content": {"rendered": f"<p>{TEXTO}</p>", "protected": False},
        "excerpt": {"rendered": "<p>Resumen</p>"},
    }
]

SITEMAP = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><image:image><image:loc>{SITE}/foto.jpg</image:loc></image:image><loc>
 {SITE}/nota/1 </loc><news:news>
 <news:publication><news:name>El Medio</news:name><news:language>es</news:language></news:publication>
 <news:publication_date>2024-05-15T09:00:00-04:00</news:publication_date>
 <news:title>Titular &amp; más</news:title>
 <news:keywords>pensiones, Congreso</news:keywords></news:news></url>
<url><loc>{SITE}/quienes-somos</loc><lastmod>2010-01-01</lastmod></url>
</urlset>"""

INDEX = f"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{SITE}/viejo.xml</loc><lastmod>2024-01-01</lastmod></sitemap>
<sitemap><loc>{SITE}/sin.xml</loc></sitemap>
<sitemap><loc>/nuevo.xml</loc><lastmod>2024-05-15</lastmod></sitemap></sitemapindex>"""

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{"&" + a + ";"}{"&" + a + ";"}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><{root}><channel><item><title>&i;</title></item></channel></{root}>"
)


def read(body: Any, **options: Any) -> list[Entry]:
    body = body if isinstance(body, bytes | str) else json.dumps(body)
    return read_listing(body.encode() if isinstance(body, str) else body, f"{SITE}/rss", **options).entries


def refused(body: bytes | str, **options: Any) -> str:
    with pytest.raises(NoListing) as caught:
        read(body, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_rss() -> None:
    first, second = read(rss(SITE, f"{SITE}/a", "/b", f"{SITE}/a"))
    assert (first.url, second.url) == (f"{SITE}/a", f"{SITE}/b")
    assert first.fields["titular"] == "Titular 0"
    assert first.fields["fecha_publicacion"] == datetime(2024, 5, 15, 10, tzinfo=UTC)
    assert not first.is_whole
    (whole,) = read(rss(SITE, f"{SITE}/a", body=f"<p>{TEXTO}</p>"))
    assert whole.is_whole
    assert whole.fields["contenido_texto"] == TEXTO.strip()


@pytest.mark.parametrize("ending", ["…", "[&#8230;]", " Leer más", "..."])
def test_a_text_that_breaks_off_is_not_whole(ending: str) -> None:
    (entry,) = read(rss(SITE, f"{SITE}/a", body=f"<p>{TEXTO}{ending}</p>"))
    assert not entry.is_whole


def test_atom() -> None:
    (entry,) = read(ATOM)
    assert entry.url == f"{SITE}/nota/1"
    assert entry.is_whole
    assert {name: entry.fields[name] for name in ("titular", "autor", "idioma")} == {
        "titular": "Titular & más",
        "autor": "Ana Paz",
        "idioma": "es",
    }
    assert entry.fields["fecha_publicacion"].isoformat() == "2024-05-15T09:00:00-04:00"


def test_news_sitemap() -> None:
    (entry,) = read(SITEMAP)
    assert entry == Entry(
        f"{SITE}/nota/1",
        {
            "url": f"{SITE}/nota/1",
            "titular": "Titular & más",
            "idioma": "es",
            "medio": "El Medio",
            "etiquetas_fuente": ["pensiones", "Congreso"],
            "fecha_publicacion": datetime.fromisoformat("2024-05-15T09:00:00-04:00"),
        },
    )
    assert not entry.is_whole


def test_an_index_lists_sitemaps_the_newest_first() -> None:
    found = read_listing(INDEX.encode(), f"{SITE}/sitemap.xml")
    assert found == Listing([], [f"{SITE}/nuevo.xml", f"{SITE}/viejo.xml", f"{SITE}/sin.xml"])


def test_a_sitemap_of_pages_lists_no_news() -> None:
    pages = SITEMAP.replace("news:news", "news:otra")
    assert refused(pages) == "a sitemap without news:news; the one for news has another address"


def test_utf_16_and_a_mark_before_the_first_element() -> None:
    in_utf_16 = SITEMAP.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    for body in (SITEMAP.encode("utf-8-sig"), in_utf_16):
        assert [entry.fields["titular"] for entry in read(body)] == ["Titular & más"]


@pytest.mark.parametrize(
    "body",
    [
        "[]",
        " [ ] ",
        rss(SITE),
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>',
        "<sitemapindex/>",
    ],
)
def test_a_source_may_have_nothing_at_the_moment(body: str) -> None:
    assert read(body) == []


def test_a_web_page_is_no_feed_and_may_say_where_its_feed_is() -> None:
    page = article_page(1, TEXTO)
    assert refused(page) == "a web page, no feed; give the address of the feed itself"
    link = '<link rel="alternate" type="application/rss+xml" title="RSS" href="/feed?a=1&amp;b=2">'
    assert refused(page.replace("<head>", f"<head>{link}")) == (
        f"a web page, no feed; its feed is {SITE}/feed?a=1&b=2"
    )
    assert refused("<!-- x --><html><body>404</body></html>").startswith("a web page, no feed")


@pytest.mark.parametrize("root", ["rss", "feed", "urlset", "sitemapindex"])
def test_xml_that_declares_entities_is_refused(root: str) -> None:
    assert "entities" in refused(BOMB.replace("{root}", root))


def test_external_references_are_refused_and_not_fetched() -> None:
    xml = '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'
    assert "entities" in refused(xml)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "hola",
        "<rss><channel><item><title>x",
        "<urlset><url>",
        '{"error": "no"}',
        "{",
        b"\x00\x01\xff" * 9,
    ],
)
def test_anything_else_is_one_line(body: bytes | str) -> None:
    assert refused(body)


def test_an_entry_without_a_web_address_is_none() -> None:
    assert refused(rss(SITE, "javascript:alert(1)")) == "no entry in it has an address"
    assert [entry.url for entry in read(rss(SITE, "mailto:a@b.example", "/a"))] == [f"{SITE}/a"]


def test_an_address_that_cannot_be_stored_is_none() -> None:
    items = [{"url": f"{SITE}/a{end}", "title": "T", "content_text": TEXTO} for end in ("", "\x00", "\ud800")]
    assert [entry.url for entry in read({**JSON_FEED, "items": items})] == [f"{SITE}/a"]


def test_json_feed_and_wordpress() -> None:
    first, second = read(JSON_FEED)
    assert (first.is_whole, second.is_whole, first.fields["titular"]) == (True, False, "Titular")
    (post,) = read(WORDPRESS, clase="wordpress")
    assert (post.url, post.is_whole, post.fields["titular"]) == (f"{SITE}/nota/1/", True, "Titular – uno")


def test_no_source_lists_more_than_a_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MAX_ENTRIES", 3)
    assert [entry.url for entry in read(rss(SITE, *(f"/{number}" for number in range(9))))] == [
        f"{SITE}/0",
        f"{SITE}/1",
        f"{SITE}/2",
    ]


def test_a_source_of_another_kind_than_the_table_says_is_refused() -> None:
    words = "the table says sitemap, but it is feed; say clase: auto"
    assert refused(rss(SITE, "/a"), clase="sitemap") == words
    assert len(read(rss(SITE, "/a"), clase="feed")) == 1
    assert len(read(SITEMAP, clase="sitemap")) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- <html> --><rss version="2.0">', "feed"),
        (b'<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><feed>', "feed"),
        (b'<rdf:RDF xmlns:rdf="x">', "feed"),
        (b"<!DOCTYPE html><HTML>", "page"),
        (b"<html xmlns='x'>", "page"),
        (b"\n [1]", "json"),
        (b"<urlset>", "sitemap"),
        (b"<nitf>", ""),
        (b"Hola", ""),
    ],
)
def test_the_content_says_what_it_is(body: bytes, kind: str) -> None:
    assert kind_of(body) == kind


def test_what_a_sitemap_does_not_say_clearly_is_left_out() -> None:
    unclear = SITEMAP.replace("2024-05-15T09:00:00-04:00", "4/5/2024").replace(">es<", ">?<")
    (article,) = read_sitemap(unclear.encode()).articles
    assert "fecha_publicacion" not in article
    assert "idioma" not in article
    with pytest.raises(NoSitemap, match="begins with <rss>"):
        read_sitemap(b"<rss/>")
