"""What a request asks for, read from path, headers, query and body as PostgREST reads them."""

import json
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from starlette.requests import Request

from noticias.local.rest.errors import TOO_LARGE, ApiError, invalid_body, unsupported
from noticias.local.rest.functions import SCHEMA

JSON_TYPE = "application/json"
OBJECT_TYPE = "application/vnd.pgrst.object+json"

# What a client still sends after the limit is read and thrown away, so that it gets to read the answer.
_PATIENCE = 4
_LIST_TYPE = "application/vnd.pgrst.array+json"
_OTHER_BODIES = frozenset(
    {"application/x-www-form-urlencoded", "text/csv", "text/plain", "text/xml", "application/octet-stream"}
)
_OTHER_ANSWERS = frozenset(
    {"text/csv", "text/plain", "text/xml", "application/octet-stream", "application/openapi+json",
     "application/geo+json", "application/vnd.pgrst.plan+json", "application/vnd.pgrst.plan"}
)  # fmt: skip
_RESERVED = frozenset({"select", "order", "limit", "offset", "columns", "on_conflict", "and", "or", "not"})
_OPERATORS = frozenset(
    {"eq", "gte", "gt", "lte", "lt", "neq", "like", "ilike", "match", "imatch", "in", "is", "isdistinct",
     "cs", "cd", "ov", "sl", "sr", "nxr", "nxl", "adj", "fts", "plfts", "phfts", "wfts", "not"}
)  # fmt: skip
_COUNTS = {"count=exact", "count=estimated"}
# They change nothing in the answer of a function.
_WITHOUT_EFFECT = (
    "return=",
    "count=planned",
    "missing=",
    "resolution=",
    "params=",
    "tx=",
    "handling=lenient",
)


@dataclass(frozen=True)
class Arguments:
    """A function's arguments by name: in a JSON text that is handed on as it is, or as texts from a query.

    `is_list`: the JSON is an array, whose first object counts.
    """

    keys: frozenset[str]
    body: str | None = None
    is_list: bool = False
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wishes:
    """The form in which the answer is wanted: `one_object` and no list, `counted` rows (the word for it)."""

    one_object: bool = False
    counted: str | None = None


def read_wishes(request: Request) -> Wishes:
    """Returns what the headers Accept, Prefer and the profile ask for.

    Raises:
        ApiError: 406, another schema or media type; 501, something that PostgREST can do and this cannot.
    """
    _check_profile(request)
    counted = None
    for preference in _split(",".join(request.headers.getlist("prefer"))):
        if preference in _COUNTS:
            counted = preference
        elif "=" in preference and not preference.startswith(_WITHOUT_EFFECT):
            raise unsupported(f"the preference {preference}")
    return Wishes(one_object=_read_accept(request) == OBJECT_TYPE, counted=counted)


def _check_profile(request: Request) -> None:
    header = "accept-profile" if request.method in {"GET", "HEAD"} else "content-profile"
    profile = request.headers.get(header, SCHEMA)
    if profile != SCHEMA:
        hint = f"Only the following schemas are exposed: {SCHEMA}"
        raise ApiError(406, "PGRST106", f"Invalid schema: {profile}", hint=hint)


def _read_accept(request: Request) -> str:
    accepted = _split(",".join(request.headers.getlist("accept"))) or ["*/*"]
    for entry in accepted:
        media_type = _media_type(entry)
        if media_type in {"*/*", "application/*", JSON_TYPE, _LIST_TYPE, OBJECT_TYPE}:
            if "nulls=stripped" in entry:
                raise unsupported("answers without nulls")
            return media_type
        if media_type in _OTHER_ANSWERS:
            raise unsupported(f"answers in {media_type}")
    words = ", ".join(accepted)
    raise ApiError(406, "PGRST107", f"None of these media types are available: {words}")


async def read_body(request: Request, limit: int) -> bytes:
    """Returns the body.

    Raises:
        ApiError: 413, it is longer than `limit` bytes.
        ClientDisconnect: the client left before it was complete.
    """
    chunks: list[bytes] = []
    size = 0
    async for chunk in _stream(request):
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        elif size > limit * _PATIENCE:
            break
    if size > limit:
        raise ApiError(413, TOO_LARGE, f"The body is larger than {limit} bytes")
    return b"".join(chunks)


def _stream(request: Request) -> AsyncIterable[bytes]:
    return request.stream()


def read_arguments(request: Request, body: bytes) -> Arguments:
    """Returns the arguments that the request gives to the function.

    Raises:
        ApiError: 400 PGRST102, the body is not JSON; 501, a query or body of another kind.
    """
    if request.method == "POST":
        if request.query_params:
            raise unsupported("filters and columns on the result of a function")
        return _arguments_of_body(request, body)
    values = dict(request.query_params.multi_items())
    for key, value in values.items():
        operator = value.split(".", 1)[0].split("(", 1)[0] if "." in value else ""
        if key in _RESERVED or operator in _OPERATORS:
            raise unsupported("filters, columns and paging on the result of a function")
    return Arguments(keys=frozenset(values), values=values)


def _arguments_of_body(request: Request, body: bytes) -> Arguments:
    media_type = _media_type(request.headers.get("content-type", JSON_TYPE))
    if media_type in _OTHER_BODIES:
        raise unsupported(f"bodies in {media_type}")
    if media_type != JSON_TYPE:
        raise invalid_body(f"Content-Type not acceptable: {media_type}")
    text, value = _parse(body or b"{}")
    if isinstance(value, dict):
        return Arguments(frozenset(value), text)
    if isinstance(value, list) and value:
        first = value[0]
        if not all(
            isinstance(row, dict) and isinstance(first, dict) and row.keys() == first.keys() for row in value
        ):
            raise invalid_body("All object keys must match")
        return Arguments(frozenset(first), text, is_list=True)
    return Arguments(frozenset(), text, is_list=isinstance(value, list))


def _parse(body: bytes) -> tuple[str, Any]:
    """Returns the text and its value, whose numbers stay texts: only the names of the arguments matter."""
    try:
        text = body.decode()
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse_constant)
        if "\\ud" in text or "\\uD" in text:
            # Half of a surrogate pair is no character: it has no UTF-8.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise invalid_body("Empty or invalid json") from None
    return text, value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _media_type(header: str) -> str:
    return header.split(";", 1)[0].strip().lower()


def _split(header: str) -> list[str]:
    return [entry.strip() for entry in header.split(",") if entry.strip()]
