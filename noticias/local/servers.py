"""Starts, finds and stops an HTTP server of the stack: one child process on a loopback port."""

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
    """A running server, as stack.json keeps it.

    `database` names the PostgreSQL process that it uses. If another one runs now, the server has to be
    started again.
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

    Only this server works in `folder`. Its processes are found again by that, even if the command that
    started them died before it wrote them to stack.json.
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
    """Returns the variables of every server process: where the code is, and none of the caller's secrets."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(_PROJECT), "PYTHONUNBUFFERED": "1", "TZ": "UTC"}


def python_module(*arguments: str) -> tuple[str, ...]:
    """Returns the command line that runs a module with this interpreter."""
    return (sys.executable, "-m", *arguments)


class StartingServer:
    """A server that was just started. `record` is known at once; wait() returns when the server answers."""

    def __init__(self, plan: ServerPlan) -> None:
        self.plan = plan
        self._ports = [plan.preferred_port, 0, 0]
        ensure_directory(plan.folder)
        ensure_directory(plan.log.parent)
        # An old process hangs, or was left by a command that died, or uses a PostgreSQL that has ended.
        end_server(plan.folder, plan.title)
        self.record = self._spawn()

    def wait(self) -> ServerRecord:
        """Returns the record of the server once its health check answers 200.

        If another program took the port in the meantime, the server is started on another one.

        Raises:
            LocalStackError: the server ended, or took longer than the plan allows and was stopped. The error
                has the end of its log.
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
    """Returns whether the recorded process lives and answers its health check with 200."""
    if not record.process.is_alive():
        return False
    try:
        # This machine is asked: the caller's proxy and settings are of no use.
        with httpx.Client(trust_env=False, timeout=timeout_s, verify=False) as client:
            answer = client.get(f"http://{LOOPBACK}:{record.port}{plan.health_path}")
    except httpx.TransportError:
        return False
    return answer.status_code == httpx.codes.OK


def is_usable(plan: ServerPlan, record: ServerRecord) -> bool:
    """Returns whether a server can be used as it is: on the same PostgreSQL it answers, at once or late."""
    if record.database != plan.database:
        return False
    return any(is_healthy(plan, record, timeout_s=seconds) for seconds in (2.0, 10.0, 20.0))


def end_server(folder: Path, title: str, grace_s: float = 20.0) -> None:
    """Ends every process that works in `folder`, also those that a crash left.

    They get SIGTERM first, so that they can write what they still hold, and SIGKILL after `grace_s` seconds.

    Raises:
        LocalStackError: a process does not end.
    """
    for process in find_by_folder(folder.resolve()):
        if not stop_process(process, ((signal.SIGTERM, grace_s), (signal.SIGKILL, 5.0))):
            raise LocalStackError(f"{title} (pid {process.pid}) does not end", f"Run 'kill -9 {process.pid}'")
