"""The REST server's HTTP side: /rest/v1/rpc/<function> and /health."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from noticias.local.rest.calls import API_PATH, Answer, call_function
from noticias.local.rest.connections import Connections
from noticias.local.rest.errors import INTERNAL, ApiError, ApiResponse, unsupported
from noticias.local.rest.functions import Function, find_function
from noticias.local.rest.requests import (
    OBJECT_TYPE,
    Wishes,
    read_arguments,
    read_body,
    read_wishes,
)
from noticias.local.rest.sql_errors import translate_sql_error
from noticias.local.rest.tokens import Identity, identify

DEFAULT_BODY_LIMIT = 16 * 1024 * 1024

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_LEFT = 499

logger = logging.getLogger(__name__)


class Rest:
    """What the endpoints share: the connections, the secret that tokens are signed with, the bounds."""

    def __init__(self, connections: Connections, jwt_secret: str, body_limit: int) -> None:
        self._connections = connections
        self._jwt_secret = jwt_secret
        self._body_limit = body_limit

    async def health(self, _request: Request) -> Response:
        """Answers 200 if PostgreSQL answers, else 503; busy connections do not matter."""
        try:
            connection = await self._connections.open()
            async with connection:
                await connection.execute("select 1")
        except (ApiError, psycopg.Error) as exc:
            logger.warning("health: %s", exc)
            return JSONResponse({"status": "unavailable"}, status_code=503)
        return JSONResponse({"status": "ok"})

    async def rest(self, request: Request) -> Response:
        """Answers everything under /rest/v1; only functions are there."""
        identity = identify(request.headers.get("authorization"), self._jwt_secret)
        function, _, rest = request.path_params["path"].partition("/")
        if function != "rpc" or "/" in rest or not rest:
            raise _other_path(request.path_params["path"])
        if request.method == "OPTIONS":
            raise unsupported("OPTIONS")
        if request.method not in {"GET", "HEAD", "POST"}:
            raise ApiError(405, "PGRST101", f"Cannot use the {request.method} method on RPC")
        try:
            return await self._call(request, rest, identity)
        except ClientDisconnect:
            # Nobody reads it; the function was not called.
            return Response(status_code=_LEFT)
        except psycopg.Error as exc:
            raise translate_sql_error(exc, anonymous=identity.is_anonymous) from exc

    async def _call(self, request: Request, name: str, identity: Identity) -> Response:
        wishes = read_wishes(request)
        arguments = read_arguments(request, await read_body(request, self._body_limit))
        async with self._connections.borrow() as connection:
            function = await find_function(
                connection, name, arguments.keys, json_body=request.method == "POST"
            )
            answer = await call_function(
                connection, function, arguments, identity, request, one_object=wishes.one_object
            )
        return _to_response(answer, function, wishes)


def _other_path(path: str) -> ApiError:
    if not path.strip("/"):
        return unsupported("the description of the API")
    if "/" in path.strip("/"):
        return ApiError(404, "PGRST125", "Invalid path specified in request URL")
    return unsupported("tables")


def _to_response(answer: Answer, function: Function, wishes: Wishes) -> Response:
    rows = answer.rows if function.returns_set else 1
    total = str(rows) if wishes.counted else "*"
    headers = {"Content-Range": f"0-{rows - 1}/{total}" if rows else f"*/{total}"}
    if wishes.counted:
        headers["Preference-Applied"] = wishes.counted
    if answer.text is None:
        return Response(status_code=204, headers=headers)
    media_type = OBJECT_TYPE if wishes.one_object else "application/json"
    return Response(answer.text, media_type=f"{media_type}; charset=utf-8", headers=headers)


async def _answer_api_error(_request: Request, exc: Exception) -> Response:
    assert isinstance(exc, ApiError)
    return exc.to_response()


async def _answer_http_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    if exc.status_code == 405:
        return ApiError(405, "PGRST117", f"Unsupported HTTP method: {request.method}").to_response()
    return unsupported(f"the path {request.url.path}").to_response()


async def _answer_bug(_request: Request, _exc: Exception) -> Response:
    """A bug of the REST server's; the server logs its traceback."""
    body = {"code": INTERNAL, "message": "Internal error of the REST server", "details": None, "hint": None}
    return ApiResponse(body, status_code=500)


def build_app(
    connections: Connections, jwt_secret: str, *, body_limit: int = DEFAULT_BODY_LIMIT
) -> Starlette:
    """Returns the application, which closes `connections` at its end.

    `body_limit`: the longest body that is read, in bytes; a longer one is answered with 413.
    """
    rest = Rest(connections, jwt_secret, body_limit)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await connections.close()

    return Starlette(
        routes=[
            Route("/health", rest.health, methods=["GET"]),
            Route(API_PATH + "/{path:path}", rest.rest, methods=_METHODS),
        ],
        exception_handlers={
            ApiError: _answer_api_error,
            HTTPException: _answer_http_error,
            Exception: _answer_bug,
        },
        lifespan=lifespan,
    )
