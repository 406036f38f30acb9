"""Translates the database's refusals into this system's errors.

Who deals with each: docs/design.md, "What fails and who owns it".

PostgREST answers an error as {"code", "message", "details", "hint"}. Its `code` is PostgREST's own (PGRST...)
or PostgreSQL's SQLSTATE. A server in front of it (Supabase's API gateway, a proxy) answers in another way.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import httpx

from newsroom.errors import NewsroomError, StoreRejected, StoreUnavailable

BAD_ANSWER = "bad_answer"
"""The code for an answer that PostgREST never gives: another server answers at the address."""

_CODE = re.compile(r"PGRST[0-9A-Z]{1,6}|[0-9A-Z]{5}")
# PGRST000 to 003: no connection, connection lost, no schema cache yet, no free connection in time.
# 40001, 40P01: lost against another transaction. 53: out of resources. 57014: the statement timeout.
# 55P03: the lock timeout. 57P0x: the server stops or starts. 08: the connection broke.
_TRANSIENT_CODE = re.compile(r"PGRST00[0-3]|40001|40P01|53...|57014|55P03|57P0.|08...")
_TRANSIENT_STATUS = frozenset({408, 425, 429})
_MIGRATIONS = "run 'noticias doctor': the migrations are not applied to this database"
_KEY = "check SUPABASE_SERVICE_ROLE_KEY: the service_role key of this project is needed"
_ADDRESS = "check SUPABASE_URL: this is not the address of a Supabase project"
_REMEDIES = {
    "PGRST202": _MIGRATIONS,
    "PGRST205": _MIGRATIONS,
    "42883": _MIGRATIONS,
    "42P01": _MIGRATIONS,
    "PGRST106": "expose the schema public in the project's API settings",
    "25006": "the database is read-only, as a Supabase project is when its disk is full; make room on it",
    "PGRST301": _KEY,
    "PGRST302": _KEY,
    "PGRST303": _KEY,
    "42501": _KEY,
}
# The details of these codes name keys and ids. Those of other codes repeat the failed row with its text.
_HARMLESS_DETAILS = frozenset({"23503", "23505", "PGRST202", "PGRST203", "PGRST000", "PGRST002"})
_MAX_WORDS = 300
_LONG_LITERAL = re.compile(r'"([^"]{60})[^"]*"')


def translate_status(exc: httpx.HTTPStatusError, function: str) -> NewsroomError:
    """Returns our error for a failed answer, with the database's words but without any row of data.

    The answer's code decides: lost connections, timeouts, deadlocks and exhausted resources are
    StoreUnavailable, all others StoreRejected. Without a code the HTTP status decides: 408, 425, 429 and 5xx
    are StoreUnavailable.
    """
    status = exc.response.status_code
    error = _error_object(exc.response)
    code = str(error.get("code") or "")
    if exc.response.is_success or not _CODE.fullmatch(code):
        return _translate_foreign(exc.response, error, function)
    words = _words(error, code)
    if _TRANSIENT_CODE.fullmatch(code):
        return StoreUnavailable(f"{function}: {words} [{code}]")
    remedy = _KEY if status == httpx.codes.UNAUTHORIZED else _REMEDIES.get(code, "")
    return StoreRejected(f"{function}: {words} [{code}]{_append(remedy)}", code=code)


def translate_request_error(exc: httpx.RequestError, function: str) -> NewsroomError:
    """Returns our error for a request without an answer. It is always StoreUnavailable.

    Only errors whose words come from the operating system are quoted. Others may repeat what was sent.
    """
    if isinstance(exc, httpx.UnsupportedProtocol | httpx.TooManyRedirects):
        return StoreRejected(f"{function}: {type(exc).__name__}{_append(_ADDRESS)}", code=BAD_ANSWER)
    if isinstance(exc, httpx.TimeoutException):
        return StoreUnavailable(f"{function}: the database did not answer in time ({type(exc).__name__})")
    words = f": {_clean(str(exc))}" if isinstance(exc, httpx.NetworkError) and str(exc) else ""
    return StoreUnavailable(f"{function}: the database cannot be reached ({type(exc).__name__}{words})")


def forget_request(exc: BaseException) -> BaseException:
    """Returns the exception without key, article, rows and frames, so that it can be the cause of ours.

    httpx's errors carry the request with its headers and body. The frames of the traceback hold them as
    locals, which error reporters print.
    """
    link: BaseException | None = exc
    while link is not None:
        link.__traceback__ = None
        if isinstance(link, httpx.HTTPStatusError):
            link.request = _bare(link.request)
            link.response = httpx.Response(link.response.status_code, request=link.request)
        elif isinstance(link, httpx.RequestError) and link._request is not None:
            link.request = _bare(link.request)
        link = link.__cause__ or link.__context__
    return exc


def _bare(request: httpx.Request) -> httpx.Request:
    return httpx.Request(request.method, request.url)


def _translate_foreign(response: httpx.Response, error: Mapping[str, Any], function: str) -> NewsroomError:
    """Returns our error for an answer of a server before PostgREST. Its message is quoted, its page not."""
    status = response.status_code
    words = _clean(str(error.get("message") or response.reason_phrase or "no reason given"))
    message = f"{function}: HTTP {status}: {words}"
    is_failure = status >= httpx.codes.INTERNAL_SERVER_ERROR and status != httpx.codes.NOT_IMPLEMENTED
    if status in _TRANSIENT_STATUS or is_failure:
        return StoreUnavailable(message)
    if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        return StoreRejected(f"{message}{_append(_KEY)}", code=str(status))
    if status == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
        return StoreRejected(
            f"{message}; the item is too large for the server in front of the database", code=str(status)
        )
    if response.is_success:
        message = f"{function}: HTTP {status}, but the answer is not JSON"
        return StoreRejected(f"{message}{_append(_ADDRESS)}", code=BAD_ANSWER)
    return StoreRejected(f"{message}{_append(_ADDRESS)}", code=str(status))


def _error_object(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _words(error: Mapping[str, Any], code: str) -> str:
    parts = [error.get("message") or "no reason given"]
    if code in _HARMLESS_DETAILS:
        parts.append(error.get("details"))
    parts.append(error.get("hint"))
    return "; ".join(_clean(str(part)) for part in parts if part)


def _clean(words: str) -> str:
    """Returns the words on one line. Of a value that PostgreSQL quotes, only the beginning stays."""
    return _LONG_LITERAL.sub(r'"\1…"', " ".join(words.split()))[:_MAX_WORDS]


def _append(remedy: str) -> str:
    return f"; {remedy}" if remedy else ""
