"""How a file of the inbox is owned, read and moved. Each file is read once, even if readers are killed.

A reader owns a file by an exclusive lock. The kernel drops the lock when the process ends. A claimed file
moves to `processing/`, a document with its description. Once every item of it has ended, it moves to `done/`
or `failed/`, with a report beside it.

Nobody owns a file that a killed reader left in `processing/`. The next reader takes it, and items that are
stored already change nothing. A file that somebody wrote to while it was read also stays in `processing/`. It
is read again as a whole.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from newsroom.documents.description import find_sidecar
from newsroom.errors import InvalidInput
from newsroom.file_lock import FileLock
from newsroom.inbox.claims import Claim
from newsroom.inbox.reports import MAX_NAME_BYTES, REPORT_SUFFIX, letter_of, write_report
from newsroom.inbox.sidecars import bring, described_by, is_document, sidecar_of, waits_for_document
from newsroom.inbox.unread import Memory, say_why_unread
from newsroom.inputs import printable
from newsroom.intake.articles import Shapes
from newsroom.intake.finding import ARTICLE_ENDINGS

KeepLetter = Callable[[dict[str, Any]], object]
PROCESSING, DONE, FAILED = "processing", "done", "failed"
SETTLED = (FAILED, DONE)
"""Where files go that were read."""

# Each claim is an open file until it is settled. Most systems allow a process 1,024 open files.
MAX_FILES = 300
_WAITS = "describe un documento que no ha llegado; se lee con él"


class Inbox:
    """The folder and its subfolders.

    Args:
        folder: the folder in which the scraper writes. It is made if it does not exist.
        settle_s: a file younger than this, in seconds, is left alone: it may not be complete yet.
        shapes: the shapes that articles may have; None is those that come with this program.

    `unreadable` lists the files that `claim` found and could not open. `unread` is what it found and nobody
    reads (name -> reason), without what an earlier `claim` has named.

    Raises:
        InvalidInput: the folder cannot be used.
    """

    def __init__(self, folder: Path, settle_s: float = 5.0, shapes: Shapes | None = None) -> None:
        self.folder = folder
        self._settle_s = settle_s
        self._shapes = shapes or Shapes()
        self.unreadable: list[str] = []
        self.unread: dict[str, str] = {}
        self._seen: dict[str, tuple[int, str]] = {}
        self._memory = Memory(folder)
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
        self._seen = {}
        left_behind, new = self._files(self.folder / PROCESSING), self._files(self.folder)
        for path in [*left_behind, *new]:
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
        self.unread = self._memory.pick_new(self._seen)
        return claims

    def remember_unread(self) -> None:
        """Notes that what is `unread` was named, so that no later reader names it again."""
        with suppress(OSError):  # the worst is that it is named again
            self._memory.keep(self._seen)

    def settle(self, claim: Claim, flow_run_id: str | None, keep: KeepLetter | None = None) -> Path:
        """Writes the file's report, moves the file beside it and drops the lock. Returns its new path.

        A file stays where it is, without a report, if its lock was dropped before or somebody wrote to it.

        Args:
            claim: the file.
            flow_run_id: the run that read it.
            keep: is called with the dead letter of a file of which something was refused, before the file
                moves: a reader that is killed in between reads it again, and nothing is lost.
        """
        with claim.lock:
            if claim.file_lock.closed or claim.changed:
                claim.close()
                return claim.path
            folder = self.folder / (FAILED if claim.failed else DONE)
            target = _free_name(folder, claim.path.name, claim.sidecar is not None)
            write_report(claim, target, flow_run_id)
            if claim.refused and keep is not None:
                keep(letter_of(claim, target, flow_run_id))
            document = claim.path
            claim.path.rename(target)
            if claim.sidecar is not None:
                bring(document, target)
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
        """Returns the files to be read, the oldest first; of the inbox itself, notes what nobody reads."""
        entries = [entry for entry in os.scandir(folder) if entry.name not in (PROCESSING, DONE, FAILED)]
        documents = [entry.name for entry in entries if is_document(entry.name)]
        found, described = [], described_by(documents)
        for entry in entries:
            with suppress(FileNotFoundError):  # another reader took it
                changed = entry.stat(follow_symlinks=False)
                if _is_ours(entry):
                    if entry.name not in described:
                        found.append((changed.st_mtime, entry.name, Path(entry.path)))
                elif folder == self.folder and self._rests(changed) and (why := say_why_unread(entry)):
                    self._seen[entry.name] = changed.st_mtime_ns, why
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
        return None if owned is None else Claim(owned, file_lock, self._shapes, _find_sidecar(owned))

    def _own(self, path: Path, file_lock: FileLock) -> Path | None:
        """Returns the locked file's path in `processing/`, None if the file must not be read yet."""
        held = file_lock.stat()
        if not os.path.samestat(held, path.stat()):
            return None  # another reader moved it before we had the lock
        if path.parent == self.folder / PROCESSING:
            arrived = self.folder / path.name
            if _find_sidecar(path) is None and _find_sidecar(arrived) is not None and not arrived.exists():
                # The reader was killed between the two moves.
                bring(arrived, path)
            return path
        if not self._rests(held):
            return None
        beside = _find_sidecar(path)
        if beside is not None and not self._rests(beside.stat()):
            return None
        if waits_for_document(path):
            self._seen[path.name] = held.st_mtime_ns, _WAITS
            return None
        target = self.folder / PROCESSING / path.name
        if target.exists() or (beside is not None and sidecar_of(target).exists()):
            return None  # an earlier file of this name is still being read
        path.rename(target)
        if beside is not None:
            bring(path, target)
        # If the sender replaced the file just now, nobody owns the new one. The next reader takes it.
        return target if os.path.samestat(held, target.stat()) else None

    def _rests(self, status: os.stat_result) -> bool:
        # A sender's clock may be ahead of ours, so the time of the last change on this machine counts too.
        return time.time() - min(status.st_mtime, status.st_ctime) >= self._settle_s


def _find_sidecar(path: Path) -> Path | None:
    """Returns the description beside a file, if the file may be a document. A link is none."""
    beside = find_sidecar(path) if is_document(path.name) else None
    return None if beside is None or beside.is_symlink() else beside


def _is_ours(entry: "os.DirEntry[str]") -> bool:
    named = entry.name.lower().endswith(ARTICLE_ENDINGS) or is_document(entry.name)
    ours = named and not entry.name.startswith(".") and not entry.name.endswith(REPORT_SUFFIX)
    return ours and entry.is_file(follow_symlinks=False)


def _free_name(folder: Path, name: str, with_sidecar: bool) -> Path:
    target, number = folder / name, 1
    while target.exists() or (with_sidecar and sidecar_of(target).exists()):
        number += 1
        prefix = f"{number}-"
        # The end of the name stays, because it says what kind of file it is.
        target = folder / (prefix + os.fsdecode(os.fsencode(name)[-(MAX_NAME_BYTES - len(prefix)) :]))
    return target
