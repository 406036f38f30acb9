"""The result of reading a document (`Texto`) and of splitting it (`Seccion`)."""

from dataclasses import dataclass
from typing import NamedTuple

MAX_TITLE_CHARS = 300
"""The length of `Seccion.titulo_seccion` at most, in characters."""

BLANKS = (
    "".join(char for char in map(chr, range(0x3001)) if char.isspace())
    + "".join(map(chr, (*range(0x09), *range(0x0E, 0x1C), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xAD)))
    + "".join(map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF)))
)
"""White space and invisible characters: `newsroom.cleaning.clean_text` removes them at a text's edge."""


class Page(NamedTuple):
    """The offset in the text where a page begins, and the page's number in the file, from 1."""

    offset_inicio: int
    number: int


class Heading(NamedTuple):
    """A heading that the file format marks: the offset of its line, its level from 1, its words."""

    offset: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Texto:
    """The whole text of a document exactly as it is stored. Every offset points into `texto`.

    Lines end in a line feed whatever the file had. `formato` is txt, md, html, pdf or docx. `codificacion` is
    the encoding of a text file, None for pdf and docx. `pages` and `headings` are in the text's order.
    `advertencias` are in Spanish, for editors.
    """

    texto: str
    formato: str
    codificacion: str | None = None
    pages: tuple[Page, ...] = ()
    headings: tuple[Heading, ...] = ()
    advertencias: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seccion:
    """One fragment: `texto[offset_inicio:offset_fin]`, its place in the order (from 0), title and pages.

    `titulo_seccion` is the path of titles above the fragment, at most `MAX_TITLE_CHARS` characters long, None
    if the document has no titles. Page numbers are None if the format has no pages.
    """

    indice_secuencial: int
    offset_inicio: int
    offset_fin: int
    titulo_seccion: str | None = None
    num_pagina_inicio: int | None = None
    num_pagina_fin: int | None = None
