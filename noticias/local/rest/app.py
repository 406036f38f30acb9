"""The REST server's HTTP side: POST /rest/v1/rpc/<function> and GET /health."""

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
from noticias.local.rest.errors import INTERNAL, ApiError, translate_sql_error, unsupported
from noticias.local.rest.functions import find_function
from noticias.local.rest.requests import JSON_TYPE, OBJECT_TYPE, Call, read_call
from noticias.local.rest.tokens import identify

DEFAULT_BODY_LIMIT = 16 * 1024 * 1024

_CLIENT_LEFT = 499

logger = logging.getLogger(__name__)


class RestServer:
    """The two endpoints, and what they share: connections, the secret of the tokens, the limit of bodies."""

    def __init__(self, connections: Connections, jwt_secret: str, body_limit: int) -> None:
        self._connections = connections
        self._jwt_secret = jwt_secret
        self._body_limit = body_limit

    async def health(self, _request: Request) -> Response:
        """Returns 200 if PostgreSQL answers, else 503. That all connections are busy does not matter."""
        try:
            connection = await self._connections.open()
            async with connection:
                await connection.execute("select 1")
        except (ApiError, psycopg.Error) as exc:
            logger.warning("health: %s", exc)
            return JSONResponse({"status": "unavailable"}, status_code=503)
        return JSONResponse({"status": "ok"})

    async def call(self, request: Request) -> Response:
        """Returns the answer of the function that the path names.

        Raises:
            ApiError: it was refused or failed. Its answer is the error's.
        """
        identity = identify(request.headers.get("authorization"), self._jwt_secret)
        try:
            call = await read_call(request, self._body_limit)
            async with self._connections.borrow() as connection:
                function = await find_function(connection, request.path_params["function"], call.keys)
                answer = await call_function(connection, function, call, identity, request)
        except ClientDisconnect:
            # Nobody reads this. The function was not called.
            return Response(status_code=_CLIENT_LEFT)
        except psycopg.Error as exc:
            raise translate_sql_error(exc, anonymous=identity.is_anonymous) from exc
        return _to_response(answer, call)


def _to_response(answer: Answer, call: Call) -> Response:
    rows = f"{call.offset}-{call.offset + answer.rows - 1}" if answer.rows else "*"
    headers = {"Content-Range": f"{rows}/*"}
    if answer.text is None:
        return Response(status_code=204, headers=headers)
    media_type = OBJECT_TYPE if call.one_object else JSON_TYPE
    return Response(answer.text, media_type=f"{media_type}; charset=utf-8", headers=headers)


async def _answer_api_error(_request: Request, exc: Exception) -> Response:
    assert isinstance(exc, ApiError)
    return exc.to_response()


async def _answer_no_route(request: Request, _exc: Exception) -> Response:
    return unsupported(f"{request.method} {request.url.path}").to_response()


async def _answer_bug(_request: Request, _exc: Exception) -> Response:
    """Returns the answer for an error of the REST server itself. The log has its traceback."""
    return ApiError(500, INTERNAL, "Internal error of the REST server").to_response()


def build_app(
    connections: Connections, jwt_secret: str, *, body_limit: int = DEFAULT_BODY_LIMIT
) -> Starlette:
    """Returns the application. It closes `connections` when it ends.

    Args:
        connections: to PostgreSQL, as the role authenticator.
        jwt_secret: what tokens must be signed with (HS256).
        body_limit: the longest body that is read, in bytes. A longer one is answered with 413.
    """
    server = RestServer(connections, jwt_secret, body_limit)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await connections.close()

    app = Starlette(
        routes=[
            Route("/health", server.health, methods=["GET"]),
            Route(API_PATH + "/rpc/{function}", server.call, methods=["POST"]),
        ],
        exception_handlers={
            ApiError: _answer_api_error,
            HTTPException: _answer_no_route,
            Exception: _answer_bug,
        },
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app
