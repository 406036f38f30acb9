"""Private files, folders and locks under NOTICIAS_HOME."""

import fcntl
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deployments.local.errors import LocalStackError


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


def keep_secret(path: Path) -> str:
    """Return the secret kept in `path`, made at random (256 bits, URL-safe) the first time."""
    with locked(path.with_name(f".{path.name}.lock")):
        if not path.exists():
            write_private(path, secrets.token_urlsafe(32))
        return path.read_text(encoding="utf-8")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on `path` in the block; the kernel drops it if the process dies.

    Waits for as long as another process holds it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
