"""Start, recognise and stop an HTTP server of the stack: one child process on a loopback port."""

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from pydantic import BaseModel, ConfigDict

from noticias.local.errors import LocalStackError
from noticias.local.files import ensure_directory
from noticias.local.ports import LOOPBACK, choose_port
from noticias.local.processes import (
    ProcessRef,
    find_by_folder,
    read_log_tail,
    spawn_server,
    stop_process,
)

HEALTH_POLL_S = 0.1

_PORT_TAKEN = ("address already in use", "is already in use")
_PROJECT = Path(__file__).parents[2]


class ServerRecord(BaseModel):
    """A running server as the stack's state file remembers it.

    `database` names the PostgreSQL process it was started on: with another one, it has to be started anew.
    """

    model_config = ConfigDict(frozen=True)

    pid: int
    started: str
    port: int
    database: str

    @property
    def process(self) -> ProcessRef:
        """The server's process."""
        return ProcessRef(self.pid, self.started)


@dataclass(frozen=True)
class ServerPlan:
    """How one server is started.

    `folder` is its working folder and nobody else's, by which its processes are found again even if the
    command that started them died before it could write them down.
    """

    name: str
    title: str
    folder: Path
    log: Path
    command: tuple[str, ...]
    environment: Callable[[int], Mapping[str, str]]
    health_path: str
    preferred_port: int
    database: str
    start_timeout_s: float


def base_environment() -> dict[str, str]:
    """Return what every server process gets: the project's code, and nothing of the caller's secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(_PROJECT), "PYTHONUNBUFFERED": "1", "TZ": "UTC"}


def python_module(*arguments: str) -> tuple[str, ...]:
    """Return the command line that runs a module with this interpreter."""
    return (sys.executable, "-m", *arguments)


class StartingServer:
    """A server on its way up: `record` is known at once, wait() returns when it answers."""

    def __init__(self, plan: ServerPlan) -> None:
        self.plan = plan
        self._ports = [plan.preferred_port, 0, 0]
        ensure_directory(plan.folder)
        ensure_directory(plan.log.parent)
        # Hung, or left by a command that died, or at work on a PostgreSQL that is no more.
        end_server(plan.folder, plan.title)
        self.record = self._spawn()

    def wait(self) -> ServerRecord:
        """Return the record of the server once its health check answers 200.

        A port that somebody else took in the meantime is changed for another. Raises LocalStackError with the
        end of the log if the server ends or takes longer than the plan allows; it is stopped then.
        """
        deadline = time.monotonic() + self.plan.start_timeout_s
        while time.monotonic() < deadline:
            if is_healthy(self.plan, self.record):
                return self.record
            if not self.record.process.is_alive():
                if not self._ports or not self._port_was_taken():
                    break
                self.record = self._spawn()
            time.sleep(HEALTH_POLL_S)
        end_server(self.plan.folder, self.plan.title)
        words = read_log_tail(self.plan.log, self._offset)
        raise LocalStackError(f"{self.plan.title} did not start: {words}", f"See {self.plan.log}")

    def _port_was_taken(self) -> bool:
        words = read_log_tail(self.plan.log, self._offset, lines=20).lower()
        return any(phrase in words for phrase in _PORT_TAKEN)

    def _spawn(self) -> ServerRecord:
        plan = self.plan
        self._offset = plan.log.stat().st_size if plan.log.exists() else 0
        port = choose_port(self._ports.pop(0))
        process = spawn_server(
            plan.command, log=plan.log, environment=plan.environment(port), folder=plan.folder
        )
        return ServerRecord(pid=process.pid, started=process.started, port=port, database=plan.database)


def is_healthy(plan: ServerPlan, record: ServerRecord, timeout_s: float = 2.0) -> bool:
    """Tell whether the recorded process lives and answers its health check with 200."""
    if not record.process.is_alive():
        return False
    try:
        # No proxy and no settings of the caller's: it is this machine that is asked.
        with httpx.Client(trust_env=False, timeout=timeout_s, verify=False) as client:
            answer = client.get(f"http://{LOOPBACK}:{record.port}{plan.health_path}")
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK


def is_usable(plan: ServerPlan, record: ServerRecord) -> bool:
    """Tell whether a server can be joined: it answers, if busy after a while, on the same PostgreSQL."""
    if record.database != plan.database:
        return False
    return any(is_healthy(plan, record, timeout_s=seconds) for seconds in (2.0, 10.0, 20.0))


def end_server(folder: Path, title: str, grace_s: float = 20.0) -> None:
    """End every process whose working folder is `folder`, known or left by a crash.

    They are asked first, so that they can write what they still hold, and ended after `grace_s`.
    """
    for process in find_by_folder(folder.resolve()):
        if not stop_process(process, ((signal.SIGTERM, grace_s), (signal.SIGKILL, 5.0))):
            raise LocalStackError(f"{title} (pid {process.pid}) does not end", f"Run 'kill -9 {process.pid}'")
