"""Loads something once for each process, when it is first needed."""

from collections.abc import Callable
from functools import cache, wraps
from threading import Lock
from typing import TypeVar

T = TypeVar("T")


def load_once(load: Callable[[], T]) -> Callable[[], T]:
    """Returns a function that calls `load` only once in this process, and then returns that result.

    `functools.cache` alone would let several threads run `load` at the same time.
    """
    lock = Lock()
    cached = cache(load)

    @wraps(load)
    def get() -> T:
        with lock:
            return cached()

    return get
