"""The lock on a file: alone, shared, tried, waited for, and gone with its process."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from newsroom.file_lock import FileLock

# A process that holds the lock of its argument alone until its input ends.
HOLDER = """
import sys
from pathlib import Path
from newsroom.file_lock import FileLock
lock = FileLock(Path(sys.argv[1]))
lock.wait_exclusive()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lock"


def test_the_file_is_made_for_its_owner_only(path: Path) -> None:
    FileLock(path).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_one_holds_it_alone_or_several_hold_it_shared(path: Path) -> None:
    first, second, third = FileLock(path), FileLock(path), FileLock(path)
    first.wait_shared()
    second.wait_shared()
    assert not third.try_exclusive()
    first.close()
    assert not third.try_exclusive()
    second.close()
    assert third.try_exclusive()
    third.close()


def test_a_shared_lock_becomes_an_exclusive_one_only_if_nobody_else_holds_it(path: Path) -> None:
    first, second = FileLock(path), FileLock(path)
    first.wait_shared()
    second.wait_shared()
    assert not first.try_exclusive()
    # The first has lost its shared lock with that.
    assert second.try_exclusive()
    first.close()
    second.close()


def test_who_waits_is_told_so_once_and_gets_it_in_the_end(path: Path) -> None:
    holder, waiter = FileLock(path), FileLock(path)
    told, held = threading.Event(), threading.Event()
    holder.wait_exclusive(on_wait=lambda: pytest.fail("nobody else holds it"))

    def wait() -> None:
        waiter.wait_shared(told.set)
        held.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert told.wait(timeout=20)
    assert not held.is_set()
    holder.close()
    thread.join(timeout=20)
    assert held.is_set()
    waiter.close()


def test_it_ends_with_the_process_that_held_it(path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        lock = FileLock(path)
        assert not lock.try_exclusive()
        process.kill()
        process.wait(timeout=20)
        assert lock.try_exclusive()
        lock.close()


def test_a_file_is_opened_as_told_and_followed_where_it_is_moved(path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileLock(path, os.O_RDONLY)
    path.write_text("texto")
    lock = FileLock(path, os.O_RDONLY)
    path.rename(path.with_name("elsewhere"))
    assert (lock.try_exclusive(), lock.stat().st_size) == (True, 5)
    lock.close()


def test_closing_twice_does_nothing(path: Path) -> None:
    lock = FileLock(path)
    lock.close()
    lock.close()
    assert lock.closed
