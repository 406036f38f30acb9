"""What the local Groq server can do with a request: answer it, refuse it as Groq does, hang, or hang up."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

LimitKind = Literal["RPM", "RPD", "TPM", "TPD"]

ORGANIZATION = "org_01jzexampleexampleexamplex"
_PER = {
    "RPM": "requests per minute",
    "RPD": "requests per day",
    "TPM": "tokens per minute",
    "TPD": "tokens per day",
}
_MUST_VALIDATE = "Please adjust your prompt. See 'failed_generation' for more details."


@dataclass(frozen=True)
class Answer:
    """A 200. `content` None is a message without content; `model` None is the one that was asked for.

    `cached_tokens` None lets the server work it out from the prompts it has seen.
    """

    content: str | None
    finish_reason: str = "stop"
    model: str | None = None
    reasoning_tokens: int = 0
    cached_tokens: int | None = None


@dataclass(frozen=True)
class Refusal:
    """An error with Groq's body. `body` replaces it whole (a proxy's page of HTML, say)."""

    status: int
    message: str
    type: str = "invalid_request_error"
    code: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass(frozen=True)
class Hang:
    """No answer until the client gives up; with `trickle`, a byte of white space now and then."""

    trickle: bool = False


@dataclass(frozen=True)
class Drop:
    """A connection reset before the answer, or in the middle of its body."""

    mid_body: bool = False


@dataclass(frozen=True)
class Raw:
    """Any response at all."""

    status: int
    body: bytes
    content_type: str = "application/json"


Reaction = str | dict[str, Any] | Answer | Refusal | Hang | Drop | Raw
"""A str or dict is the content of an Answer."""


@dataclass(frozen=True)
class ChatRequest:
    """One chat completion request as it arrived.

    `stage` is the name of its JSON schema ("" in plain JSON mode); `is_second` tells a question that was
    put again after a bad answer; `at` is the server's monotonic clock, in seconds.
    """

    stage: str
    body: dict[str, Any]
    headers: dict[str, str]
    at: float

    @property
    def is_second(self) -> bool:
        """Whether an earlier answer or a complaint about it follows the question."""
        return len(self.body["messages"]) > 2

    @property
    def user(self) -> str:
        """The question, with the item in it."""
        return str(self.body["messages"][1]["content"])

    @property
    def complaint(self) -> str:
        """The last message: what a second question says was wrong."""
        return str(self.body["messages"][-1]["content"])


Answerer = Reaction | Callable[[ChatRequest], Reaction]
"""What a request meets, or a function that says so."""


def as_answer(reaction: str | dict[str, Any] | Answer) -> Answer:
    """Returns the reaction as an Answer."""
    if isinstance(reaction, Answer):
        return reaction
    return Answer(reaction if isinstance(reaction, str) else json.dumps(reaction, ensure_ascii=False))


def cut_off(content: str) -> Answer:
    """Returns an answer that ran out of its budget after `content`."""
    return Answer(content, finish_reason="length")


def limited(
    kind: LimitKind,
    retry_after: str | None = "2",
    *,
    model: str = "openai/gpt-oss-120b",
    limit: int = 8000,
    used: int = 7100,
    requested: int = 3400,
    told: str = "2s",
) -> Refusal:
    """Returns Groq's 429; `retry_after` is the header (None leaves it out), `told` the words in the body."""
    return Refusal(
        429,
        f"Rate limit reached for model `{model}` in organization `{ORGANIZATION}` service tier `on_demand` "
        f"on {_PER[kind]} ({kind}): Limit {limit}, Used {used}, Requested {requested}. "
        f"Please try again in {told}. Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing",
        "requests" if kind.startswith("R") else "tokens",
        "rate_limit_exceeded",
        headers={} if retry_after is None else {"retry-after": retry_after},
    )


def too_large(model: str = "openai/gpt-oss-120b", limit: int = 8000, requested: int = 16175) -> Refusal:
    """Returns Groq's 413 for a request that can never fit its limit."""
    return Refusal(
        413,
        f"Request too large for model `{model}` in organization `{ORGANIZATION}` service tier `on_demand` "
        f"on tokens per minute (TPM): Limit {limit}, Requested {requested}, please reduce your message size "
        "and try again.",
        "tokens",
        "rate_limit_exceeded",
    )


def not_generated(failed_generation: str) -> Refusal:
    """Returns the 400 for output that the model could not bring into the schema."""
    return Refusal(
        400,
        f"Failed to validate JSON. {_MUST_VALIDATE}",
        code="json_validate_failed",
        extra={"failed_generation": failed_generation},
    )


def overloaded(status: int = 503, model: str = "openai/gpt-oss-120b") -> Refusal:
    """Returns a 5xx."""
    return Refusal(
        status,
        f"`{model}` is currently over capacity. Please try again and back off exponentially. "
        "Visit https://groqstatus.com to see if there is an active incident.",
        "internal_server_error",
    )


def flex_full() -> Refusal:
    """Returns the 498 of the flex tier."""
    return Refusal(498, "`flex` tier capacity exceeded, please try again later", code="capacity_exceeded")


def decommissioned(model: str) -> Refusal:
    """Returns the 400 for a model that was retired."""
    return Refusal(
        400,
        f"The model `{model}` has been decommissioned and is no longer supported. Please refer to "
        "https://console.groq.com/docs/deprecations for a recommendation on which model to use instead.",
        code="model_decommissioned",
    )


def not_found(model: str) -> Refusal:
    """Returns the 404 for a model that never was, or is not for this key."""
    return Refusal(
        404, f"The model `{model}` does not exist or you do not have access to it.", code="model_not_found"
    )


def bad_key() -> Refusal:
    """Returns the 401."""
    return Refusal(401, "Invalid API Key", code="invalid_api_key")


def bad_request(message: str, **extra: Any) -> Refusal:
    """Returns a 400 for a request that breaks the API's rules."""
    return Refusal(400, message, extra=extra)
