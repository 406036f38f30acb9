"""News sitemaps: the articles that a site published in the last days, and indexes of such sitemaps."""

from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from newsroom.intake.values import UnclearDate, read_date, read_language, read_line, read_words

_READERS = {
    "titular": ("title", read_line),
    "idioma": ("language", read_language),
    "medio": ("name", read_line),
    "etiquetas_fuente": ("keywords", read_words),
}


class NoSitemap(Exception):
    """XML that is no sitemap of news; one line says what it is."""


@dataclass
class Sitemap:
    """What a sitemap lists: the fields of each article, and the addresses of further sitemaps.

    The newest of these come first where the index says how old they are.
    """

    articles: list[dict[str, Any]] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)


def read_sitemap(body: bytes) -> Sitemap:
    """Returns what a sitemap lists.

    Pages without `news:news` are passed over: they are not articles, or old ones.

    Raises:
        NoSitemap: it is broken, declares entities, or lists no news.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as exc:
        raise NoSitemap(f"XML with entities or a DTD is not read ({type(exc).__name__})") from exc
    except (ParseError, ValueError, LookupError) as exc:
        raise NoSitemap(f"broken XML: {' '.join(str(exc).split())[:120]}") from exc
    if _name(root) == "sitemapindex":
        found = [(_text(entry, "lastmod"), _text(entry, "loc")) for entry in root]
        # Sorting keeps the order of those that say nothing.
        found.sort(key=lambda pair: pair[0], reverse=True)
        return Sitemap(sitemaps=[address for _, address in found if address])
    if _name(root) != "urlset":
        raise NoSitemap(f"XML that begins with <{_name(root)[:40]}>, no sitemap")
    articles = [article for entry in root if (article := _read_entry(entry)) is not None]
    if not articles and len(root):
        raise NoSitemap("a sitemap without news:news; the one for news has another address")
    return Sitemap(articles)


def _read_entry(entry: Element) -> dict[str, Any] | None:
    """Returns the fields of an article; None for a page that is none."""
    news = next((part for part in entry if _name(part) == "news"), None)
    address = _text(entry, "loc")
    if news is None or not address:
        return None
    said: dict[str, Any] = {"url": address}
    for name, (tag, read) in _READERS.items():
        value = read(_text(news, tag))
        if value is not None:
            said[name] = value
    try:
        published = read_date(_text(news, "publication_date"))
    except UnclearDate:
        published = None
    return said if published is None else {**said, "fecha_publicacion": published}


def _text(element: Element, name: str) -> str:
    """Returns the words of the first element of that name within; empty if there is none.

    Children come before what is in them: an image has a `loc` too.
    """
    for part in (*element, *element.iter()):
        if _name(part) == name:
            return " ".join((part.text or "").split())
    return ""


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
