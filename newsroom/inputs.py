"""Reads articles from files, folders and standard input. A bad one gives one clear line; reading goes on."""

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from pydantic import ValidationError

from newsroom.json_reading import NotJson, read_json
from newsroom.models.articulo import Articulo
from newsroom.models.identity import MAX_ITEM_BYTES

SUFFIXES = (".json", ".jsonl", ".json.gz", ".jsonl.gz")
DOCUMENT_SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf", ".docx")
# A line may hold the HTML beside the text. `Articulo` itself checks how large an article may be.
MAX_LINE_BYTES = 4 * MAX_ITEM_BYTES
MAX_FILE_BYTES = 200_000_000
_SHOWN_CHARS = 200


class UnreadableInput(Exception):
    """A path cannot be read at all. It is a wrong use of the command, not a bad item."""


@dataclass(frozen=True)
class Problem:
    """Why an item was refused. `place` is the file and the line, or the position in a list.

    It is `harmless` if nothing is lost, because the same article is in the input twice.
    """

    place: str
    message: str
    harmless: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def find_files(paths: list[Path], only_documents: bool = False) -> list[Path]:
    """Returns the files that `paths` name. Those of a folder are in order of their names; `-` is kept.

    A folder stands for its files of articles. If it has none, or with `only_documents`, it stands for its
    documents. A file that describes a document (`ley.json` or `ley.pdf.json` beside `ley.pdf`) is left out.

    Raises:
        UnreadableInput: a path does not exist or has another ending, or a folder holds nothing to read.
    """
    files: list[Path] = []
    for path in paths:
        if str(path) == "-":
            files.append(path)
        elif path.is_dir():
            files.extend(_find_in_folder(path, only_documents))
        elif not path.exists():
            raise UnreadableInput(f"{path}: no such file or folder; check the path")
        elif not is_document(path) and (only_documents or not path.name.endswith(SUFFIXES)):
            known = DOCUMENT_SUFFIXES if only_documents else (*SUFFIXES, *DOCUMENT_SUFFIXES)
            raise UnreadableInput(f"{path}: not one of {', '.join(known)}; save it in one of these formats")
        else:
            files.append(path)
    documents = [path for path in files if is_document(path)]
    return [path for path in files if not _is_sidecar(path, documents)]


def is_document(path: Path) -> bool:
    """Returns whether a file is a long document, not a file of articles, by the ending of its name."""
    return path.name.lower().endswith(DOCUMENT_SUFFIXES)


def _find_in_folder(folder: Path, only_documents: bool) -> list[Path]:
    inside = sorted(path for path in folder.iterdir() if path.is_file())
    documents = [path for path in inside if is_document(path)]
    articles = [p for p in inside if p.name.endswith(SUFFIXES) and not _is_sidecar(p, documents)]
    found = documents if only_documents or not articles else articles
    if not found:
        wanted = DOCUMENT_SUFFIXES if only_documents else (*SUFFIXES, *DOCUMENT_SUFFIXES)
        raise UnreadableInput(f"{folder}: no {', '.join(wanted)} file in this folder")
    return found


def _is_sidecar(path: Path, documents: list[Path]) -> bool:
    described = (path.parent, path.stem)
    return path.suffix == ".json" and any(
        described in ((document.parent, document.name), (document.parent, document.stem))
        for document in documents
    )


def read_articulos(files: list[Path]) -> Iterator[Articulo | Problem]:
    """Yields each article of the files in their order, or what is wrong with it.

    If an article with the same identity and content came before in this call, it is a harmless Problem.
    """
    seen: dict[tuple[str, str], str] = {}
    for path in files:
        for place, raw in _read_file(path):
            item = raw if isinstance(raw, Problem) else check(raw, place)
            if isinstance(item, Articulo):
                key = item.identidad, item.huella_contenido
                if key in seen:
                    yield Problem(place, f"the same article as {seen[key]}; read once", harmless=True)
                    continue
                seen[key] = place
            yield item


def check(raw: Any, place: str) -> Articulo | Problem:
    """Returns the article, or one line that names the first wrong field."""
    # The old connector wraps its article. A loop, not recursion: a hostile file can wrap it a thousand times.
    while isinstance(raw, dict) and set(raw) == {"articulo"}:
        raw = raw["articulo"]
    if not isinstance(raw, dict):
        return Problem(place, f"an article must be a JSON object, this is {type(raw).__name__}")
    try:
        return Articulo.model_validate(raw)
    except ValidationError as exc:
        return Problem(place, describe(exc))


def describe(exc: ValidationError) -> str:
    """Returns a validation error in one line: the fields and what is wrong with each."""
    parts = []
    for error in exc.errors(include_url=False, include_input=False, include_context=False)[:3]:
        field = ".".join(str(part) for part in error["loc"])
        message = error["msg"].removeprefix("Value error, ")
        parts.append(f"{field}: {message}" if field else message)
    more = exc.error_count() - len(parts)
    line = "; ".join(parts) + (f" (and {more} more)" if more > 0 else "")
    return printable(line)


def printable(text: str) -> str:
    """Returns text on one line, without characters that control a terminal."""
    flat = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
    return flat if len(flat) <= _SHOWN_CHARS * 2 else flat[: _SHOWN_CHARS * 2] + "…"


def _read_file(path: Path) -> Iterator[tuple[str, Any]]:
    name = "standard input" if str(path) == "-" else printable(str(path))
    try:
        with _open(path) as stream:
            if path.name.endswith((".json", ".json.gz")):
                yield from _read_whole(stream, name)
            else:
                yield from _read_lines(stream, name)
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        yield name, Problem(name, f"broken gzip, the rest of the file is lost: {exc}")
    except OSError as exc:
        yield name, Problem(name, f"cannot be read: {exc.strerror or exc}")


@contextmanager
def _open(path: Path) -> Iterator[IO[bytes]]:
    if str(path) == "-":
        yield sys.stdin.buffer
    elif path.name.endswith(".gz"):
        with gzip.open(path, "rb") as stream:
            yield io.BufferedReader(stream)
    else:
        with path.open("rb") as stream:
            yield stream


def _read_whole(stream: IO[bytes], name: str) -> Iterator[tuple[str, Any]]:
    body = stream.read(MAX_FILE_BYTES + 1)
    if len(body) > MAX_FILE_BYTES:
        yield name, Problem(name, f"more than {MAX_FILE_BYTES} bytes; cut it up, one article a line (.jsonl)")
        return
    value = _parse(body, name)
    if isinstance(value, list):
        for position, raw in enumerate(value, start=1):
            yield f"{name}[{position}]", raw
    else:
        yield name, value


def _read_lines(stream: IO[bytes], name: str) -> Iterator[tuple[str, Any]]:
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        place = f"{name}:{number}"
        if len(line) > MAX_LINE_BYTES:
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE_BYTES)
            yield place, Problem(place, f"a line of more than {MAX_LINE_BYTES} bytes; is it one article?")
        elif line.strip():
            yield place, _parse(line, place)


def _parse(body: bytes, place: str) -> Any:
    try:
        return read_json(body)
    except NotJson as exc:
        return Problem(place, printable(str(exc)))
