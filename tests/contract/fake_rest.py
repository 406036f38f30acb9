"""A stand-in for whatever may answer behind SUPABASE_URL: it reacts as told and counts the requests."""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Reaction:
    """One answer. `drop` ends the connection without one, `hang` never answers, `trickle` never ends it."""

    status: int = 200
    body: bytes | str = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    drop: bool = False
    hang: bool = False
    trickle: bool = False

    def content(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


class FakeRest:
    """Reacts to every request in the same way; `paths` are those that were asked for, in turn."""

    def __init__(self, reaction: Reaction) -> None:
        self.reaction = reaction
        self.paths: list[str] = []
        self._leaving = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                server.paths.append(self.path)
                self.close_connection = True
                with suppress(ConnectionError):
                    self._react(server.reaction)

            def do_GET(self) -> None:
                server.paths.append(f"GET {self.path}")
                self.send_error(400)

            def _react(self, reaction: Reaction) -> None:
                if reaction.drop:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                if reaction.hang:
                    server._leaving.wait()
                    return
                self.send_response(reaction.status)
                content = reaction.content()
                if reaction.content_type:
                    self.send_header("Content-Type", reaction.content_type)
                length = 1_000_000 if reaction.trickle else len(content)
                self.send_header("Content-Length", str(length))
                for name, value in reaction.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)
                while reaction.trickle and not server._leaving.wait(0.02):
                    self.wfile.write(b" ")

            def log_message(self, *_arguments: object) -> None:
                pass

        return Handler
