"""NewsML-G2, and NewsML 1 where agencies still send it: one text for each language of each item."""

from collections.abc import Iterator
from typing import Any

from newsroom.intake.formats import nitf
from newsroom.intake.formats.elements import attribute, children, first, language_of, within, words
from newsroom.intake.html import element_to_text, html_to_text, local_name
from newsroom.intake.values import read_language

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def articles_of(root: Any) -> Iterator[dict[str, Any]]:
    """Yields the articles under `newsItem`, `newsMessage` or `NewsML`. Their keys are names of elements.

    Items without a text (pictures, packages, events) are passed over. Of several renditions of a text in one
    language the longest is read.
    """
    items = [root] if local_name(root) == "newsitem" else list(within(root, "newsitem"))
    for item in items:
        is_first_generation = first(item, "newscomponent") is not None
        about = _about_1(item) if is_first_generation else _about_g2(item)
        contents = within(item, "datacontent") if is_first_generation else _contents(item)
        texts: dict[str | None, dict[str, Any]] = {}
        for content in contents:
            found = _read_content(content)
            code = read_language(found.pop("language", "") or _own_language(content, item))
            if len(found["body"]) > len(texts.get(code, {"body": ""})["body"]):
                texts[code] = {**found, "language": code}
        for number, (code, text) in enumerate(texts.items()):
            said = {
                **about,
                "headline": _in_language(first(item, "contentmeta", "newslines"), "headline", code),
                **{key: value for key, value in text.items() if value},
            }
            if number:
                # The address is that of the item, and one address is one article.
                said.pop("guid", None)
            yield {key: value for key, value in said.items() if value}


def _contents(item: Any) -> Iterator[Any]:
    for part in within(item, "contentset"):
        yield from (*children(part, "inlinexml"), *children(part, "inlinedata"))


def _read_content(content: Any) -> dict[str, Any]:
    """Returns what a piece of content says: its text as `body`, and more if it is NITF."""
    kind = attribute(content, "contenttype")
    if (article := first(content, "nitf")) is not None:
        inner = nitf.article_of(article)
        body = inner.pop("body.content", "")
        return {**inner, "body": body}
    if attribute(content, "encoding") or attribute(content, "encodinguri"):
        return {"body": ""}  # a picture or a file, not characters
    if len(content):
        return {"body": element_to_text(content)}
    text = content.text or ""
    return {"body": html_to_text(text) if "html" in kind else text.strip()}


def _own_language(content: Any, item: Any) -> str:
    """Returns the language that the content itself names, else the metadata of its item, else the item."""
    inner = next(iter(content), content)
    own = inner.get(_LANG) or inner.get("lang") or content.get(_LANG) or ""
    meta = first(item, "language")
    return own or attribute(meta, "tag") or attribute(meta, "FormalName") or language_of(item)


def _in_language(parent: Any, name: str, code: str | None) -> str:
    """Returns the words of the element of that name in a language, else without one, else of the first."""
    found = [] if parent is None else list(within(parent, name))
    ranked = sorted(found, key=lambda part: _rank(read_language(part.get(_LANG) or ""), code))
    return words(ranked[0]) if ranked else ""


def _rank(own: str | None, wanted: str | None) -> int:
    return 0 if own == wanted else 1 if own is None else 2


def _about_g2(item: Any) -> dict[str, Any]:
    return {
        "guid": attribute(item, "guid"),
        "version": attribute(item, "version"),
        **{name: words(first(item, name.lower())) for name in (
            "versionCreated", "firstCreated", "contentCreated", "contentModified", "embargoed", "slugline",
            "by", "urgency", "edNote", "copyrightNotice",
        )},
        "pubStatus": attribute(first(item, "pubstatus"), "qcode"),
        "provider": [_name(part) for part in within(item, "provider")],
        "creator": [_name(part) for part in within(item, "creator")],
        "infoSource": [_name(part) for part in within(item, "infosource")],
        "copyrightHolder": [_name(part) for part in within(item, "copyrightholder")],
        "located": [_name(part) for part in within(item, "located")],
        "subject": [_only_name(part) for part in within(item, "subject")],
        "genre": [_only_name(part) for part in within(item, "genre")],
        "keyword": [words(part) for part in within(item, "keyword")],
    }  # fmt: skip


def _about_1(item: Any) -> dict[str, Any]:
    return {
        "guid": words(first(item, "publicidentifier")),
        "versionCreated": words(first(item, "thisrevisioncreated")),
        "firstCreated": words(first(item, "firstcreated")),
        "slugline": words(first(item, "slugline", "namelabel")),
        "by": words(first(item, "byline")),
        "provider": _parties(item, "provider"),
        "creator": _parties(item, "creator"),
        "keyword": [
            attribute(part, "Value")
            for part in within(item, "property")
            if part.get("FormalName") == "Keyword"
        ],
    }


def _parties(item: Any, name: str) -> list[str]:
    return [attribute(party, "FormalName") for part in within(item, name) for party in within(part, "party")]


def _only_name(part: Any) -> str:
    """Returns the Spanish name of a thing if it has one, else its first name; empty if it has none."""
    names = children(part, "name")
    spanish = [name for name in names if read_language(name.get(_LANG) or "") == "es"]
    return words((spanish or names or [None])[0])


def _name(part: Any) -> str:
    """Returns a name, or the code that stands for it (`EFE` of `nprov:EFE`)."""
    return _only_name(part) or attribute(part, "literal") or attribute(part, "qcode").rpartition(":")[2]
