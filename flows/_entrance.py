"""Lets the runs of one feed in a few at a time, so that they do not do the same step at the same moment.

Thirty-two runs that are begun together take turns at the same requests, so that none asks the model before
nearly all could; from then on they want the processor together, and wait for the model together (measured:
4 of 25 s in which nothing was asked). One behind another the first asks at once, and they stay apart.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar

ENTERING = 4
"""Runs that may be between their first request and their first question to the model at the same moment."""

_leave: ContextVar[Callable[[], None] | None] = ContextVar("leave", default=None)


@asynccontextmanager
async def entering(places: asyncio.Semaphore) -> AsyncIterator[None]:
    """Waits for one of `places`; gives it back when the block calls `entered`, at its end at the latest."""
    await places.acquire()
    held = True

    def leave() -> None:
        nonlocal held
        if held:
            held = False
            places.release()

    token = _leave.set(leave)
    try:
        yield
    finally:
        _leave.reset(token)
        leave()


def entered() -> None:
    """Says that the next run may begin: this one is about to wait for the model, or for runs of its own."""
    leave = _leave.get()
    if leave is not None:
        leave()
