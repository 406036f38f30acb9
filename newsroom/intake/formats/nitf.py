"""NITF, the News Industry Text Format: one article a file, or within a NewsML item."""

from typing import Any

from newsroom.intake.formats.elements import attribute, first, language_of, within, words
from newsroom.intake.html import element_to_text


def article_of(root: Any) -> dict[str, Any]:
    """Returns the article under an element `nitf`, by the names of its elements.

    A key whose value is an attribute is written as `element/attribute` (`date.issue/norm`).
    """
    head = first(root, "body.head")
    record = {
        "title": words(first(root, "title")),
        "hl1": words(first(root, "hl1")),
        "hl2": words(first(head, "hl2")) if head is not None else "",
        "byline": _people(root),
        "distributor": words(first(root, "distributor")),
        "dateline": words(first(root, "dateline")),
        "abstract": "\n\n".join(element_to_text(part) for part in within(root, "abstract")),
        "body.content": "\n\n".join(element_to_text(part) for part in within(root, "body.content")),
        "tagline": words(first(root, "tagline")),
        "date.release/norm": attribute(first(root, "date.release"), "norm"),
        "date.issue/norm": attribute(first(root, "date.issue"), "norm"),
        "story.date/norm": attribute(first(root, "story.date"), "norm"),
        "pubdata/date.publication": attribute(first(root, "pubdata"), "date.publication"),
        "pubdata/name": attribute(first(root, "pubdata"), "name"),
        "pubdata/position.section": attribute(first(root, "pubdata"), "position.section"),
        "pubdata/ex-ref": attribute(first(root, "pubdata"), "ex-ref"),
        "doc.copyright/holder": attribute(first(root, "doc.copyright"), "holder"),
        "doc-id/id-string": attribute(first(root, "doc-id"), "id-string"),
        "doc-id/regsrc": attribute(first(root, "doc-id"), "regsrc"),
        "keyword/key": [attribute(keyword, "key") for keyword in within(root, "keyword")],
        "classifier": [words(part) or attribute(part, "value") for part in within(root, "classifier")],
        "tobject/tobject.type": attribute(first(root, "tobject"), "tobject.type"),
        "tobject.subject": [_subject(part) for part in within(root, "tobject.subject")],
        "urgency/ed-urg": attribute(first(root, "urgency"), "ed-urg"),
        "language": attribute(root, "baselang") or language_of(root),
        "meta": {
            attribute(part, "name"): attribute(part, "content")
            for part in within(root, "meta")
            if part.get("name")
        },
    }
    return {key: value for key, value in record.items() if value and any(value)}


def _people(root: Any) -> list[str]:
    """Returns the names of the bylines, without the offices behind them (`byttl`)."""
    names: list[str] = []
    for byline in within(root, "byline"):
        people = [words(person) for person in within(byline, "person")]
        whole = words(byline)
        for office in within(byline, "byttl"):
            whole = whole.replace(words(office), "") if words(office) != whole else whole
        names += people or [whole.strip(" ,;")]
    return names


def _subject(part: Any) -> str:
    """Returns the narrowest name of a subject."""
    levels = ("detail", "matter", "type")
    return next((name for level in levels if (name := attribute(part, f"tobject.subject.{level}"))), "")
