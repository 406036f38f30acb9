"""The engine that asks Groq, or any server with the same API.

This adapter retries two things. It waits if Groq tells it to wait, and it asks once more if the answer is not
what was asked for. It raises everything else at once, and the SDK retries nothing. Who deals with each
failure: docs/design.md, "What fails and who owns it".
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
    """One question on its way: what was answered so far, and what that used."""

    question: Question
    replies: list[Reply] = field(default_factory=list)
    requests: int = 0
    waited_s: float = 0.0


class GroqEngine:
    """Asks a model of Groq.

    Args:
        api_key: the vendor's key. It is never logged and never in an error.
        model: the model's id, such as `openai/gpt-oss-120b`.
        base_url: the server's address without `/openai/v1`, which the SDK adds. An address that ends in it,
            as the OpenAI SDK wants it, is accepted with a warning in the log. None is Groq's own address.
        max_wait_s: how long one question may wait in all because Groq told it to, in seconds.
        timeout_s: how long one request may take, in seconds.
        max_in_flight: how many requests of one event loop may be under way at once. The others wait in line,
            and that wait counts against no timeout.
        admission: the limits that all workers share. None lets everything pass.
        sleep: how to wait. Tests give one that only records the wait.

    Raises:
        EngineRefused: the key or the address cannot be used.
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
        """Returns everything besides the prompt that decides an answer. It is the same for every stage."""
        return model_parameters(self.model)

    async def complete(self, question: Question) -> Completion:
        """Returns the model's answer, after at most two requests. Those refused with a 429 do not count.

        If the answer is not what was asked for, the model is told what is wrong and asked once more. If the
        first answer is a JSON object, it stays the answer, and the second is its correction.

        Raises:
            RateLimited: the limit per minute was hit, and Groq says to wait longer than `max_wait_s` allows.
            QuotaExhausted: the limit per day was hit. The adapter did not wait.
            EngineUnavailable: timeout, connection, 5xx, 498.
            MalformedOutput: neither answer is a JSON object.
            EngineRefused: any other refusal. If the model is not served, the message names those that are.
        """
        started = time.perf_counter()
        exchange = _Exchange(question)
        asking = AsyncRetrying(
            stop=stop_after_attempt(2),
            retry=retry_if_result(lambda reply: bool(reply.problems)),
            # _settle decides whether the second answer can be used.
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
        """Closes the connections of the running event loop. The engine can be used again."""
        await self._connection.close()

    async def _ask(self, exchange: _Exchange) -> Reply:
        """Returns the judged reply to the first or the second question, and notes it in `exchange`."""
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
        """Returns the answer. Before it, waits as often as the vendor says and `max_wait_s` allows.

        A wait that one question is told holds for all questions of this engine: the others wait at the gate.
        """

        async def ready() -> None:
            if self._admission is not None:
                await self._admission.enter(estimate_tokens(request))
            # A question that was told to wait has waited already. The gate is for the others.
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
        # Cached tokens count against no limit. An answer without usage counts as what was reserved for it.
        used = reply.tokens_in - reply.tokens_cached + reply.tokens_out if reply.tokens_in else reserved
        self._hold(seconds_until_free(answer.headers, used))
        if self._admission is not None:
            await self._admission.leave(reserved, used)

    def _hold(self, seconds: float) -> None:
        # A longer wait than this is for Prefect: the next question is asked, and raises its own refusal.
        if seconds <= self.max_wait_s:
            self._gate.hold(seconds)

    async def _name_alternatives(self, refused: EngineRefused) -> EngineRefused:
        """Returns the refusal with the models that are served, or with the reason why they are not known."""
        try:
            served = f"it serves {', '.join(await self.list_models())}"
        except NewsroomError as exc:
            served = f"the list of models that it serves could not be read: {exc}"
        words = f"{refused}; NOTICIAS_GROQ_MODEL is {self.model!r}, and {served}"
        return EngineRefused(words, refused.status, refused.code)


def _wait_as_told(state: RetryCallState) -> float:
    """Returns the wait that the refusal names, in seconds; without one 1, 2, 4 and so on up to 30."""
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
