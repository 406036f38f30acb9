"""A server that speaks Groq's API on loopback: the real SDK cannot tell it from the real thing.

::

    with GroqServer(answers={"triaje": {...}, "elementos": lambda request: {...}}, latency_s=0.5) as server:
        engine = GroqEngine("gsk-test", "openai/gpt-oss-120b", base_url=server.base_url)
        ...
    assert server.count("triaje") == 1

It keeps Groq's rules (known models, strict schemas, the word "json"), counts tokens and cached prefixes,
can enforce limits, and does to each request what it is told: see groq_reactions, groq_rules, groq_chaos.
"""

import asyncio
import json
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Self

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from tests.contract.groq_chaos import Chaos
from tests.contract.groq_reactions import (
    Answer,
    Answerer,
    ChatRequest,
    Drop,
    Hang,
    Raw,
    Reaction,
    Refusal,
    as_answer,
    bad_key,
    decommissioned,
    not_found,
)
from tests.contract.groq_responses import (
    Delayed,
    Transports,
    completion_body,
    hang_until_gone,
    model_list,
    refuse,
    serve_app,
    trace_headers,
)
from tests.contract.groq_rules import (
    Limits,
    PrefixCache,
    check_request,
    count_prompt,
    prompt_text,
    smallest_answer,
)

DEFAULT_MODELS = (
    "openai/gpt-oss-120b",
    "openai/gpt-oss-20b",
    "openai/gpt-oss-safeguard-20b",
    "qwen/qwen3.8-27b",
)
_PATIENCE_S = 20


class GroqServer:
    """A context manager: inside it the server runs in a thread of its own, on a port that the system chose.

    Args:
        answer: what to do with every request: a reaction, or a function of the request that returns one;
            None answers with the smallest JSON that the request's schema takes.
        answers: the same by stage, which goes before `answer`.
        latency_s: how long an answer takes, in seconds; refusals come at once, as Groq's do.
        limits: enforced as Groq enforces them.
        chaos: faults by chance.
        api_key: the only key that is taken; None takes any.
        list_models: what GET models meets; None answers with `models`.
        models: the ids that are served; `retired` those that answer `model_decommissioned`.

    `script(*reactions)` sets what the next requests meet, one each, before `answer` counts again; a request
    that breaks the API's rules is refused all the same, and takes nothing from the script.
    """

    def __init__(
        self,
        answer: Answerer | None = None,
        *,
        answers: Mapping[str, Answerer] | None = None,
        latency_s: float = 0.0,
        limits: Limits | None = None,
        chaos: Chaos | None = None,
        api_key: str | None = None,
        list_models: Raw | None = None,
        models: Iterable[str] = DEFAULT_MODELS,
        retired: Iterable[str] = (),
    ) -> None:
        self.answer = answer
        self.answers = dict(answers or {})
        self.latency_s = latency_s
        self.limits = limits or Limits()
        self.chaos = chaos
        self.api_key = api_key
        self.list_models = list_models
        self.models = tuple(models)
        self.retired = frozenset(retired)
        self.requests: list[ChatRequest] = []
        self._arrived = threading.Condition()
        self.model_lists = 0
        self.in_flight = 0
        self.most_in_flight = 0
        self._script: deque[Answerer] = deque()
        self._cache = PrefixCache()
        self._transports: Transports = {}

    def __enter__(self) -> Self:
        # With the protocol named, asyncio sets TCP_NODELAY; without, each answer would wait 40 ms for an ACK.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(2048)
        self.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._run(ready)), name="groq-server", daemon=True
        )
        self._thread.start()
        if not ready.wait(_PATIENCE_S):
            raise TimeoutError(f"the Groq server did not start within {_PATIENCE_S} s")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_PATIENCE_S)
        if self._thread.is_alive():
            raise TimeoutError(f"the Groq server did not stop within {_PATIENCE_S} s")

    async def _run(self, ready: threading.Event) -> None:
        """Serves until it is told to stop, then hangs up on everybody: uvicorn's own shutdown takes 0.2 s."""
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        listener = await self._loop.create_server(serve_app(self._serve, self._transports), sock=self._socket)
        ready.set()
        await self._stop.wait()
        listener.close()
        for transport in list(self._transports.values()):
            transport.abort()
        # Those that hang notice that they are alone; who is still busy then is cancelled.
        if others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others, timeout=0.5)

    def script(self, *reactions: Answerer) -> None:
        """Sets what the next requests meet, one each."""
        self._script.extend(reactions)

    async def wait_for_requests(self, number: int, within_s: float = 20) -> None:
        """Returns once `number` chat completion requests have arrived.

        Raises:
            TimeoutError: they did not within `within_s` seconds.
        """
        if not await asyncio.to_thread(self._wait, number, within_s):
            raise TimeoutError(f"{self.count()} requests arrived within {within_s} s, not {number}")

    def _wait(self, number: int, within_s: float) -> bool:
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self.requests) >= number, within_s)

    def count(self, stage: str | None = None) -> int:
        """Returns how many chat completion requests arrived, in all or for one stage."""
        return sum(1 for request in self.requests if stage is None or request.stage == stage)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        http = HttpRequest(scope, receive)
        if scope["path"] == "/openai/v1/models" and scope["method"] == "GET":
            self.model_lists += 1
            raw = self.list_models or Raw(200, json.dumps(model_list(self.models)).encode())
            response = self._authorize(http) or _raw_response(raw)
            await response(scope, receive, send)
        elif scope["path"] == "/openai/v1/chat/completions" and scope["method"] == "POST":
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
            try:
                await self._chat(http, scope, receive, send)
            finally:
                self.in_flight -= 1
        else:
            refusal = Refusal(
                404,
                f"Unknown request URL: {scope['method']} {scope['path']}. Please check the URL for typos, "
                "or see the docs at https://console.groq.com/docs/",
                code="unknown_url",
            )
            await refuse(refusal, {})(scope, receive, send)

    async def _chat(self, http: HttpRequest, scope: Scope, receive: Receive, send: Send) -> None:
        body = json.loads(await http.body())
        named = (body.get("response_format") or {}).get("json_schema") or {}
        request = ChatRequest(str(named.get("name", "")), body, dict(http.headers), time.monotonic())
        with self._arrived:
            self.requests.append(request)
            self._arrived.notify_all()
        unauthorized = self._authorize(http)
        if unauthorized is not None:
            await unauthorized(scope, receive, send)
            return
        reaction, reserved = self._react(request)
        if isinstance(reaction, Hang):
            await hang_until_gone(reaction, receive, send)
        elif isinstance(reaction, Drop):
            await self._drop(reaction, scope, send)
        else:
            await self._respond(request, reaction, reserved)(scope, receive, send)

    def _react(self, request: ChatRequest) -> tuple[Reaction, int]:
        """Returns what the request meets, and the tokens that were reserved for it."""
        broken = check_request(request.body)
        if broken is not None:
            return broken, 0
        if self._script:
            scripted = self._script.popleft()
            return (scripted(request) if callable(scripted) else scripted), 0
        model = str(request.body.get("model"))
        if model in self.retired:
            return decommissioned(model), 0
        if model not in self.models:
            return not_found(model), 0
        fault = self.chaos.pick(prompt_text(request.body)) if self.chaos else ""
        reserved = count_prompt(request.body) + int(request.body.get("max_completion_tokens") or 0)
        refused = self.limits.admit(model, reserved)
        if refused is not None:
            return refused, 0
        answer = self._answer(request)
        return (self.chaos.react(fault, request.stage, answer) if self.chaos else answer), reserved

    def _answer(self, request: ChatRequest) -> Reaction:
        answer = self.answers.get(request.stage, self.answer)
        if answer is None:
            named = request.body["response_format"].get("json_schema")
            return {} if named is None else json.dumps(smallest_answer(named["schema"]))
        return answer(request) if callable(answer) else answer

    def _respond(self, request: ChatRequest, reaction: Reaction, reserved: int) -> Delayed:
        if isinstance(reaction, Raw):
            return Delayed(_raw_response(reaction), self.latency_s)
        if isinstance(reaction, Refusal):
            self.limits.settle(reserved, 0)
            return Delayed(refuse(reaction, self.limits.headers()), 0)
        assert isinstance(reaction, str | dict | Answer)
        answer = as_answer(reaction)
        cached = answer.cached_tokens
        if cached is None:
            cached = self._cache.match(str(request.body["model"]), prompt_text(request.body))
        completion = completion_body(request.body, answer, cached, self.latency_s)
        response = JSONResponse(completion, headers=trace_headers())
        used = completion["usage"]["total_tokens"] - cached
        return Delayed(response, self.latency_s, lambda: self._settle(response, reserved, used))

    def _settle(self, response: Response, reserved: int, used: int) -> None:
        self.limits.settle(reserved, used)
        response.headers.update(self.limits.headers())

    def _authorize(self, http: HttpRequest) -> Response | None:
        given = http.headers.get("authorization", "")
        if given.startswith("Bearer ") and (self.api_key is None or given == f"Bearer {self.api_key}"):
            return None
        return refuse(bad_key(), {})

    async def _drop(self, drop: Drop, scope: Scope, send: Send) -> None:
        if drop.mid_body:
            headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b'{"id": "chatcmpl-', "more_body": True})
        self._transports[tuple(scope["client"])].abort()


def _raw_response(raw: Raw) -> Response:
    return Response(raw.body, raw.status, media_type=raw.content_type)
