"""What deployments/README.md says of Prefect's password, against the server's own application."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from prefect import settings
from prefect.server.api.server import create_app

LOGIN = "redaccion:a-long-random-word"


@pytest.fixture(scope="module")
def app() -> Iterator[Any]:
    with settings.temporary_settings({settings.PREFECT_SERVER_API_AUTH_STRING: LOGIN}):
        # Without its lifespan: no database is made, no service started.
        yield create_app(ignore_cache=True)


async def ask(app: Any, method: str, path: str, login: str | None = None) -> int:
    """Returns the status of the answer."""
    headers = {}
    if login is not None:
        headers["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://prefect.test") as client:
        body: dict[str, Any] | None = {} if method == "POST" else None
        return (await client.request(method, path, json=body, headers=headers)).status_code


async def listen(app: Any, token: str) -> list[dict[str, Any]]:
    """Returns what the events' websocket sends to who says `token`."""
    says = iter(
        [
            {"type": "websocket.connect"},
            {"type": "websocket.receive", "text": json.dumps({"type": "auth", "token": token})},
        ]
    )
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return next(says, {"type": "websocket.disconnect", "code": 1000})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    path = "/api/events/out"
    scope = {
        "type": "websocket", "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"",
        "headers": [], "subprotocols": ["prefect"], "scheme": "ws", "server": ("prefect.test", 80),
        "client": ("127.0.0.1", 1), "asgi": {"version": "3.0"}, "http_version": "1.1",
    }  # fmt: skip
    await app(scope, receive, send)
    return sent


@pytest.mark.parametrize("path", ["/api/health", "/api/ready"])
async def test_probes_need_no_password(app: Any, path: str) -> None:
    assert await ask(app, "GET", path) != 401


@pytest.mark.parametrize("login", [None, "redaccion:", "redaccion:wrong", ":a-long-random-word", LOGIN + "x"])
async def test_without_the_password_nothing_is_answered(app: Any, login: str | None) -> None:
    assert await ask(app, "POST", "/api/flow_runs/filter", login) == 401
    assert await ask(app, "POST", "/api/deployments/filter", login) == 401
    assert await ask(app, "GET", "/api/admin/version", login) == 401


async def test_with_it_the_api_answers(app: Any) -> None:
    assert await ask(app, "GET", "/api/admin/version", LOGIN) == 200


async def test_the_websocket_of_events_hangs_up_without_it(app: Any) -> None:
    sent = await listen(app, "redaccion:wrong")
    assert sent[-1]["type"] == "websocket.close"
    assert not any("auth_success" in str(message) for message in sent)
