"""A saved HTML page: trafilatura finds the article in it and what the page says of it."""

import logging
import re
from collections.abc import Iterator
from typing import Any

from newsroom.errors import InvalidInput
from newsroom.intake.decoding import decode_html
from newsroom.intake.records import Record, refused

# trafilatura logs what it leaves out of a page as warnings and errors.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

SHAPE = "pagina"
MAX_PAGE_BYTES = 20_000_000
_KEPT = (
    "title", "author", "url", "hostname", "description", "sitename", "date", "categories", "tags", "language",
    "text", "image", "pagetype", "license",
)  # fmt: skip
_MOMENTS = (
    "//meta[@property='article:published_time' or @name='article:published_time']/@content",
    "//meta[@itemprop='datePublished' or @name='datePublished']/@content",
    "//time[@itemprop='datePublished']/@datetime",
)
_IN_JSON_LD = re.compile(r'"datePublished"\s{0,9}:\s{0,9}"([^"]{4,40})"')


def read_page(body: bytes, place: str, url: str | None = None) -> Iterator[Record]:
    """Yields the one article of a page, with the keys of trafilatura's own JSON.

    `url` is where the page was fetched; without it the page's canonical address is taken, if it says one.
    """
    if len(body) > MAX_PAGE_BYTES:
        yield refused(place, f"{len(body)} bytes of HTML, at most {MAX_PAGE_BYTES}")
        return
    try:
        decoded = decode_html(body, place)
    except InvalidInput as exc:
        yield refused(place, str(exc).removeprefix(f"{place}: "))
        return
    found = _extract(decoded.text, url)
    if not str(found.get("text") or "").strip():
        yield refused(place, "a page without an article in it")
        return
    yield Record(place, {key: found[key] for key in _KEPT if found.get(key)}, SHAPE, decoded.advertencias)


def _extract(html: str, url: str | None) -> dict[str, Any]:
    # Imported late: it takes a quarter of a second.
    import trafilatura
    from trafilatura.settings import Document

    tree = trafilatura.load_html(html)
    if tree is None:
        return {}
    # Read before, as the extraction takes the tree to pieces.
    moment, language = _moment(tree, html), tree.get("lang")
    document = trafilatura.bare_extraction(
        tree,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        favor_precision=True,
        # Without it any date in the text or the address may be taken for the day of publication.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    found = document.as_dict() if isinstance(document, Document) else {}
    if found.get("sitename") == found.get("hostname"):
        found.pop("sitename", None)  # a domain is no name; the table of outlets knows better
    found["language"] = found.get("language") or language
    # A page writes its keywords as one text, which stands in a list here.
    found["tags"] = ", ".join(found.get("tags") or [])
    found["date"] = moment or found.get("date")
    return found


def _moment(tree: Any, html: str) -> str | None:
    """Returns when the page says it was published, with the hour and the zone that trafilatura leaves out."""
    for path in _MOMENTS:
        for value in tree.xpath(path):
            if str(value).strip():
                return str(value).strip()
    written = _IN_JSON_LD.search(html)
    return written.group(1) if written else None
