"""What an adapter keeps for each event loop: a client's connections belong to the loop that opened them."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class PerLoop(dict[asyncio.AbstractEventLoop, T]):
    """One T for each event loop that asked for it. Safe to use from many threads."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()

    def here(self, make: Callable[[], T]) -> T:
        """Returns what the running loop has, made by `make` at its first call; forgets closed loops."""
        loop = asyncio.get_running_loop()
        with self._lock:
            held = self.get(loop)
            if held is None:
                # A client holds its loop through its connections, so weak references would never die.
                for dead in [other for other in self if other.is_closed()]:
                    del self[dead]
                held = self[loop] = make()
        return held

    def leave(self) -> T | None:
        """Returns what the running loop had, and forgets it; None if it had nothing."""
        with self._lock:
            return self.pop(asyncio.get_running_loop(), None)
