"""RSS and Atom, as feedparser reads them: an entry is an article.

The record has feedparser's own keys (`title`, `link`, `published`, `content[].value`), and `feed` holds what
the feed says of itself. So one table, `shapes/feed.yaml`, serves every kind of feed.
"""

from collections.abc import Iterator
from typing import Any

from newsroom.errors import InvalidInput
from newsroom.intake.formats.xml import decode_xml
from newsroom.intake.outlets import find_outlet
from newsroom.intake.records import Record, refused

SHAPE = "feed"
_OF_THE_FEED = ("title", "link", "language", "subtitle")


def read_feed(body: bytes, place: str) -> Iterator[Record]:
    """Yields the entries of a feed. One that declares entities is refused: they can grow without end."""
    try:
        decoded = decode_xml(body, place)
        parsed = _parse(decoded.text)
    except InvalidInput as exc:
        yield refused(place, str(exc).removeprefix(f"{place}: "))
        return
    if not parsed.entries:
        broken = parsed.get("bozo_exception")
        why = f"no feed: {' '.join(str(broken).split())[:120]}" if broken else "a feed without entries"
        yield refused(place, why)
        return
    feed = {key: value for key, value in _plain(parsed.feed).items() if key in _OF_THE_FEED}
    for position, entry in enumerate(parsed.entries, start=1):
        record = _plain(entry)
        yield Record(
            f"{place}[{position}]", {**record, "feed": _named(feed, record)}, SHAPE, decoded.advertencias
        )


def _parse(text: str) -> Any:
    """Returns what feedparser reads in a feed.

    Raises:
        InvalidInput: it stumbles over the feed.
    """
    # Imported late, as most files are no feeds.
    import feedparser

    try:
        return feedparser.parse(
            text.encode("utf-8", "replace"),
            resolve_relative_uris=True,
            sanitize_html=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError) as exc:
        # Damaged namespaces and dates make feedparser fail in these ways, where it should report them.
        raise InvalidInput(f"no feed: {type(exc).__name__} at {' '.join(str(exc).split())[:100]}") from exc


def _named(feed: dict[str, Any], entry: dict[str, Any]) -> dict[str, Any]:
    """Returns what a feed says of itself: without its title if the table of outlets has a better name.

    A feed is titled «Portada» or «Últimas noticias | El País» rather than by its outlet.
    """
    known = find_outlet(str(entry.get("link") or feed.get("link") or "")) is not None
    return {key: value for key, value in feed.items() if not (known and key == "title")}


def _plain(value: Any) -> Any:
    """Returns feedparser's objects as plain ones, without its parsed dates and repeated details."""
    if isinstance(value, dict):
        return {
            str(key): _plain(inner)
            for key, inner in value.items()
            if not str(key).endswith(("_parsed", "_detail"))
        }
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
