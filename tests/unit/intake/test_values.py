"""Values as tools write them: dates, names, words, languages, flags, texts."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.intake import values
from newsroom.intake.values import UnclearDate

DAY = datetime(2025, 4, 15, tzinfo=UTC)
MORNING = datetime(2025, 4, 15, 2, 43, 51, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-04-15", DAY),
        ("2025-04-15 02:43:51", MORNING),
        ("2025-04-15T02:43:51Z", MORNING),
        ("2025-04-15T02:43:51+0000", MORNING),
        ("2025-04-15 02:43:51 UTC", MORNING),
        ("20250415", DAY),
        ("20250415024351", MORNING),
        (20250415, DAY),
        ("Tue, 15 Apr 2025 02:43:51 GMT", MORNING),
        ("mar., 15 abr. 2025 02:43:51 +0000", MORNING),
        (1744685031, MORNING),
        ("1744685031", MORNING),
        (1744685031000, MORNING),
        (1744685031.0, MORNING),
        ("15 de abril de 2025", DAY),
        ("martes, 15 de abril del 2025", DAY),
        ("15 abr. 2025", DAY),
        ("April 15, 2025", DAY),
        ("15 Abr, 2025 - 10:30 PM", DAY + timedelta(hours=22, minutes=30)),
        ("15/04/2025 - 07:05", DAY + timedelta(hours=7, minutes=5)),
        ("15.04.2025", DAY),
        ("04/15/2025", DAY),
        ("04/04/2025", datetime(2025, 4, 4, tzinfo=UTC)),
        (["2025-04-15"], DAY),
        (
            "2025-04-14T21:43:51-05:00",
            datetime(2025, 4, 14, 21, 43, 51, tzinfo=timezone(timedelta(hours=-5))),
        ),
    ],
)
def test_a_date_is_read_in_whatever_form(written: Any, moment: datetime) -> None:
    assert values.read_date(written) == moment


@pytest.mark.parametrize("written", ["", " ", "None", "NaT", "nan", "null", "-", None, [], {}])
def test_what_says_nothing_is_no_date(written: Any) -> None:
    assert values.read_date(written) is None


@pytest.mark.parametrize(
    "written", ["04/05/2025", "ayer", "hace 3 horas", "99/99/2025", "31 de febrero de 2025", "12", 7, True]
)
def test_a_date_that_may_mean_two_days_or_none_is_not_guessed(written: Any) -> None:
    with pytest.raises(UnclearDate, match="2025-04-15T10:30:00-05:00"):
        values.read_date(written)


@given(st.text(max_size=40) | st.integers() | st.floats(allow_nan=True))
def test_no_date_breaks_the_reader(written: Any) -> None:
    try:
        found = values.read_date(written)
    except UnclearDate:
        return
    assert found is None or found.tzinfo is not None


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Ana Gil", "Ana Gil"),
        ("Por Ana Gil", "Ana Gil"),
        (["Ana Gil", "Luis Paz", "Ana Gil"], "Ana Gil, Luis Paz"),
        ([{"name": "Ana Gil"}, {"nombre": "Luis Paz"}], "Ana Gil, Luis Paz"),
        ({"@type": "Person", "name": "Ana Gil"}, "Ana Gil"),
        ([], None),
        ("None", None),
        ([None, ""], None),
    ],
)
def test_names(written: Any, names: str | None) -> None:
    assert values.read_names(written) == names


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("agua, campo", ["agua", "campo"]),
        ("agua; campo|agua", ["agua", "campo"]),
        (["agua", None, 3], ["agua", "3"]),
        ([{"term": "agua"}, {"name": "Campo, riego"}], ["agua", "Campo, riego"]),
        (None, None),
    ],
)
def test_words(written: Any, words: list[str] | None) -> None:
    assert values.read_words(written) == words


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("es", "es"), ("es-MX", "es"), ("ES_419", "es"), ("Español", "es"), ("spa", "es"),
        ("Castellano", "es"),
        ("eng", "en"), ("pt-BR", "pt"), (["es"], "es"), ("klingon", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_language(written: Any, code: str | None) -> None:
    assert values.read_language(written) == code


@pytest.mark.parametrize(
    ("written", "flag"),
    [(True, True), ("false", False), (0, False), ("Sí", True), (1, True), ("quizá", None), (None, None)],
)
def test_flag(written: Any, flag: bool | None) -> None:
    assert values.read_flag(written) is flag


def test_a_text_in_parts_is_one_text_of_paragraphs() -> None:
    assert values.read_text(["Uno.", None, "Dos."]) == "Uno.\n\nDos."
    assert values.read_line(["", "Titular  en\nlínea"]) == "Titular en línea"
