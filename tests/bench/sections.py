"""The measurements, one function a section of the page; each adds its lines to the bench."""

import json
import os
import statistics
import subprocess
import sys
import time

import psutil

from tests.bench.bench import PROJECT, Bench, cpu_seconds, running_model
from tests.stack import NOTICIAS

CALLS = 4
"""Model calls one after another in an article's critical path: triage, elements, quotations, relations."""
MANY, AT_ONCE = 64, 32
HUNDRED, FEW, MANY_BARE, PLACES = 100, 10, 500, 8


def measure_efficiency(bench: Bench) -> None:
    """Wall time of 64 articles, 32 at once, over the ideal: the critical path times the waves."""
    for latency, goal in ((2.0, 1.25), (1.0, 1.6)):
        with running_model(latency) as model:
            settings = model.settings(NOTICIAS_GROQ_MAX_IN_FLIGHT="64")
            taken = bench.run_client("flows", MANY, AT_ONCE, **settings)
        ratio = taken["seconds"] / (MANY / AT_ONCE * CALLS * latency)
        bench.figures[f"seconds_{latency:g}"] = taken["seconds"] / MANY
        what = f"{MANY} articles, {AT_ONCE} at once, {latency:g} s a call"
        bench.add("1", f"{what}: time over the ideal", f"{ratio:.2f}", f"<= {goal}", ratio <= goal)
        cpu = sum(seconds for name, seconds in taken.items() if name.startswith("cpu")) / MANY
        bench.add("1", f"{what}: CPU an article, all processes", f"{1000 * cpu:.0f} ms")


def measure_orchestration(bench: Bench) -> None:
    """CPU and wall time for each article when model and database take none."""
    ours = bench.run_client("scripted", HUNDRED, PLACES)
    bare = bench.run_client("asyncio", MANY_BARE, PLACES)
    plain = run_defaults(bench, FEW, PLACES)
    us, default = ours["seconds"] / HUNDRED, plain["seconds"] / FEW
    loop = bare["seconds"] / MANY_BARE
    bench.figures["orchestration_seconds"] = (us, loop, default)
    spent = {name: ours[name] / HUNDRED for name in ("cpu", "cpu_prefect", "cpu_postgres")}
    total, default_total = sum(spent.values()), (plain["cpu"] + plain["cpu_prefect"]) / FEW
    loop_cpu = bare["cpu"] / MANY_BARE
    for name, mine, theirs, least in (
        ("wall time", us, default, loop),
        ("CPU of all processes", total, default_total, loop_cpu),
    ):
        ratio = theirs / mine
        bench.add("2", f"{name} an article: Prefect's defaults over ours", f"{ratio:.1f}", ">= 8", ratio >= 8)
        bench.add("2", f"{name} an article: ours over a bare asyncio loop", f"{mine / least:.0f}")
        bench.add("2", f"{name} an article: ours", f"{1000 * mine:.0f} ms")
    for name, where in (
        ("cpu", "the client"),
        ("cpu_prefect", "Prefect's server"),
        ("cpu_postgres", "PostgreSQL"),
    ):
        bench.add("2", f"CPU an article in {where}", f"{1000 * spent[name]:.0f} ms")


def run_defaults(bench: Bench, count: int, concurrency: int) -> dict[str, float]:
    """Returns what a plain flow takes on a server that Prefect starts with nothing set (SQLite)."""
    home = bench.addresses.home / "defaults"
    home.mkdir(exist_ok=True)
    port = _free_port()
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PREFECT_", "NOTICIAS_"))
    } | {"PREFECT_HOME": str(home), "DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/health")
        before = cpu_seconds(psutil.Process(server.pid))
        client = subprocess.run(
            [sys.executable, "-m", "tests.bench.client", "defaults", "1", str(count), str(concurrency)],
            env=environment | {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api", "PYTHONPATH": str(PROJECT)},
            cwd=home,
            capture_output=True,
            text=True,
            check=True,
            timeout=400,
        )
        used = cpu_seconds(psutil.Process(server.pid)) - before
    finally:
        server.terminate()
        server.wait(30)
    return {**json.loads(client.stdout.splitlines()[-1]), "cpu_prefect": used}


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, seconds: float = 120) -> None:
    import httpx

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if httpx.get(url, timeout=2, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise TimeoutError(url)


def measure_old_way(bench: Bench) -> None:
    """Throughput at 32 at once over that of one blocking call after another."""
    for latency, goal in ((0.5, 12.0), (2.0, 24.0)):
        with running_model(latency) as model:
            settings = model.settings(NOTICIAS_GROQ_MAX_IN_FLIGHT="64")
            old = bench.run_client("blocking", 1, 1, **settings)["seconds"]
            new = bench.figures.get(f"seconds_{latency:g}")
            if new is None:
                new = bench.run_client("flows", MANY, AT_ONCE, **settings)["seconds"] / MANY
        ratio = old / new
        bench.figures[f"old_{latency:g}"] = ratio
        bench.add(
            "3",
            f"articles a second, {latency:g} s a call: ours, {AT_ONCE} at once, over the old way",
            f"{ratio:.1f}",
            f">= {goal:g}",
            ratio >= goal,
        )


def measure_growth(bench: Bench) -> None:
    """Time, CPU and memory for each article of a feed as their number grows."""
    ten, thousand, after = (bench.run_client("feed", number, PLACES) for number in (10, 1000, HUNDRED))
    for name, key in (("time", "seconds"), ("client CPU", "cpu")):
        first = thousand[f"hundred_{key}"]
        hundred = (first + after[key]) / 2 / HUNDRED
        ratio = thousand[key] / 1000 / hundred
        bench.add("4", f"{name} an article: 1000 over 100", f"{ratio:.2f}", "<= 1.15", ratio <= 1.15)
        bench.add("4", f"{name} an article: 100 over 10", f"{hundred / (ten[key] / 10):.2f}")
        drift = after[key] / first
        bench.add("4", f"{name} an article: a hundred after over the first hundred", f"{drift:.2f}")
    grown = thousand["peak_mb"] - thousand["hundred_peak_mb"]
    bench.add(
        "4", "peak memory: after 1000 articles less after 100", f"{grown:.0f} MB", "< 30 MB", grown < 30
    )


def measure_start_up(bench: Bench) -> None:
    """How long a person waits for the command line."""

    def seconds(*arguments: str, **extra: str) -> float:
        begun = time.perf_counter()
        subprocess.run(
            [str(NOTICIAS), *arguments],
            env=bench.environment(**extra),
            cwd=bench.addresses.home,
            check=True,
            capture_output=True,
            timeout=300,
        )
        return time.perf_counter() - begun

    help_s = statistics.median(seconds("--help") for _ in range(5))
    bench.add("8", "noticias --help", f"{help_s:.2f} s", "< 0.5 s", help_s < 0.5)
    example = str(PROJECT / "examples" / "01-ley-de-aguas-chile.json")
    own = {"SUPABASE_URL": "", "SUPABASE_SERVICE_ROLE_KEY": "", "PREFECT_API_URL": ""}
    ports = {"NOTICIAS_PREFECT_PORT": "0", "NOTICIAS_REST_PORT": "0", "NOTICIAS_DB_PORT": "0"}
    cold_home = str(bench.addresses.home / "cold")
    cold = seconds("process", example, NOTICIAS_HOME=cold_home, **own, **ports)
    again = seconds("process", example, NOTICIAS_HOME=cold_home, **own, **ports)
    warm = seconds("process", "--reprocesar", example)
    bench.add("8", "noticias process, one article: nothing there yet", f"{cold:.1f} s")
    bench.add("8", "noticias process, one article: servers have to be started", f"{again:.1f} s")
    bench.add("8", "noticias process, one article: servers are running", f"{warm:.1f} s")
