"""Who asked the model what, and what came back: kept in the chaos process, so that no kill loses it."""

import asyncio
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.types import Message, Receive, Scope, Send

from tests.chaos.answering import Model, Told
from tests.contract.groq_chaos import Chaos
from tests.contract.groq_reactions import ChatRequest, Reaction, Refusal
from tests.contract.groq_rules import prompt_text
from tests.contract.groq_server import GroqServer

WINDOW_S = 5.0
"""Seconds after its delivery in which an answer may not yet be on disk, on a crowded machine."""

AT_ONCE_S = 15.0
"""Seconds that a decided request may wait in its reader: in line, at the gate, or because of a 429."""


@dataclass
class Ask:
    """One request. `reader` is the process that sent it; `delivered_at` when the last byte had gone out."""

    key: str
    reader: str
    stage: str
    number: int
    at: float
    second: bool
    outcome: str = "hung up"
    whole: bool = False
    inventions: tuple[str, ...] = ()
    delivered_at: float | None = None


@dataclass
class Repeats:
    """Questions that were put again after a whole answer to them had been delivered.

    Attributes:
        unexplained: those that nothing below explains. There must be none.
        lost_with_reader: the reader that had the answer was killed within WINDOW_S of its delivery; the
            answer had not been written yet. `gaps_s` says how long before the kill it was delivered.
        at_once: the item was submitted more than once, and another reading of it was under way.
    """

    unexplained: list[tuple[Ask, Ask]] = field(default_factory=list)
    lost_with_reader: int = 0
    gaps_s: list[float] = field(default_factory=list)
    at_once: int = 0


class RecordingServer(GroqServer):
    """The local Groq server, which also notes each request, who sent it and whether its answer went out.

    A reader is known by its API key: each process that is started gets one of its own.
    """

    def __init__(self, model: Model, **options: Any) -> None:
        super().__init__(model, **options)
        self.asks: list[Ask] = []
        self._model = model
        self._open: dict[asyncio.Task[Any] | None, Ask] = {}

    async def _chat(self, http: HttpRequest, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()

        async def watch(message: Message) -> None:
            await send(message)
            done = message["type"] == "http.response.body" and not message.get("more_body")
            # Sending to a closed connection raises nothing. So the transport must still be there.
            if done and tuple(scope["client"]) in self._transports and task in self._open:
                self._open[task].delivered_at = self._loop.time()

        try:
            await super()._chat(http, scope, receive, watch)
        finally:
            self._open.pop(task, None)

    def _react(self, request: ChatRequest) -> tuple[Reaction, int]:
        reaction, reserved = super()._react(request)
        ask = Ask(
            key=fingerprint(request.body),
            reader=request.headers.get("authorization", "").removeprefix("Bearer "),
            stage=request.stage,
            number=self._model.plan_of(request).number,
            at=request.at,
            second=request.is_second,
        )
        if isinstance(reaction, Told):
            ask.outcome, ask.whole, ask.inventions = "whole", True, reaction.inventions
        elif isinstance(reaction, Refusal):
            ask.outcome = str(reaction.status)
        else:
            ask.outcome = type(reaction).__name__
        self.asks.append(ask)
        self._open[asyncio.current_task()] = ask
        return reaction, reserved


def fingerprint(body: Mapping[str, Any]) -> str:
    """Returns a hash of the model, the parameters, the schema and the first two messages of a question."""
    question = {**body, "messages": body["messages"][:2]}
    rest = sorted((name, str(value)) for name, value in question.items() if name not in ("messages",))
    # A second question doubles its budget.
    rest = [pair for pair in rest if pair[0] != "max_completion_tokens"]
    return hashlib.sha256(f"{rest}{prompt_text(question)}".encode()).hexdigest()


def find_repeats(asks: Iterable[Ask], killed: Mapping[str, float], several: set[int]) -> Repeats:
    """Returns the questions that were put again after their answer was there.

    `killed` is when each reader was killed (monotonic clock); `several` the numbers of the articles that
    were submitted more than once.
    """
    repeats = Repeats()
    by_key: dict[str, list[Ask]] = defaultdict(list)
    for ask in asks:
        by_key[ask.key].append(ask)
    for same in by_key.values():
        for later in same:
            if later.second:
                continue
            had = [q for q in same if _arrived(q, killed) and (q.delivered_at or 0) < later.at]
            if had:
                _judge(max(had, key=lambda q: q.delivered_at or 0), later, killed, several, repeats)
    return repeats


def _arrived(ask: Ask, killed: Mapping[str, float]) -> bool:
    """Returns whether a whole answer went out to a reader that was still alive."""
    at = ask.delivered_at
    return ask.whole and at is not None and at < killed.get(ask.reader, float("inf"))


def _judge(had: Ask, later: Ask, killed: Mapping[str, float], several: set[int], repeats: Repeats) -> None:
    assert had.delivered_at is not None
    gap = killed.get(had.reader, float("inf")) - had.delivered_at
    if had.reader != later.reader and gap <= WINDOW_S:
        repeats.lost_with_reader += 1
        repeats.gaps_s.append(gap)
    elif had.number in several and later.at - had.delivered_at <= AT_ONCE_S:
        repeats.at_once += 1
    else:
        repeats.unexplained.append((had, later))


def requests_per_reading(asks: Iterable[Ask]) -> Counter[tuple[int, str, str]]:
    """Returns how many requests each reader made for each article and stage, 429s not counted."""
    return Counter((ask.number, ask.stage, ask.reader) for ask in asks if ask.outcome != "429")


def count_inventions(asks: Iterable[Ask]) -> Counter[str]:
    """Returns how many inventions were delivered, by kind."""
    return Counter(kind for ask in asks if ask.delivered_at is not None for kind in ask.inventions)


def issue_rates(seed: int) -> Chaos:
    """Returns the faults of issue 6: 20 % 5xx, 10 % cut off or invalid, 5 % hanging, some 429s and resets."""
    return Chaos(
        seed=seed, unavailable=0.20, cut_off=0.04, not_generated=0.03, garbage=0.03, hanging=0.05,
        limited=0.03, dropped=0.02,
    )  # fmt: skip
