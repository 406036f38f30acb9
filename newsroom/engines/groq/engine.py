"""The engine that asks Groq, or any server that speaks its API.

Who retries what stands in docs/design.md, "What fails and who owns it". This adapter waits when it is told to
wait. It asks again once when the answer is not what was asked for. Everything else is raised at once. The
SDK retries nothing.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    retry_if_result,
    stop_after_attempt,
    wait_exponential,
)

from newsroom.engines.base import Completion, Question
from newsroom.engines.groq.connection import Answer, GroqConnection
from newsroom.engines.groq.errors import MODEL_GONE
from newsroom.engines.groq.gate import Admission, Gate, seconds_until_free
from newsroom.engines.groq.wire import (
    Reply,
    build_request,
    estimate_tokens,
    judge,
    model_parameters,
    read_failed_generation,
    read_reply,
)
from newsroom.engines.prices import cost_usd
from newsroom.errors import EngineRefused, MalformedOutput, NewsroomError, RateLimited

logger = logging.getLogger(__name__)


@dataclass
class _Exchange:
    """One question on its way: what was said so far, and what it took."""

    question: Question
    replies: list[Reply] = field(default_factory=list)
    requests: int = 0
    waited_s: float = 0.0


class GroqEngine:
    """Asks a model of Groq.

    Args:
        api_key: never logged, never in an error.
        model: the model's id, such as `openai/gpt-oss-120b`.
        base_url: the server's address without `/openai/v1`, which the SDK adds; one that has it, as the
            OpenAI SDK wants it, is taken too (and a warning logged). None is Groq's own.
        max_wait_s: how long one question may wait in all because Groq told it to, in seconds.
        timeout_s: how long one request may take, in seconds.
        max_in_flight: how many requests one event loop may have under way; the others wait in line,
            which counts against no timeout.
        admission: the limits that all workers share; None lets everything pass.
        sleep: how to wait; tests give one that only notes.

    Raises:
        EngineRefused: the key or the address cannot be sent at all.
    """

    name = "groq"
    can_translate = True

    def __init__(
        self,
        api_key: SecretStr | str,
        model: str,
        *,
        base_url: str | None = None,
        max_wait_s: float = 120,
        timeout_s: float = 60,
        max_in_flight: int = 16,
        admission: Admission | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.model = model
        self.max_wait_s = max_wait_s
        self._connection = GroqConnection(api_key, base_url, timeout_s=timeout_s, max_in_flight=max_in_flight)
        self._admission = admission
        self._gate = Gate()
        self._sleep = sleep

    @property
    def base_url(self) -> str:
        """The server's address, without the API's path."""
        return self._connection.base_url

    def parameters(self, stage: str) -> dict[str, Any]:
        """Returns what, beside the prompt, decides an answer; the same for every stage."""
        return model_parameters(self.model)

    async def complete(self, question: Question) -> Completion:
        """Returns the model's answer, after at most two requests beside those that a 429 refused.

        If the answer is not what was asked for, the model is told what is wrong and asked once more. A
        first answer that is at least a JSON object stays the answer, and the second is its correction.

        Raises:
            RateLimited: the limit per minute, and `max_wait_s` does not suffice for what Groq says.
            QuotaExhausted: the limit per day; nothing was waited for.
            EngineUnavailable: timeout, connection, 5xx, 498.
            MalformedOutput: neither answer is a JSON object.
            EngineRefused: any other refusal; for a model that is not served it names those that are.
        """
        started = time.perf_counter()
        exchange = _Exchange(question)
        asking = AsyncRetrying(
            stop=stop_after_attempt(2),
            retry=retry_if_result(lambda reply: bool(reply.problems)),
            # Whether the second answer serves is for _settle to say.
            retry_error_callback=lambda state: None,
        )
        try:
            await asking(self._ask, exchange)
        except EngineRefused as refused:
            if refused.code in MODEL_GONE:
                raise await self._name_alternatives(refused) from refused.__cause__
            raise
        return _settle(exchange, time.perf_counter() - started)

    async def list_models(self) -> list[str]:
        """Returns the ids of the models that the key may use now, sorted.

        Raises:
            RateLimited, QuotaExhausted, EngineUnavailable, EngineRefused: as for a question.
        """
        return await self._connection.list_models()

    async def close(self) -> None:
        """Closes the connections of the running event loop; the engine can be used again."""
        await self._connection.close()

    async def _ask(self, exchange: _Exchange) -> Reply:
        """Returns the judged reply to the question, or to the second one, and notes it in `exchange`."""
        first = exchange.replies[0] if exchange.replies else None
        request = build_request(self.model, exchange.question, first)
        try:
            answer = await self._send_when_told(exchange, request)
            reply = read_reply(answer.body, self.model)
            await self._note_limits(answer, estimate_tokens(request), reply)
        except MalformedOutput as refused:
            reply = read_failed_generation(refused.text, self.model)
        reply = judge(exchange.question, reply)
        exchange.replies.append(reply)
        if reply.problems:
            logger.info(
                "%s: %d problems in answer %d of 2",
                exchange.question.stage,
                len(reply.problems),
                len(exchange.replies),
            )
        return reply

    async def _send_when_told(self, exchange: _Exchange, request: dict[str, Any]) -> Answer:
        """Returns the answer, after waiting as often as the vendor says and `max_wait_s` allows.

        What one question is told holds for all of this engine: the others wait at the gate.
        """

        async def ready() -> None:
            if self._admission is not None:
                await self._admission.enter(estimate_tokens(request))
            # Who was told itself waits as told, which is what the gate is for.
            if not exchange.waited_s and (delay := self._gate.delay()) > 0:
                await self._sleep(delay)
            exchange.requests += 1

        def note_wait(state: RetryCallState) -> None:
            exchange.waited_s += state.upcoming_sleep
            logger.info("%s: waiting %.3g s as told", exchange.question.stage, state.upcoming_sleep)

        async def send() -> Answer:
            try:
                return await self._connection.create(request, ready)
            except RateLimited as told:
                self._hold(told.retry_after_s)
                raise

        waiting = AsyncRetrying(
            retry=retry_if_exception_type(RateLimited),
            wait=_wait_as_told,
            stop=lambda state: exchange.waited_s + state.upcoming_sleep > self.max_wait_s,
            before_sleep=note_wait,
            sleep=self._sleep,
            reraise=True,
        )
        return await waiting(send)

    async def _note_limits(self, answer: Answer, reserved: int, reply: Reply) -> None:
        # Cached tokens count to no limit; an answer without usage counts as what was reserved for it.
        used = reply.tokens_in - reply.tokens_cached + reply.tokens_out if reply.tokens_in else reserved
        self._hold(seconds_until_free(answer.headers, used))
        if self._admission is not None:
            await self._admission.leave(reserved, used)

    def _hold(self, seconds: float) -> None:
        # A longer wait is not ours to sit out: the next question asks, and raises its own refusal.
        if seconds <= self.max_wait_s:
            self._gate.hold(seconds)

    async def _name_alternatives(self, refused: EngineRefused) -> EngineRefused:
        """Returns the refusal of a model with the models that are served, or why they cannot be told."""
        try:
            served = f"it serves {', '.join(await self.list_models())}"
        except NewsroomError as exc:
            served = f"which models it serves cannot be told: {exc}"
        words = f"{refused}; NOTICIAS_GROQ_MODEL is {self.model!r}, and {served}"
        return EngineRefused(words, refused.status, refused.code)


def _wait_as_told(state: RetryCallState) -> float:
    """Returns exactly what the refusal says; where it says nothing, 1 s, 2 s, 4 s and so on up to 30 s."""
    error = state.outcome.exception() if state.outcome else None
    told = error.retry_after_s if isinstance(error, RateLimited) else 0.0
    return told or wait_exponential(multiplier=1, max=30)(state)


def _settle(exchange: _Exchange, seconds: float) -> Completion:
    replies = exchange.replies
    good = [reply for reply in replies if reply.usable or not reply.problems]
    if not good:
        last = replies[-1]
        words = f"{exchange.question.stage}: no JSON object, asked twice: {'; '.join(last.problems[:3])}"
        raise MalformedOutput(words, last.problems, last.text)
    tokens_in = sum(reply.tokens_in for reply in replies)
    tokens_out = sum(reply.tokens_out for reply in replies)
    tokens_cached = sum(reply.tokens_cached for reply in replies)
    model = good[0].model
    return Completion(
        text=good[0].text,
        model=model,
        correction=good[1].text if len(good) > 1 else None,
        requests=exchange.requests,
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        tokens_cached=tokens_cached,
        seconds=seconds,
        cost_usd=cost_usd(model, tokens_in, tokens_out, tokens_cached),
    )
