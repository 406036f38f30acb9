"""All settings of the system in one frozen object, read from the environment and from `.env`.

`runs/runtime.py` and the command line build it. No other code
reads our settings' variables from it. `.env.example` lists the
variables with their meaning.
"""

from pathlib import Path
from typing import Literal

from pydantic import AliasGenerator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

# Beside this package in a checkout and in a wheel.
_SHIPPED_SOURCES = Path(__file__).parents[1] / "deployments" / "sources.yaml"

DEFAULT_GROQ_MODEL = "openai/gpt-oss-120b"


class Settings(BaseSettings):
    """What a run needs to know. Secrets are masked when printed.

    A field is read from NOTICIAS_ and its name in capitals. A field with an alias belongs to another program:
    Groq's client, Supabase and Prefect gave these variables their names.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        # Not `env_prefix`: an error would then name the field. It names the variable that a person has set.
        alias_generator=AliasGenerator(validation_alias=lambda field: f"NOTICIAS_{field.upper()}"),
    )

    home: Path = Path(".noticias")
    engine: Literal["auto", "groq", "local"] = "auto"
    groq_api_key: SecretStr | None = Field(default=None, validation_alias="GROQ_API_KEY")
    groq_base_url: str | None = Field(default=None, validation_alias="GROQ_BASE_URL")
    groq_model: str = DEFAULT_GROQ_MODEL
    groq_timeout_s: float = Field(default=60, gt=0)
    groq_max_wait_s: float = Field(default=120, ge=0)
    groq_max_in_flight: int = Field(default=16, ge=1)
    groq_rpm: int | None = Field(default=None, ge=1)
    groq_tpm: int | None = Field(default=None, ge=1)
    supabase_url: str | None = Field(default=None, validation_alias="SUPABASE_URL")
    supabase_service_role_key: SecretStr | None = Field(None, validation_alias="SUPABASE_SERVICE_ROLE_KEY")
    prefect_api_url: str | None = Field(default=None, validation_alias="PREFECT_API_URL")
    chunk_chars: int = Field(default=12_000, ge=500)
    fragment_tokens: int = Field(default=3_000, ge=200, le=50_000)
    link_threshold: float = Field(default=0.85, gt=0, le=1)
    inbox: Path | None = None
    inbox_settle_s: float = Field(default=5, ge=0)
    retention_days: int = Field(default=30, ge=1)
    alert_webhook: SecretStr | None = None
    log_json: bool = False
    prefect_port: int = Field(default=4200, ge=0)
    rest_port: int = Field(default=54321, ge=0)
    db_port: int = Field(default=54329, ge=0)
    connector_host: str = "127.0.0.1"
    connector_port: int = Field(default=8003, ge=0, le=65_535)
    connector_token: SecretStr | None = None
    sources: Path | None = None
    fetch_private: bool = False
    fetch_delay_s: float = Field(default=1, ge=0, le=60)

    @property
    def inbox_folder(self) -> Path:
        """The folder in which the scraper leaves its files: NOTICIAS_INBOX, else `inbox` in NOTICIAS_HOME."""
        return (self.inbox or self.home / "inbox").absolute()

    @property
    def sources_table(self) -> Path:
        """The table of sources: NOTICIAS_SOURCES, else NOTICIAS_HOME/sources.yaml, else the shipped one."""
        own = self.home / "sources.yaml"
        return (self.sources or (own if own.exists() else _SHIPPED_SOURCES)).absolute()

    @property
    def engine_in_use(self) -> Literal["groq", "local"]:
        """The engine's name. `auto` means Groq if there is a key, else the local rules."""
        if self.engine == "auto":
            return "groq" if self.groq_api_key else "local"
        return self.engine
