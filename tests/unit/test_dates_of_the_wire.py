"""The pattern of a date in the forms says what the models read, except how long each month is."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.models.base import DATE_PATTERN, EXAMPLE_DATE, parse_moment

GOOD = [
    EXAMPLE_DATE,
    "2024-05-15",
    "2024-05-15T21:40:00Z",
    "2024-05-15t21:40:00z",
    "2024-05-15 21:40",
    "20240515",
    "20240515T214000Z",
    "2024-05-15T21:40:00.123456789-04:00",
    "2024-05-15T21:40:00,5+0530",
    "2024-05-15T21:40:00-04",
    " 2024-05-15 ",
    "2024-12-31T23:59:59.9Z",
]
BAD = [
    "ayer",
    "15/05/2024",
    "2024-13-01",
    "2024-00-10",
    "2024-05-32",
    "2024-5-1",
    "24-05-15",
    "2024-05-15T25:00:00Z",
    "2024-05-15T21:60:00Z",
    "2024-05-15T21:40:00 hora local",
    "2024-05-15T",
    "2024-05-15Z",
    "1715808000",
    "2024-05",
    "2024-05-15T21:40:00+24:00",
    "٢٠٢٤-٠٥-١٥",
    "2024-05-15\n2024-05-16",
]


@pytest.mark.parametrize("text", GOOD)
def test_what_the_pattern_takes_is_read(text: str) -> None:
    assert re.search(DATE_PATTERN, text)
    assert parse_moment(text).tzinfo is not None


@pytest.mark.parametrize("text", BAD)
def test_what_it_does_not_take_is_no_date(text: str) -> None:
    assert not re.search(DATE_PATTERN, text)


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_is_taken_because_a_form_sends_it(text: str) -> None:
    assert re.search(DATE_PATTERN, text)


ZONES = st.none() | st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(moment=st.datetimes(datetime(2, 1, 1), datetime(9990, 1, 1)), zone=ZONES, mark=st.sampled_from("T t"))
def test_every_iso_date_is_taken_and_means_what_it_says(
    moment: datetime, zone: timezone | None, mark: str
) -> None:
    aware = moment.replace(tzinfo=zone)
    text = aware.isoformat(sep=mark)
    assert re.search(DATE_PATTERN, text)
    assert parse_moment(text) == (aware if zone else moment.replace(tzinfo=UTC))


@given(st.from_regex(re.compile(DATE_PATTERN, re.ASCII), fullmatch=True))
def test_what_the_pattern_takes_is_nothing_or_a_date_of_some_month(text: str) -> None:
    if not text.strip():
        return
    # The pattern does not know how long a month is: the first day exists in each.
    digits = re.sub(r"^(\s*\d{4}-?\d{2}-?)\d{2}", r"\g<1>01", text)
    year = digits.strip()[:4]
    if "0001" < year < "9999":
        assert parse_moment(digits).year == int(year)
