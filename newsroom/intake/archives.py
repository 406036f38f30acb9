"""The files in a .zip or .tar archive, bounded in number and size. Nothing is unpacked to the disk."""

import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO

from newsroom.inputs import printable
from newsroom.intake.records import Record, refused

MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 50_000_000
MAX_TOTAL_BYTES = 500_000_000
_NESTED_ENDINGS = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")
# What zipfile and tarfile raise for what is broken, encrypted or packed in a way that they do not know.
_BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError,
    ValueError,
)  # fmt: skip
Member = tuple[str, int, Callable[[], IO[bytes] | None]]
"""The name of a member, its size as its header says, and what opens it: None if it is no file."""


def read_members(stream: IO[bytes], name: str) -> Iterator[tuple[str, bytes | list[Record]]]:
    """Yields place and content of each file in an archive; for one that is refused, the records that say so.

    The place is `archive!member`. Folders, hidden files and what a Mac adds are passed over.
    """
    members = _zip_members(stream) if _is_zip(name) else _tar_members(stream)
    left, number = MAX_TOTAL_BYTES, -1
    try:
        for number, (member, size, open_member) in enumerate(members):
            place = f"{name}!{printable(member)}"
            if number == MAX_MEMBERS or left <= 0 or size > MAX_TOTAL_BYTES:
                yield place, [refused(place, _too_much(number))]
                return
            body = _read_member(member, open_member, min(MAX_MEMBER_BYTES, left))
            # In a .tar what is not read must be unpacked all the same to find what follows it.
            left -= max(size, len(body)) if isinstance(body, bytes) else size
            yield place, body if isinstance(body, bytes) else [refused(place, body)]
        if number < 0:
            yield name, [refused(name, "an archive without a file to read")]
    except _BROKEN as exc:
        yield name, [refused(name, f"a broken archive, the rest of it is lost: {printable(str(exc))}")]


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _too_much(number: int) -> str:
    if number == MAX_MEMBERS:
        return f"more than {MAX_MEMBERS} files in one archive; the rest is not read"
    return f"more than {MAX_TOTAL_BYTES} bytes unpacked; the rest of the archive is not read"


def _zip_members(stream: IO[bytes]) -> Iterator[Member]:
    # Its table stands at the end, so it is read whole.
    with zipfile.ZipFile(io.BytesIO(stream.read(MAX_TOTAL_BYTES))) as archive:
        for info in archive.infolist():
            if not info.is_dir() and _is_wanted(info.filename):
                yield info.filename, info.file_size, lambda info=info: archive.open(info)  # type: ignore[misc]


def _tar_members(stream: IO[bytes]) -> Iterator[Member]:
    with tarfile.open(fileobj=stream, mode="r|*") as archive:
        for member in archive:
            if not member.isdir() and _is_wanted(member.name):
                size = member.size if member.isfile() else 0
                yield (
                    member.name,
                    size,
                    lambda member=member: (  # type: ignore[misc]
                        archive.extractfile(member) if member.isfile() else None
                    ),
                )


def _is_wanted(member: str) -> bool:
    parts = PurePosixPath(member).parts
    return bool(parts) and not any(part.startswith((".", "__MACOSX")) and part != ".." for part in parts)


def _read_member(member: str, open_member: Callable[[], IO[bytes] | None], limit: int) -> bytes | str:
    """Returns the content of a member, or why it is not read. Its header may lie about its size."""
    path = PurePosixPath(member.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or path.parts[0].endswith(":"):
        return "a path that leaves the archive; not read"
    if member.lower().endswith(_NESTED_ENDINGS):
        return "an archive within an archive; unpack it first"
    try:
        opened = open_member()
        if opened is None:
            return "a link or a device, no file; not read"
        with opened:
            body = opened.read(limit + 1)
    except _BROKEN as exc:
        return f"broken or encrypted, not read: {printable(str(exc))}"
    return body if len(body) <= limit else f"more than {limit} bytes unpacked; not read"
