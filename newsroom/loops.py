"""Keeps one client for each event loop: a client's connections belong to the loop that opened them."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class PerLoop(dict[asyncio.AbstractEventLoop, T]):
    """One T for each event loop that asked for it. Many threads may use it at once."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()

    def here(self, make: Callable[[], T]) -> T:
        """Returns the T of the running loop, made by `make` at the first call. Closed loops are forgotten."""
        loop = asyncio.get_running_loop()
        with self._lock:
            held = self.get(loop)
            if held is None:
                # Not weak references: a client's connections hold its loop, so those would never end.
                for dead in [other for other in self if other.is_closed()]:
                    del self[dead]
                held = self[loop] = make()
        return held

    def leave(self) -> T | None:
        """Returns the T of the running loop, or None, and forgets it."""
        with self._lock:
            return self.pop(asyncio.get_running_loop(), None)
