"""The folder in which the scraper leaves its files. Each file is read once, even if readers are killed.

A reader owns a file by an exclusive lock. The kernel drops the lock when the process ends. A claimed file
moves to `processing/`. Once every item of it has ended, it moves to `done/` or `failed/`, with a report
beside it.

Nobody owns a file that a killed reader left in `processing/`. The next reader takes it, and items that are
stored already change nothing. A file that somebody wrote to while it was read also stays in `processing/`. It
is read again as a whole.
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
from newsroom.inputs import Problem, printable
from newsroom.intake.articles import read_articulos
from newsroom.intake.finding import ARTICLE_ENDINGS
from newsroom.models.articulo import Articulo
from newsroom.models.outcome import Outcome

PROCESSING, DONE, FAILED = "processing", "done", "failed"
# Each claim is an open file until it is settled. Most systems allow a process 1,024 open files.
MAX_FILES = 300
REPORT_SUFFIX = ".informe.json"
# The longest name that file systems allow. While a report is written, its name has a dot before it and `.tmp`
# after it.
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
    # Settling and closing exclude each other: a cancelled run closes claims that its thread still settles.
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def __post_init__(self) -> None:
        """Records size and time of the file before it is read."""
        self.stamp = self._look()

    @property
    def failed(self) -> bool:
        """Whether an item was refused or failed. Then the whole file goes to `failed/`."""
        refused = any(not problem.harmless for problem in self.problems)
        return refused or any(outcome.failure for outcome in self.outcomes)

    @property
    def changed(self) -> bool:
        """Whether somebody wrote to the file after it was claimed. Then perhaps not all of it was read."""
        return self._look() != self.stamp

    def close(self) -> None:
        """Drops the lock; doing it again does nothing."""
        with self.lock:
            self.file_lock.close()

    def _look(self) -> tuple[int, int]:
        found = self.file_lock.stat()
        return found.st_size, found.st_mtime_ns

    def read(self) -> Iterator[Articulo]:
        """Yields the articles of the file, and notes the refused ones."""
        for item in read_articulos([self.path]):
            if isinstance(item, Problem):
                self.problems.append(item)
                continue
            with self.lock:
                self.pending += 1
            yield item

    def note(self, outcome: Outcome) -> bool:
        """Notes how an item ended. Returns whether it was the file's last one."""
        with self.lock:
            self.outcomes.append(outcome)
            self.pending -= 1
            return self.read_to_its_end and self.pending == 0

    def end_reading(self) -> bool:
        """Notes that there is nothing more to read. Returns whether all items have ended too."""
        with self.lock:
            self.read_to_its_end = True
            return self.pending == 0


class Inbox:
    """The folder and its subfolders.

    Args:
        folder: the folder in which the scraper writes. It is made if it does not exist.
        settle_s: a file younger than this, in seconds, is left alone: it may not be complete yet.

    `unreadable` lists the files that `claim` found and could not open.

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
        """Returns files that this reader owns now, oldest first. Files of other readers are left alone.

        Raises:
            InvalidInput: a file cannot be locked or moved, so the folder cannot be an inbox.
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
        """Writes the file's report, moves the file beside it and drops the lock. Returns its new path.

        A file stays where it is, without a report, if its lock was dropped before or somebody wrote to it.
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
        """Drops the locks of unsettled files, for the next reader. Afterwards nothing can be claimed."""
        with self._lock:
            self._closed = True
            for claim in self._open:
                claim.close()

    def _unusable(self, exc: OSError) -> InvalidInput:
        where = printable(str(exc.filename or self.folder))
        return InvalidInput(
            f"{where}: the inbox cannot be used: {exc.strerror}; set NOTICIAS_INBOX to another folder",
            "carpeta",
        )

    def _files(self, folder: Path) -> list[Path]:
        found = []
        for entry in os.scandir(folder):
            if _is_ours(entry):
                with suppress(FileNotFoundError):  # another reader took it
                    found.append((entry.stat(follow_symlinks=False).st_mtime, entry.name, Path(entry.path)))
        return [path for _, _, path in sorted(found)]

    def _take(self, path: Path) -> Claim | None:
        try:
            file_lock = FileLock(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            return None  # another reader took it
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
            # We may not write to the folder, or its file system has no locks. "Nothing new" would be wrong.
            raise self._unusable(exc) from exc
        finally:
            if owned is None:
                file_lock.close()
        return None if owned is None else Claim(owned, file_lock)

    def _own(self, path: Path, file_lock: FileLock) -> Path | None:
        """Returns the locked file's path in `processing/`, None if the file must not be read yet."""
        held = file_lock.stat()
        if not os.path.samestat(held, path.stat()):
            return None  # another reader moved it before we had the lock
        if path.parent == self.folder / PROCESSING:
            return path
        # A sender's clock may be ahead of ours, so the time of the last change on this machine counts too.
        if time.time() - min(held.st_mtime, held.st_ctime) < self._settle_s:
            return None
        target = self.folder / PROCESSING / path.name
        if target.exists():
            return None  # an earlier file of this name is still being read
        path.rename(target)
        # If the sender replaced the file just now, nobody owns the new one. The next reader takes it.
        return target if os.path.samestat(held, target.stat()) else None


def _is_ours(entry: "os.DirEntry[str]") -> bool:
    named = entry.name.lower().endswith(ARTICLE_ENDINGS) and not entry.name.startswith(".")
    return named and entry.is_file(follow_symlinks=False)


def _free_name(folder: Path, name: str) -> Path:
    target, number = folder / name, 1
    while target.exists():
        number += 1
        prefix = f"{number}-"
        # The end of the name stays, because it says what kind of file it is.
        target = folder / (prefix + os.fsdecode(os.fsencode(name)[-(_MAX_NAME_BYTES - len(prefix)) :]))
    return target


def _report_path(target: Path) -> Path:
    # The beginning of the name stays, because a number there tells it from other files of that name.
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
    # Without the folder, because the file leaves it as soon as the report is written.
    return str(problem).removeprefix(f"{printable(str(claim.path.parent))}/")


def _write_whole(path: Path, value: dict[str, Any]) -> None:
    """Writes a file so that the whole file exists or none, even after a crash."""
    half = path.with_name(f".{path.name}.tmp")
    with half.open("w", encoding="utf-8") as stream:
        json.dump(value, stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)
