"""What reading a document gives (`Texto`) and what splitting it gives (`Seccion`)."""

from dataclasses import dataclass
from typing import NamedTuple

MAX_TITLE_CHARS = 300
"""What `Seccion.titulo_seccion` may be long, in characters."""

BLANKS = (
    "".join(char for char in map(chr, range(0x3001)) if char.isspace())
    + "".join(map(chr, (*range(0x09), *range(0x0E, 0x1C), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xAD)))
    + "".join(map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF)))
)
"""White space and the invisible: what `newsroom.cleaning.clean_text` leaves nothing of at a text's edge."""


class Page(NamedTuple):
    """Where a page begins in the text, and its number in the file, from 1."""

    offset_inicio: int
    number: int


class Heading(NamedTuple):
    """A heading that the file format itself marks: where its line begins, its level from 1, its words."""

    offset: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Texto:
    """The whole text of a document exactly as it is stored; every offset points into `texto`.

    Lines end in a line feed whatever the file had. `formato` is txt, md, html, pdf or docx; `codificacion`
    the encoding of a text file, None for pdf and docx; `pages` and `headings` stand in the text's order;
    `advertencias` are Spanish, for editors.
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

    `titulo_seccion` is the path of titles above the fragment, at most `MAX_TITLE_CHARS` long, None where
    the document has none; page numbers are None where the format knows no pages.
    """

    indice_secuencial: int
    offset_inicio: int
    offset_fin: int
    titulo_seccion: str | None = None
    num_pagina_inicio: int | None = None
    num_pagina_fin: int | None = None
