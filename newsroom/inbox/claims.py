"""`Claim`: a file of the inbox that this reader owns, and what became of its items so far."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from newsroom.file_lock import FileLock
from newsroom.inbox.sidecars import describe
from newsroom.inputs import Problem
from newsroom.intake.articles import Shapes, read_articulos
from newsroom.intake.finding import kind_of
from newsroom.models.articulo import Articulo
from newsroom.models.documento import Documento
from newsroom.models.outcome import Outcome


@dataclass
class Claim:
    """A file that this reader owns, and what became of its items so far.

    `shapes` are those that its articles may have. `sidecar` describes the document, if there is one.
    """

    path: Path
    file_lock: FileLock
    shapes: Shapes = field(default_factory=Shapes)
    sidecar: Path | None = None
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
    def refused(self) -> list[Problem]:
        """What was refused: the file itself, or items of it."""
        return [problem for problem in self.problems if not problem.harmless]

    @property
    def failed(self) -> bool:
        """Whether an item was refused or failed. Then the whole file goes to `failed/`."""
        return bool(self.refused) or any(outcome.failure for outcome in self.outcomes)

    @property
    def changed(self) -> bool:
        """Whether somebody wrote to the file after it was claimed. Then perhaps not all of it was read."""
        return self._look() != self.stamp

    def close(self) -> None:
        """Drops the lock; doing it again does nothing."""
        with self.lock:
            self.file_lock.close()

    def read(self) -> Iterator[Articulo | Documento]:
        """Yields the articles of the file, or the document that it is, and notes what is refused."""
        for item in self._items():
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

    def _items(self) -> Iterator[Articulo | Documento | Problem]:
        if kind_of(self.path) == "documents":
            yield describe(self.path)
        else:
            yield from read_articulos([self.path], self.shapes)

    def _look(self) -> tuple[int, int]:
        found = self.file_lock.stat()
        return found.st_size, found.st_mtime_ns
