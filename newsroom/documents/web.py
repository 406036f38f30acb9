"""Reads HTML files. trafilatura drops menus and the like, and the rest becomes text with its headings."""

import logging
import re
from copy import deepcopy

import trafilatura
from lxml.etree import _Element, iterwalk
from lxml.html import HtmlElement
from trafilatura.settings import DEFAULT_CONFIG, Document

from newsroom.documents.assembly import Assembly
from newsroom.documents.decoding import decode_html
from newsroom.documents.texto import Texto
from newsroom.documents.web_parts import cut_page, find_container
from newsroom.errors import InvalidInput

MAX_HTML_BYTES = 20_000_000
_NO_TEXT = {"nav", "footer", "header", "aside", "form", "script", "style", "noscript", "template", "svg"}
_TELL_BELOW = 0.7
_DECLARATION = re.compile(r"\s{0,99}<\?xml[^>]{0,300}>")
_BREAK = "\u2028"
_BLANKS = re.compile(r"[ \t\n\r\f\u00a0]+")

# trafilatura logs what it leaves out of a page as warnings and errors. Here a warning names the share kept.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

# Its minimum is meant for news pages: below 250 characters it drops the structure.
_CONFIG = deepcopy(DEFAULT_CONFIG)
_CONFIG["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "1"


def read_html(body: bytes, place: str) -> Texto:
    """Returns the readable part of an HTML file with its headings. Blank lines divide its blocks.

    Raises:
        InvalidInput: the file is too large, no HTML, in an unknown encoding, or without text.
    """
    if len(body) > MAX_HTML_BYTES:
        raise InvalidInput(
            f"{place}: {len(body)} bytes of HTML, at most {MAX_HTML_BYTES}; cut it into several documents",
            "ruta",
        )
    decoded = decode_html(body, place)
    assembly = Assembly(place, "html", decoded.encoding, list(decoded.advertencias))
    tree = trafilatura.load_html(_DECLARATION.sub("", decoded.text, count=1))
    if tree is None:
        raise InvalidInput(f"{place}: no HTML in it; if it is plain text, name it .txt", "ruta")
    page = tree.find(".//body")
    container = find_container(tree if page is None else page)
    available = _count_text(container)
    for part in cut_page(container):
        document = trafilatura.bare_extraction(
            part, fast=True, favor_recall=True, include_comments=False, with_metadata=False, config=_CONFIG
        )
        if isinstance(document, Document):
            _add_blocks(document.body, assembly)
    if 0 < assembly.length < _TELL_BELOW * available:
        assembly.advertencias.append(
            f"html: se tomó el {round(100 * assembly.length / available)} % del texto de la página; "
            "lo demás se tuvo por menús, avisos o formularios"
        )
    return assembly.finish()


def _count_text(element: HtmlElement) -> int:
    """Returns the number of characters in an element, without parts that are never content."""
    total = 0
    walk = iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event == "start":
            if node.tag in _NO_TEXT:
                walk.skip_subtree()
            else:
                total += len((node.text or "").strip())
        if event != "start" and node is not element:
            total += len((node.tail or "").strip())
    return total


def _add_blocks(element: _Element, assembly: Assembly) -> None:
    """Adds the blocks of an extracted body: headings, paragraphs, lists, tables, quotations."""
    if element.tag == "head":
        assembly.add(_flatten(element), level=_level(element))
        return
    assembly.add(_squeeze(element.text or ""))
    for child in element:
        if child.tag in ("body", "div"):
            _add_blocks(child, assembly)
        elif child.tag == "head":
            assembly.add(_flatten(child), level=_level(child))
        elif child.tag == "list":
            _add_list(child, assembly)
        elif child.tag == "table":
            assembly.add("\n".join(_read_rows(child)))
        else:
            assembly.add(_flatten(child))
        assembly.add(_squeeze(child.tail or ""))


def _level(head: _Element) -> int:
    rend = head.get("rend") or ""
    return int(rend[1]) if len(rend) == 2 and rend[1].isdecimal() else 2


def _add_list(element: _Element, assembly: Assembly) -> None:
    lines = [line for item in element.iter("item") if (line := _item_text(item))]
    assembly.add("\n".join(f"- {line}" for line in lines))


def _item_text(item: _Element) -> str:
    """Returns an item's own words. The items of lists within it are separate items."""
    words = [item.text or ""]
    for child in item:
        if child.tag != "list":
            words.append(" " + "".join(child.itertext()) if child.tag == "p" else "".join(child.itertext()))
        words.append(child.tail or "")
    return _squeeze("".join(words))


def _read_rows(table: _Element) -> list[str]:
    rows = ([_flatten(cell).replace("\n", " ") for cell in row.iter("cell")] for row in table.iter("row"))
    return [" | ".join(row) for row in rows if any(row)]


def _flatten(element: _Element) -> str:
    """Returns the words of a block. A line break in it stays a line break."""
    for line_break in element.iter("lb"):
        line_break.tail = _BREAK + (line_break.tail or "")
    lines = "".join(element.itertext()).split(_BREAK)
    return "\n".join(text for line in lines if (text := _squeeze(line)))


def _squeeze(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()
