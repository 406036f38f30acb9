"""The REST server's settings: environment variables only, for a command line would show the secrets."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from noticias.local.ports import LOOPBACK
from noticias.local.rest.app import DEFAULT_BODY_LIMIT
from noticias.local.rest.connections import DEFAULT_POOL_SIZE, DEFAULT_POOL_TIMEOUT_S
from noticias.local.rest.tokens import MIN_SECRET_CHARS


class RestSettings(BaseSettings):
    """Each is NOTICIAS_REST_ and the name in capitals.

    `port` 0 lets the system choose. `body_limit` is in bytes. A request waits `pool_timeout_s` seconds for
    one of `pool_size` connections to PostgreSQL.
    """

    model_config = SettingsConfigDict(env_prefix="NOTICIAS_REST_", frozen=True)

    dsn: SecretStr
    jwt_secret: SecretStr = Field(min_length=MIN_SECRET_CHARS)
    host: str = LOOPBACK
    port: int = Field(default=54321, ge=0, le=65535)
    body_limit: int = Field(default=DEFAULT_BODY_LIMIT, gt=0)
    pool_size: int = Field(default=DEFAULT_POOL_SIZE, gt=0)
    pool_timeout_s: float = Field(default=DEFAULT_POOL_TIMEOUT_S, gt=0)
