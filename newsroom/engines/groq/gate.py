"""What Groq says about its limits counts for every request of the process, not only for the one it told."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from newsroom.engines.groq.errors import parse_duration


class Admission(Protocol):
    """Keeps limits that all workers share, such as Prefect's global concurrency limits."""

    async def enter(self, tokens: int) -> None:
        """Returns when a request may go that will reserve so many tokens (prompt and longest answer).

        Awaited before every request, the refused and the second ones too. What it raises leaves
        `complete` as it is.
        """

    async def leave(self, reserved: int, used: int) -> None:
        """Notes that a request which reserved `reserved` tokens was answered, and counts as `used`.

        Not called after a refusal: then the shared limits have let too much pass, and what the refused
        request took from them brings them nearer to the vendor's.
        """


class Gate:
    """Holds back requests after a refusal, then lets them through at growing speed.

    Safe to use from many threads. `clock` gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._opens_at = float("-inf")
        self._step = 0.0

    def hold(self, seconds: float) -> None:
        """Lets nobody pass for so many seconds from now; 0 holds nobody back."""
        if seconds <= 0:
            return
        with self._lock:
            self._opens_at = max(self._opens_at, self._clock() + seconds)
            self._step = seconds

    def delay(self) -> float:
        """Returns how many seconds the caller has to wait, 0 mostly, and takes its place in the line.

        Of those that wait, the first goes when the gate opens and the others one by one, the distance
        halved each time: the vendor said when one request fits, and all at once would be refused again.
        """
        with self._lock:
            now = self._clock()
            if self._opens_at <= now:
                return 0.0
            wait = self._opens_at - now
            self._opens_at += self._step
            self._step /= 2
            return wait


def seconds_until_free(headers: Mapping[str, str], used: int) -> float:
    """Returns in how many seconds the limits have room again for a request like the one just answered.

    0 where there is room, or nothing is said. `used` is what that request counted in tokens. The headers
    tell requests per day and tokens per minute, and as `reset` when all of the limit is free again; it
    drains evenly, so a part of it is free after that part of the time.
    """
    return max(_until_free(headers, "requests", 1), _until_free(headers, "tokens", used))


def _until_free(headers: Mapping[str, str], kind: str, needed: int) -> float:
    limit = _number(headers.get(f"x-ratelimit-limit-{kind}"))
    remaining = _number(headers.get(f"x-ratelimit-remaining-{kind}"))
    if limit is None or remaining is None or not remaining < needed <= limit:
        return 0.0
    full_in = parse_duration(headers.get(f"x-ratelimit-reset-{kind}", ""))
    return full_in * (needed - remaining) / (limit - remaining)


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
