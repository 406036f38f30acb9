"""Workers on several hosts against one server and one database."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from tests.bench.bench import PROJECT, Bench, Model, running_model
from tests.bench.client import make_articles
from tests.bench.hosts import Host, can_make_hosts, running_hosts
from tests.chaos.connector import REGISTER
from tests.stack import NOTICIAS

LATENCY_S = 2.0
PLACES = 8
WORKERS = (1, 2, 4)
_POLL_S = 0.2


def measure_scale_out(bench: Bench) -> None:
    """Articles a second of 1, 2 and 4 workers, and how many the server can take."""
    subprocess.run([sys.executable, "-c", REGISTER], env=bench.environment(), cwd=PROJECT, check=True)
    rates: dict[int, float] = {}
    server = 0.0
    with running_model(LATENCY_S) as model, hosts_for(bench, model) as hosts, ExitStack() as workers:
        started = 0
        for count in WORKERS:
            articles = count * PLACES
            workers.enter_context(running_workers(bench, model, hosts, range(started, count)))
            started = count
            before = bench.server_cpu()["prefect"]
            seconds = asyncio.run(read(bench, articles))
            server = (bench.server_cpu()["prefect"] - before) / articles
            rates[count] = articles / seconds
            where = f"{count} host{'s' if count > 1 else ''}" if hosts else "this host"
            bench.add(
                "11",
                f"{count} x `noticias worker` ({PLACES} places) on {where}, {LATENCY_S:g} s a call",
                f"{rates[count]:.2f}/s",
            )
    ideal = PLACES / (4 * LATENCY_S)
    bench.add("11", "the most that one worker can reach", f"{ideal:.2f}/s")
    for count in WORKERS[1:]:
        bench.add("11", f"{count} workers over one", f"{rates[count] / rates[1]:.2f}")
    bench.add("11", "CPU an article in the Prefect server", f"{1000 * server:.0f} ms")
    bench.add("11", "articles a second that one core of the server takes", f"{1 / server:.1f}")


@contextmanager
def hosts_for(bench: Bench, model: Model) -> Iterator[list[Host]]:
    """Yields a host for each worker, or none if this machine cannot make hosts."""
    at = bench.addresses
    urls = [str(at.prefect_api_url), str(at.supabase_url), model.base_url]
    if not can_make_hosts():
        yield []
        return
    with running_hosts(max(WORKERS), urls) as hosts:
        yield hosts


@contextmanager
def running_workers(bench: Bench, model: Model, hosts: list[Host], numbers: range) -> Iterator[None]:
    """Runs a `noticias worker` for each number, on the host of that number and with a home of its own."""
    with ExitStack() as hold:
        started = [_start_worker(bench, model, hosts, number, hold) for number in numbers]
        for home, worker in started:
            assert worker.stdout is not None
            if not worker.stdout.readline().startswith("Worker"):
                raise RuntimeError((home / "worker.err").read_text()[-2000:])
        yield


def _start_worker(
    bench: Bench, model: Model, hosts: list[Host], number: int, hold: ExitStack
) -> tuple[Path, "subprocess.Popen[str]"]:
    home = bench.addresses.home / f"worker-{number}"
    home.mkdir(exist_ok=True)
    environment = bench.environment(
        **model.settings(NOTICIAS_GROQ_MAX_IN_FLIGHT="64"), NOTICIAS_HOME=str(home)
    )
    command = [str(NOTICIAS), "worker", "--limit", str(PLACES), "--drain", "5"]
    if hosts:
        host = hosts[number]
        command = host.command(*command)
        for name in ("PREFECT_API_URL", "SUPABASE_URL", "GROQ_BASE_URL"):
            environment[name] = host.reach(environment[name])
    errors = hold.enter_context((home / "worker.err").open("w"))
    worker = subprocess.Popen(
        command, env=environment, cwd=home, stdout=subprocess.PIPE, stderr=errors, text=True
    )
    hold.callback(worker.wait, 60)
    hold.callback(worker.terminate)
    return home, worker


async def read(bench: Bench, count: int) -> float:
    """Makes `count` runs over the API, and returns the seconds until the last of them has ended."""
    tag = os.urandom(6).hex()
    first = bench.take_numbers(count)
    done = {
        "flow_runs": {
            "tags": {"all_": [tag]},
            "state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}},
        }
    }
    async with httpx.AsyncClient(base_url=str(bench.addresses.prefect_api_url), timeout=60) as api:
        named = await api.get("/deployments/name/process-article/articulo")
        path = f"/deployments/{named.raise_for_status().json()['id']}/create_flow_run"
        begun = time.monotonic()
        for articulo in make_articles(first, count):
            parameters = {"articulo": articulo.model_dump(mode="json", exclude_none=True)}
            (await api.post(path, json={"parameters": parameters, "tags": [tag]})).raise_for_status()
        while (await api.post("/flow_runs/count", json=done)).json() < count:  # noqa: ASYNC110
            await asyncio.sleep(_POLL_S)
        seconds = time.monotonic() - begun
        failed = {**done["flow_runs"], "state": {"type": {"any_": ["FAILED", "CRASHED"]}}}
        if lost := (await api.post("/flow_runs/count", json={"flow_runs": failed})).json():
            raise RuntimeError(f"{lost} of {count} articles failed")
    return seconds
