"""Articles under limits that workers share: requests refused, and how much of the allowed rate is used.

`make bench` runs it; no test does. A server that keeps Groq's limits answers; nothing is free at the start,
so that all requests wait. Ratios only. At 60 RPM it takes four minutes a line, at 240 RPM one.
"""

import asyncio
from collections.abc import Iterator

import pytest

from deployments.local.prefect_server import client_environment
from deployments.local.stack import StackAddresses
from tasks.limits import REQUESTS, TOKENS
from tests.contract.groq_rules import Limits
from tests.contract.groq_server import GroqServer
from tests.flows.scripts import ANSWERS
from tests.flows.shared_limit import Job, let_them_work, remove_limits, set_limit, workers


@pytest.fixture(autouse=True)
def prefect_api(stack_addresses: StackAddresses, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from prefect import settings

    url = stack_addresses.prefect_api_url
    assert url is not None
    certificate = client_environment(url, stack_addresses.home)["PREFECT_API_SSL_CERT_FILE"]
    with settings.temporary_settings(
        {settings.PREFECT_API_URL: url, settings.PREFECT_API_SSL_CERT_FILE: certificate}
    ):
        yield
        asyncio.run(remove_limits(REQUESTS, TOKENS))


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("rpm", [60, 240])
def test_64_articles_under_a_limit_of_requests(
    stack_addresses: StackAddresses, capsys: pytest.CaptureFixture[str], rpm: int, processes: int
) -> None:
    limits = Limits(rpm=rpm)
    with GroqServer(answers=ANSWERS, latency_s=0.3, limits=limits) as server:
        jobs = [Job("articles", 64 // processes, 16) for _ in range(processes)]
        with workers(jobs, server, stack_addresses) as started:
            asyncio.run(set_limit(REQUESTS, rpm, used_up=True))
            bucket = limits.buckets["RPM"]
            bucket.drain()
            bucket.used = float(rpm)
            failures = let_them_work(started)
    arrivals = sorted(request.at for request in server.requests)
    passed = server.count() - limits.refused.get("RPM", 0)
    # The first and the last few come while nothing or little waits.
    used = _steady_rate(arrivals) / (rpm / 60)
    refused = limits.refused.get("RPM", 0) / server.count()
    with capsys.disabled():
        print(
            f"\n{rpm} RPM, {processes} process(es): {len(failures)} of 64 articles failed, "
            f"{refused:.1%} of {server.count()} requests refused, {used:.0%} of the rate used"
        )
    assert failures == []
    assert passed == 64 * 4


def _steady_rate(arrivals: list[float]) -> float:
    middle = arrivals[len(arrivals) // 10 : -len(arrivals) // 10]
    return (len(middle) - 1) / (middle[-1] - middle[0])
