"""`python -m noticias.local.rest`: serves until SIGTERM or SIGINT, then ends the requests it has begun."""

import signal
import socket
import sys
from types import FrameType

import uvicorn
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from noticias.local.ports import LOOPBACK
from noticias.local.rest.app import DEFAULT_BODY_LIMIT, build_app
from noticias.local.rest.connections import DEFAULT_POOL_SIZE, DEFAULT_POOL_TIMEOUT_S, Connections
from noticias.local.rest.tokens import MIN_SECRET_CHARS

GRACE_S = 10
# Longer than any client keeps an idle connection. So the client closes it, and no request meets a closing
# one.
KEEP_ALIVE_S = 75


class RestSettings(BaseSettings):
    """Each is the environment variable NOTICIAS_REST_<NAME>; a command line would show the secrets.

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


def main() -> int:
    """Returns the exit code: 0 after a signal, 1 if the port is taken, 2 if a setting is missing or wrong."""
    try:
        settings = RestSettings()
    except ValidationError as exc:
        for error in exc.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in error["loc"]).upper()
            print(f"NOTICIAS_REST_{name}: {error['msg']}", file=sys.stderr)
        return 2
    try:
        listener = _listen(settings.host, settings.port)
    except OSError as exc:
        print(f"cannot listen on {settings.host}:{settings.port}: {exc.strerror}", file=sys.stderr)
        return 1
    # uvicorn ends the requests it has begun and then raises the signal again.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    print(f"rest on http://{settings.host}:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(_configure(settings)).run(sockets=[listener])
    return 0


def _configure(settings: RestSettings) -> uvicorn.Config:
    connections = Connections(
        settings.dsn.get_secret_value(), size=settings.pool_size, timeout_s=settings.pool_timeout_s
    )
    secret = settings.jwt_secret.get_secret_value()
    return uvicorn.Config(
        build_app(connections, secret, body_limit=settings.body_limit),
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends without delay only on a socket made for TCP by name. On others each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    # Whoever reads the address may connect at once. The connection waits until the application is up.
    listener.listen()
    return listener


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    raise SystemExit(main())
