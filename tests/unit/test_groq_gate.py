"""The gate that a refusal closes, and the wait that the headers of an answer ask for."""

import pytest

from newsroom.engines.groq.gate import Gate, seconds_until_free


def test_an_open_gate_keeps_nobody() -> None:
    gate = Gate(clock=lambda: 10.0)
    gate.hold(0)
    assert [gate.delay() for _ in range(3)] == [0, 0, 0]


def test_the_first_goes_when_it_opens_and_the_others_one_by_one_ever_faster() -> None:
    now = [10.0]
    gate = Gate(clock=lambda: now[0])
    gate.hold(4)
    now[0] = 11.0
    assert [gate.delay() for _ in range(4)] == [3, 7, 9, 10]
    now[0] = 30.0
    assert gate.delay() == 0


def test_a_shorter_hold_does_not_open_it_sooner() -> None:
    gate = Gate(clock=lambda: 0.0)
    gate.hold(8)
    gate.hold(1)
    assert gate.delay() == 8


def headers(kind: str, limit: object, remaining: object, reset: str) -> dict[str, str]:
    return {
        f"x-ratelimit-limit-{kind}": str(limit),
        f"x-ratelimit-remaining-{kind}": str(remaining),
        f"x-ratelimit-reset-{kind}": reset,
    }


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ({}, 0),
        (headers("tokens", 8000, 3000, "37.5s"), 0),
        (headers("tokens", 8000, 0, "1m0s"), 15),
        (headers("tokens", 8000, 1000, "52.5s"), 7.5),
        (headers("requests", 1000, 0, "24h0m0s"), 86.4),
        (headers("requests", 1000, 0, "24h0m0s") | headers("tokens", 8000, 0, "1m0s"), 86.4),
        # A request that is larger than the limit never fits: no wait helps.
        (headers("tokens", 1500, 0, "1m0s"), 0),
        (headers("tokens", "many", "-1", "soon"), 0),
        (headers("tokens", 8000, 0, "soon"), 0),
        (headers("tokens", 8000, "٣", "1m0s"), 0),
    ],
)
def test_seconds_until_free(given: dict[str, str], seconds: float) -> None:
    assert seconds_until_free(given, used=2000) == pytest.approx(seconds)
