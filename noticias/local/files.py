"""Private files, folders and locks under NOTICIAS_HOME."""

import fcntl
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from noticias.local.errors import LocalStackError


def ensure_directory(path: Path, mode: int = 0o700) -> Path:
    """Create `path` and its missing parents; only the folders made here get `mode`.

    A folder that exists keeps its permissions: it belongs to whoever made it.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        try:
            folder.mkdir(exist_ok=True)
            folder.chmod(mode)
        except OSError as error:
            raise LocalStackError(
                f"cannot create the folder {folder}: {error.strerror}",
                "Set NOTICIAS_HOME to a folder that you may write to",
            ) from error
    return path


def write_private(path: Path, text: str) -> None:
    """Put `text` in `path` with mode 0600, whole or not at all: readers never see half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def random_secret() -> str:
    """Return 256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)


def keep_secret(path: Path, make: Callable[[], str] = random_secret) -> str:
    """Return the secret kept in `path` (mode 0600), made by `make` the first time."""
    with locked(path.with_name(f".{path.name}.lock")):
        if not path.exists():
            write_private(path, make())
        return path.read_text(encoding="utf-8")


@contextmanager
def locked(path: Path, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold an exclusive lock on `path` in the block; the kernel drops it if the process dies.

    Waits for as long as another process holds it, and calls `on_wait` once if it has to.
    """
    lock = FileLock(path)
    try:
        lock.exclusive(on_wait)
        yield
    finally:
        lock.close()


class FileLock:
    """The kernel's lock on one file, which ends with the process however that ends."""

    def __init__(self, path: Path) -> None:
        try:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _refused(path, error) from error
        self._path = path

    def exclusive(self, on_wait: Callable[[], None] | None = None) -> None:
        """Wait until nobody else holds the lock, and hold it alone."""
        self._lock(fcntl.LOCK_EX, on_wait)

    def shared(self, on_wait: Callable[[], None] | None = None) -> None:
        """Wait until nobody holds the lock alone, and hold it beside others."""
        self._lock(fcntl.LOCK_SH, on_wait)

    def try_exclusive(self) -> bool:
        """Hold the lock alone if nobody else holds it; otherwise hold nothing and return False."""
        fcntl.flock(self._handle, fcntl.LOCK_UN)
        return self._try(fcntl.LOCK_EX)

    def close(self) -> None:
        """Let the lock go."""
        os.close(self._handle)

    def _lock(self, kind: int, on_wait: Callable[[], None] | None) -> None:
        try:
            if self._try(kind):
                return
            if on_wait:
                on_wait()
            fcntl.flock(self._handle, kind)
        except OSError as error:
            raise _refused(self._path, error) from error

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self._handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def _refused(path: Path, error: OSError) -> LocalStackError:
    return LocalStackError(
        f"cannot lock {path}: {error.strerror}",
        "Set NOTICIAS_HOME to a folder of your own on a local disk",
    )
