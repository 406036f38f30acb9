"""Settings come from the variables that .env.example names, and from no others."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from newsroom.settings import Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def variables() -> set[str]:
    return {str(info.validation_alias.choices[0]) for info in Settings.model_fields.values()}  # type: ignore[union-attr]


def test_every_variable_stands_in_the_example() -> None:
    named = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", EXAMPLE.read_text("utf-8"), re.MULTILINE))
    assert variables() <= named


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_variable_that_happens_to_bear_a_field_s_name_is_not_read(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    # HOME is set on every machine; it is not NOTICIAS_HOME.
    before = Settings()
    if name.upper() not in variables():
        monkeypatch.setenv(name.upper(), "/elsewhere")
        assert getattr(Settings(), name) == getattr(before, name)


def test_data_stays_beside_the_checkout_by_default() -> None:
    assert Settings().home == Path(".noticias")


@pytest.mark.parametrize(
    ("variables", "engine"),
    [
        ({}, "local"),
        ({"GROQ_API_KEY": "gsk-x"}, "groq"),
        ({"GROQ_API_KEY": "gsk-x", "NOTICIAS_ENGINE": "local"}, "local"),
        ({"NOTICIAS_ENGINE": "groq"}, "groq"),
        ({"GROQ_API_KEY": ""}, "local"),
    ],
)
def test_the_engine_follows_the_key_unless_it_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], engine: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Settings().engine_in_use == engine


def test_secrets_are_masked_and_wrong_values_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_API_KEY", "gsk-secret")
    assert "gsk-secret" not in repr(Settings())

    monkeypatch.setenv("NOTICIAS_ENGINE", "gpt")
    with pytest.raises(ValidationError, match="NOTICIAS_ENGINE"):
        Settings()
