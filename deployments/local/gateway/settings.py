"""The gateway's settings: environment variables only, secrets among them, so nothing is on a command line."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from deployments.local.gateway.app import DEFAULT_BODY_LIMIT
from deployments.local.gateway.tokens import MIN_SECRET_CHARS
from deployments.local.ports import LOOPBACK


class GatewaySettings(BaseSettings):
    """NOTICIAS_GATEWAY_DSN, _JWT_SECRET (32 characters or more), _HOST, _PORT (0: any) and _BODY_LIMIT."""

    model_config = SettingsConfigDict(env_prefix="NOTICIAS_GATEWAY_", frozen=True)

    dsn: SecretStr
    jwt_secret: SecretStr = Field(min_length=MIN_SECRET_CHARS)
    host: str = LOOPBACK
    port: int = Field(default=54321, ge=0, le=65535)
    body_limit: int = Field(default=DEFAULT_BODY_LIMIT, gt=0)
