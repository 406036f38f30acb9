"""The local Groq server's responses, from the completion's body down to a connection that is reset."""

import asyncio
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import uvicorn
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from tests.contract.groq_reactions import Answer, Hang, Refusal
from tests.contract.groq_rules import count_prompt, count_tokens

Transports = dict[tuple[str, int] | None, asyncio.Transport]


def completion_body(
    body: Mapping[str, Any], answer: Answer, cached_tokens: int, latency_s: float
) -> dict[str, Any]:
    """Returns the JSON of a 200 for the request `body`."""
    prompt = count_prompt(body)
    written = count_tokens(answer.content or "") + answer.reasoning_tokens
    return {
        "id": f"chatcmpl-{uuid.uuid4()}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": answer.model or body["model"],
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": answer.content},
                "logprobs": None,
                "finish_reason": answer.finish_reason,
            }
        ],
        "usage": {
            "queue_time": 0.001,
            "prompt_tokens": prompt,
            "prompt_time": 0.01,
            "completion_tokens": written,
            "completion_time": latency_s,
            "total_tokens": prompt + written,
            "total_time": latency_s + 0.01,
            "prompt_tokens_details": {"cached_tokens": cached_tokens},
            "completion_tokens_details": {"reasoning_tokens": answer.reasoning_tokens},
        },
        "usage_breakdown": None,
        "system_fingerprint": "fp_local",
        "x_groq": {"id": f"req_{uuid.uuid4().hex[:26]}", "seed": body.get("seed", 0)},
        "service_tier": "on_demand",
    }


def model_list(models: Iterable[str]) -> dict[str, Any]:
    """Returns the JSON of GET models."""
    return {
        "object": "list",
        "data": [
            {
                "id": model,
                "object": "model",
                "created": 1754407957,
                "owned_by": model.partition("/")[0],
                "active": True,
                "context_window": 131_072,
                "max_completion_tokens": 65_536,
                "public_apps": None,
            }
            for model in models
        ],
    }


class Delayed:
    """A response that takes its time, and settles the account right before it is sent."""

    def __init__(self, response: Response, seconds: float, settle: Callable[[], None] | None = None) -> None:
        self.response, self.seconds, self.settle = response, seconds, settle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.settle is not None:
            self.settle()
        await self.response(scope, receive, send)


def refuse(refusal: Refusal, headers: Mapping[str, str]) -> Response:
    """Returns an error as Groq words it."""
    every = {**trace_headers(), **headers, **refusal.headers}
    if refusal.body is not None:
        return Response(refusal.body, refusal.status, headers=every, media_type="text/html")
    error = {"message": refusal.message, "type": refusal.type, **refusal.extra}
    if refusal.code is not None:
        error["code"] = refusal.code
    return JSONResponse({"error": error}, refusal.status, headers=every)


def trace_headers() -> dict[str, str]:
    """Returns the headers by which support finds a request."""
    return {
        "x-request-id": f"req_{uuid.uuid4().hex[:26]}",
        "x-groq-region": "local",
        "cf-ray": uuid.uuid4().hex[:16],
    }


async def hang_until_gone(hang: Hang, receive: Receive, send: Send) -> None:
    """Answers nothing, or blanks, until the client hangs up."""
    gone = asyncio.ensure_future(_wait_for_disconnect(receive))
    if hang.trickle:
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        while not gone.done():
            await send({"type": "http.response.body", "body": b" ", "more_body": True})
            await asyncio.wait({gone}, timeout=0.01)
    await gone


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def serve_app(app: ASGIApp, transports: Transports) -> Callable[[], asyncio.Protocol]:
    """Returns a factory of HTTP connections to `app`, which are noted in `transports` while they last.

    An application cannot reset its own connection: for that the transport is needed.
    """
    config = uvicorn.Config(
        app,
        interface="asgi3",
        proxy_headers=False,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
    )
    config.load()
    state = ServerState()

    class Connection(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            transports[self.client] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            transports.pop(self.client, None)
            super().connection_lost(exc)

    return lambda: Connection(config=config, server_state=state, app_state={})
