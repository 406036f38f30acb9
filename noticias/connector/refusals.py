"""The error answers, in the old service's shapes, and the exceptions that become them.

The connector takes 400 as final and 503 as "later". So bad input is answered 400, never 422 or 500, and a
server that is away is answered 503, never 500.
"""

import logging
import time
from datetime import UTC, datetime
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

# A Prefect server that is started again is back in 10 to 20 seconds.
RETRY_AFTER_S = 30
REQUEST_ID_HEADER = "X-Request-ID"

logger = logging.getLogger(__name__)


class Refused(Exception):
    """The body cannot be taken, now or later; `details` name the fields, one line each."""

    def __init__(self, details: list[str], *, what: str = "el cuerpo") -> None:
        super().__init__("; ".join(details))
        self.details = details
        self.what = what


class Unavailable(Exception):
    """Something that the door needs is away: the same request may succeed later.

    The message says what is away and what to do; it is shown to the caller.
    """


def now() -> str:
    """Returns the time as the old service wrote it: UTC, ending in Z."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def request_id(request: Request) -> str:
    """Returns the id of this call, which RequestIds has set."""
    value: str = request.state.request_id
    return value


def _answer(
    request: Request, status: int, error: str, mensaje: str, *, headers: Any = None, **fields: Any
) -> JSONResponse:
    body = {
        "error": error,
        "mensaje": mensaje,
        **fields,
        "timestamp": now(),
        "request_id": request_id(request),
    }
    return JSONResponse(body, status_code=status, headers=headers)


async def answer_refused(request: Request, exc: Exception) -> JSONResponse:
    """Returns 400, with what is wrong."""
    assert isinstance(exc, Refused)
    mensaje = f"No se acepta {exc.what}: {len(exc.details)} problema(s)"
    return _answer(request, 400, "validation_error", mensaje, detalles=exc.details)


async def answer_bad_request(request: Request, exc: Exception) -> JSONResponse:
    """Returns 400 for what FastAPI itself refuses; it would answer 422."""
    assert isinstance(exc, RequestValidationError)
    details = [f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}" for error in exc.errors()]
    return _answer(request, 400, "validation_error", "Petición mal formada", detalles=details)


async def answer_unavailable(request: Request, exc: Exception) -> JSONResponse:
    """Returns 503, with the seconds after which to try again."""
    assert isinstance(exc, Unavailable)
    logger.warning("%s %s: 503: %s", request_id(request), request.url.path, exc)
    return _answer(
        request,
        503,
        "service_unavailable",
        str(exc),
        retry_after=RETRY_AFTER_S,
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


async def answer_http_error(request: Request, exc: Exception) -> JSONResponse:
    """Returns 404, 405 and the like."""
    assert isinstance(exc, HTTPException)
    return _answer(request, exc.status_code, "http_error", str(exc.detail), headers=exc.headers)


async def answer_bug(request: Request, _exc: Exception) -> JSONResponse:
    """Returns 500 for a bug. The server logs the traceback, and the caller gets a code to quote."""
    # This handler runs outside of RequestIds, which cannot add its header here.
    return _answer(
        request,
        500,
        "internal_error",
        "Error interno",
        support_code=f"ERR_PIPE_GENERAL_{int(time.time())}",
        headers={REQUEST_ID_HEADER: request_id(request)},
    )


HANDLERS: dict[int | type[Exception], Any] = {
    Refused: answer_refused,
    Unavailable: answer_unavailable,
    RequestValidationError: answer_bad_request,
    HTTPException: answer_http_error,
    Exception: answer_bug,
}
