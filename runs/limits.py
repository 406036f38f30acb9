"""Limits that all workers share: Prefect's global concurrency limits `groq-peticiones` and `groq-tokens`.

Their slots decay, as in Groq's own buckets: the limit says how many slots may be used at once, the decay how
many become free in a second. Prefect counts them in one row of its database, so the count holds across
processes and machines. This module decides when to ask Prefect, and for how many slots. It is built on facts
that were read in Prefect 3.8.8 and measured:

- A refused acquisition (423) renews the row's `updated`. What has decayed until then is forgotten. Prefect's
  own `rate_limit` tries again after a random time around the right one. Half of its tries come too early, and
  each early try begins the wait anew. So this module reads the limit first, which changes nothing, and waits
  for exactly as long as needed. It is then refused only when another process has just succeeded, and at that
  moment there is nothing to forget.
- The decay counts whole slots from one acquisition to the next. The rest is forgotten. So one acquisition
  serves all requests that wait; where slots are short, it is made for as many as two seconds give. And if
  more than half of the next slot is there, the module waits for that slot. Two processes at 600 a minute
  used 0.91 of the limit without this, and 0.96 with it.
- The server gives all slots that were asked for or none. A request that has waited once takes what is there,
  so that many small requests cannot overtake a large one for ever.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.exceptions import ObjectNotFound

from newsroom.loops import PerLoop

if TYPE_CHECKING:
    from prefect.client.schemas.responses import GlobalConcurrencyLimitResponse

logger = logging.getLogger("newsroom.limits")

REQUESTS = "groq-peticiones"
TOKENS = "groq-tokens"

LOOK_AGAIN_S = 60.0
"""Seconds until a limit is asked for again after Prefect had none of that name or did not answer."""

_CALL_TIMEOUT_S = 10.0
_BATCH_S = 2.0
_PAUSED_S = 2.0
# If more slots than this become free in a second, half a slot is not worth another request.
_FEW_A_SECOND = 50.0
# Added to each wait: the server needs this long itself. Who wakes earlier only has to read once more.
_LATE_S = 0.005

PREFECT_AWAY: tuple[type[Exception], ...] = (httpx.HTTPError, TimeoutError)
"""What a call of Prefect's client raises when the server cannot be reached or refuses."""

T = TypeVar("T")


async def _call(request: Awaitable[T]) -> T:
    # Prefect's client goes on trying for minutes. A request to Groq need not wait for that.
    async with asyncio.timeout(_CALL_TIMEOUT_S):
        return await request


class _Limit:
    """One of the limits, as one event loop uses it. `credit` is how many slots are taken and not used yet."""

    def __init__(self, name: str, said: set[tuple[str, str]]) -> None:
        self.name = name
        self.credit = 0
        self.unused = 0
        self.freed = asyncio.Event()
        self._ceiling = 0
        self._ignored_until = float("-inf")
        self._said = said

    @property
    def ignored(self) -> bool:
        """Returns whether every request passes: Prefect has no such limit, or does not answer."""
        return time.monotonic() < self._ignored_until

    def ignore(self, reason: str) -> None:
        """Lets every request pass for LOOK_AGAIN_S seconds; logs each reason once in a process."""
        self._ignored_until = time.monotonic() + LOOK_AGAIN_S
        if (self.name, reason) not in self._said:
            self._said.add((self.name, reason))
            logger.warning("limit %s is not kept: %s", self.name, reason)

    async def take(self, client: PrefectClient, least: int, most: int) -> None:
        """Waits until `credit` has `least` slots, and takes up to `most` if they are free.

        Both are cut to the whole limit: a larger request waits only until all slots of the limit are taken.
        """
        waited = aligned = False
        while not self.ignored and self.credit < least:
            await self.give_back(client)
            limit = await self._read(client)
            if limit is None:
                return
            self._ceiling = limit.limit
            if limit.limit == 0:
                await self._wait(_PAUSED_S)
                continue
            least, most = min(least, limit.limit), min(most, limit.limit)
            batch = min(most - self.credit, int(limit.slot_decay_per_second * _BATCH_S))
            aim = max(least - self.credit, batch)
            free = limit.limit - limit.active_slots
            if free < aim and not (waited and free > 0):
                await self._wait(_seconds_until(limit, aim - free))
                waited, aligned = True, False
            elif waited and not aligned and _next_is_near(limit):
                await self._wait(_seconds_until(limit, 1))
                aligned = True
            else:
                await self._occupy(client, min(free, most - self.credit))
                waited, aligned = True, False

    def covers(self, slots: int) -> bool:
        """Returns whether `credit` has the slots. The whole limit is enough for any larger request."""
        return self.ignored or self.credit >= min(slots, self._ceiling)

    def spend(self, slots: int) -> None:
        """Takes the slots from `credit`."""
        self.credit = max(0, self.credit - slots)

    def put_back(self, reserved: int, used: int) -> None:
        """Notes the slots that a request reserved and did not use. The next `give_back` tells the server."""
        self.unused += max(0, min(reserved, self._ceiling) - used)
        if self.unused:
            self.freed.set()

    async def give_back(self, client: PrefectClient) -> None:
        """Releases what `put_back` has noted."""
        slots, self.unused = self.unused, 0
        if slots:
            await _call(client.release_concurrency_slots([self.name], slots, occupancy_seconds=1))

    async def _read(self, client: PrefectClient) -> "GlobalConcurrencyLimitResponse | None":
        try:
            limit = await _call(client.read_global_concurrency_limit_by_name(self.name))
        except ObjectNotFound:
            self.ignore("Prefect has no limit of that name; `noticias limits` makes it")
            return None
        if not limit.active:
            self.ignore("it is switched off; switch it on in Prefect's UI, under Concurrency")
        elif not limit.slot_decay_per_second:
            self.ignore("its slots do not decay; `noticias limits` sets that right")
        else:
            return limit
        return None

    async def _occupy(self, client: PrefectClient, slots: int) -> None:
        try:
            await _call(client.increment_concurrency_slots([self.name], slots, mode="rate_limit"))
        except httpx.HTTPStatusError as refused:
            if refused.response.status_code != httpx.codes.LOCKED:
                raise
        else:
            self.credit += slots

    async def _wait(self, seconds: float) -> None:
        self.freed.clear()
        if not self.unused:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.freed.wait(), seconds)


def _seconds_until(limit: "GlobalConcurrencyLimitResponse", slots: int) -> float:
    """Returns the seconds until `slots` more slots are free.

    The server counts only whole slots. `updated` shows how much of the next one is there already. If the
    clocks of this machine and the database differ, the wait is wrong by less than the time of a slot.
    """
    return (slots - _share_of_next(limit)) / limit.slot_decay_per_second + _LATE_S


def _next_is_near(limit: "GlobalConcurrencyLimitResponse") -> bool:
    return limit.slot_decay_per_second < _FEW_A_SECOND and _share_of_next(limit) > 0.5


def _share_of_next(limit: "GlobalConcurrencyLimitResponse") -> float:
    """Returns the share of the next slot that is free, 0 to 1. An acquisition now would lose it."""
    if limit.updated is None:
        return 0.0
    age = (datetime.now(UTC) - limit.updated).total_seconds()
    return max(0.0, age) * limit.slot_decay_per_second % 1


@dataclass
class _Place:
    """A request's place in the line."""

    tokens: int
    admitted: bool = False


class _Line:
    """The waiting requests of one event loop. The first in line asks Prefect for all of them."""

    def __init__(self, said: set[tuple[str, str]]) -> None:
        self._requests = _Limit(REQUESTS, said)
        self._tokens = _Limit(TOKENS, said)
        self._places: list[_Place] = []
        self._turn = asyncio.Lock()

    @property
    def ignored(self) -> bool:
        return self._requests.ignored and self._tokens.ignored

    async def enter(self, tokens: int) -> None:
        place = _Place(tokens)
        self._places.append(place)
        try:
            async with self._turn:
                while not place.admitted:
                    await self._serve()
        finally:
            if not place.admitted:
                self._places.remove(place)
            if not self._places:
                # Slots that are kept for later would let a burst pass that is not counted any more then.
                self._requests.credit = self._tokens.credit = 0

    async def leave(self, reserved: int, used: int) -> None:
        self._tokens.put_back(reserved, used)
        # A request whose turn it is gives back by itself, before it takes.
        if self._tokens.unused and not self._turn.locked():
            async with self._turn:
                await _ask(self._tokens, self._tokens.give_back)

    async def _serve(self) -> None:
        """Takes slots for the first in line, and for those behind as far as slots are free; admits them."""
        waiting = len(self._places)
        await _ask(self._requests, lambda client: self._requests.take(client, 1, waiting))
        some = self._places[: max(1, self._requests.credit)]
        wanted = sum(place.tokens for place in some)
        await _ask(self._tokens, lambda client: self._tokens.take(client, some[0].tokens, wanted))
        for place in self._places.copy():
            if not self._requests.covers(1) or not self._tokens.covers(place.tokens):
                break
            self._requests.spend(1)
            self._tokens.spend(place.tokens)
            place.admitted = True
            self._places.remove(place)


async def _ask(limit: _Limit, action: Callable[[PrefectClient], Awaitable[None]]) -> None:
    if limit.ignored:
        return
    try:
        async with get_client() as client:
            await action(client)
    except PREFECT_AWAY as exc:
        limit.ignore(f"Prefect cannot be asked ({type(exc).__name__})")


class SharedLimits:
    """Admits requests to Groq as the limits in Prefect allow; see `newsroom.engines.groq.gate.Admission`.

    If a limit does not exist, or Prefect does not answer, every request passes. This is checked again once a
    minute and logged once. One object serves all event loops of a process.
    """

    def __init__(self) -> None:
        self._lines: PerLoop[_Line] = PerLoop()
        self._said: set[tuple[str, str]] = set()

    async def enter(self, tokens: int) -> None:
        """Waits until one more request, of `tokens` tokens, may be sent."""
        line = self._lines.here(lambda: _Line(self._said))
        if not line.ignored:
            await line.enter(tokens)

    async def leave(self, reserved: int, used: int) -> None:
        """Gives back the tokens that a request reserved and did not use."""
        await self._lines.here(lambda: _Line(self._said)).leave(reserved, used)
