"""Finds the records in a file, whatever its format. The content decides; the ending only helps.

A file of JSON lines is read line by line, so it may be of any size. Everything else is read whole, up to
`MAX_FILE_BYTES` after unpacking.
"""

import gzip
import io
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from newsroom.inputs import printable
from newsroom.intake.archives import read_members
from newsroom.intake.formats import feeds, news_xml, pages, plain, tables
from newsroom.intake.formats.json_text import read_json, read_json_lines
from newsroom.intake.records import Record, refused

MAX_FILE_BYTES = 200_000_000
Reader = Callable[[bytes, str], Iterator[Record]]

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LINE_ENDINGS = (".jsonl", ".ndjson", ".jl")
_ARCHIVE_ENDINGS = (".zip", ".tar.gz", ".tgz", ".tar")
# Comments and a document type with its own declarations may stand before the first element.
_MAX_PROLOGUE = 65_536
_ROOT = re.compile(rb"<(?![?!])(?:[\w.-]{1,40}:)?([A-Za-z][\w.-]{0,40})")
_BY_ROOT: dict[str, Reader] = {
    "rss": feeds.read_feed,
    "feed": feeds.read_feed,
    "rdf": feeds.read_feed,
    "nitf": news_xml.read_nitf,
    "newsml": news_xml.read_newsml,
    "newsitem": news_xml.read_newsml,
    "newsmessage": news_xml.read_newsml,
}
_BY_ENDING: dict[str, Reader] = {
    ".json": read_json,
    ".csv": tables.read_table,
    ".tsv": tables.read_table,
    ".txt": plain.read_plain,
    ".md": plain.read_plain,
}
_XML_ENDINGS = (".xml", ".rss", ".atom")


def read_records(path: Path) -> Iterator[Record]:
    """Yields the records of a file (`-`: standard input). What cannot be read is a record with a Problem."""
    name = "standard input" if str(path) == "-" else printable(str(path))
    try:
        with _open(path) as stream:
            yield from _read_stream(stream, name)
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        yield refused(name, f"broken gzip, the rest of the file is lost: {exc}")
    except OSError as exc:
        yield refused(name, f"cannot be read: {exc.strerror or exc}")


@contextmanager
def _open(path: Path) -> Iterator[io.BufferedReader]:
    if str(path) == "-":
        yield cast("io.BufferedReader", sys.stdin.buffer)
    else:
        with path.open("rb") as stream:
            yield stream


def _read_stream(stream: io.BufferedReader, name: str) -> Iterator[Record]:
    head = stream.peek(4_096)[:4_096]
    if name.lower().endswith(_ARCHIVE_ENDINGS):
        for member, body in read_members(stream, name):
            yield from body if isinstance(body, list) else read_bytes(body, member)
    elif head.startswith(_ZIP) and not name.lower().endswith(".docx"):
        yield refused(name, "a zip archive; give it the ending .zip")
    elif head.startswith(_GZIP):
        with gzip.GzipFile(fileobj=stream) as unpacked:
            yield from _read_stream(io.BufferedReader(unpacked), name)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and _has_lines(name):
        yield from read_json_lines(stream, name)
    else:
        body = stream.read(MAX_FILE_BYTES + 1)
        if len(body) > MAX_FILE_BYTES:
            yield refused(name, f"more than {MAX_FILE_BYTES} bytes; cut it up, one article a line (.jsonl)")
        else:
            yield from read_bytes(body, name)


def _has_lines(name: str) -> bool:
    return name == "standard input" or name.lower().removesuffix(".gz").endswith(_LINE_ENDINGS)


def read_bytes(body: bytes, name: str) -> Iterator[Record]:
    """Yields the records of a file that is in memory; `name` is its name, for its ending and for messages."""
    ending = Path(name.lower().removesuffix(".gz")).suffix
    if not body.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n\x0b\x0c"):
        yield refused(name, "an empty file")
    elif ending in _LINE_ENDINGS and not body.startswith(_UTF_16):
        yield from read_json_lines(io.BytesIO(body), name)
    elif ending in _XML_ENDINGS:
        yield from _read_xml(body, name)
    elif ending in _BY_ENDING and not (ending == ".txt" and _first_character(body) == b"{"):
        yield from _BY_ENDING[ending](body, name)
    elif _first_character(body) in (b"{", b"["):
        yield from read_json(body, name)
    elif _first_character(body) == b"<":
        yield from _BY_ROOT.get(_root(body), pages.read_page)(body, name)
    else:
        yield from plain.read_plain(body, name)


def _read_xml(body: bytes, name: str) -> Iterator[Record]:
    """Yields the records of a file named as XML. A web page is refused: dead feeds answer with one."""
    root = _root(body)
    if root in _BY_ROOT:
        yield from _BY_ROOT[root](body, name)
    elif root == "html":
        yield refused(name, "a web page, no feed; give a saved page the ending .html")
    else:
        what = f"XML that begins with <{root}>" if root else "no XML"
        yield refused(name, f"{what}; RSS, Atom, NITF and NewsML are read")


def _first_character(body: bytes) -> bytes:
    # UTF-16 has a mark, and a zero before or behind each letter.
    return body[:40].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]


def _root(body: bytes) -> str:
    """Returns the first element's name, in small letters and without namespace; empty if there is none."""
    if _first_character(body) != b"<":
        return ""
    pieces = body[:_MAX_PROLOGUE].replace(b"\x00", b"").split(b"<!--")
    without_comments = pieces[0] + b"".join(piece.partition(b"-->")[2] for piece in pieces[1:])
    root = _ROOT.search(without_comments)
    return root.group(1).decode("ascii").lower() if root else ""
