"""The text of a piece of HTML, or of the body of an agency's XML, which is marked up in the same way."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

_BLOCKS = {
    "address", "article", "aside", "blockquote", "body.content", "bq", "dd", "div", "dl", "dt", "figure",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hl2", "hr", "li", "main", "note", "ol", "p",
    "pre", "section", "table", "tr", "ul",
}  # fmt: skip
_NOT_TEXT = {
    "button", "figcaption", "form", "head", "iframe", "media", "noscript", "object", "script", "style", "svg",
    "template",
}  # fmt: skip
_CELLS = {"td", "th"}
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_MARKUP = re.compile(r"<(?:/?[A-Za-z][^<>]{0,5000}|!--)")
_BREAK = "\u2028"
_PARAGRAPH = "\u2029"


def html_to_text(html: str) -> str:
    """Returns the words of a piece of HTML, blocks as paragraphs, `<br>` as a line end.

    For the body of an article as a CMS or a feed gives it: everything in it is the article, except scripts,
    embedded frames, forms and captions. Takes plain text too, whose entities are resolved.
    """
    if not _MARKUP.search(html):
        return unescape(html).strip()
    # Imported late, as most records have no markup.
    from lxml import html as lxml_html
    from lxml.etree import ParserError

    try:
        tree = lxml_html.fragment_fromstring(html, create_parent="div")
    except (ParserError, ValueError):
        return unescape(re.sub(r"<[^>]{0,2000}>", " ", html)).strip()
    return element_to_text(tree)


def element_to_text(tree: Any) -> str:
    """Returns the words within an lxml element of HTML, XHTML or NITF, blocks as paragraphs."""
    paragraphs = "".join(_pieces(tree)).split(_PARAGRAPH)
    lines = ([_BLANKS.sub(" ", line).strip() for line in part.split(_BREAK)] for part in paragraphs)
    texts = ("\n".join(line for line in part if line) for part in lines)
    return "\n\n".join(text for text in texts if text)


def _pieces(tree: Any) -> Iterator[str]:
    from lxml.etree import iterwalk

    walk = iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = local_name(element)
        mark = _PARAGRAPH if tag in _BLOCKS else ""
        if event == "start":
            if tag in _NOT_TEXT:
                walk.skip_subtree()
            else:
                yield mark + (element.text or "")
        else:
            mark = _BREAK if tag == "br" else " " if tag in _CELLS else mark
            yield mark + ((element.tail or "") if element is not tree else "")


def local_name(element: Any) -> str:
    """Returns an element's name without its namespace, in small letters; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
