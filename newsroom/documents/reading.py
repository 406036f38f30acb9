"""Reads a file into a `Texto`; what cannot be read is one clear line (`InvalidInput`)."""

from pathlib import Path

from newsroom.documents.texto import Texto
from newsroom.errors import InvalidInput
from newsroom.inputs import printable

SUFFIXES = (".txt", ".md")
MAX_FILE_BYTES = 50_000_000


def read_document(path: Path) -> Texto:
    """Returns the text of the file at `path`.

    Raises:
        InvalidInput: it is not there, not readable, too large, of another kind, or holds no text.
    """
    name = printable(str(path))
    if path.suffix.lower() not in SUFFIXES:
        raise InvalidInput(f"{name}: not one of {', '.join(SUFFIXES)}", "path")
    try:
        texto = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise InvalidInput(f"{name}: cannot be read: {exc}", "path") from exc
    if not texto.strip():
        raise InvalidInput(f"{name}: holds no text", "path")
    return Texto(texto, path.suffix.lower()[1:], "utf_8")
