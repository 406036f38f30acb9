"""What a source lists: the entries of a feed, a JSON feed, WordPress or a news sitemap."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from newsroom.inputs import Problem
from newsroom.intake.articles import Draft, Shapes, drafts_of
from newsroom.intake.files import read_bytes
from newsroom.sources.sitemaps import NoSitemap, read_sitemap
from newsroom.sources.table import Clase

MAX_ENTRIES = 2_000
# Summaries are shorter than this; whole articles mostly longer.
MIN_WHOLE_CHARS = 900
_CUT_OFF = ("…", "...", "[…]", "[...]", "leer más", "seguir leyendo", "read more", "continue reading")

_HEAD_BYTES = 65_536
_COMMENT = re.compile(rb"(?s)<!--.{0,20000}?-->")
# Not a declaration: entities are declared before the first element.
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]{1,40}:)?([A-Za-z][\w.-]{0,40})")
_ENTRY = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)[\s>/]", re.IGNORECASE)
_KIND_OF_ROOT = {
    b"rss": "feed", b"feed": "feed", b"rdf": "feed", b"urlset": "sitemap", b"sitemapindex": "sitemap",
    b"html": "page", b"head": "page", b"body": "page",
}  # fmt: skip
_FEED_LINK = re.compile(
    r"""<link\b(?=[^>]{0,500}\btype=["']?application/(?:rss|atom|feed)\+(?:xml|json))"""
    r"""[^>]{0,500}?\bhref=["']?([^"'\s>]{1,500})""",
    re.IGNORECASE,
)
# What the content may be where the table says what a source is.
_KINDS: dict[Clase, tuple[str, ...]] = {
    "feed": ("feed",),
    "sitemap": ("sitemap",),
    "wordpress": ("json",),
    "json": ("json",),
}


class NoListing(Exception):
    """A source that lists nothing that can be read. One line for the operator."""


@dataclass(frozen=True)
class Entry:
    """An article that a source lists: its address, and what the source says of it."""

    url: str
    fields: Mapping[str, Any]

    @property
    def is_whole(self) -> bool:
        """Whether the source has the whole text of the article, not only a summary."""
        text = str(self.fields.get("contenido_texto") or "").rstrip()
        return len(text) >= MIN_WHOLE_CHARS and not text.casefold().endswith(_CUT_OFF)


@dataclass
class Listing:
    """The entries of a source in its order, each address once; for an index, the sitemaps that it lists."""

    entries: list[Entry] = field(default_factory=list)
    sitemaps: list[str] = field(default_factory=list)


def read_listing(body: bytes, url: str, clase: Clase = "auto") -> Listing:
    """Returns what a source lists, at most `MAX_ENTRIES` entries. The content decides what it is.

    Raises:
        NoListing: it is a web page, broken, of a form that is not known, or not of the kind `clase`.
    """
    kind = kind_of(body)
    if kind == "page":
        raise NoListing(f"a web page, no feed; {_advice(body, url)}")
    if not kind:
        raise NoListing("neither RSS, Atom, JSON nor a news sitemap")
    if clase != "auto" and kind not in _KINDS[clase]:
        raise NoListing(f"the table says {clase}, but it is {kind}; say clase: auto")
    if kind == "sitemap":
        try:
            sitemap = read_sitemap(body)
        except NoSitemap as exc:
            raise NoListing(str(exc)) from exc
        addresses = [urljoin(url, address) for address in sitemap.sitemaps]
        return Listing(_entries(iter(sitemap.articles), url), [it for it in addresses if _is_web(it)])
    if _is_empty(body, kind):
        return Listing()
    problems: list[Problem] = []
    entries = _entries(_read_articles(body, problems), url)
    if not entries:
        raise NoListing(problems[0].message if problems else "no entry in it has an address")
    return Listing(entries)


def kind_of(body: bytes) -> str:
    """Returns what a body is: feed, sitemap, json, page; empty for anything else."""
    head = body[:_HEAD_BYTES].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if head[:1] in (b"{", b"["):
        return "json"
    if head[:1] != b"<":
        return ""
    if re.match(rb"<!doctype\s{1,9}html", head, re.IGNORECASE):
        return "page"
    root = _ROOT.search(_COMMENT.sub(b"", head))
    return _KIND_OF_ROOT.get(root.group(1).lower(), "") if root else ""


def _read_articles(body: bytes, problems: list[Problem]) -> Iterator[Mapping[str, Any]]:
    """Yields the fields of each article in a feed or in JSON; what is none is added to `problems`."""
    # Not the source's address: its ending says nothing, the content does.
    for record in read_bytes(body, "source"):
        for draft in drafts_of(record, Shapes()):
            if isinstance(draft, Draft):
                yield draft.fields
            else:
                problems.append(draft)


def _entries(articles: Iterator[Mapping[str, Any]], url: str) -> list[Entry]:
    entries: dict[str, Entry] = {}
    for fields in articles:
        said = fields.get("url")
        address = urljoin(url, said.strip()) if isinstance(said, str) else ""
        if _is_web(address) and len(entries) < MAX_ENTRIES:
            entries.setdefault(address, Entry(address, {**fields, "url": address}))
    return list(entries.values())


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    # What cannot be printed cannot be stored either: NUL, half of a surrogate pair.
    return parts.scheme in ("http", "https") and bool(parts.hostname) and address.isprintable()


def _is_empty(body: bytes, kind: str) -> bool:
    """Returns whether a source is sound and lists nothing at the moment."""
    if kind == "json":
        return b"".join(body.split()) == b"[]"
    # One that breaks off in the middle has no end. One that declares entities is for the reader to refuse.
    whole = body.rstrip().endswith(b">") and b"</" in body[-40:] and b"<!ENTITY" not in body
    return kind == "feed" and whole and not _ENTRY.search(body)


def _advice(body: bytes, url: str) -> str:
    """Returns which address to give instead of a page's: that of its feed, if it names one."""
    found = _FEED_LINK.search(body[:_HEAD_BYTES].decode("utf-8", "replace"))
    if found is None:
        return "give the address of the feed itself"
    return f"its feed is {urljoin(url, unescape(found.group(1)))}"
