"""A lock on a file. The kernel keeps it, so it ends with the process, however the process ends."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path


class FileLock:
    """An open file and the lock on it (flock), which is not held yet.

    A lock keeps out only others who ask for it: anybody may read and write the file meanwhile.

    Args:
        path: the file.
        flags: how the file is opened, as for os.open. By default a missing file is made, with mode 0600.

    Raises:
        OSError: the file cannot be opened. The methods raise it where the file system has no locks.
    """

    def __init__(self, path: Path, flags: int = os.O_RDWR | os.O_CREAT) -> None:
        self._descriptor: int | None = os.open(path, flags, 0o600)

    def wait_exclusive(self, on_wait: Callable[[], None] | None = None) -> None:
        """Holds the lock alone, as soon as nobody else holds it. Calls `on_wait` once if it has to wait."""
        self._wait(fcntl.LOCK_EX, on_wait)

    def wait_shared(self, on_wait: Callable[[], None] | None = None) -> None:
        """Holds the lock beside others, as soon as nobody holds it alone. `on_wait`: as above."""
        self._wait(fcntl.LOCK_SH, on_wait)

    def try_exclusive(self) -> bool:
        """Returns whether the lock is now held alone. If it is not, a shared lock has ended as well."""
        fcntl.flock(self._open(), fcntl.LOCK_UN)
        return self._try(fcntl.LOCK_EX)

    def stat(self) -> os.stat_result:
        """Returns size, times and identity of the open file as they are now, wherever it was moved."""
        return os.fstat(self._open())

    @property
    def closed(self) -> bool:
        """Whether the file is closed, and the lock with it."""
        return self._descriptor is None

    def close(self) -> None:
        """Closes the file, which ends the lock. Doing it again does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _open(self) -> int:
        assert self._descriptor is not None, "the lock was closed"
        return self._descriptor

    def _wait(self, kind: int, on_wait: Callable[[], None] | None) -> None:
        if self._try(kind):
            return
        if on_wait is not None:
            on_wait()
        fcntl.flock(self._open(), kind)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self._open(), kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
