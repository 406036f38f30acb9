"""The executor as a process of its own: what a signal does to it and to what it runs."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from noticias.local.prefect_server import client_environment
from noticias.local.stack import StackAddresses
from tests.flows.conftest import prefect_api, prefect_workers
from tests.program.executor_stack import FLOWS, Newsroom, newsroom
from tests.stack import PROJECT
from tests.waiting import until

__all__ = ["newsroom", "prefect_api", "prefect_workers"]

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

_PATIENCE_S = 90

PROGRAM = """
import signal, sys
from noticias.executor.catalogue import Catalogue
from noticias.executor.executor import Executor
from noticias.executor.serving import serve
from runs import runtime
from tests.flows.recording_store import RecordingStore

# As from a terminal: a process begun in the background of a shell may have it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
with runtime.using(store=RecordingStore()):
    executor = Executor(4, drain_s=30, catalogue=Catalogue(sys.argv[1], "tests"))
    serve(executor, register=False, on_ready=lambda: print("ready", flush=True))
print("stopped", flush=True)
"""


@contextmanager
def worker(newsroom: Newsroom, addresses: StackAddresses, home: Path) -> "Iterator[subprocess.Popen[str]]":
    assert addresses.prefect_api_url is not None
    environment = os.environ | client_environment(addresses.prefect_api_url, home)
    environment |= {"NOTICIAS_HOME": str(home), "PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-c", PROGRAM, newsroom.pool]
    with subprocess.Popen(
        command, env=environment, cwd=home, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        # A signal that is lost must fail a test, not hold all of them.
        patience = threading.Timer(_PATIENCE_S, process.kill)
        patience.start()
        try:
            yield process
        finally:
            patience.cancel()
            process.kill()


def signal_process(process: int) -> None:
    os.kill(process, signal.SIGTERM)


def signal_another_thread(process: int) -> None:
    others = [thread.id for thread in psutil.Process(process).threads() if thread.id != process]
    assert ctypes.CDLL(None).tgkill(process, others[0], signal.SIGTERM) == 0


@pytest.mark.parametrize("send", [signal_process, signal_another_thread])
async def test_sigterm_lets_a_run_end_and_then_the_process(
    newsroom: Newsroom, stack_addresses: StackAddresses, tmp_path: Path, send: Callable[[int], None]
) -> None:
    run = await newsroom.start(await newsroom.deploy(f"{FLOWS}.waits_for_file"), carpeta=str(tmp_path))
    with worker(newsroom, stack_addresses, tmp_path) as process:
        await until(lambda: (tmp_path / "empezado").exists())
        send(process.pid)
        assert process.stderr is not None
        assert "letting 1 runs end" in process.stderr.readline()
        (tmp_path / "sigue").touch()
        output, _ = process.communicate(timeout=30)

    assert (process.returncode, output) == (0, "ready\nstopped\n")
    assert (await newsroom.state_of(run)).name == "Completed"


async def test_a_second_signal_hands_the_run_back_and_ends_the_process(
    newsroom: Newsroom, stack_addresses: StackAddresses, tmp_path: Path
) -> None:
    run = await newsroom.start(await newsroom.deploy(f"{FLOWS}.waits_for_file"), carpeta=str(tmp_path))
    with worker(newsroom, stack_addresses, tmp_path) as process:
        await until(lambda: (tmp_path / "empezado").exists())
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        assert "letting 1 runs end" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)

    assert (process.returncode, output) == (0, "ready\nstopped\n")
    assert "Traceback" not in errors
    assert (await newsroom.state_of(run)).name == "AwaitingRetry"
