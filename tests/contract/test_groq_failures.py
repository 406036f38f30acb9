"""Each line of docs/design.md, "What fails and who owns it", that Groq can cause.

The questions go through the real SDK. The server counts every request.
"""

import pytest

from newsroom.engines.groq import GroqEngine
from newsroom.errors import (
    EngineRefused,
    EngineUnavailable,
    QuotaExhausted,
    RateLimited,
)
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
from tests.contract.groq_reactions import (
    Drop,
    Hang,
    LimitKind,
    Raw,
    Reaction,
    Refusal,
    bad_request,
    flex_full,
    limited,
    overloaded,
    too_large,
)
from tests.contract.groq_server import GroqServer

# Line 1: 429 per minute ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["RPM", "TPM"])
async def test_a_limit_per_minute_is_waited_for_exactly_as_told(kind: LimitKind) -> None:
    sleeps = Sleeps()
    with GroqServer(answer=GOOD) as server:
        server.script(limited(kind, "7"), limited(kind, "2"))
        async with open_engine(server, sleeps) as engine:
            completion = await engine.complete(make_question())
    assert sleeps.seconds == [7, 2]
    assert (server.count(), completion.requests) == (3, 3)
    assert completion.text == GOOD_TEXT


@pytest.mark.parametrize(
    ("header", "told", "seconds"),
    [
        ("0.25", "9s", 0.25),
        (None, "18.75s", 18.75),
        (None, "1m26.4s", 86.4),
        (None, "172ms", 0.172),
        ("soon", "a while", 1.0),
        ("0", "3s", 1.0),
        ("-5", "3s", 1.0),
        ("nan", "3s", 1.0),
        ("inf", "3s", 1.0),
    ],
)
async def test_the_wait_is_the_headers_else_the_messages_else_a_second(
    header: str | None, told: str, seconds: float
) -> None:
    sleeps = Sleeps()
    with GroqServer(answer=GOOD) as server:
        server.script(limited("TPM", header, told=told))
        async with open_engine(server, sleeps) as engine:
            await engine.complete(make_question())
    assert sleeps.seconds == [pytest.approx(seconds)]


async def test_a_limit_that_never_says_how_long_is_asked_ever_more_rarely() -> None:
    sleeps = Sleeps()
    refusal = limited("RPM", None, told="later")
    with GroqServer(answer=lambda request: refusal) as server:
        async with open_engine(server, sleeps, max_wait_s=100) as engine:
            with pytest.raises(RateLimited):
                await engine.complete(make_question())
    assert sleeps.seconds == [1, 2, 4, 8, 16, 30, 30]
    assert server.count() == 8


async def test_waiting_is_bounded_in_all_and_then_says_how_long_it_would_have_been() -> None:
    sleeps = Sleeps()
    with GroqServer(answer=lambda request: limited("TPM", "50")) as server:
        async with open_engine(server, sleeps, max_wait_s=120) as engine:
            with pytest.raises(RateLimited) as caught:
                await engine.complete(make_question())
    assert sleeps.seconds == [50, 50]
    assert server.count() == 3
    assert caught.value.retry_after_s == 50
    assert "tokens per minute (TPM): Limit 8000" in str(caught.value)


async def test_a_wait_beyond_the_bound_is_not_begun() -> None:
    sleeps = Sleeps()
    with GroqServer(answer=lambda request: limited("TPM", "121")) as server:
        async with open_engine(server, sleeps, max_wait_s=120) as engine:
            with pytest.raises(RateLimited) as caught:
                await engine.complete(make_question())
    assert (sleeps.seconds, server.count(), caught.value.retry_after_s) == ([], 1, 121)


async def test_the_bound_counts_for_both_questions_together() -> None:
    sleeps = Sleeps()
    with GroqServer() as server:
        server.script(limited("TPM", "70"), BROKEN, limited("TPM", "70"))
        async with open_engine(server, sleeps, max_wait_s=120) as engine:
            with pytest.raises(RateLimited):
                await engine.complete(make_question())
    assert (sleeps.seconds, server.count()) == ([70], 3)


# Line 2: 429 per day ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["RPD", "TPD"])
@pytest.mark.parametrize(
    ("header", "told", "seconds"), [("990", "16m30s", 990), ("2", "2s", 2), (None, "11m0.528s", 660.528)]
)
async def test_a_limit_per_day_is_never_waited_for(
    kind: LimitKind, header: str | None, told: str, seconds: float
) -> None:
    sleeps = Sleeps()
    with GroqServer(answer=lambda request: limited(kind, header, told=told)) as server:
        async with open_engine(server, sleeps, max_wait_s=10_000) as engine:
            with pytest.raises(QuotaExhausted) as caught:
                await engine.complete(make_question())
    assert (sleeps.seconds, server.count()) == ([], 1)
    assert caught.value.retry_after_s == pytest.approx(seconds)


async def test_a_limit_per_day_that_says_nothing_parks_for_an_hour() -> None:
    with GroqServer(answer=lambda request: limited("RPD", None, told="tomorrow")) as server:
        async with open_engine(server) as engine:
            with pytest.raises(QuotaExhausted) as caught:
                await engine.complete(make_question())
    assert caught.value.retry_after_s == 3600


# Line 3: timeout, connection, 5xx, 498 ----------------------------------------------------------------


@pytest.mark.parametrize(
    "reaction",
    [
        overloaded(500),
        overloaded(502),
        overloaded(503),
        Refusal(529, "overloaded"),
        Refusal(408, "request timeout"),
        flex_full(),
        Refusal(502, "", body="<html><h1>Bad Gateway</h1></html>"),
        Refusal(503, "", body='{"error": "no healthy upstream"}'),
        Refusal(500, "", body="[]"),
        Drop(),
        Drop(mid_body=True),
        Raw(200, b"<html>Welcome to the hotel's network</html>", "text/html"),
        Raw(200, b"{not json"),
        Raw(200, b'{"choices": []}'),
        Raw(200, b'{"choices": [{"message": {"content": 7}}]}'),
        Raw(200, b""),
    ],
    ids=repr,
)
async def test_what_is_not_there_is_raised_at_once(reaction: Reaction) -> None:
    sleeps = Sleeps()
    with GroqServer(answer=GOOD) as server:
        server.script(reaction)
        async with open_engine(server, sleeps) as engine:
            with pytest.raises(EngineUnavailable, match=r"Groq (answered|cannot be reached)"):
                await engine.complete(make_question())
            assert server.count() == 1
            assert (await engine.complete(make_question())).text == GOOD_TEXT
    assert (server.count(), sleeps.seconds) == (2, [])


@pytest.mark.parametrize("hang", [Hang(), Hang(trickle=True)])
async def test_a_request_takes_no_longer_than_its_timeout_even_if_bytes_drip(hang: Hang) -> None:
    with GroqServer(answer=GOOD) as server:
        server.script(hang)
        async with open_engine(server, timeout_s=0.2) as engine:
            with pytest.raises(EngineUnavailable, match="did not answer"):
                await engine.complete(make_question())
        assert server.count() == 1
        async with open_engine(server, timeout_s=20) as engine:
            assert (await engine.complete(make_question())).requests == 1


async def test_a_refused_connection_is_raised_with_its_reason() -> None:
    with GroqServer() as server:
        address = server.base_url
    engine = GroqEngine(KEY, MODEL, base_url=address)
    with pytest.raises(EngineUnavailable, match="cannot be reached: ConnectError"):
        await engine.complete(make_question())
    await engine.close()


async def test_a_failure_of_the_second_question_is_the_calls_failure() -> None:
    with GroqServer() as server:
        server.script(BROKEN, overloaded())
        async with open_engine(server) as engine:
            with pytest.raises(EngineUnavailable):
                await engine.complete(make_question())
    assert server.count() == 2


# Line 5: refused for good ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (bad_request("invalid JSON schema for response_format"), 400, "invalid_request_error"),
        (Refusal(400, "Spend alert threshold reached", code="blocked_api_access"), 400, "blocked_api_access"),
        (Refusal(400, "reduce the length", code="context_length_exceeded"), 400, "context_length_exceeded"),
        (Refusal(400, "Failed to call a function", code="tool_use_failed"), 400, "tool_use_failed"),
        (Refusal(403, "not for this plan", code="not_available_for_plan"), 403, "not_available_for_plan"),
        (Refusal(404, "Unknown request URL", code="unknown_url"), 404, "unknown_url"),
        (Refusal(409, "a conflict"), 409, "invalid_request_error"),
        (too_large(), 413, "rate_limit_exceeded"),
        (Refusal(413, "Request Entity Too Large", body="request entity too large"), 413, ""),
        (Refusal(422, "semantic error"), 422, "invalid_request_error"),
        (Refusal(424, "failed dependency"), 424, "invalid_request_error"),
    ],
    ids=lambda value: value.message[:20] if isinstance(value, Refusal) else None,
)
async def test_a_refusal_for_good_is_raised_at_once_with_the_vendors_words(
    refusal: Refusal, status: int, code: str
) -> None:
    with GroqServer(answer=lambda request: refusal) as server:
        async with open_engine(server) as engine:
            with pytest.raises(EngineRefused) as caught:
                await engine.complete(make_question())
    assert server.count() == 1
    assert (caught.value.status, caught.value.code) == (status, code)
    assert refusal.message in str(caught.value)
    assert caught.value.__cause__ is not None


async def test_an_answer_without_usage_costs_nothing_that_is_known() -> None:
    body = b'{"choices": [{"message": {"content": "{\\"hechos\\": [], \\"entidades\\": []}"}}]}'
    with GroqServer(answer=Raw(200, body)) as server:
        async with open_engine(server) as engine:
            completion = await engine.complete(make_question())
    assert (completion.tokens_in, completion.tokens_out, completion.model) == (0, 0, MODEL)
