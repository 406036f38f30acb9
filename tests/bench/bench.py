"""What every measurement needs: a stack, a model with a settable delay, processes and their CPU."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from noticias.local.prefect_server import client_environment
from noticias.local.stack import Ports, StackAddresses, open_stack

PROJECT = Path(__file__).parents[2]
MODEL = "openai/gpt-oss-120b"
WARM_UP = 2
"""Articles that a client reads before it is measured."""


@dataclass(frozen=True)
class Line:
    """One line of the report: what was measured, the goal, and whether it is met (None: there is no goal)."""

    section: str
    what: str
    value: str
    goal: str = ""
    met: bool | None = None


@dataclass
class Bench:
    """A running stack and the lines measured on it so far."""

    addresses: StackAddresses
    lines: list[Line] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    _next: int = 1

    def add(self, section: str, what: str, value: str, goal: str = "", met: bool | None = None) -> None:
        """Notes a line and prints it."""
        line = Line(section, what, value, goal, met)
        self.lines.append(line)
        verdict = "" if met is None else "  met" if met else "  NOT MET"
        print(f"{section:>2}  {what:<72} {value:>14}  {goal}{verdict}", flush=True)

    def environment(self, **extra: str) -> dict[str, str]:
        """Returns the environment of a client process on the stack."""
        at = self.addresses
        assert at.prefect_api_url is not None
        assert at.supabase_url is not None
        assert at.service_role_key is not None
        return {
            **os.environ,
            **client_environment(at.prefect_api_url, at.home),
            "NOTICIAS_HOME": str(at.home),
            "SUPABASE_URL": at.supabase_url,
            "SUPABASE_SERVICE_ROLE_KEY": at.service_role_key.get_secret_value(),
            "PYTHONPATH": str(PROJECT),
            **extra,
        }

    def run_client(self, way: str, count: int, concurrency: int, **extra: str) -> dict[str, float]:
        """Returns what one client process took for `count` new articles, server CPU included."""
        return self.finish(self.start_client(way, count, concurrency, **extra))

    def start_client(self, way: str, count: int, concurrency: int, **extra: str) -> "Client":
        """Starts a client process that reads `count` new articles."""
        first = self.take_numbers(count + WARM_UP)
        command = [sys.executable, "-m", "tests.bench.client", way, str(first), str(count), str(concurrency)]
        process = subprocess.Popen(
            command,
            env=self.environment(**extra),
            cwd=self.addresses.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        return Client(process, self.server_cpu())

    def take_numbers(self, count: int) -> int:
        """Returns the first of `count` numbers of articles that nobody else has."""
        first, self._next = self._next, self._next + count
        return first

    def finish(self, client: "Client") -> dict[str, float]:
        """Waits for a client and returns what it printed, with the CPU seconds of the servers meanwhile."""
        output, errors = client.process.communicate(timeout=900)
        if client.process.returncode:
            raise RuntimeError(errors[-2000:])
        taken: dict[str, float] = json.loads(output.splitlines()[-1])
        after = self.server_cpu()
        for name, seconds in after.items():
            taken[f"cpu_{name}"] = seconds - client.servers_before.get(name, 0.0)
        return taken

    def server_cpu(self) -> dict[str, float]:
        """Returns the CPU seconds so far of Prefect's server, PostgreSQL and the REST server."""
        state = json.loads((self.addresses.home / "stack.json").read_text())
        used = {
            name: cpu_seconds(psutil.Process(record["pid"]))
            for name, record in state.get("servers", {}).items()
        }
        pid = int((self.addresses.home / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])
        used["postgres"] = cpu_seconds(psutil.Process(pid))
        return used


@dataclass
class Client:
    """A client process under way."""

    process: "subprocess.Popen[str]"
    servers_before: dict[str, float]


def cpu_seconds(process: psutil.Process) -> float:
    """Returns the CPU seconds so far of a process, its children and what it has waited for."""
    times = process.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in process.children(recursive=True):
        try:
            inner = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += inner.user + inner.system
    return float(total)


@dataclass
class Model:
    """The local Groq's address, and a way to ask it for its counts."""

    base_url: str
    process: "subprocess.Popen[str]"

    def counts(self) -> dict[str, int]:
        """Returns how many requests it answered and refused so far."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("counts\n")
        self.process.stdin.flush()
        counted: dict[str, int] = json.loads(self.process.stdout.readline())
        return counted

    def settings(self, **extra: str) -> dict[str, str]:
        """Returns the variables that make a client ask it."""
        return {
            "NOTICIAS_ENGINE": "groq",
            "GROQ_API_KEY": "gsk-bench",
            "GROQ_BASE_URL": self.base_url,
            "NOTICIAS_GROQ_MODEL": MODEL,
            **extra,
        }


@contextmanager
def running_model(latency_s: float, rpm: int = 0, tpm: int = 0) -> Iterator[Model]:
    """Yields a local Groq that answers after `latency_s` seconds. A limit a minute of 0 is no limit."""
    command = [sys.executable, "-m", "tests.bench.model", str(latency_s), str(rpm), str(tpm)]
    process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Model(process.stdout.readline().strip(), process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


@contextmanager
def running_bench(home: Path) -> Iterator[Bench]:
    """Yields a bench on a stack of its own under `home`."""
    with open_stack(home, ports=Ports(prefect=0, rest=0, database=0)) as addresses:
        yield Bench(addresses)
