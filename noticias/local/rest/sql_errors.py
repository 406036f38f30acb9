"""What PostgreSQL's errors become: status by SQLSTATE, its words untouched (PostgREST v14)."""

import json
from typing import Any

import psycopg

from noticias.local.rest.errors import ApiError, connection_lost

# The first rule that fits counts; a SQLSTATE that none fits is the client's fault: 400.
_STATUS = (
    ("08", 503), ("09", 500), ("0L", 403), ("0P", 403),
    ("23503", 409), ("23505", 409), ("25006", 405),
    ("25", 500), ("28", 403), ("2D", 500), ("38", 500), ("39", 500), ("3B", 500), ("40", 500),
    ("53400", 500), ("53", 503), ("54", 500), ("55", 500), ("57P01", 503), ("57", 500), ("58", 500),
    ("F0", 500), ("HV", 500), ("P0001", 400), ("P0", 500), ("XX", 500),
    ("42883", 404), ("42P01", 404), ("42P17", 500),
)  # fmt: skip


def translate_sql_error(error: psycopg.Error, *, anonymous: bool) -> ApiError:
    """Returns the answer for an error of PostgreSQL's, or of the connection to it.

    `anonymous`: the request had no role of its own; what it may not do is then 401, not 403.
    """
    code, diag = error.sqlstate, error.diag
    if code is None:
        if isinstance(error, psycopg.DataError):
            # NUL, which the client refuses to send; PostgreSQL's words for it.
            return ApiError(400, "22021", 'invalid byte sequence for encoding "UTF8": 0x00')
        return connection_lost(str(error))
    message = diag.message_primary or ""
    if code == "PGRST":
        return _raised_by_function(message, diag.message_detail)
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
            missing = message.startswith("role") and message.endswith("does not exist")
            return 401 if missing else 400
    if code.startswith("PT"):
        return _own_status(code[2:])
    return next((status for prefix, status in _STATUS if code.startswith(prefix)), 400)


def _own_status(digits: str) -> int:
    return int(digits) if digits.isdecimal() and 200 <= int(digits) <= 599 else 500


def _raised_by_function(message: str, detail: str | None) -> ApiError:
    """RAISE SQLSTATE 'PGRST': the function composes the whole answer, in JSON."""
    if detail is None:
        return _unreadable("DETAIL is missing in the RAISE statement", "DETAIL")
    said = _read(message, {"code", "message"})
    if said is None:
        return _unreadable(f"Invalid JSON value for MESSAGE: '{message}'", "MESSAGE")
    frame = _read(detail, {"status", "headers"})
    if frame is None or not isinstance(frame["status"], int) or not isinstance(frame["headers"], dict):
        return _unreadable(f"Invalid JSON value for DETAIL: '{detail}'", "DETAIL")
    return ApiError(
        _own_status(str(frame["status"])),
        str(said["code"]),
        str(said["message"]),
        details=said.get("details"),
        hint=said.get("hint"),
        headers={str(name): str(value) for name, value in frame["headers"].items()},
    )


def _read(text: str, needed: set[str]) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) and needed <= value.keys() else None


def _unreadable(details: str, what: str) -> ApiError:
    keys = {
        "MESSAGE": "obligatory keys: 'code', 'message' and optional keys: 'details', 'hint'.",
        "DETAIL": "obligatory keys: 'status', 'headers' and optional key: 'status_text'.",
    }
    return ApiError(
        500,
        "PGRST121",
        "Could not parse JSON in the \"RAISE SQLSTATE 'PGRST'\" error",
        details=details,
        hint=f"{what} must be a JSON object with {keys[what]}",
    )
