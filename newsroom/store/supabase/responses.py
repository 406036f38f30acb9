"""Which answers of the server count as one of PostgREST: hooks of the HTTP clients."""

import httpx


def refuse(response: httpx.Response) -> None:
    """Accepts a success with JSON or without content, and refuses any other answer.

    Raises:
        HTTPStatusError: with the body read.
    """
    if not _is_answer(response):
        response.read()
        raise _status_error(response)


async def refuse_async(response: httpx.Response) -> None:
    """The same for a client of an event loop."""
    if not _is_answer(response):
        await response.aread()
        raise _status_error(response)


def _is_answer(response: httpx.Response) -> bool:
    if response.status_code == httpx.codes.NO_CONTENT:
        return True
    return response.is_success and response.headers.get("Content-Type", "").startswith("application/json")


def _status_error(response: httpx.Response) -> httpx.HTTPStatusError:
    return httpx.HTTPStatusError(f"HTTP {response.status_code}", request=response.request, response=response)
