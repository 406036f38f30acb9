"""How much of an allowed rate is used, and how often a server that keeps Groq's limits refuses a request."""

import asyncio
import statistics
from dataclasses import dataclass, field
from itertools import accumulate

from noticias.local.prefect_server import client_environment
from tests.bench.bench import Bench
from tests.contract.groq_reactions import LimitKind
from tests.contract.groq_rules import Limits
from tests.contract.groq_server import GroqServer
from tests.flows.scripts import ANSWERS
from tests.flows.shared_limit import Job, let_them_work, remove_limits, set_limit, workers

LATENCY_S = 0.3


@dataclass(frozen=True)
class Case:
    """A limit a minute, and who works under it."""

    kind: LimitKind
    per_minute: int
    processes: int
    articles: int
    at_once: int


CASES = (
    Case("RPM", 60, 1, 6, 6),
    Case("RPM", 600, 2, 48, 32),
    Case("TPM", 120_000, 1, 28, 16),
)


@dataclass
class CountingLimits(Limits):
    """Limits that also note when each request was answered, and how many tokens it used."""

    taken: list[tuple[float, int]] = field(default_factory=list)

    def settle(self, reserved: int, used: int) -> None:
        """Notes what an answered request used."""
        super().settle(reserved, used)
        self.taken.append((self.clock(), used))


def measure_limits(bench: Bench) -> None:
    """Adds the lines of section 5. Nothing is free at the start, so that all requests wait."""
    from prefect import settings

    url = bench.addresses.prefect_api_url
    assert url is not None
    certificate = client_environment(url, bench.addresses.home)["PREFECT_API_SSL_CERT_FILE"]
    with settings.temporary_settings(
        {settings.PREFECT_API_URL: url, settings.PREFECT_API_SSL_CERT_FILE: certificate}
    ):
        for case in CASES:
            try:
                _measure(bench, case)
            finally:
                asyncio.run(_forget())


async def _forget() -> None:
    from runs.limits import REQUESTS, TOKENS

    await remove_limits(REQUESTS, TOKENS)


def _measure(bench: Bench, case: Case) -> None:
    from runs.limits import REQUESTS, TOKENS

    rpm, tpm = (case.per_minute if case.kind == kind else None for kind in ("RPM", "TPM"))
    limits = CountingLimits(rpm=rpm, tpm=tpm)
    with GroqServer(answers=ANSWERS, latency_s=LATENCY_S, limits=limits) as server:
        each = case.articles // case.processes
        jobs = [Job("articles", each, case.at_once // case.processes) for _ in range(case.processes)]
        with workers(jobs, server, bench.addresses) as started:
            name = REQUESTS if case.kind == "RPM" else TOKENS
            asyncio.run(set_limit(name, case.per_minute, used_up=True))
            bucket = limits.buckets[case.kind]
            bucket.drain()
            bucket.used = float(case.per_minute)
            failures = let_them_work(started)
    taken = limits.taken if tpm else [(request.at, 1) for request in server.requests]
    rate = _steady_rate(taken) / (case.per_minute / 60)
    refused = sum(limits.refused.values()) / server.count()
    where = f"{case.per_minute} {case.kind}, {case.processes} process{'es' if case.processes > 1 else ''}"
    bench.add("5", f"{where}: rate used over the rate allowed", f"{rate:.2f}", ">= 0.95", rate >= 0.95)
    bench.add("5", f"{where}: requests refused", f"{refused:.1%}", "< 2 %", refused < 0.02)
    lost = f"{len(failures)} of {case.articles}"
    bench.add("5", f"{where}: articles failed", lost, "0", not failures)


def _steady_rate(taken: list[tuple[float, int]]) -> float:
    """Returns how much was taken a second, without the beginning and the end, when few requests wait.

    Tokens have the longest beginning: first the requests must give back what they reserved and did not use.
    Requests go in bursts of two seconds. So the rate is the slope of the line through all points, not through
    the first and the last.
    """
    moments = sorted(taken)
    middle = moments[len(moments) // 5 : -len(moments) // 10]
    sums = accumulate(amount for _, amount in middle)
    return statistics.linear_regression([at for at, _ in middle], list(sums)).slope
