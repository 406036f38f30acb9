"""Many questions at once, from one event loop and from several."""

import asyncio
import gc
import threading
import time

import pytest

from newsroom.engines.groq import GroqEngine
from newsroom.engines.groq.wire import build_request, estimate_tokens
from newsroom.errors import EngineUnavailable, RateLimited
from tests.contract.groq_fixtures import (
    BROKEN,
    GOOD,
    GOOD_TEXT,
    KEY,
    MODEL,
    Sleeps,
    make_question,
    open_engine,
)
from tests.contract.groq_reactions import Answer, Hang, limited
from tests.contract.groq_rules import Limits, count_prompt
from tests.contract.groq_server import GroqServer


class NotingAdmission:
    """Lets everything pass and notes it."""

    def __init__(self) -> None:
        self.entered: list[int] = []
        self.left: list[tuple[int, int]] = []

    async def enter(self, tokens: int) -> None:
        self.entered.append(tokens)

    async def leave(self, reserved: int, used: int) -> None:
        self.left.append((reserved, used))


async def test_a_hundred_questions_at_once_keep_to_max_in_flight_and_none_times_out_in_line() -> None:
    # Twenty-five rounds of 0.1 s in line are longer than a question's own timeout.
    with GroqServer(answer=GOOD, latency_s=0.1) as server:
        async with open_engine(server, max_in_flight=4, timeout_s=2.0) as engine:
            completions = await asyncio.gather(*(engine.complete(make_question()) for _ in range(100)))
    assert [completion.text for completion in completions] == [GOOD_TEXT] * 100
    assert server.count() == 100
    assert server.most_in_flight == 4


async def test_more_than_the_sdks_own_hundred_connections_can_be_in_flight() -> None:
    with GroqServer(answer=lambda request: Hang()) as server:
        async with open_engine(server, max_in_flight=120) as engine:
            asking = [asyncio.create_task(engine.complete(make_question())) for _ in range(150)]
            await server.wait_for_requests(120)
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
    assert (server.count(), server.most_in_flight) == (120, 120)


async def test_what_one_question_is_told_holds_for_the_others_too() -> None:
    woken = asyncio.Event()
    sleeps = Sleeps()
    sleeping = asyncio.Semaphore(0)

    async def sleep(seconds: float) -> None:
        await sleeps(seconds)
        sleeping.release()
        await woken.wait()

    with GroqServer(answer=GOOD) as server:
        server.script(limited("TPM", "5"))
        async with open_engine(server, sleep) as engine:  # type: ignore[arg-type]
            asking = [asyncio.create_task(engine.complete(make_question()))]
            await sleeping.acquire()
            asking += [asyncio.create_task(engine.complete(make_question())) for _ in range(3)]
            for _ in range(3):
                await sleeping.acquire()
            assert server.count() == 1
            woken.set()
            completions = await asyncio.gather(*asking)
    assert [completion.requests for completion in completions] == [2, 1, 1, 1]
    # As told; when the gate opens; then one by one, the distance halved each time.
    assert sleeps.seconds == pytest.approx([5, 5, 10, 12.5], abs=1)


async def test_who_waits_as_told_holds_no_place() -> None:
    woken = asyncio.Event()

    async def sleep(seconds: float) -> None:
        await woken.wait()

    with GroqServer(answer=GOOD) as server:
        # The wait is longer than the others are held back for.
        server.script(limited("TPM", "500"))
        async with open_engine(server, sleep, max_in_flight=1, max_wait_s=5) as engine:  # type: ignore[arg-type]
            with pytest.raises(RateLimited):
                await engine.complete(make_question())
            assert (await engine.complete(make_question())).requests == 1


async def test_headers_that_leave_too_little_hold_the_next_question() -> None:
    sleeps = Sleeps()
    limits = Limits(tpm=4_000, clock=lambda: 0.0)
    with GroqServer(
        answer=Answer(GOOD_TEXT, reasoning_tokens=2_000, cached_tokens=0), limits=limits
    ) as server:
        async with open_engine(server, sleeps) as engine:
            first = await engine.complete(make_question())
            assert sleeps.seconds == []
            with pytest.raises(RateLimited):
                await engine.complete(make_question())
    used = first.tokens_in + first.tokens_out
    missing = used - (4_000 - used)
    assert 0 < missing < 4_000
    assert sleeps.seconds[0] == pytest.approx(missing / 4_000 * 60, abs=1)


async def test_a_question_that_is_cancelled_gives_its_place_back() -> None:
    with GroqServer(answer=GOOD) as server:
        server.script(Hang())
        async with open_engine(server, max_in_flight=1) as engine:
            hanging = asyncio.create_task(engine.complete(make_question()))
            await server.wait_for_requests(1)
            hanging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await hanging
            async with asyncio.timeout(20):
                assert (await engine.complete(make_question())).text == GOOD_TEXT


async def test_a_callers_own_deadline_is_not_taken_for_groqs() -> None:
    with GroqServer(answer=lambda request: Hang()) as server:
        async with open_engine(server, timeout_s=30) as engine:
            deadline = asyncio.timeout(None)

            async def ask() -> None:
                async with deadline:
                    await engine.complete(make_question())

            asking = asyncio.create_task(ask())
            await server.wait_for_requests(1)
            deadline.reschedule(asyncio.get_running_loop().time())
            with pytest.raises(TimeoutError):
                await asking
    assert server.count() == 1


def test_one_engine_serves_several_event_loops_one_after_another_and_at_once() -> None:
    with GroqServer(answer=GOOD, latency_s=0.2) as server:
        engine = GroqEngine(KEY, MODEL, base_url=server.base_url, max_in_flight=2)

        async def ask(times: int) -> None:
            await asyncio.gather(*(engine.complete(make_question()) for _ in range(times)))
            await engine.close()

        for _ in range(3):
            asyncio.run(ask(2))
        threads = [threading.Thread(target=asyncio.run, args=(ask(4),)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert server.count() == 3 * 2 + 4 * 4
        assert 2 < server.most_in_flight <= 4 * 2


async def test_an_engine_that_was_closed_can_be_asked_again() -> None:
    with GroqServer(answer=GOOD) as server:
        async with open_engine(server) as engine:
            await engine.complete(make_question())
            await engine.close()
            await engine.close()
            assert (await engine.complete(make_question())).text == GOOD_TEXT


def test_loops_that_are_gone_are_forgotten() -> None:
    with GroqServer(answer=GOOD) as server:
        engine = GroqEngine(KEY, MODEL, base_url=server.base_url)

        async def ask() -> None:
            await engine.complete(make_question())
            await engine.close()

        async def ask_and_leave_open() -> None:
            await engine.complete(make_question())

        with pytest.warns(ResourceWarning):  # noqa: PT031 - the sockets of a loop that nobody closed
            asyncio.run(ask_and_leave_open())
            asyncio.run(ask())
            gc.collect()
        assert engine._connection._lines == {}


async def test_admission_is_asked_before_every_request_and_told_what_the_answered_ones_used() -> None:
    admission = NotingAdmission()
    with GroqServer() as server:
        server.script(limited("RPM", "1"), BROKEN, Answer(GOOD_TEXT, cached_tokens=300))
        async with open_engine(server, admission=admission) as engine:
            completion = await engine.complete(make_question())
    entered, left = admission.entered, admission.left
    assert len(entered) == server.count() == 3
    assert entered[0] == entered[1] < entered[2]
    assert entered[0] == estimate_tokens(build_request(MODEL, make_question(), None))
    # The estimate is on the safe side of what a server counts, its own template apart.
    assert entered[0] > count_prompt(server.requests[0].body) + 2_000 - 70
    assert [reserved for reserved, used in left] == entered[1:]
    total = completion.tokens_in - completion.tokens_cached + completion.tokens_out
    assert sum(used for reserved, used in left) == total


async def test_what_admission_raises_is_raised_and_nothing_is_sent() -> None:
    class Closed(Exception):
        pass

    class Refusing(NotingAdmission):
        async def enter(self, tokens: int) -> None:
            raise Closed

    with GroqServer(answer=GOOD) as server:
        async with open_engine(server, admission=Refusing()) as engine:
            with pytest.raises(Closed):
                await engine.complete(make_question())
    assert server.count() == 0


async def test_under_an_enforced_limit_all_are_answered_by_waiting_as_told() -> None:
    """A sleep moves the server's clock on: the limit is real and the wait is not."""
    now = [1000.0]
    limits = Limits(rpm=60, clock=lambda: now[0])
    sleeps = Sleeps()

    async def sleep(seconds: float) -> None:
        await sleeps(seconds)
        now[0] += seconds

    with GroqServer(answer=GOOD, limits=limits) as server:
        async with open_engine(server, sleep, max_in_flight=4, max_wait_s=600) as engine:  # type: ignore[arg-type]
            completions = await asyncio.gather(*(engine.complete(make_question()) for _ in range(80)))
    assert len(completions) == 80
    assert server.count() == 80 + limits.refused["RPM"]
    assert len(sleeps.seconds) >= limits.refused["RPM"] >= 1
    assert sum(completion.requests for completion in completions) == server.count()


async def test_a_slow_server_holds_up_no_other_work_of_the_loop() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.01)

    with GroqServer(answer=GOOD, latency_s=0.5) as server:
        async with open_engine(server) as engine:
            ticking = asyncio.create_task(tick())
            started = time.monotonic()
            await engine.complete(make_question())
            assert time.monotonic() - started >= 0.5
            ticking.cancel()
    assert ticks >= 10


async def test_a_timeout_frees_the_connection_for_the_next() -> None:
    with GroqServer(answer=GOOD) as server:
        server.script(*[Hang()] * 4)
        async with open_engine(server, max_in_flight=2, timeout_s=0.5) as engine:
            failed = await asyncio.gather(
                *(engine.complete(make_question()) for _ in range(4)), return_exceptions=True
            )
            assert [type(each) for each in failed] == [EngineUnavailable] * 4
            assert (await engine.complete(make_question())).text == GOOD_TEXT
