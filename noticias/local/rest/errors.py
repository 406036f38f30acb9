"""Every error that the REST server answers, in PostgREST's form."""

from collections.abc import Mapping

import psycopg
from starlette.responses import JSONResponse, Response

# PostgREST and PostgreSQL have no such codes. Five characters, as a SQLSTATE: clients read the code by its
# form.
UNSUPPORTED = "REST1"
TOO_LARGE = "REST2"
INTERNAL = "PGRSTX00"

# HTTP status by SQLSTATE. The first prefix that fits counts. A SQLSTATE that none fits is the client's fault:
# 400.
_STATUS = (
    ("08", 503), ("09", 500), ("0L", 403), ("0P", 403),
    ("23503", 409), ("23505", 409), ("25006", 405),
    ("25", 500), ("28", 403), ("2D", 500), ("38", 500), ("39", 500), ("3B", 500), ("40", 500),
    ("53400", 500), ("53", 503), ("54", 500), ("55", 500), ("57P01", 503), ("57", 500), ("58", 500),
    ("F0", 500), ("HV", 500), ("P0001", 400), ("P0", 500), ("XX", 500),
    ("42883", 404), ("42P01", 404), ("42P17", 500),
)  # fmt: skip


class ApiError(Exception):
    """An answer that is not a success.

    Args:
        status: the HTTP status.
        code: PostgREST's code (PGRST...), PostgreSQL's SQLSTATE, or one of our own (REST...).
        message: what is wrong, for the client.
        details: more of it, or None.
        hint: what to do about it, or None.
        headers: headers of the answer besides those that every error has.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: str | None = None,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.body = {"code": code, "message": message, "details": details, "hint": hint}
        self.headers = dict(headers or {})

    def to_response(self) -> Response:
        """Returns the HTTP answer; its body has PostgREST's four keys in PostgREST's order."""
        headers = {"Proxy-Status": f"PostgREST; error={self.code}", **self.headers}
        if self.status == 503:
            headers["Retry-After"] = "1"
        return JSONResponse(self.body, self.status, headers, media_type="application/json; charset=utf-8")


def unsupported(what: str) -> ApiError:
    """Returns the refusal of something that PostgREST can do and this REST server cannot."""
    return ApiError(
        501,
        UNSUPPORTED,
        f"The local REST server does not support {what}",
        hint="Only POST /rest/v1/rpc/<function> is answered here. Use a Supabase project for more.",
    )


def translate_sql_error(error: psycopg.Error, *, anonymous: bool) -> ApiError:
    """Returns the answer for an error of PostgreSQL, with its own words, or of the connection to it.

    `anonymous`: the request acts as the role anon. What it may not do is then 401, else 403.
    """
    code, diag = error.sqlstate, error.diag
    if code is None:
        message = "Database client error. Retrying the connection."
        return ApiError(503, "PGRST001", message, details=str(error))
    if code == "PGRST":
        return unsupported("errors that a function composes (SQLSTATE PGRST)")
    message = diag.message_primary or ""
    status = _status(code, message, anonymous)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 and code == "42501" else {}
    return ApiError(
        status, code, message, details=diag.message_detail, hint=diag.message_hint, headers=headers
    )


def _status(code: str, message: str, anonymous: bool) -> int:
    match code:
        case "42501":
            return 401 if anonymous else 403
        case "21000":
            return 400 if message.endswith("requires a WHERE clause") else 500
        case "22023":
            return 401 if message.startswith("role") and message.endswith("does not exist") else 400
    if code.startswith("PT"):
        # A function that raises PT418 chooses the status 418.
        chosen = code[2:]
        return int(chosen) if chosen.isdecimal() and 200 <= int(chosen) <= 599 else 500
    return next((status for prefix, status in _STATUS if code.startswith(prefix)), 400)
