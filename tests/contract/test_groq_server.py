"""The local server itself: if it is not like Groq, what is proved against it proves nothing."""

import asyncio
import json
from collections import Counter

import httpx
import pytest
from jsonschema import Draft202012Validator

from newsroom.engines.groq.wire import build_request
from newsroom.engines.schema import strict_schema
from newsroom.errors import EngineUnavailable, MalformedOutput, RateLimited
from newsroom.models.respuestas import RespuestaCitasYDatos, RespuestaElementos, RespuestaRelaciones
from tests.contract.groq_chaos import INVENTED_QUOTE, Chaos, add_inventions
from tests.contract.groq_fixtures import GOOD, GOOD_TEXT, KEY, MODEL, make_question, open_engine
from tests.contract.groq_reactions import Refusal
from tests.contract.groq_rules import Limits, PrefixCache, check_request, go_duration
from tests.contract.groq_server import GroqServer


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def post(server: GroqServer, **changes: object) -> httpx.Response:
    body = build_request(MODEL, make_question(), None) | changes
    return httpx.post(
        f"{server.base_url}/openai/v1/chat/completions",
        json=body,
        headers={"Authorization": f"Bearer {KEY}"},
        timeout=20,
    )


def test_a_completion_has_everything_that_groq_sends() -> None:
    with GroqServer(answer=GOOD, limits=Limits(tpm=8_000, rpd=1_000)) as server:
        response = post(server)
    body = response.json()
    assert body["choices"][0]["message"] == {"role": "assistant", "content": GOOD_TEXT}
    assert body["choices"][0]["finish_reason"] == "stop"
    assert (
        body["usage"]["total_tokens"] == body["usage"]["prompt_tokens"] + body["usage"]["completion_tokens"]
    )
    assert body["x_groq"]["id"].startswith("req_")
    assert response.headers["x-ratelimit-limit-requests"] == "1000"
    assert response.headers["x-ratelimit-remaining-requests"] == "999"
    assert response.headers["x-ratelimit-limit-tokens"] == "8000"
    # The reservation of 2 000 is settled: what is taken now is what was used.
    assert int(response.headers["x-ratelimit-remaining-tokens"]) in range(
        8_000 - body["usage"]["total_tokens"] - 1, 8_000 - body["usage"]["total_tokens"] + 200
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"logprobs": True}, "'logprobs' is unsupported"),
        ({"reasoning_format": "hidden"}, "cannot specify both"),
        ({"reasoning_effort": "none"}, "must be one of"),
        (
            {"response_format": {"type": "json_object"}, "messages": [{"role": "user", "content": "hola"}]},
            "'json'",
        ),
        ({"model": "qwen/qwen3.8-27b"}, "does not support response format"),
    ],
)
def test_groqs_rules_are_kept(changes: dict[str, object], words: str) -> None:
    with GroqServer(answer=GOOD) as server:
        response = post(server, **changes)
    assert response.status_code == 400
    assert words in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "object", "properties": {}}, "additionalProperties:false must be set on every object"),
        (
            {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False},
            "must be listed in `required`: a",
        ),
        (
            {"anyOf": [{"type": "object", "properties": {}, "additionalProperties": False}] * 2},
            "discriminator_multiple_candidates",
        ),
    ],
)
def test_a_schema_that_is_not_strict_is_refused(schema: dict[str, object], words: str) -> None:
    named = {"name": "x", "strict": True, "schema": {"type": "array", "items": schema}}
    body = {"model": MODEL, "messages": [], "response_format": {"type": "json_schema", "json_schema": named}}
    refusal = check_request(body)
    assert isinstance(refusal, Refusal)
    assert words in refusal.message


def test_a_bucket_drains_all_the_time_and_says_exactly_how_long() -> None:
    # The four public bodies from which the mechanics were read.
    for limits, used, requested, seconds in [
        (Limits(tpm=12_000), 8_560, 4_177, 3.685),
        (Limits(tpd=200_000), 197_494, 4_035, 660.528),
        (Limits(tpd=100_000), 99_996, 484, 414.72),
        (Limits(rpm=30), 30, 1, 2),
    ]:
        (bucket,) = limits.buckets.values()
        bucket.clock = Clock()
        bucket.seen_at, bucket.used = 1_000.0, used
        assert bucket.wait_for(requested) == pytest.approx(seconds, abs=0.001)


def test_a_limit_refuses_then_lets_pass_and_never_what_is_too_large() -> None:
    clock = Clock()
    limits = Limits(rpm=2, tpm=1_000, clock=clock)
    assert limits.admit(MODEL, 400) is None
    assert limits.admit(MODEL, 400) is None
    refused = limits.admit(MODEL, 100)
    assert refused is not None
    assert refused.status == 429
    assert "(RPM)" in refused.message
    assert refused.headers == {"retry-after": "30"}
    clock.now += 30
    assert limits.admit(MODEL, 100) is None
    clock.now += 3_600
    too_large = limits.admit(MODEL, 1_001)
    assert too_large is not None
    assert too_large.status == 413
    assert limits.refused == {"RPM": 1, "413": 1}


def test_what_was_reserved_and_not_used_is_given_back() -> None:
    limits = Limits(tpm=1_000, clock=Clock())
    assert limits.admit(MODEL, 900) is None
    assert limits.admit(MODEL, 200) is not None
    limits.settle(900, 100)
    assert limits.admit(MODEL, 900) is None


def test_durations_are_written_as_go_does() -> None:
    seconds = [0.172, 7.66, 86.4, 179.56, 4728.672, 0]
    assert [go_duration(each + 1e-9) for each in seconds] == [
        "172ms", "7.66s", "1m26.4s", "2m59.56s", "1h18m48.672s", "0s",
    ]  # fmt: skip


def test_a_prefix_is_cached_in_steps_and_only_from_the_start() -> None:
    cache = PrefixCache()
    constant = "a" * 2_000
    assert cache.match(MODEL, constant + "uno" * 500) == 0
    assert cache.match(MODEL, constant + "dos" * 500) == 384
    assert cache.match(MODEL, "x" + constant) == 0
    assert cache.match("other", constant) == 0


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("elementos", RespuestaElementos),
        ("citas_y_datos", RespuestaCitasYDatos),
        ("relaciones", RespuestaRelaciones),
    ],
)
def test_inventions_are_what_a_strict_schema_lets_pass(stage: str, answer: type) -> None:
    spoilt, added = add_inventions(stage, "{}")
    invented = json.loads(spoilt)
    whole = {name: invented.get(name, []) for name in answer.model_fields}  # type: ignore[attr-defined]
    assert list(Draft202012Validator(strict_schema(answer)).iter_errors(whole)) == []
    assert added == sum(map(len, whole.values())) >= 2


async def test_inventions_reach_the_engine_and_are_counted() -> None:
    chaos = Chaos(invented=1.0)
    with GroqServer(chaos=chaos) as server:
        async with open_engine(server) as engine:
            completion = await engine.complete(make_question("citas_y_datos", RespuestaCitasYDatos))
    assert INVENTED_QUOTE in completion.text
    assert chaos.happened == {"invented": 1, "items invented": 2}


async def ask_often(seed: int, times: int) -> tuple[Counter[str], Counter[str], int]:
    """Asks `times` different questions at once; returns the faults, the outcomes and the requests."""
    chaos = Chaos(
        seed, unavailable=0.2, dropped=0.05, cut_off=0.1, not_generated=0.05, garbage=0.05, limited=0.1
    )
    outcomes: Counter[str] = Counter()
    with GroqServer(answer=GOOD, chaos=chaos) as server:
        async with open_engine(server) as engine:

            async def ask(number: int) -> None:
                try:
                    await engine.complete(make_question(system=f"Pregunta {number}"))
                    outcomes["answered"] += 1
                except (EngineUnavailable, MalformedOutput, RateLimited) as exc:
                    outcomes[type(exc).__name__] += 1

            await asyncio.gather(*(ask(number) for number in range(times)))
    return chaos.happened, outcomes, server.count()


async def test_chance_is_the_seeds_and_not_the_orders() -> None:
    faults, outcomes, requests = await ask_often(1, 100)
    assert (faults, outcomes, requests) == await ask_often(1, 100)
    assert faults != (await ask_often(2, 100))[0]
    assert outcomes.total() == 100
    assert outcomes["EngineUnavailable"] == faults["unavailable"] + faults["dropped"]
    # A 429 is waited for and bad output asked for once more: each costs one request, and nothing else does.
    bad = faults["cut_off"] + faults["not_generated"] + faults["garbage"]
    assert requests == 100 + faults["limited"] + bad - outcomes["MalformedOutput"]
    assert 5 <= faults["unavailable"] <= 40


def test_an_unknown_address_is_groqs_404() -> None:
    with GroqServer() as server:
        response = httpx.get(f"{server.base_url}/v1/models")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "unknown_url"


async def test_waiting_for_requests_that_do_not_come_ends() -> None:
    with GroqServer() as server, pytest.raises(TimeoutError, match="0 requests arrived"):
        await server.wait_for_requests(1, within_s=0.05)
