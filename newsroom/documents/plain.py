"""Reads text files and marks the headings of markdown."""

import re

from newsroom.documents.assembly import Assembly
from newsroom.documents.decoding import decode
from newsroom.documents.texto import Texto

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]{1,20}(?=\S)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_SETEXT = re.compile(r" {0,3}(={3,200}|-{3,200})[ \t]{0,20}$")
_MAX_SETEXT_CHARS = 120


def read_plain(body: bytes, place: str, formato: str) -> Texto:
    """Returns a .txt or .md file's text. A warning names the encoding if it is not UTF-8.

    Raises:
        InvalidInput: the file is binary, in an unknown encoding, or without text.
    """
    decoded = decode(body, place)
    assembly = Assembly(place, formato, decoded.encoding, list(decoded.advertencias))
    stored = assembly.add(decoded.text)
    if formato == "md":
        mark_markdown(assembly, stored)
    return assembly.finish()


def mark_markdown(assembly: Assembly, texto: str) -> None:
    """Marks the headings of a markdown text, `# ` and underlined ones, outside of code fences."""
    fence = ""
    previous, before = (0, ""), ""
    offset = 0
    for line in texto.split("\n"):
        head = line[:400]
        if fenced := _FENCE.match(head):
            mark = fenced.group(1)
            if not fence:
                fence = mark
            elif mark.startswith(fence):
                fence = ""
        elif not fence:
            if atx := _ATX.match(head):
                title = head[atx.end() :].rstrip().rstrip("#")
                assembly.mark_heading(offset, len(atx.group(1)), title)
            elif _underlines(head, previous[1], before):
                assembly.mark_heading(previous[0], 1 if "=" in head else 2, previous[1])
        before, previous = previous[1].strip(), (offset, head)
        offset += len(line) + 1


def _underlines(line: str, title: str, before: str) -> bool:
    """Returns whether `line` underlines `title`, a line alone in its paragraph, and so makes it a heading."""
    title = title.strip()
    return (
        bool(_SETEXT.match(line))
        and not before
        and 0 < len(title) <= _MAX_SETEXT_CHARS
        and title[0].isalnum()
        and title[-1] not in ".,;:"
    )
