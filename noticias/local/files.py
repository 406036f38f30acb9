"""Private folders, files, secrets and locks under NOTICIAS_HOME."""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from newsroom.file_lock import FileLock
from noticias.local.errors import LocalStackError


def ensure_directory(path: Path, mode: int = 0o700) -> Path:
    """Returns `path`, made with its parents if it is missing.

    Only the folders made here get `mode`. A folder that exists keeps its permissions: somebody else made it.

    Raises:
        LocalStackError: a folder cannot be made.
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
    """Writes `text` to `path` with mode 0600, whole or not at all. Nobody ever reads half a file."""
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
    """Returns 256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)


def keep_secret(path: Path, make: Callable[[], str] = random_secret) -> str:
    """Returns the secret kept in `path` (mode 0600). The first call makes it with `make`."""
    with locked(path.with_name(f".{path.name}.lock")):
        if not path.exists():
            write_private(path, make())
        return path.read_text(encoding="utf-8")


@contextmanager
def locked(path: Path, on_wait: Callable[[], None] | None = None) -> Iterator[None]:
    """Holds the lock on `path` alone in the block. Calls `on_wait` once if another process holds it.

    Raises:
        LocalStackError: the file cannot be opened or locked.
    """
    with explain_lock(path):
        lock = FileLock(path)
    try:
        with explain_lock(path):
            lock.wait_exclusive(on_wait)
        yield
    finally:
        lock.close()


@contextmanager
def explain_lock(path: Path) -> Iterator[None]:
    """Explains an error of the block, which opens or takes the lock on `path`.

    Raises:
        LocalStackError: the block raised OSError.
    """
    try:
        yield
    except OSError as error:
        raise LocalStackError(
            f"cannot lock {path}: {error.strerror}",
            "Set NOTICIAS_HOME to a folder of your own on a local disk",
        ) from error
