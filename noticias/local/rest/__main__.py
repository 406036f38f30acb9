"""`python -m noticias.local.rest`: serves until SIGTERM or SIGINT, then ends the requests at hand."""

import signal
import socket
import sys
from types import FrameType

import uvicorn
from pydantic import ValidationError

from noticias.local.rest.app import build_app
from noticias.local.rest.connections import Connections
from noticias.local.rest.settings import RestSettings

GRACE_S = 10
# Longer than any client keeps an idle connection: the client closes it, so no request meets a closing one.
KEEP_ALIVE_S = 75


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
    # uvicorn ends in order and then raises the signal again.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    connections = Connections(
        settings.dsn.get_secret_value(), size=settings.pool_size, timeout_s=settings.pool_timeout_s
    )
    secret = settings.jwt_secret.get_secret_value()
    app = build_app(connections, secret, body_limit=settings.body_limit)
    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=GRACE_S,
    )
    print(f"rest on http://{settings.host}:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(config).run(sockets=[listener])
    return 0


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends without delay only on sockets that name TCP; else each answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    # Whoever reads the address may connect at once and waits until the application is up.
    listener.listen()
    return listener


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    raise SystemExit(main())
