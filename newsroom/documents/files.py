"""Reads a file into a `Texto`. A file that cannot be read gives one clear line (`InvalidInput`)."""

import stat
from pathlib import Path

from newsroom.documents.assembly import Assembly
from newsroom.documents.texto import Texto
from newsroom.errors import InvalidInput
from newsroom.inputs import printable

SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf", ".docx")
MAX_FILE_BYTES = 50_000_000


def read_document(path: Path) -> Texto:
    """Returns the text of the file at `path`. The ending of its name decides how it is read.

    Raises:
        InvalidInput: the path does not exist or is no file, or the file is not readable, larger than
            `MAX_FILE_BYTES`, of another kind, encrypted, broken, or without text. The message is one line:
            where, what, what to do.
    """
    place = printable(str(path))
    formato = {".htm": "html"}.get(path.suffix.lower(), path.suffix.lower()[1:])
    if path.suffix.lower() not in SUFFIXES and not path.is_dir():
        raise InvalidInput(
            f"{place}: not one of {', '.join(SUFFIXES)}; save it in one of these formats", "ruta"
        )
    body = _read_bytes(path, place)
    # Imported late: each library takes a tenth of a second or more.
    if formato == "pdf":
        from newsroom.documents.pdf import read_pdf

        return read_pdf(body, place)
    if formato == "docx":
        from newsroom.documents.word import read_docx

        return read_docx(body, place)
    if formato == "html":
        from newsroom.documents.web import read_html

        return read_html(body, place)
    from newsroom.documents.plain import read_plain

    return read_plain(body, place, formato)


def read_text(texto: str, place: str = "contenido_texto") -> Texto:
    """Returns a text that came without a file, changed as little as the text of a file (see assembly.py).

    Raises:
        InvalidInput: it holds no readable text. The message begins with `place`.
    """
    assembly = Assembly(place, "txt")
    assembly.add(texto)
    return assembly.finish()


def _read_bytes(path: Path, place: str) -> bytes:
    """Returns a regular file's content. Its size is checked before anything is read."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InvalidInput(f"{place}: a folder; name the documents in it", "ruta")
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInput(f"{place}: not a regular file; save it as one", "ruta")
        if status.st_size == 0:
            raise InvalidInput(f"{place}: an empty file", "ruta")
        if status.st_size > MAX_FILE_BYTES:
            raise InvalidInput(
                f"{place}: {status.st_size} bytes, at most {MAX_FILE_BYTES}; cut it into several documents",
                "ruta",
            )
        with path.open("rb") as stream:
            return stream.read(MAX_FILE_BYTES)
    except FileNotFoundError as exc:
        raise InvalidInput(f"{place}: no such file", "ruta") from exc
    # ValueError comes from a NUL in the name.
    except (OSError, ValueError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) and exc.strerror else exc
        raise InvalidInput(f"{place}: cannot be read: {reason}", "ruta") from exc
