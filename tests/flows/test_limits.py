"""Limits that workers share, in a real Prefect server and before a server that keeps Groq's limits."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator

import pytest

from newsroom.engines.groq import GroqEngine
from noticias.commands.limits import apply_limits
from noticias.local.stack import StackAddresses
from runs import limits as shared
from runs.limits import REQUESTS, TOKENS, SharedLimits
from tests.contract.groq_fixtures import GOOD, make_question
from tests.contract.groq_rules import Limits
from tests.contract.groq_server import GroqServer
from tests.flows.shared_limit import Job, let_them_work, remove_limits, set_limit, workers

BOUND_S = 60
NEVER = 1e-6


@pytest.fixture(autouse=True)
async def no_limits_left(prefect_api: str) -> AsyncIterator[None]:
    await remove_limits(REQUESTS, TOKENS)
    yield
    await remove_limits(REQUESTS, TOKENS)


async def slots_in_use(name: str) -> int:
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        return (await client.read_global_concurrency_limit_by_name(name)).active_slots


async def test_two_processes_together_keep_the_limit_and_every_question_is_answered(
    stack_addresses: StackAddresses,
) -> None:
    rpm = 1200
    limits = Limits(rpm=rpm)
    jobs = [Job("questions", 20, 20)] * 2
    with GroqServer(answer=GOOD, limits=limits) as server, workers(jobs, server, stack_addresses) as started:
        await set_limit(REQUESTS, rpm, used_up=True)
        set_at = time.monotonic()
        failures = await asyncio.to_thread(let_them_work, started)
    assert failures == []
    assert server.count() == 40
    assert limits.refused == {}
    # Nothing was free when the limit was made: no request came before its slot had decayed.
    for number, request in enumerate(sorted(server.requests, key=lambda request: request.at), 1):
        assert number <= (request.at - set_at + 0.5) * rpm / 60


async def test_questions_wait_for_slots_and_all_pass() -> None:
    await set_limit(REQUESTS, 600, used_up=True)
    admission = SharedLimits()
    begun = time.monotonic()
    async with asyncio.timeout(BOUND_S):
        await asyncio.gather(*(admission.enter(100) for _ in range(20)))
    assert time.monotonic() - begun > 20 / (600 / 60) - 0.5


async def test_tokens_are_taken_and_what_was_not_used_is_given_back() -> None:
    await set_limit(TOKENS, 6_000, used_up=False, decay=NEVER)
    admission = SharedLimits()
    await admission.enter(5_000)
    assert await slots_in_use(TOKENS) == 5_000
    await admission.leave(5_000, 1_200)
    assert await slots_in_use(TOKENS) == 1_200


async def test_a_request_larger_than_the_whole_limit_waits_for_all_of_it_and_not_for_ever() -> None:
    await set_limit(TOKENS, 60_000, used_up=True)
    admission = SharedLimits()
    async with asyncio.timeout(BOUND_S):
        await asyncio.gather(admission.enter(500), admission.enter(60), admission.enter(700))
        await set_limit(TOKENS, 60_000, used_up=False)
        await admission.enter(10_000_000)
    assert await slots_in_use(TOKENS) > 0


async def test_a_large_request_is_not_outrun_by_small_ones_of_another_worker() -> None:
    await set_limit(TOKENS, 60_000, used_up=True)
    large, small = SharedLimits(), SharedLimits()
    done = asyncio.Event()

    async def hurry() -> None:
        while not done.is_set():
            await small.enter(300)

    async with asyncio.timeout(BOUND_S), asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(hurry())
        await large.enter(3_000)
        done.set()


async def test_who_is_cancelled_in_line_keeps_nobody_waiting() -> None:
    await set_limit(REQUESTS, 60, used_up=True)
    admission = SharedLimits()
    first, second, third = (asyncio.create_task(admission.enter(1)) for _ in range(3))
    await asyncio.sleep(0)
    first.cancel()
    second.cancel()
    async with asyncio.timeout(BOUND_S):
        await third
        ended = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(outcome) for outcome in ended] == [asyncio.CancelledError] * 2


async def test_tokens_given_back_wake_the_one_who_waits_for_them() -> None:
    await set_limit(TOKENS, 600, used_up=False, decay=NEVER)
    admission = SharedLimits()
    await admission.enter(590)
    waiting = asyncio.create_task(admission.enter(590))
    async with asyncio.timeout(BOUND_S):
        await admission.leave(590, 10)
        await waiting


async def count_requests(monkeypatch: pytest.MonkeyPatch, admission: SharedLimits) -> int:
    calls = 0
    original = shared._call

    async def counting(request):  # type: ignore[no-untyped-def]
        nonlocal calls
        calls += 1
        return await original(request)

    with monkeypatch.context() as patch:
        patch.setattr(shared, "_call", counting)
        for _ in range(5):
            await admission.enter(10)
            await admission.leave(10, 5)
    return calls


async def test_without_limits_everything_passes_which_is_found_out_and_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    admission = SharedLimits()
    with caplog.at_level(logging.WARNING, "newsroom.limits"):
        assert await count_requests(monkeypatch, admission) == 2
        monkeypatch.setattr(shared, "LOOK_AGAIN_S", 0.0)
        assert await count_requests(monkeypatch, SharedLimits()) >= 10
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 4
    assert f"limit {REQUESTS} is not kept" in said[0]


async def test_a_limit_that_is_made_later_is_kept_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    admission = SharedLimits()
    monkeypatch.setattr(shared, "LOOK_AGAIN_S", 0.0)
    await admission.enter(1)
    await set_limit(REQUESTS, 60, used_up=False, decay=NEVER)
    await admission.enter(1)
    assert await slots_in_use(REQUESTS) == 1


async def test_a_server_that_does_not_answer_keeps_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from prefect import settings

    with settings.temporary_settings({settings.PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        async with asyncio.timeout(BOUND_S):
            assert await count_requests(monkeypatch, SharedLimits()) == 2
    assert [record.levelname for record in caplog.records if record.name == "newsroom.limits"] == [
        "WARNING"
    ] * 2


@pytest.mark.parametrize(
    ("change", "words"),
    [({"active": False}, "switched off"), ({"slot_decay_per_second": 0}, "do not decay")],
)
async def test_a_limit_that_cannot_be_kept_lets_pass_and_says_why(
    change: dict[str, object], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate

    await set_limit(REQUESTS, 60, used_up=True)
    async with get_client() as client:
        await client.update_global_concurrency_limit(
            REQUESTS, GlobalConcurrencyLimitUpdate.model_validate(change)
        )
    async with asyncio.timeout(BOUND_S):
        await SharedLimits().enter(1)
    assert words in caplog.text


async def test_the_engine_asks_the_limits_before_it_asks_groq() -> None:
    await set_limit(REQUESTS, 60, used_up=False, decay=NEVER)
    await set_limit(TOKENS, 60_000, used_up=False, decay=NEVER)
    with GroqServer(answer=GOOD) as server:
        engine = GroqEngine(
            "gsk-test", "openai/gpt-oss-120b", base_url=server.base_url, admission=SharedLimits()
        )
        completion = await engine.complete(make_question())
        await engine.close()
    assert server.count() == 1
    assert await slots_in_use(REQUESTS) == 1
    used = completion.tokens_in - completion.tokens_cached + completion.tokens_out
    assert await slots_in_use(TOKENS) == used


async def test_the_command_makes_changes_and_removes_limits_and_leaves_what_it_was_not_told() -> None:
    both = {REQUESTS: 60, TOKENS: 8_000}
    made = await apply_limits(both, remove=False)
    assert made == [
        f"{REQUESTS}: 60 a minute, at most 60 at once, 0 in use",
        f"{TOKENS}: 8000 a minute, at most 8000 at once, 0 in use",
    ]
    assert await apply_limits(both, remove=False) == made
    changed = await apply_limits({REQUESTS: 30, TOKENS: None}, remove=False)
    assert changed == [f"{REQUESTS}: 30 a minute, at most 30 at once, 0 in use", made[1]]
    neither = dict.fromkeys(both)
    assert await apply_limits(neither, remove=True) == [f"{REQUESTS}: removed", f"{TOKENS}: removed"]
    assert await apply_limits(neither, remove=True) == [f"{REQUESTS}: no limit", f"{TOKENS}: no limit"]
