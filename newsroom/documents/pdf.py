"""Reads PDF files page by page with pypdf. Bounds limit what a hostile file can cost."""

import logging
import struct
import zlib
from io import BytesIO
from itertools import groupby
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

from newsroom.documents.assembly import Assembly
from newsroom.documents.texto import Texto
from newsroom.errors import InvalidInput

MAX_PAGES = 5_000
MAX_OPERATORS = 20_000_000
_MAX_STREAM_BYTES = 20_000_000
_SHOWN_PAGES = 10

# pypdf logs each oddity of a file. What an editor must know is in the document's advertencias.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

# pypdf raises these besides its own errors if a file's objects are not of the kind they should be.
_BROKEN = (
    PyPdfError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    NotImplementedError,
    EOFError,
    OSError,
    struct.error,
    zlib.error,
)


class _TooMuch(BaseException):
    """More drawing than any document has. It is no Exception, so that pypdf does not swallow it."""


class _Counter:
    """Counts the drawing operators of a file, which is what extracting its text costs."""

    def __init__(self) -> None:
        self.left = MAX_OPERATORS

    def __call__(self, *_: Any) -> None:
        self.left -= 1
        if self.left < 0:
            raise _TooMuch


def read_pdf(body: bytes, place: str) -> Texto:
    """Returns a PDF's text page after page, and where each page begins.

    Raises:
        InvalidInput: the file is encrypted, broken, longer than `MAX_PAGES` pages, or without text (scanned).
    """
    assembly = Assembly(place, "pdf")
    silent: list[int] = []
    try:
        reader = _open(body, place)
        counter = _Counter()
        for number, page in enumerate(reader.pages, start=1):
            before = assembly.length
            text = _extract(page, counter)
            assembly.begin_page(number)
            assembly.add(text, "\n")
            if assembly.length == before:
                silent.append(number)
    except _TooMuch:
        raise InvalidInput(
            f"{place}: it draws more than any document; print it to a new PDF", "ruta"
        ) from None
    except LimitReachedError as exc:
        raise InvalidInput(
            f"{place}: unpacked it is larger than allowed; print it to a new PDF", "ruta"
        ) from exc
    except DependencyError as exc:
        raise InvalidInput(
            f"{place}: its encryption cannot be read; save it without a password", "ruta"
        ) from exc
    except _BROKEN as exc:
        raise InvalidInput(
            f"{place}: a broken PDF ({type(exc).__name__}); print it to a new PDF", "ruta"
        ) from exc
    if assembly.length == 0 and not silent:
        raise InvalidInput(f"{place}: a broken PDF (no pages); print it to a new PDF", "ruta")
    if assembly.length == 0:
        raise InvalidInput(
            f"{place}: a PDF of {len(silent)} pages without text (scanned?); "
            "recognise its text first, for example with ocrmypdf",
            "ruta",
        )
    if silent:
        assembly.advertencias.append(f"pdf: sin texto (¿escaneadas?): {_name_pages(silent)}")
    return assembly.finish()


def _open(body: bytes, place: str) -> PdfReader:
    reader = PdfReader(BytesIO(body))
    # Most encrypted files only forbid printing. They open without a password.
    if reader.is_encrypted and not reader.decrypt(""):
        raise InvalidInput(f"{place}: an encrypted PDF; save it without a password", "ruta")
    pages = len(reader.pages)
    if pages > MAX_PAGES:
        raise InvalidInput(
            f"{place}: {pages} pages, at most {MAX_PAGES}; cut it into several documents", "ruta"
        )
    return reader


def _extract(page: PageObject, counter: _Counter) -> str:
    return page.extract_text(visitor_operand_before=counter).strip()


def _name_pages(numbers: list[int]) -> str:
    """Returns "páginas 1, 4-6" and how many more there are."""
    spans = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        spans.append(str(members[0]) if len(members) == 1 else f"{members[0]}-{members[-1]}")
    more = len(spans) - _SHOWN_PAGES
    return "páginas " + ", ".join(spans[:_SHOWN_PAGES]) + (f" y {more} tramos más" if more > 0 else "")
