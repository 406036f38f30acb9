"""What is loaded once a process, when it is first asked for."""

from collections.abc import Callable
from functools import cache, wraps
from threading import Lock
from typing import TypeVar

T = TypeVar("T")


def load_once(load: Callable[[], T]) -> Callable[[], T]:
    """Returns `load` made to run once a process: `cache` alone lets each thread that comes run it too."""
    lock = Lock()
    cached = cache(load)

    @wraps(load)
    def get() -> T:
        with lock:
            return cached()

    return get
