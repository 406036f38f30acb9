"""Starts server processes that outlive the command, finds them again and stops them."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

POLL_S = 0.02
LOG_LIMIT_BYTES = 10_000_000

# The children of this process. A dead one must be waited for, or it stays as a zombie.
_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class ProcessRef:
    """One process. The time of its start tells it apart from a later process with the same pid."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> "ProcessRef | None":
        """Returns the reference to the process `pid`; None if it does not run."""
        try:
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                child = _children.pop(pid, None)
                if child is not None:
                    child.wait()
                return None
            return cls(pid, _start_mark(process))
        except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
            return None

    def is_alive(self) -> bool:
        """Returns whether this very process still runs."""
        return ProcessRef.of(self.pid) == self


def _start_mark(process: psutil.Process) -> str:
    """Returns when the process started, in a form that does not change with the system clock."""
    stat = Path(f"/proc/{process.pid}/stat")
    if stat.exists():
        # The 22nd field, in clock ticks since boot; the name in brackets may hold blanks.
        return stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    return repr(process.create_time())


@dataclass(frozen=True)
class Account:
    """The user that a program runs as. Without a uid it is the caller.

    `prefix`: a program that changes the user (setpriv), put before the command line.
    """

    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()

    def options(self) -> dict[str, object]:
        """Returns the arguments of `subprocess` that change the user; none if `prefix` does it."""
        if self.uid is None or self.prefix:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


CALLER = Account()


def run_as(
    account: Account, command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs `command` to its end as `account` and returns exit code and output (text)."""
    result: subprocess.CompletedProcess[str] = subprocess.run(
        [*account.prefix, *map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=environment,
        **account.options(),  # type: ignore[call-overload]
    )
    return result


def spawn_server(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str],
    folder: Path = Path("/"),
    account: Account = CALLER,
) -> ProcessRef:
    """Starts `command` and returns its process at once.

    It gets a session of its own, so that Ctrl-C in one command does not stop a server that another one uses.

    Args:
        command: program and arguments.
        log: gets the output at its end; made with mode 0600.
        environment: all variables that the process gets.
        folder: the working folder.
        account: the user that it runs as.
    """
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        child = subprocess.Popen(
            [*account.prefix, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
            **account.options(),  # type: ignore[call-overload]
        )
    finally:
        os.close(handle)
    _children[child.pid] = child
    # A child that has ended already can still be looked at, because nobody has waited for it yet.
    return ProcessRef(child.pid, _start_mark(psutil.Process(child.pid)))


def stop_process(process: ProcessRef, signals: Sequence[tuple[signal.Signals, float]]) -> bool:
    """Sends the signals in turn and waits the seconds of each. Returns whether the process has ended."""
    for number, seconds in signals:
        if not process.is_alive():
            return True
        try:
            os.kill(process.pid, number)
        except ProcessLookupError:
            return True
        if wait_until(lambda: not process.is_alive(), seconds):
            return True
    return not process.is_alive()


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Asks `condition` again and again. Returns True once it holds, False after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True


def find_by_folder(folder: Path) -> list[ProcessRef]:
    """Returns the processes whose working folder is `folder`."""
    found = [ProcessRef.of(pid) for pid in psutil.pids() if works_in(pid, folder)]
    return [process for process in found if process is not None]


def works_in(pid: int, folder: Path) -> bool:
    """Returns whether the process `pid` works in `folder`; False if it cannot be looked at."""
    try:
        return bool(psutil.Process(pid).cwd() == str(folder))
    except (psutil.Error, OSError):
        return False


def read_log_tail(log: Path, offset: int = 0, lines: int = 3) -> str:
    """Returns the last `lines` lines of `log` after the byte `offset`, joined to one."""
    if not log.exists():
        return "(no log)"
    with log.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(offset, size - 4096))
        text = stream.read().decode("utf-8", errors="replace")
    return " | ".join([line.strip() for line in text.splitlines() if line.strip()][-lines:]) or "(empty log)"
