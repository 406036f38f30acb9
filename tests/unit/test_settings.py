"""Settings come from the environment by their documented names. Secrets are never shown."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from newsroom.settings import DEFAULT_GROQ_MODEL, Settings

SECRET = "gsk_never_shown_anywhere"
EXAMPLE = Path(__file__).parents[2] / ".env.example"
FOREIGN = {"GROQ_API_KEY", "GROQ_BASE_URL", "SUPABASE_URL", "SUPABASE_SERVICE_ROLE_KEY", "PREFECT_API_URL"}


def variable_of(field: str) -> str:
    return field.upper() if field.upper() in FOREIGN else f"NOTICIAS_{field.upper()}"


@pytest.fixture(autouse=True)
def no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Removes the home that tests have (tests/conftest.py): here the defaults are tested."""
    monkeypatch.delenv("NOTICIAS_HOME", raising=False)


def test_every_field_has_its_variable_and_the_example_names_it() -> None:
    variables = {field: info.validation_alias for field, info in Settings.model_fields.items()}
    assert variables == {field: variable_of(field) for field in variables}
    named = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", EXAMPLE.read_text("utf-8"), re.MULTILINE)
    assert set(variables.values()) - set(named) == set()


@pytest.mark.parametrize(
    "field", sorted({field for field in Settings.model_fields if variable_of(field) not in FOREIGN})
)
def test_a_variable_that_happens_to_bear_a_field_s_name_is_not_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, field: str
) -> None:
    # HOME is set on every machine; it is not NOTICIAS_HOME.
    before = Settings()
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"{field}=/elsewhere\n{field.upper()}=/elsewhere\n", encoding="utf-8")
    monkeypatch.setitem(Settings.model_config, "env_file", str(dotenv))
    monkeypatch.setenv(field.upper(), "/elsewhere")
    monkeypatch.setenv(field, "/elsewhere")
    assert Settings() == before


def test_nothing_set_means_embedded_and_local() -> None:
    settings = Settings()
    assert (settings.engine_in_use, settings.home, settings.groq_model) == (
        "local",
        Path(".noticias"),
        DEFAULT_GROQ_MODEL,
    )
    assert (settings.groq_api_key, settings.supabase_url, settings.prefect_api_url) == (None, None, None)


@pytest.mark.parametrize(
    ("variable", "field", "value"),
    [
        ("NOTICIAS_HOME", "home", Path("/var/lib/noticias")),
        ("NOTICIAS_ENGINE", "engine", "groq"),
        ("GROQ_BASE_URL", "groq_base_url", "http://127.0.0.1:1"),
        ("NOTICIAS_GROQ_MODEL", "groq_model", "otro/modelo"),
        ("NOTICIAS_GROQ_TIMEOUT_S", "groq_timeout_s", 7.5),
        ("NOTICIAS_GROQ_MAX_WAIT_S", "groq_max_wait_s", 0.0),
        ("NOTICIAS_GROQ_MAX_IN_FLIGHT", "groq_max_in_flight", 3),
        ("SUPABASE_URL", "supabase_url", "http://127.0.0.1:2"),
        ("PREFECT_API_URL", "prefect_api_url", "http://127.0.0.1:3/api"),
        ("NOTICIAS_CHUNK_CHARS", "chunk_chars", 900),
        ("NOTICIAS_LINK_THRESHOLD", "link_threshold", 0.5),
        ("NOTICIAS_PREFECT_PORT", "prefect_port", 0),
        ("NOTICIAS_REST_PORT", "rest_port", 0),
        ("NOTICIAS_DB_PORT", "db_port", 0),
    ],
)
def test_each_variable_sets_its_field_and_an_empty_one_nothing(
    monkeypatch: pytest.MonkeyPatch, variable: str, field: str, value: Any
) -> None:
    default = getattr(Settings(), field)
    monkeypatch.setenv(variable, str(value))
    assert getattr(Settings(), field) == value
    monkeypatch.setenv(variable, "")
    assert getattr(Settings(), field) == default


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NOTICIAS_ENGINE", "gpt"),
        ("NOTICIAS_GROQ_TIMEOUT_S", "0"),
        ("NOTICIAS_GROQ_MAX_WAIT_S", "-1"),
        ("NOTICIAS_GROQ_MAX_IN_FLIGHT", "0"),
        ("NOTICIAS_CHUNK_CHARS", "499"),
        ("NOTICIAS_LINK_THRESHOLD", "1.1"),
        ("NOTICIAS_LINK_THRESHOLD", "mucho"),
        ("NOTICIAS_DB_PORT", "-1"),
    ],
)
def test_a_value_that_cannot_work_is_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValidationError, match=variable):
        Settings()


@pytest.mark.parametrize(
    ("engine", "key", "in_use"),
    [
        ("auto", "", "local"),
        ("auto", SECRET, "groq"),
        ("local", SECRET, "local"),
        ("groq", "", "groq"),
    ],
)
def test_auto_is_groq_where_there_is_a_key(
    monkeypatch: pytest.MonkeyPatch, engine: str, key: str, in_use: str
) -> None:
    monkeypatch.setenv("NOTICIAS_ENGINE", engine)
    monkeypatch.setenv("GROQ_API_KEY", key)
    assert Settings().engine_in_use == in_use


def test_secrets_are_masked_and_settings_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_API_KEY", SECRET)
    monkeypatch.setenv("SUPABASE_SERVICE_ROLE_KEY", SECRET)
    settings = Settings()
    assert settings.groq_api_key is not None
    assert settings.groq_api_key.get_secret_value() == SECRET
    assert SECRET not in repr(settings) + str(settings) + settings.model_dump_json()
    with pytest.raises(ValidationError, match="frozen"):
        settings.engine = "local"  # type: ignore[misc]


def test_a_dotenv_file_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("NOTICIAS_CHUNK_CHARS=700\nNOTICIAS_GROQ_MODEL=del/archivo\nOTRA=1\n", encoding="utf-8")
    monkeypatch.setitem(Settings.model_config, "env_file", str(dotenv))
    monkeypatch.setenv("NOTICIAS_GROQ_MODEL", "del/entorno")
    settings = Settings()
    assert (settings.chunk_chars, settings.groq_model) == (700, "del/entorno")
