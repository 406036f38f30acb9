"""What a request asks for. Whatever supabase-py's rpc() does not send by POST is refused."""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import NoReturn

from starlette.requests import Request

from noticias.local.rest.errors import TOO_LARGE, ApiError, unsupported
from noticias.local.rest.functions import SCHEMA

JSON_TYPE = "application/json"
OBJECT_TYPE = "application/vnd.pgrst.object+json"

# A client reads an answer only after it has sent its body: up to 4 times the limit is read and thrown away.
_PATIENCE = 4


@dataclass(frozen=True)
class Call:
    """A function's arguments and the rows that are wanted of its result.

    `body` is the JSON object as it was sent, `keys` the names in it. `one_object`: the only row is wanted,
    not a list. `limit` None: all rows after the first `offset`.
    """

    body: str
    keys: frozenset[str]
    one_object: bool
    limit: int | None
    offset: int


async def read_call(request: Request, body_limit: int) -> Call:
    """Returns what the request asks for.

    Raises:
        ApiError: 400 PGRST102, the body is not JSON; 413, it is longer than `body_limit` bytes; 416 PGRST103,
            no row can be within limit and offset; 501, PostgREST could answer this and this server cannot.
        ClientDisconnect: the client left before the body was complete.
    """
    body_type = request.headers.get("content-type", JSON_TYPE).partition(";")[0].strip().lower()
    if body_type != JSON_TYPE:
        raise unsupported(f"bodies in {body_type}")
    if "prefer" in request.headers:
        raise unsupported(f"the preference {request.headers['prefer']}")
    profile = request.headers.get("content-profile", SCHEMA)
    if profile != SCHEMA:
        raise unsupported(f"the schema {profile}")
    accept = request.headers.get("accept", "*/*")
    if accept not in {"*/*", JSON_TYPE, OBJECT_TYPE}:
        raise unsupported(f"answers in {accept}")
    limit, offset = _read_page(request)
    body, keys = _read_arguments(await _read_body(request, body_limit))
    return Call(body, keys, accept == OBJECT_TYPE, limit, offset)


def _read_page(request: Request) -> tuple[int | None, int]:
    for name, value in request.query_params.multi_items():
        form = {"limit": r"-?\d{1,18}", "offset": r"\d{1,18}"}.get(name)
        if form is None:
            raise unsupported(f"the query parameter {name}")
        if not re.fullmatch(form, value, re.ASCII):
            raise unsupported(f"{name}={value}")
    limit, offset = request.query_params.get("limit"), int(request.query_params.get("offset", 0))
    if limit is None:
        return None, offset
    # PostgREST's rule: where the last row would be number -1, as for limit=0, the answer has no rows. Any
    # other empty range is an error.
    if offset + int(limit) == 0:
        return 0, 0
    if int(limit) <= 0:
        details = "Limit should be greater than or equal to zero."
        raise ApiError(416, "PGRST103", "Requested range not satisfiable", details=details)
    return int(limit), offset


async def _read_body(request: Request, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    stream: AsyncIterator[bytes] = request.stream()
    async for chunk in stream:
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        elif size > limit * _PATIENCE:
            break
    if size > limit:
        raise ApiError(413, TOO_LARGE, f"The body is larger than {limit} bytes")
    return b"".join(chunks)


def _read_arguments(body: bytes) -> tuple[str, frozenset[str]]:
    """Returns the body's text and its keys. PostgreSQL reads the values, so their digits stay as they are."""
    try:
        text = body.decode() or "{}"
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse_constant)
        if "\\ud" in text or "\\uD" in text:
            # Half of a surrogate pair is no character: it cannot be encoded in UTF-8.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise ApiError(400, "PGRST102", "Empty or invalid json") from None
    if not isinstance(value, dict):
        raise unsupported("a body that is not a JSON object")
    return text, frozenset(value)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
