"""The folder in which the scraper leaves its files: each is read once, however often a reader is killed.

A reader owns a file by an exclusive lock that the kernel drops with the process. A file goes from the
folder to `processing/`, and from there, once every item of it has ended, to `done/` or `failed/` with a
report beside it. What a killed reader left in `processing/` is owned by nobody: the next one takes it up, and
items that were stored meanwhile are found to be so. A file that somebody wrote to while it was read stays in
`processing/` too, and is read again whole.
"""

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
from newsroom.file_lock import FileLock
from newsroom.inputs import SUFFIXES, Problem, printable, read_articulos
from newsroom.models.articulo import Articulo
from newsroom.models.outcome import Outcome

PROCESSING, DONE, FAILED = "processing", "done", "failed"
# Each is an open file until it is settled; most systems allow a process 1,024.
MAX_FILES = 300
REPORT_SUFFIX = ".informe.json"
# What file systems allow a name; a report's has a dot before it and `.tmp` after it while it is written.
_MAX_NAME_BYTES = 255
_REPORT_EXTRA_BYTES = len(f".{REPORT_SUFFIX}.tmp")


@dataclass
class Claim:
    """A file that this reader owns, and what became of its items so far."""

    path: Path
    file_lock: FileLock
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))
    problems: list[Problem] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    pending: int = 0
    read_to_its_end: bool = False
    stamp: tuple[int, int] = (0, 0)
    # Settling and giving up exclude each other: a cancelled run gives up what a thread of it still settles.
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def __post_init__(self) -> None:
        """Remembers what the file is like before it is read."""
        self.stamp = self._look()

    @property
    def failed(self) -> bool:
        """Whether an item was refused or failed: then the file goes to `failed/`, whatever else it holds."""
        refused = any(not problem.harmless for problem in self.problems)
        return refused or any(outcome.failure for outcome in self.outcomes)

    @property
    def changed(self) -> bool:
        """Whether somebody wrote to the file since it was claimed: then not all of it may have been read."""
        return self._look() != self.stamp

    def close(self) -> None:
        """Drops the lock; doing it again does nothing."""
        with self.lock:
            self.file_lock.close()

    def _look(self) -> tuple[int, int]:
        found = self.file_lock.stat()
        return found.st_size, found.st_mtime_ns

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

    `unreadable` names the files that `claim` found and could not open.

    Raises:
        InvalidInput: the folder cannot be used.
    """

    def __init__(self, folder: Path, settle_s: float = 5.0) -> None:
        self.folder = folder
        self._settle_s = settle_s
        self.unreadable: list[str] = []
        self._open: list[Claim] = []
        self._closed = False
        self._lock = threading.Lock()
        try:
            for name in ("", PROCESSING, DONE, FAILED):
                (folder / name).mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise self._unusable(exc) from exc

    def claim(self, limit: int = MAX_FILES) -> list[Claim]:
        """Returns the files that are this reader's now, oldest first; the files of other readers are left.

        Raises:
            InvalidInput: a file cannot be locked or moved: the folder is no use as an inbox.
        """
        claims: list[Claim] = []
        left_behind = self._files(self.folder / PROCESSING)
        for path in [*left_behind, *self._files(self.folder)]:
            if len(claims) == limit:
                break
            claim = self._take(path)
            if claim is None:
                continue
            with self._lock:
                self._open.append(claim)
                if self._closed:
                    claim.close()
                    break
            claims.append(claim)
        return claims

    def settle(self, claim: Claim, flow_run_id: str | None) -> Path:
        """Writes the file's report, moves the file beside it and gives it up; returns where it is now.

        It stays where it is, without a report, if it was given up already or was written to meanwhile.
        """
        with claim.lock:
            if claim.file_lock.closed or claim.changed:
                claim.close()
                return claim.path
            folder = self.folder / (FAILED if claim.failed else DONE)
            target = _free_name(folder, claim.path.name)
            _write_whole(_report_path(target), _report(claim, flow_run_id))
            claim.path.rename(target)
            claim.close()
        return target

    def close(self) -> None:
        """Gives up what is not settled, as it is, for the next reader; claims nothing any more."""
        with self._lock:
            self._closed = True
            for claim in self._open:
                claim.close()

    def _unusable(self, exc: OSError) -> InvalidInput:
        where = printable(str(exc.filename or self.folder))
        return InvalidInput(
            f"{where}: the inbox cannot be used: {exc.strerror}; see NOTICIAS_INBOX", "carpeta"
        )

    def _files(self, folder: Path) -> list[Path]:
        found = []
        for entry in os.scandir(folder):
            if _is_ours(entry):
                with suppress(FileNotFoundError):  # another reader's meanwhile
                    found.append((entry.stat(follow_symlinks=False).st_mtime, entry.name, Path(entry.path)))
        return [path for _, _, path in sorted(found)]

    def _take(self, path: Path) -> Claim | None:
        try:
            file_lock = FileLock(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            return None  # another reader's meanwhile
        except OSError as exc:
            self.unreadable.append(f"{printable(path.name)}: {exc.strerror}")
            return None
        owned = None
        try:
            if file_lock.try_exclusive():
                owned = self._own(path, file_lock)
        except FileNotFoundError:
            return None  # another reader's
        except OSError as exc:
            # A folder that is not ours to write to, or a file system without locks: "nothing new" were a lie.
            raise self._unusable(exc) from exc
        finally:
            if owned is None:
                file_lock.close()
        return None if owned is None else Claim(owned, file_lock)

    def _own(self, path: Path, file_lock: FileLock) -> Path | None:
        """Returns where the locked file is now, in `processing/`; None if it is not to be read yet."""
        held = file_lock.stat()
        if not os.path.samestat(held, path.stat()):
            return None  # another reader moved it between our look and our lock
        if path.parent == self.folder / PROCESSING:
            return path
        # A sender's clock may run ahead of ours; when the file was last touched here tells as well.
        if time.time() - min(held.st_mtime, held.st_ctime) < self._settle_s:
            return None
        target = self.folder / PROCESSING / path.name
        if target.exists():
            return None  # an earlier file of this name is still being read
        path.rename(target)
        # Replaced by its sender in the last moment: that file is nobody's yet, the next reader takes it up.
        return target if os.path.samestat(held, target.stat()) else None


def _is_ours(entry: "os.DirEntry[str]") -> bool:
    named = entry.name.endswith(SUFFIXES) and not entry.name.startswith(".")
    return named and entry.is_file(follow_symlinks=False)


def _free_name(folder: Path, name: str) -> Path:
    target, number = folder / name, 1
    while target.exists():
        number += 1
        prefix = f"{number}-"
        # The end stays as it is: it says what kind of file it is.
        target = folder / (prefix + os.fsdecode(os.fsencode(name)[-(_MAX_NAME_BYTES - len(prefix)) :]))
    return target


def _report_path(target: Path) -> Path:
    # From its beginning, where the number is that tells it from another of the name.
    name = os.fsencode(target.name)[: _MAX_NAME_BYTES - _REPORT_EXTRA_BYTES].decode("utf-8", "ignore")
    return target.with_name(name + REPORT_SUFFIX)


def _report(claim: Claim, flow_run_id: str | None) -> dict[str, Any]:
    return {
        "archivo": printable(claim.path.name),
        "flow_run_id": flow_run_id,
        "inicio": claim.begun.isoformat(),
        "fin": datetime.now(UTC).isoformat(),
        "articulos": [outcome.as_json() for outcome in claim.outcomes],
        "rechazados": [_say(claim, problem) for problem in claim.problems if not problem.harmless],
        "repetidos": [_say(claim, problem) for problem in claim.problems if problem.harmless],
    }


def _say(claim: Claim, problem: Problem) -> str:
    # The file leaves this folder as soon as the report is written.
    return str(problem).removeprefix(f"{printable(str(claim.path.parent))}/")


def _write_whole(path: Path, value: dict[str, Any]) -> None:
    """Writes a file that is there whole or not at all, also after a crash."""
    half = path.with_name(f".{path.name}.tmp")
    with half.open("w", encoding="utf-8") as stream:
        json.dump(value, stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)
