"""`noticias connector`: the door by which the old connector calls the pipeline."""

import ipaddress
import os
import signal
import socket
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from noticias.commands.session import fail, servers

if TYPE_CHECKING:
    from fastapi import FastAPI

# An answer takes at most a few requests to Prefect, of ten seconds each. A stop waits no longer than this.
_GRACE_S = 30


def connector(
    host: Annotated[str | None, typer.Option(help="Address to listen on [127.0.0.1].")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port [8003]; 0 lets the system choose.")
    ] = None,
) -> None:
    """Serve the old service's addresses (/procesar_articulo, /status, /metrics, ...) over Prefect."""
    from newsroom.settings import Settings
    from noticias.commands.process import choose_shapes

    settings = Settings()
    shapes = choose_shapes(None, None)
    host = settings.connector_host if host is None else host
    port = settings.connector_port if port is None else port
    if settings.connector_token is None and not _is_loopback(host):
        fail(
            f"{host} can be reached by others, who could submit articles: set NOTICIAS_CONNECTOR_TOKEN, "
            "or listen on 127.0.0.1",
            2,
        )
    listener = _listen(host, port)
    # A stop is a normal end here: exit code 0. uvicorn ends the open requests, then raises the signal again.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    with listener, servers({"database", "rest", "prefect"}):
        # The connector tries again by itself. Five tries of Prefect's client take longer than it waits.
        os.environ.setdefault("PREFECT_CLIENT_MAX_RETRIES", "1")
        # Else the store imports it at its first call, and all other calls wait for as long as that takes.
        import supabase  # noqa: F401

        from noticias.connector.app import build_app
        from runs import runtime

        # Settings are read again: the addresses of the servers that were just started are in the environment.
        app = build_app(lambda: runtime.build_store(Settings()), settings.connector_token, shapes)
        shown = f"[{host}]" if ":" in host else host
        print(f"Connector's door on http://{shown}:{listener.getsockname()[1]}", flush=True)
        _serve(app, listener)


def _serve(app: "FastAPI", listener: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=_GRACE_S,
    )
    uvicorn.Server(config).run(sockets=[listener])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listen(host: str, port: int) -> socket.socket:
    # Bound before any server is started. The connector knows only one address, so another port is no help.
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Else two processes could bind the same port, and the second would learn of it late.
        listener.listen()
    except OSError as exc:
        fail(f"cannot listen on {host}:{port}: {exc.strerror}; choose another with --host and --port", 1)
    return listener


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
