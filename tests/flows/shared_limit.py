"""What test and bench of the shared limits have in common: a limit in Prefect, and workers that share it."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from noticias.local.prefect_server import client_environment
from noticias.local.stack import StackAddresses
from tests.contract.groq_server import GroqServer

PROJECT = Path(__file__).parents[2]
_PATIENCE_S = 600


@dataclass(frozen=True)
class Job:
    """What one worker does: `number` questions or articles, `at_once` at the same time."""

    what: str
    number: int
    at_once: int


async def set_limit(name: str, per_minute: int, *, used_up: bool, decay: float | None = None) -> None:
    """Makes the limit anew in Prefect; `used_up` has all of it in use, so that only the decay gives.

    `decay` is in slots a second; None is what gives the whole limit in a minute.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate, GlobalConcurrencyLimitUpdate

    slots = per_minute if used_up else 0
    made = GlobalConcurrencyLimitCreate(
        name=name, limit=per_minute, slot_decay_per_second=per_minute / 60 if decay is None else decay
    )
    await remove_limits(name)
    async with get_client() as client:
        await client.create_global_concurrency_limit(made)
        await client.update_global_concurrency_limit(name, GlobalConcurrencyLimitUpdate(active_slots=slots))


async def remove_limits(*names: str) -> None:
    """Removes the limits that there are."""
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    async with get_client() as client:
        for name in names:
            try:
                await client.delete_global_concurrency_limit_by_name(name)
            except ObjectNotFound:
                continue


@contextmanager
def workers(
    jobs: list[Job], server: GroqServer, addresses: StackAddresses
) -> Iterator[list["subprocess.Popen[str]"]]:
    """Has a process for each job, which is ready and waits to be started; what still runs is killed."""
    url = addresses.prefect_api_url
    assert url is not None
    environment = {
        **os.environ,
        **client_environment(url, addresses.home),
        "NOTICIAS_HOME": str(addresses.home / f"worker-{uuid.uuid4().hex}"),
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.flows.asking_worker",
             job.what, str(job.number), str(job.at_once), server.base_url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PROJECT, env=environment, text=True,
        )
        for job in jobs
    ]  # fmt: skip
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        yield started
    finally:
        for process in started:
            process.kill()
            process.communicate()


def let_them_work(started: list["subprocess.Popen[str]"]) -> list[str]:
    """Starts the workers together, and returns what failed in any once all are done."""
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    failures: list[str] = []
    for process in started:
        assert process.stdout is not None
        failures += json.loads(process.stdout.readline())
    for process in started:
        process.wait(_PATIENCE_S)
    return failures
