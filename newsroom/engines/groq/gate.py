"""Applies what Groq says about its limits to every request of the process, not only to the one it told."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from newsroom.engines.groq.errors import parse_duration


class Admission(Protocol):
    """Keeps limits that all workers share, such as Prefect's global concurrency limits."""

    async def enter(self, tokens: int) -> None:
        """Waits until a request may go that reserves `tokens` (prompt plus longest answer).

        It is called before every request, also before a repeated one. Its exceptions reach the caller of
        `Engine.complete`.
        """

    async def leave(self, reserved: int, used: int) -> None:
        """Records that a request which reserved `reserved` tokens was answered and used `used` tokens.

        It is not called after a refusal. A refusal shows that the shared limits let too much pass. What the
        refused request took from them brings them nearer to the vendor's.
        """


class Gate:
    """Holds back requests after a refusal, then lets them through faster and faster.

    Many threads may use it at once. `clock` gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._opens_at = float("-inf")
        self._step = 0.0

    def hold(self, seconds: float) -> None:
        """Lets no request pass for `seconds` from now; 0 holds nothing back."""
        if seconds <= 0:
            return
        with self._lock:
            self._opens_at = max(self._opens_at, self._clock() + seconds)
            self._step = seconds

    def delay(self) -> float:
        """Returns how many seconds the caller has to wait (mostly 0), and gives it its place in the line.

        The first one goes when the gate opens. The others follow one by one, and the gap between two is
        halved each time. The vendor said when one request fits, so all at once would be refused again.
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
    """Returns after how many seconds the limits have room for another request like the one just answered.

    It is 0 if there is room or the headers say nothing. `used` is the number of tokens that the request used.
    The headers name what is left of the requests per day and of the tokens per minute. `reset` is the time
    after which the whole limit is free again. A limit gets free evenly, so a part of it is free after the
    same part of that time.
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
