"""What news agencies send: NITF, NewsML-G2 and its forerunner NewsML 1.

A record has the names of the format's elements as its keys (`hl1`, `byline`, `body.content`; `headline`,
`versionCreated`, `subject`), so that `shapes/nitf.yaml` and `shapes/newsml.yaml` say which is which field.
The text is read here, because only here is it known which elements are paragraphs.
"""

from collections.abc import Callable, Iterator
from typing import Any

from newsroom.errors import InvalidInput
from newsroom.intake.formats import newsml, nitf
from newsroom.intake.formats.xml import decode_xml, parse_xml
from newsroom.intake.records import Record, refused


def read_nitf(body: bytes, place: str) -> Iterator[Record]:
    """Yields the article of a NITF file."""
    yield from _read(body, place, "nitf", lambda root: [nitf.article_of(root)])


def read_newsml(body: bytes, place: str) -> Iterator[Record]:
    """Yields the articles of a NewsML file: one for each language of each of its text items."""
    yield from _read(body, place, "newsml", lambda root: list(newsml.articles_of(root)))


def _read(
    body: bytes, place: str, shape: str, articles_of: Callable[[Any], list[dict[str, Any]]]
) -> Iterator[Record]:
    try:
        decoded = decode_xml(body, place)
        found = articles_of(parse_xml(decoded.text))
    except InvalidInput as exc:
        yield refused(place, str(exc).removeprefix(f"{place}: "))
        return
    if not found:
        yield refused(place, "a package, picture or event: it holds no text of an article")
    for position, article in enumerate(found, start=1):
        where = place if len(found) == 1 else f"{place}[{position}]"
        yield Record(where, article, shape, decoded.advertencias)
