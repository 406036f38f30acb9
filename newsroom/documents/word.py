"""Reads Word files (.docx). python-docx opens the package and its styles; this module walks the paragraphs.

python-docx would leave out the words in tracked insertions, content controls and text boxes.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml.etree import LxmlError, _Element

from newsroom.documents.assembly import Assembly
from newsroom.documents.texto import Texto
from newsroom.errors import InvalidInput

MAX_UNPACKED_BYTES = 200_000_000
MAX_DOCUMENT_BYTES = 60_000_000
MAX_PARTS = 5_000
_OFFICE_97 = b"\xd0\xcf\x11\xe0"
_DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
# Parts that repeat other words, or that were deleted.
_SKIPPED = {
    qn("w:del"),
    qn("w:moveFrom"),
    qn("w:instrText"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_WORDS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_P, _T, _TR, _TC, _PPR = qn("w:p"), qn("w:t"), qn("w:tr"), qn("w:tc"), qn("w:pPr")
_HEADING = re.compile(r"(?:heading|título|titulo) ([1-9])$", re.IGNORECASE)
_TITLES = {"title", "título", "titulo"}


def read_docx(body: bytes, place: str) -> Texto:
    """Returns a Word file's paragraphs with its headings. Blank lines divide them; a table's row is a line.

    Raises:
        InvalidInput: the file is encrypted, broken, without text, or larger than `MAX_UNPACKED_BYTES` when
            unpacked.
    """
    if body.startswith(_OFFICE_97):
        raise InvalidInput(f"{place}: encrypted, or an old .doc; save it as .docx without a password", "ruta")
    broken = f"{place}: not a valid .docx"
    try:
        notes = _check_package(body, place)
        document = docx.Document(BytesIO(body))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError) as exc:
        raise InvalidInput(f"{broken} ({exc}); open it in Word and save it again", "ruta") from exc
    # python-docx raises these if a package lacks a part.
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, RuntimeError, OSError) as exc:
        raise InvalidInput(
            f"{broken} ({type(exc).__name__}); open it in Word and save it again", "ruta"
        ) from exc
    assembly = Assembly(place, "docx")
    _add_paragraphs(document, assembly)
    if notes:
        assembly.advertencias.append("docx: las notas al pie y al final no se leen")
    return assembly.finish()


def _check_package(body: bytes, place: str) -> bool:
    """Returns whether the document has notes. Refuses a package before anything large in it is unpacked."""
    with zipfile.ZipFile(BytesIO(body)) as package:
        parts = package.infolist()
        if len(parts) > MAX_PARTS:
            raise InvalidInput(
                f"{place}: {len(parts)} parts in it, at most {MAX_PARTS}; cut it into several documents",
                "ruta",
            )
        # zipfile never unpacks more of a part than the size that is declared here.
        unpacked = sum(part.file_size for part in parts)
        largest = max(
            (part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0
        )
        if unpacked > MAX_UNPACKED_BYTES or largest > MAX_DOCUMENT_BYTES:
            raise InvalidInput(
                f"{place}: {unpacked} bytes when unpacked (at most {MAX_UNPACKED_BYTES}; "
                f"{MAX_DOCUMENT_BYTES} in one part of XML); save it without pictures or cut it up",
                "ruta",
            )
        if any(part.flag_bits & 1 for part in parts):
            raise InvalidInput(f"{place}: encrypted; save it without a password", "ruta")
        names = [part.filename for part in parts]
        for name in names:
            if name.endswith((".xml", ".rels")):
                with package.open(name) as stream:
                    if _DOCUMENT_TYPE.search(stream.read(8192).replace(b"\x00", b"")):
                        raise InvalidInput(f"{place}: declares XML entities, which no Word file does", "ruta")
        return "word/footnotes.xml" in names and b"<w:t" in package.read("word/footnotes.xml")


def _add_paragraphs(document: Document, assembly: Assembly) -> None:
    levels = _heading_levels(document)
    separator = "\n\n"
    for block in _blocks(document.element.body):
        if block.tag == _TR:
            assembly.add(" | ".join(cell for cell in _cells(block) if cell), separator)
            separator = "\n"
            continue
        level = _level_of(block, levels)
        assembly.add(_read_words(block), "\n\n", level)
        separator = "\n\n"


def _heading_levels(document: Document) -> dict[str, int]:
    """Returns the level of each paragraph style that is a heading, also by inheritance, by the style's id."""
    levels: dict[str, int] = {}
    for style in document.styles:
        base, seen = style, 0
        while base is not None and seen < 10:
            name = (base.name or "").strip()
            found = _HEADING.match(name)
            if found or name.lower() in _TITLES:
                levels[style.style_id] = int(found.group(1)) if found else 1
                break
            base, seen = getattr(base, "base_style", None), seen + 1
    return levels


def _level_of(paragraph: _Element, levels: dict[str, int]) -> int | None:
    properties = paragraph.find(_PPR)
    if properties is None:
        return None
    outline = properties.find(qn("w:outlineLvl"))
    if outline is not None and (outline.get(qn("w:val")) or "").isdecimal():
        level = int(outline.get(qn("w:val"))[:3])
        return level + 1 if level < 9 else None
    style = properties.find(qn("w:pStyle"))
    return None if style is None else levels.get(style.get(qn("w:val")) or "")


def _blocks(element: _Element) -> Iterator[_Element]:
    """Yields paragraphs and table rows in order, also from content controls. XML is at most 256 deep."""
    for child in element:
        if child.tag in (_P, _TR):
            yield child
        elif child.tag not in _SKIPPED:
            yield from _blocks(child)


def _cells(row: _Element) -> Iterator[str]:
    """Yields the words of each cell of a row on one line, with those of a table inside the cell."""
    for cell in row.iter(_TC):
        if next(cell.iterancestors(_TR)) is row:
            words = (_read_words(paragraph) for paragraph in cell.iter(_P))
            yield " ".join(" ".join(words).split())


def _read_words(paragraph: _Element) -> str:
    """Returns a paragraph's words. Those of a text box anchored in it follow on separate lines."""
    words: list[str] = []
    _collect(paragraph, words)
    return "".join(words).strip()


def _collect(element: _Element, words: list[str]) -> None:
    for child in element:
        if child.tag == _T:
            words.append(child.text or "")
        elif child.tag in _WORDS:
            words.append(_WORDS[child.tag])
        elif child.tag == _P:
            words.append("\n")
            _collect(child, words)
        elif child.tag not in _SKIPPED and child.tag != _PPR:
            _collect(child, words)
