"""The measurements, one function a section of the page; each adds its lines to the bench."""

import json
import os
import re
import statistics
import subprocess
import sys
import time

from tests.bench.bench import PROJECT, Bench, running_model
from tests.stack import NOTICIAS

CALLS = 4
"""Model calls one after another in an article's critical path: triage, elements, quotations, relations."""


def measure_efficiency(bench: Bench) -> None:
    """Wall time of 64 articles, 32 at once, over the ideal: the critical path times the waves."""
    for latency, goal in ((2.0, 1.25), (1.0, 1.6)):
        with running_model(latency) as model:
            taken = bench.run_client("flows", 64, 32, **model.settings(NOTICIAS_GROQ_MAX_IN_FLIGHT="64"))
        ratio = taken["seconds"] / (64 / 32 * CALLS * latency)
        bench.figures[f"efficiency_{latency:g}"] = ratio
        bench.add(
            "1",
            f"64 articles, 32 at once, {latency:g} s a call: time over the ideal",
            f"{ratio:.2f}",
            f"<= {goal}",
            ratio <= goal,
        )


def measure_orchestration(bench: Bench, rounds: int = 3) -> None:
    """CPU and wall time for each article when model and database take none."""
    ours = [bench.run_client("scripted", 64, 8) for _ in range(rounds)]
    bare = [bench.run_client("asyncio", 64, 8) for _ in range(rounds)]
    plain = [run_defaults(bench, 12, 4)]
    for name, key in (("wall", "seconds"), ("client CPU", "cpu")):
        us, loop = _each(ours, key, 64), _each(bare, key, 64)
        default = _each(plain, key, 12)
        bench.figures[f"orchestration_{key}"] = (us, loop, default)
        goal, met = (">= 8", default / us >= 8) if key == "seconds" else ("", None)
        bench.add("2", f"{name} an article: Prefect's defaults over ours", f"{default / us:.1f}", goal, met)
        bench.add("2", f"{name} an article: ours over a bare asyncio loop", f"{us / loop:.1f}")
        bench.add("2", f"{name} an article: ours", f"{1000 * us:.0f} ms")
    for server in ("prefect", "postgres", "gateway"):
        cost = statistics.median(run[f"cpu_{server}"] for run in ours) / 64
        bench.figures[f"cpu_{server}"] = cost
        bench.add("2", f"CPU an article in the {server} server", f"{1000 * cost:.0f} ms")


def _each(runs: list[dict[str, float]], key: str, count: int) -> float:
    return statistics.median(run[key] for run in runs) / count


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
        client = subprocess.run(
            [sys.executable, "-m", "tests.bench.client", "defaults", "1", str(count), str(concurrency)],
            env=environment | {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api", "PYTHONPATH": str(PROJECT)},
            cwd=home,
            capture_output=True,
            text=True,
            check=True,
            timeout=400,
        )
    finally:
        server.terminate()
        server.wait(30)
    return dict(json.loads(client.stdout.splitlines()[-1]))


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
    for latency, goal, count in ((0.5, 12.0, 32), (2.0, 24.0, 64)):
        with running_model(latency) as model:
            settings = model.settings(NOTICIAS_GROQ_MAX_IN_FLIGHT="64")
            old = bench.run_client("blocking", 3, 1, **settings)["seconds"] / 3
            new = bench.run_client("flows", count, 32, **settings)["seconds"] / count
        ratio = old / new
        bench.figures[f"old_{latency:g}"] = ratio
        bench.add(
            "3",
            f"articles a second, {latency:g} s a call: ours, 32 at once, over the old way",
            f"{ratio:.1f}",
            f">= {goal:g}",
            ratio >= goal,
        )


def measure_growth(bench: Bench) -> None:
    """Time, CPU and memory for each article as their number grows."""
    counts = (10, 100, 1000)
    runs = {count: bench.run_client("scripted", count, 8) for count in counts}
    each = {count: runs[count]["seconds"] / count for count in counts}
    cpu = {count: runs[count]["cpu"] / count for count in counts}
    bench.figures["growth"] = each
    spread = each[1000] / each[100]
    bench.add("4", "time an article, 1000 over 100", f"{spread:.2f}", "0.85 to 1.15", 0.85 <= spread <= 1.15)
    bench.add("4", "time an article, 100 over 10", f"{each[100] / each[10]:.2f}")
    bench.add("4", "client CPU an article, 1000 over 100", f"{cpu[1000] / cpu[100]:.2f}")
    grown = runs[1000]["peak_mb"] - runs[100]["peak_mb"]
    bench.add("4", "peak memory, 1000 articles less 100", f"{grown:.0f} MB", "< 30 MB", grown < 30)


def measure_limits(bench: Bench) -> None:
    """The rate reached under a limit of requests a minute that a server enforces, one process and two."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/bench/test_limits.py", "-k", "240"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    pattern = r"(\d+) RPM, (\d) process\(es\): (\d+) of 64 .* ([\d.]+)% of \d+ requests refused, (\d+)% of"
    found = re.findall(pattern, done.stdout)
    if not found:
        raise RuntimeError(done.stdout[-2000:])
    for rpm, processes, failed, refused, used in found:
        where = f"{rpm} RPM, {processes} process{'es' if processes != '1' else ''}"
        rate = int(used) / 100
        bench.add("5", f"{where}: rate used over the rate allowed", f"{rate:.2f}", ">= 0.95", rate >= 0.95)
        bench.add("5", f"{where}: requests refused", f"{refused} %", "< 2 %", float(refused) < 2)
        bench.add("5", f"{where}: articles failed of 64", failed, "0", failed == "0")


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
    ports = {"NOTICIAS_PREFECT_PORT": "0", "NOTICIAS_GATEWAY_PORT": "0", "NOTICIAS_DB_PORT": "0"}
    cold_home = str(bench.addresses.home / "cold")
    cold = seconds("process", example, NOTICIAS_HOME=cold_home, **own, **ports)
    again = seconds("process", example, NOTICIAS_HOME=cold_home, **own, **ports)
    warm = seconds("process", "--reprocesar", example)
    bench.add("8", "noticias process, one article: nothing there yet", f"{cold:.1f} s")
    bench.add("8", "noticias process, one article: servers have to be started", f"{again:.1f} s")
    bench.add("8", "noticias process, one article: servers are running", f"{warm:.1f} s")


def measure_documents(bench: Bench) -> None:
    """Peak memory of the process that reads a document of 400,000 characters, over one of 40,000."""
    peaks = {}
    for characters in (40_000, 400_000):
        folder = bench.addresses.home / f"documento-{characters}"
        folder.mkdir()
        path = folder / "ley.md"
        path.write_text(make_law(characters), encoding="utf-8")
        program = (
            "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=2); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                program,
                str(NOTICIAS),
                "process",
                str(path),
                "--titulo",
                path.parent.name,
            ],
            env=bench.environment(NOTICIAS_ENGINE="local"),
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
            timeout=500,
        )
        peaks[characters] = int(done.stdout.split()[-1]) / 1e3
    ratio = peaks[400_000] / peaks[40_000]
    bench.figures["documents"] = peaks
    bench.add(
        "10", "peak memory: a document of 400,000 over one of 40,000", f"{ratio:.2f}", "< 1.3", ratio < 1.3
    )
    bench.add("10", "peak memory, 400,000 characters", f"{peaks[400_000]:.0f} MB")


def make_law(characters: int) -> str:
    """Returns a law of that many characters, no two articles alike."""
    parts = ["# Ley de prueba\n\n"]
    number, size = 0, 0
    while size < characters:
        number += 1
        part = (
            f"Artículo {number}. El Ministerio de Obras número {number % 9} destinará {number * 37} millones "
            f"de pesos a la provincia {number % 23} desde el {number % 27 + 1} de marzo de "
            f"20{number % 20 + 10:02d}. La directora Ana Ruiz Peña {'bc'[number % 2]} informará al Congreso "
            f"en un plazo de {number} días.\n\n"
        )
        parts.append(part)
        size += len(part)
    return "".join(parts)
