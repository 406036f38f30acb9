"""Reads a file into a `Texto`; what cannot be read is one clear line (`InvalidInput`)."""

import codecs
from collections.abc import Callable
from pathlib import Path

from newsroom.documents.texto import Texto
from newsroom.errors import InvalidInput
from newsroom.inputs import DOCUMENT_SUFFIXES, printable

SUFFIXES = DOCUMENT_SUFFIXES
MAX_FILE_BYTES = 50_000_000
MAX_CHARS = 20_000_000
# UTF-8 is most of what comes; the detector reads this much of the rest.
_SAMPLE_BYTES = 200_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Tab, line feed, carriage return and form feed are text; more than a few of the others are not.
_TEXT_CONTROLS = b"\t\n\r\f"


def read_document(path: Path) -> Texto:
    """Returns the text of the file at `path`: .txt, .md, .html, .pdf or .docx.

    Raises:
        InvalidInput: it is not there, not readable, too large, of another kind, broken, or holds no text.
    """
    name = printable(str(path))
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InvalidInput(f"{name}: not one of {', '.join(SUFFIXES)}", "ruta")
    data = _read_bytes(path, name)
    texto = _reader(suffix)(data, name)
    if not texto.texto.strip():
        raise InvalidInput(f"{name}: holds no text", "ruta")
    if len(texto.texto) > MAX_CHARS:
        raise InvalidInput(
            f"{name}: {len(texto.texto)} characters, at most {MAX_CHARS} are read; cut it up", "ruta"
        )
    return texto


def _read_bytes(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise InvalidInput(f"{name}: a folder, not a document", "ruta")
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise InvalidInput(f"{name}: {size} bytes, at most {MAX_FILE_BYTES} are read; cut it up", "ruta")
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as exc:
        raise InvalidInput(f"{name}: cannot be read: {exc.strerror or exc}", "ruta") from exc
    if not data:
        raise InvalidInput(f"{name}: the file is empty", "ruta")
    return data


def _reader(suffix: str) -> Callable[[bytes, str], Texto]:
    # Imported late: the libraries take a second, and most items are articles.
    if suffix == ".pdf":
        from newsroom.documents.pdf import read_pdf

        return read_pdf
    if suffix == ".docx":
        from newsroom.documents.docx import read_docx

        return read_docx
    if suffix in (".html", ".htm"):
        from newsroom.documents.html import read_html

        return read_html
    return read_markdown if suffix == ".md" else read_text


def read_text(data: bytes, name: str) -> Texto:
    """Returns a plain text; an encoding other than UTF-8 is said in a warning."""
    return _read_plain(data, name, "txt")


def read_markdown(data: bytes, name: str) -> Texto:
    """Returns a Markdown text, its marks kept: `#` says where sections begin."""
    return _read_plain(data, name, "md")


def _read_plain(data: bytes, name: str, formato: str) -> Texto:
    words, encoding = decode(data, name)
    return Texto(tidy_lines(words, name), formato, encoding, advertencias=warn_of(encoding))


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Returns the text of bytes and the encoding that was used: by their mark, else UTF-8, else detected.

    Raises:
        InvalidInput: they are no text in any encoding that can be told.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_as(data, encoding, name), encoding.removesuffix("-sig")
    if _looks_binary(data):
        raise InvalidInput(f"{name}: a binary file, not a text; is its ending right?", "ruta")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE_BYTES]).best()
    if best is None:
        raise InvalidInput(f"{name}: its encoding cannot be told; convert it to UTF-8", "ruta")
    # ISO 8859-1 is what Windows-1252 is without its quotation marks and dashes.
    encoding = "cp1252" if best.encoding in ("latin_1", "cp1250", "cp1252") else best.encoding
    return _decode_as(data, encoding, name), encoding


def _decode_as(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as exc:
        words = f"{name}: not {encoding} throughout (byte {exc.start}); convert it to UTF-8"
        raise InvalidInput(words, "ruta") from exc


def _looks_binary(data: bytes) -> bool:
    sample = data[:8192]
    odd = sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in sample)
    return b"\x00" in sample or odd > len(sample) // 50


def warn_of(encoding: str) -> tuple[str, ...]:
    """Returns a warning for editors where the text was not UTF-8."""
    if encoding == "utf-8":
        return ()
    return (f"codificación: el archivo venía en {encoding}; se convirtió a UTF-8",)


def tidy_lines(words: str, name: str) -> str:
    """Returns the text with line feeds as line ends, as it is stored.

    Raises:
        InvalidInput: it holds a character that no database can.
    """
    tidy = words.replace("\r\n", "\n").replace("\r", "\n")
    at = tidy.find("\x00")
    if at >= 0:
        raise InvalidInput(f"{name}: a NUL character at position {at}; remove it", "ruta")
    return tidy
