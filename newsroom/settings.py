"""All settings of the system in one frozen object, read from the environment and from `.env`.

`runs/runtime.py` and the command line build it. Nothing else reads the environment. `.env.example` lists the
variables with their meaning.
"""

from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_GROQ_MODEL = "openai/gpt-oss-120b"


class Settings(BaseSettings):
    """What a run needs to know. Secrets are masked when printed."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    home: Path = Field(default=Path(".noticias"), validation_alias=AliasChoices("NOTICIAS_HOME"))
    engine: Literal["auto", "groq", "local"] = Field(
        default="auto", validation_alias=AliasChoices("NOTICIAS_ENGINE")
    )
    groq_api_key: SecretStr | None = Field(default=None, validation_alias=AliasChoices("GROQ_API_KEY"))
    groq_base_url: str | None = Field(default=None, validation_alias=AliasChoices("GROQ_BASE_URL"))
    groq_model: str = Field(default=DEFAULT_GROQ_MODEL, validation_alias=AliasChoices("NOTICIAS_GROQ_MODEL"))
    groq_timeout_s: float = Field(default=60, gt=0, validation_alias=AliasChoices("NOTICIAS_GROQ_TIMEOUT_S"))
    groq_max_wait_s: float = Field(
        default=120, ge=0, validation_alias=AliasChoices("NOTICIAS_GROQ_MAX_WAIT_S")
    )
    groq_max_in_flight: int = Field(
        default=16, ge=1, validation_alias=AliasChoices("NOTICIAS_GROQ_MAX_IN_FLIGHT")
    )
    groq_rpm: int | None = Field(default=None, ge=1, validation_alias=AliasChoices("NOTICIAS_GROQ_RPM"))
    groq_tpm: int | None = Field(default=None, ge=1, validation_alias=AliasChoices("NOTICIAS_GROQ_TPM"))
    supabase_url: str | None = Field(default=None, validation_alias=AliasChoices("SUPABASE_URL"))
    supabase_service_role_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("SUPABASE_SERVICE_ROLE_KEY")
    )
    prefect_api_url: str | None = Field(default=None, validation_alias=AliasChoices("PREFECT_API_URL"))
    chunk_chars: int = Field(default=12_000, ge=500, validation_alias=AliasChoices("NOTICIAS_CHUNK_CHARS"))
    fragment_tokens: int = Field(
        default=3_000, ge=200, le=50_000, validation_alias=AliasChoices("NOTICIAS_FRAGMENT_TOKENS")
    )
    link_threshold: float = Field(
        default=0.85, gt=0, le=1, validation_alias=AliasChoices("NOTICIAS_LINK_THRESHOLD")
    )
    inbox: Path | None = Field(default=None, validation_alias=AliasChoices("NOTICIAS_INBOX"))
    inbox_settle_s: float = Field(default=5, ge=0, validation_alias=AliasChoices("NOTICIAS_INBOX_SETTLE_S"))
    retention_days: int = Field(default=30, ge=1, validation_alias=AliasChoices("NOTICIAS_RETENTION_DAYS"))
    alert_webhook: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("NOTICIAS_ALERT_WEBHOOK")
    )
    log_json: bool = Field(default=False, validation_alias=AliasChoices("NOTICIAS_LOG_JSON"))
    prefect_port: int = Field(default=4200, ge=0, validation_alias=AliasChoices("NOTICIAS_PREFECT_PORT"))
    rest_port: int = Field(default=54321, ge=0, validation_alias=AliasChoices("NOTICIAS_REST_PORT"))
    db_port: int = Field(default=54329, ge=0, validation_alias=AliasChoices("NOTICIAS_DB_PORT"))
    connector_host: str = Field(default="127.0.0.1", validation_alias=AliasChoices("NOTICIAS_CONNECTOR_HOST"))
    connector_port: int = Field(
        default=8003, ge=0, le=65_535, validation_alias=AliasChoices("NOTICIAS_CONNECTOR_PORT")
    )
    connector_token: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("NOTICIAS_CONNECTOR_TOKEN")
    )

    @property
    def inbox_folder(self) -> Path:
        """The folder in which the scraper leaves its files: NOTICIAS_INBOX, else `inbox` in NOTICIAS_HOME."""
        return (self.inbox or self.home / "inbox").absolute()

    @property
    def engine_in_use(self) -> Literal["groq", "local"]:
        """The engine's name. `auto` means Groq if there is a key, else the local rules."""
        if self.engine == "auto":
            return "groq" if self.groq_api_key else "local"
        return self.engine
