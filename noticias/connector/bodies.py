"""From a request's body to an item: bounded reading, strict JSON, the model's own rules."""

import asyncio
import math
from typing import Any

from fastapi import HTTPException, Request

from newsroom.inputs import printable
from newsroom.json_reading import NotJson, read_json
from newsroom.models.identity import MAX_ITEM_BYTES
from noticias.connector.refusals import Refused

# The connector writes ó as \u00f3: six bytes instead of two. The model checks the size of the item itself.
MAX_BODY_BYTES = 4 * MAX_ITEM_BYTES
# Up to this many times as much is read and thrown away, so that a client that sends on reads the answer.
_PATIENCE = 4
_READING_S = 30
# Prefect validates parameters recursively; no article is nested like this.
_MAX_DEPTH = 32
# Prefect keeps parameters as JSON that cannot hold longer numbers.
_MAX_NUMBER = 2**63
# Prefect would evaluate an object with this key: as a template, or as a variable of the server.
_PREFECT_KIND = "__prefect_kind"


async def read_object(request: Request, wrapper: str) -> dict[str, Any]:
    """Returns the JSON object of the body, without the `wrapper` around it if there is one.

    Raises:
        Refused: it is not JSON, not an object, or holds what Prefect or a database cannot keep.
        HTTPException: 413 above MAX_BODY_BYTES, 415 if its type is not JSON, 408 if it does not end in time.
    """
    media_type = request.headers.get("content-type", "").split(";", 1)[0].strip().lower()
    if media_type != "application/json":
        # A browser sends other types to another site without asking. A web page must not submit articles so.
        raise HTTPException(415, "El cuerpo debe venir como Content-Type: application/json")
    body = await _read(request)
    return await asyncio.to_thread(_parse, body, wrapper)


async def _read(request: Request) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > MAX_BODY_BYTES * _PATIENCE:
        raise _too_large()
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(_READING_S):
            async for chunk in request.stream():
                size += len(chunk)
                if size <= MAX_BODY_BYTES:
                    chunks.append(chunk)
                elif size > MAX_BODY_BYTES * _PATIENCE:
                    break
    except TimeoutError:
        raise HTTPException(408, f"El cuerpo no llegó entero en {_READING_S} s") from None
    if size > MAX_BODY_BYTES:
        raise _too_large()
    return b"".join(chunks)


def _too_large() -> HTTPException:
    return HTTPException(413, f"El cuerpo pasa de {MAX_BODY_BYTES} bytes")


def _parse(body: bytes, wrapper: str) -> dict[str, Any]:
    try:
        # `reject_unkeepable` says where a NaN stands.
        value = read_json(body, constants=True)
    except NotJson as exc:
        raise Refused([f"body: {exc}"]) from None
    while isinstance(value, dict) and set(value) == {wrapper}:
        value = value[wrapper]
    if not isinstance(value, dict):
        raise Refused([f"body: a JSON object is needed, alone or as {wrapper}"])
    reject_unkeepable(value)
    return value


def reject_unkeepable(value: dict[str, Any]) -> None:
    """Refuses what Prefect would refuse, evaluate or lose in a parameter.

    Raises:
        Refused: with the place in the object and the problem.
    """
    stack: list[tuple[str, int, Any]] = [("body", 0, value)]
    while stack:
        place, depth, item = stack.pop()
        if depth > _MAX_DEPTH:
            raise Refused([f"{printable(place)}: nested deeper than {_MAX_DEPTH}"])
        if problem := _problem(item):
            raise Refused([f"{printable(place)}: {problem}"])
        if isinstance(item, dict):
            stack.extend((key if depth == 0 else f"{place}.{key}", depth + 1, item[key]) for key in item)
        elif isinstance(item, list):
            stack.extend((f"{place}[{index}]", depth + 1, inner) for index, inner in enumerate(item))


def _problem(item: Any) -> str:
    if isinstance(item, dict) and _PREFECT_KIND in item:
        return f"the key {_PREFECT_KIND} means something to Prefect; remove it"
    if isinstance(item, float) and not math.isfinite(item):
        return "not a finite number"
    if isinstance(item, int) and not -_MAX_NUMBER <= item < _MAX_NUMBER:
        return "a whole number of more than 64 bits"
    return ""
