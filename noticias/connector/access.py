"""Checks the bearer token of a call, and gives the call its id (X-Request-ID)."""

import hmac
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from noticias.connector.refusals import REQUEST_ID_HEADER

_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_bearer = HTTPBearer(auto_error=False, description="NOTICIAS_CONNECTOR_TOKEN, where one is set")


class RequestIds:
    """Gives each call one id: the caller's, if it is short and plain, else a new one.

    The same id stands in the answer's header and body; the old service had three for one call.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs the application with `request.state.request_id` set."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope).get(REQUEST_ID_HEADER, "")
        chosen = asked if _ID.fullmatch(asked) else f"req_{uuid.uuid4().hex[:12]}"
        scope.setdefault("state", {})["request_id"] = chosen

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[REQUEST_ID_HEADER] = chosen
            await send(message)

        await self._app(scope, receive, send_with_id)


def token_check(token: SecretStr | None) -> Callable[..., Awaitable[None]]:
    """Returns a FastAPI dependency that answers 401 to a call without the token, before its body is read.

    Args:
        token: the token that calls must send; with None, every call passes.
    """
    expected = token.get_secret_value().encode() if token else None

    async def check(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
        if expected is None:
            return
        given = credentials.credentials.encode() if credentials else b""
        if not hmac.compare_digest(given, expected):
            raise HTTPException(
                401,
                "Falta el token, o no es el de esta puerta (Authorization: Bearer ...)",
                {"WWW-Authenticate": "Bearer"},
            )

    return check
