"""Start server processes that outlive the command, recognise them again, stop them."""

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

# Children of this process, kept so that a dead one is reaped and does not stand as a zombie.
_children: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class ProcessRef:
    """One process, told apart from a later one with the same pid by when it started."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> "ProcessRef | None":
        """Return the reference to the live process `pid`; None if there is none."""
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
        """Tell whether this very process still runs."""
        return ProcessRef.of(self.pid) == self


def _start_mark(process: psutil.Process) -> str:
    """Return when the process started, in a form that a change of the system clock leaves alone."""
    stat = Path(f"/proc/{process.pid}/stat")
    if stat.exists():
        # The 22nd field, in clock ticks since boot; the name in brackets may hold blanks.
        return stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[19]
    return repr(process.create_time())


@dataclass(frozen=True)
class Account:
    """The user a server runs as. Empty: the caller's own.

    `prefix` is put in front of the command line instead, when a program (setpriv) does the change.
    """

    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()

    def options(self) -> dict[str, object]:
        """Return the arguments for `subprocess` that make the change of user."""
        if self.uid is None or self.prefix:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


CALLER = Account()


def run_as(
    account: Account, command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `command` to its end as `account`, its output captured as text."""
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
    """Start `command` in `folder`, in a session of its own, output appended to `log` (0600); return at once.

    The session keeps a Ctrl-C in one command from stopping servers that another command uses.
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
    # A child that is gone already is not reaped before poll(), so its start can still be read.
    return ProcessRef(child.pid, _start_mark(psutil.Process(child.pid)))


def stop_process(process: ProcessRef, signals: Sequence[tuple[signal.Signals, float]]) -> bool:
    """Send each signal in turn and wait its seconds for the process to end; True once it is gone."""
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
    """Ask `condition` until it holds (True) or `seconds` are over (False)."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True


def find_by_folder(folder: Path) -> list[ProcessRef]:
    """Return the processes whose working folder is `folder`, which is how PostgreSQL's are known."""
    found = [ProcessRef.of(pid) for pid in psutil.pids() if works_in(pid, folder)]
    return [process for process in found if process is not None]


def works_in(pid: int, folder: Path) -> bool:
    """Tell whether the process `pid` lives, may be looked at, and has `folder` as its working folder."""
    try:
        return bool(psutil.Process(pid).cwd() == str(folder))
    except (psutil.Error, OSError):
        return False


def read_log_tail(log: Path, offset: int = 0, lines: int = 3) -> str:
    """Return the last `lines` of what stands in `log` after `offset`, joined in one line."""
    if not log.exists():
        return "(no log)"
    with log.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(offset, size - 4096))
        text = stream.read().decode("utf-8", errors="replace")
    return " | ".join([line.strip() for line in text.splitlines() if line.strip()][-lines:]) or "(empty log)"
