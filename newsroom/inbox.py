"""The folder in which the scraper leaves its files: each is read once, however often a reader is killed.

A reader owns a file by an exclusive lock (flock) that the kernel drops with the process. A file goes from the
folder to `processing/`, and from there, once every item of it has ended, to `done/` or `failed/` with a
report beside it. What a killed reader left in `processing/` is owned by nobody: the next one takes it up, and
items that were stored meanwhile are found to be so.
"""

import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsroom.errors import InvalidInput
from newsroom.inputs import SUFFIXES, Problem, printable, read_articulos
from newsroom.models.articulo import Articulo
from newsroom.models.outcome import Outcome

PROCESSING, DONE, FAILED = "processing", "done", "failed"
# Each is an open file until it is settled; most systems allow a process 1,024.
MAX_FILES = 300
REPORT_SUFFIX = ".informe.json"


@dataclass
class Claim:
    """A file that this reader owns, and what became of its items so far."""

    path: Path
    descriptor: int
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))
    problems: list[Problem] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    pending: int = 0
    read_to_its_end: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def failed(self) -> bool:
        """Whether an item was refused or failed: then the file goes to `failed/`, whatever else it holds."""
        refused = any(not problem.harmless for problem in self.problems)
        return refused or any(outcome.failure for outcome in self.outcomes)

    def read(self) -> Iterator[Articulo]:
        """Yields the articles of the file; refused ones are noted."""
        for item in read_articulos([self.path]):
            if isinstance(item, Problem):
                self.problems.append(item)
                continue
            with self.lock:
                self.pending += 1
            yield item

    def note(self, outcome: Outcome) -> bool:
        """Notes how an item ended; returns whether that was the file's last one."""
        with self.lock:
            self.outcomes.append(outcome)
            self.pending -= 1
            return self.read_to_its_end and self.pending == 0

    def end_reading(self) -> bool:
        """Notes that there is nothing more to read; returns whether everything read has ended too."""
        with self.lock:
            self.read_to_its_end = True
            return self.pending == 0


class Inbox:
    """The folder and its subfolders.

    Args:
        folder: where the scraper writes; made if it is not there.
        settle_s: a file younger than this many seconds may still be being written.

    Raises:
        InvalidInput: the folder cannot be used.
    """

    def __init__(self, folder: Path, settle_s: float = 5.0) -> None:
        self.folder = folder
        self._settle_s = settle_s
        try:
            for name in ("", PROCESSING, DONE, FAILED):
                (folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            words = f"{printable(str(folder))}: the inbox cannot be used: {exc.strerror}; set NOTICIAS_INBOX"
            raise InvalidInput(words, "carpeta") from exc

    def claim(self, limit: int = MAX_FILES) -> list[Claim]:
        """Returns the files that are this reader's now, oldest first; the files of other readers are left."""
        claims: list[Claim] = []
        left_behind = self._files(self.folder / PROCESSING)
        for path in [*left_behind, *self._files(self.folder)]:
            if len(claims) == limit:
                break
            claim = self._take(path)
            if claim is not None:
                claims.append(claim)
        return claims

    def settle(self, claim: Claim, flow_run_id: str | None) -> Path:
        """Writes the file's report, moves the file beside it and gives it up; returns where it is now."""
        folder = self.folder / (FAILED if claim.failed else DONE)
        target = _free_name(folder, claim.path.name)
        report = target.with_name(target.name + REPORT_SUFFIX)
        _write_whole(report, _report(claim, flow_run_id))
        claim.path.rename(target)
        os.close(claim.descriptor)
        return target

    def release(self, claim: Claim) -> None:
        """Gives a file up as it is: the next reader takes it up again."""
        with suppress(OSError):
            os.close(claim.descriptor)

    def _files(self, folder: Path) -> list[Path]:
        found = [entry for entry in os.scandir(folder) if _is_ours(entry)]
        return [Path(entry.path) for entry in sorted(found, key=lambda e: (e.stat().st_mtime, e.name))]

    def _take(self, path: Path) -> Claim | None:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None  # gone meanwhile, or not to be opened: the other reader's business, or a person's
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            owned = self._own(path, descriptor)
        except OSError:
            owned = None
        if owned is None:
            os.close(descriptor)
            return None
        return Claim(owned, descriptor)

    def _own(self, path: Path, descriptor: int) -> Path | None:
        """Returns where the locked file is now, in `processing/`; None if it is not to be read yet."""
        held, there = os.fstat(descriptor), path.stat()
        if (held.st_dev, held.st_ino) != (there.st_dev, there.st_ino):
            return None  # another reader moved it between our look and our lock
        if path.parent.name == PROCESSING and path.parent.parent == self.folder:
            return path
        if time.time() - held.st_mtime < self._settle_s:
            return None
        target = self.folder / PROCESSING / path.name
        if target.exists():
            return None  # an earlier file of this name is still being read
        return path.rename(target)


def _is_ours(entry: "os.DirEntry[str]") -> bool:
    named = entry.name.endswith(SUFFIXES) and not entry.name.startswith(".")
    return named and entry.is_file(follow_symlinks=False)


def _free_name(folder: Path, name: str) -> Path:
    target, number = folder / name, 1
    while target.exists():
        number += 1
        target = folder / f"{number}-{name}"
    return target


def _report(claim: Claim, flow_run_id: str | None) -> dict[str, Any]:
    return {
        "archivo": claim.path.name,
        "flow_run_id": flow_run_id,
        "inicio": claim.begun.isoformat(),
        "fin": datetime.now(UTC).isoformat(),
        "articulos": [outcome.as_json() for outcome in claim.outcomes],
        "rechazados": [str(problem) for problem in claim.problems],
    }


def _write_whole(path: Path, value: dict[str, Any]) -> None:
    """Writes a file that is there whole or not at all, also after a crash."""
    half = path.with_name(f".{path.name}.tmp")
    with half.open("w", encoding="utf-8") as stream:
        json.dump(value, stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)
