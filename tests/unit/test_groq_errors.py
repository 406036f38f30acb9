"""Reading a refusal: the wait that it names, and the vendor's words."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.engines.groq.errors import error_object, parse_duration, retry_after
from tests.contract.groq_rules import go_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("172ms", 0.172),
        ("7.66s", 7.66),
        ("1m26.4s", 86.4),
        ("2m59.56s", 179.56),
        ("1h18m48.672s", 4728.672),
        ("11m0.528s", 660.528),
        ("5m", 300),
        ("2h", 7200),
        ("0s", 0),
        ("", 0),
        ("soon", 0),
        ("1s2h", 0),
    ],
)
def test_gos_durations_are_read(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@given(st.integers(0, 10**8))
def test_every_duration_that_go_writes_is_read_to_the_millisecond(millis: int) -> None:
    # Half a millisecond more, because go_duration cuts what a float cannot hold exactly.
    assert parse_duration(go_duration((millis + 0.5) / 1000)) == pytest.approx(millis / 1000)


def test_a_date_as_retry_after_is_read() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=40)
    assert 30 < retry_after({"retry-after": format_datetime(soon, usegmt=True)}, "") <= 40
    past = datetime.now(UTC) - timedelta(seconds=40)
    assert retry_after({"retry-after": format_datetime(past)}, "") == 0


@given(st.text(max_size=60))
def test_no_header_or_message_breaks_the_reading(text: str) -> None:
    assert 0 <= retry_after({"retry-after": text}, text) < float("inf")
    assert retry_after({}, f"try again in {text}") >= 0


@pytest.mark.parametrize("hostile", ["try again in ", "try again in 1h", "1h", "per ", "("])
def test_a_hostile_message_is_read_in_linear_time(hostile: str) -> None:
    # Quadratic work on half a million characters would take hours.
    assert retry_after({}, hostile * (500_000 // len(hostile)) + "!") >= 0


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"error": {"code": "x"}}, {"code": "x"}),
        ({"error": "words"}, {"message": "words"}),
        ({"code": "flat"}, {"code": "flat"}),
        ({"error": 7}, {}),
        ("<html>", {}),
        (None, {}),
        ([], {}),
    ],
)
def test_an_error_object_is_found_in_whatever_a_proxy_sends(body: object, expected: dict[str, str]) -> None:
    assert error_object(body) == expected
