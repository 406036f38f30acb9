"""Reads the text layer of a PDF, page by page (pypdf)."""

import io
import logging

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from newsroom.documents.texto import Page, Texto
from newsroom.errors import InvalidInput

MAX_PAGES = 5_000
# What broken files make pypdf raise beside its own errors.
_BROKEN = (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError, RecursionError)


def read_pdf(data: bytes, name: str) -> Texto:
    """Returns the text of all pages, each followed by a line end, with the place where each begins.

    Raises:
        InvalidInput: it is encrypted, broken, too long, or has no text (a scan).
    """
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        pages = _read_pages(data, name)
    except InvalidInput:
        raise
    except _BROKEN as exc:
        raise InvalidInput(f"{name}: a broken PDF: {str(exc)[:120] or type(exc).__name__}", "ruta") from exc
    if not any(page.strip() for page in pages):
        words = f"{name}: {len(pages)} pages without text (a scan?); run OCR on it first"
        raise InvalidInput(words, "ruta")
    texto, places, offset = [], [], 0
    for number, page in enumerate(pages, start=1):
        places.append(Page(offset, number))
        texto.append(page + "\n")
        offset += len(page) + 1
    return Texto("".join(texto), "pdf", pages=tuple(places))


def _read_pages(data: bytes, name: str) -> list[str]:
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise InvalidInput(f"{name}: an encrypted PDF; save it without its password", "ruta")
    count = len(reader.pages)
    if count > MAX_PAGES:
        raise InvalidInput(f"{name}: {count} pages, at most {MAX_PAGES} are read; cut it up", "ruta")
    return [_clean(page.extract_text()) for page in reader.pages]


def _clean(page: str) -> str:
    # A font without a table of characters gives NUL and halves of surrogate pairs: no letters.
    return (
        page.replace("\x00", "").encode("utf-8", "ignore").decode().replace("\r\n", "\n").replace("\r", "\n")
    )
