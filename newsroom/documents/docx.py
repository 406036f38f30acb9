"""Reads a Word document (python-docx), paragraphs and tables in their order."""

import io
import re
import zipfile
from collections.abc import Iterator

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from lxml import etree

from newsroom.documents.texto import Heading, Texto
from newsroom.errors import InvalidInput

# What a bomb of a few kilobytes would unpack to; parsing takes some ten times that in memory.
MAX_UNPACKED_BYTES = 100_000_000
_HEADING = re.compile(r"(?:heading|t[ií]tulo|encabezado) ?(\d)$", re.IGNORECASE)
_BROKEN = (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, etree.XMLSyntaxError, OSError)


def read_docx(data: bytes, name: str) -> Texto:
    """Returns the document's text, a line a paragraph, a line a table row, with its headings.

    Raises:
        InvalidInput: it is no Word document, broken, or would unpack to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            size = sum(entry.file_size for entry in package.infolist())
        if size > MAX_UNPACKED_BYTES:
            words = f"{name}: unpacks to {size} bytes, at most {MAX_UNPACKED_BYTES} are read"
            raise InvalidInput(words, "ruta")
        document = Document(io.BytesIO(data))
        lines = list(_read_lines(document))
    except _BROKEN as exc:
        raise InvalidInput(f"{name}: a broken or encrypted Word document", "ruta") from exc
    texto, headings, offset = [], [], 0
    for line, level in lines:
        if level is not None and line.strip():
            headings.append(Heading(offset, level, line.strip()))
        texto.append(line + "\n\n")
        offset += len(line) + 2
    return Texto("".join(texto), "docx", headings=tuple(headings))


def _read_lines(document: WordDocument) -> Iterator[tuple[str, int | None]]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield " | ".join(" ".join(cell.text.split()) for cell in row.cells), None
            continue
        style = (block.style.name or "") if block.style is not None else ""
        found = _HEADING.match(style)
        level = int(found[1]) if found else 1 if style in ("Title", "Título") else None
        yield block.text.replace("\r", "\n"), level
