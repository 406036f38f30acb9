"""Waiting for a condition, with a bound. Only here does a test sleep."""

import asyncio
import time
from collections.abc import Awaitable, Callable

POLL_S = 0.02
BOUND_S = 60.0


def wait_until(
    condition: Callable[[], bool],
    seconds: float = BOUND_S,
    what: str = "the condition",
    poll_s: float = POLL_S,
) -> None:
    """Returns as soon as `condition` holds; asks it every `poll_s` seconds.

    Raises:
        AssertionError: it does not hold within `seconds` seconds. The message names `what`.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come about within {seconds:g} s")
        time.sleep(poll_s)


async def until(
    condition: Callable[[], bool | Awaitable[bool]], seconds: float = BOUND_S, what: str = "the condition"
) -> None:
    """Returns as soon as `condition` holds, and leaves the event loop free; a coroutine's answer is awaited.

    Raises:
        AssertionError: it does not hold within `seconds` seconds. The message names `what`.
    """
    deadline = time.monotonic() + seconds
    while True:
        holds = condition()
        if holds if isinstance(holds, bool) else await holds:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come about within {seconds:g} s")
        await asyncio.sleep(POLL_S)
