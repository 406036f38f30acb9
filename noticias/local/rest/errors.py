"""Every error that the REST server answers, in PostgREST's form."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

UNSUPPORTED = "GW501"
TOO_LARGE = "GW413"
INTERNAL = "PGRSTX00"


class ApiError(Exception):
    """An answer that is no success: `code` is PostgREST's, a SQLSTATE or one of our own (GW...)."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: Any = None,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.hint = hint
        self.headers = dict(headers or {})

    def to_response(self) -> "ApiResponse":
        """Returns the answer with PostgREST's four keys, in its order."""
        headers = {"Proxy-Status": f"PostgREST; error={self.code}", **self.headers}
        if self.status == 503:
            headers.setdefault("Retry-After", "1")
        body = {"code": self.code, "message": self.message, "details": self.details, "hint": self.hint}
        return ApiResponse(body, status_code=self.status, headers=headers)


class ApiResponse(JSONResponse):
    """JSON as PostgREST labels it."""

    media_type = "application/json; charset=utf-8"


def unsupported(what: str) -> ApiError:
    """Returns the refusal of something that PostgREST does and this REST server does not."""
    return ApiError(
        501,
        UNSUPPORTED,
        f"The local REST server does not support {what}",
        hint="It answers calls of functions (rpc) only. Use a Supabase project or PostgREST for the rest.",
    )


def invalid_body(message: str) -> ApiError:
    """Returns the refusal of a body that cannot be read."""
    return ApiError(400, "PGRST102", message)


def connection_failed(details: str) -> ApiError:
    """Returns what is answered while PostgreSQL cannot be reached."""
    return ApiError(503, "PGRST000", "Database connection error.", details=details)


def connection_lost(details: str) -> ApiError:
    """Returns what is answered when the connection broke during the request."""
    message = "Database client error. Retrying the connection."
    return ApiError(503, "PGRST001", message, details=details)


def pool_exhausted() -> ApiError:
    """Returns what is answered when no connection became free in time."""
    return ApiError(504, "PGRST003", "Timed out acquiring connection from connection pool.")
