"""Lets the runs of one process begin a few at a time, so that they do not all do the same step at once.

Runs that begin together stay together. Thirty-two of them first take turns at the same requests, so that the
first one asks the model only when nearly all of them could. After that they all want the processor at the
same moment, and then all wait for the model (measured: in 4 of 25 s nothing was asked). Runs that begin one
behind another stay apart, and the first one asks the model at once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar

ENTERING = 4
"""How many runs may be between their first request and their first question to the model at once."""

_leave: ContextVar[Callable[[], None] | None] = ContextVar("leave", default=None)


@asynccontextmanager
async def entering(places: asyncio.Semaphore) -> AsyncIterator[None]:
    """Waits for one of `places`, and holds it until the block calls `entered` or ends."""
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
    """Frees the place of the calling run, so that the next run may begin.

    A run calls this when it is about to wait for the model or for runs of its own. A run that holds no place
    may call it too; then nothing happens.
    """
    leave = _leave.get()
    if leave is not None:
        leave()
