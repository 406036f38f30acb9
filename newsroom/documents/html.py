"""Reads the main text of a web page (trafilatura), its headings as Markdown."""

import trafilatura

from newsroom.documents.reading import decode, tidy_lines, warn_of
from newsroom.documents.texto import Texto
from newsroom.errors import InvalidInput


def read_html(data: bytes, name: str) -> Texto:
    """Returns the page's main text without menus and advertisements; `#` says where sections begin.

    Raises:
        InvalidInput: there is no text in it.
    """
    words, encoding = decode(data, name)
    found = trafilatura.extract(
        words, output_format="markdown", include_comments=False, include_formatting=True, favor_recall=True
    )
    if not found or not found.strip():
        raise InvalidInput(f"{name}: a web page without text", "ruta")
    return Texto(tidy_lines(found, name), "html", encoding, advertencias=warn_of(encoding))
