"""What goes out to Groq and what comes back: builds a request's body and judges a reply."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from newsroom.engines.base import Question
from newsroom.engines.groq.models import capabilities
from newsroom.engines.schema import strict_schema
from newsroom.errors import EngineUnavailable, MalformedOutput
from newsroom.json_reading import find_object

REASK_VERSION = "v1"
"""Changes with the wording of the second question, because that wording decides its answer."""

SEED = 7
# Spanish and JSON take about four characters a token. With three, a reservation is rather too large.
_CHARS_PER_TOKEN = 3
_MAX_CARRIED_CHARS = 32_000
_MAX_SPOILT_CHARS = 2_000
_MAX_PROBLEMS = 20
_MAX_PROBLEM_CHARS = 240
_BUDGET_SPENT = "max completion tokens reached"

_JSON_MODE = "\n\nResponde solo con un objeto JSON que cumpla este JSON Schema:\n"
_REASK_ITEMS = (
    "Estos elementos de tu respuesta no son válidos:\n{problems}\n"
    "Devuelve un JSON del mismo esquema solo con esos elementos corregidos, cada uno con su mismo id si lo "
    "tiene. No repitas los demás: una lista en la que no hay nada que corregir va vacía."
)
_REASK_WHOLE = (
    "Tu respuesta no sirve:\n{problems}\nResponde otra vez con el JSON completo y nada más, sin extenderte."
)


@dataclass(frozen=True)
class Reply:
    """One answer of the model and what is wrong with it.

    `usable` says whether it is a JSON object at all. `cut_off` says whether it reached its longest length.
    """

    text: str
    model: str
    cut_off: bool = False
    usable: bool = False
    problems: tuple[str, ...] = ()
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0


class _Cached(BaseModel):
    cached_tokens: int | None = None


class _Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: _Cached | None = None


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _ChatCompletion(BaseModel):
    """The part of a chat completion that we read. Our own, because the SDK's model validates nothing."""

    model: str = ""
    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


def read_reply(body: bytes, model: str) -> Reply:
    """Returns the reply in the body of a successful answer (HTTP 200).

    Raises:
        EngineUnavailable: the body is no chat completion, so another server than the vendor's answered.
    """
    try:
        completion = _ChatCompletion.model_validate_json(body)
    except ValidationError as exc:
        error = exc.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in error["loc"])
        words = f"HTTP 200 without a chat completion ({place or 'body'}: {error['msg']}); check GROQ_BASE_URL"
        # No cause, because pydantic's error holds the body.
        raise EngineUnavailable(f"Groq answered {words}") from None
    choice = completion.choices[0]
    usage = completion.usage or _Usage()
    details = usage.prompt_tokens_details
    return Reply(
        text=choice.message.content or "",
        model=completion.model or model,
        cut_off=choice.finish_reason == "length",
        tokens_in=usage.prompt_tokens,
        tokens_out=usage.completion_tokens,
        tokens_cached=(details.cached_tokens or 0) if details else 0,
    )


def read_failed_generation(text: str, model: str) -> Reply:
    """Returns the reply in a refusal's `failed_generation`. It can hold words about the budget instead."""
    spent = text.startswith(_BUDGET_SPENT)
    return Reply(text="" if spent else text, model=model, cut_off=spent)


def judge(question: Question, reply: Reply) -> Reply:
    """Returns the reply with its problems, worded in Spanish for the model that gave it."""
    if not reply.text.strip():
        # An empty answer mostly means that reasoning spent all its tokens, whatever finish_reason says.
        return replace(reply, cut_off=True, problems=("la respuesta llegó vacía",))
    usable = _holds_object(reply.text)
    if reply.cut_off and not usable:
        return replace(reply, problems=("la respuesta se cortó antes de terminar",))
    return replace(reply, usable=usable, problems=question.check(reply.text))


def _holds_object(text: str) -> bool:
    """Returns whether a lenient reader finds a JSON object in `text`."""
    try:
        find_object(text)
    except MalformedOutput:
        return False
    return True


def model_parameters(model: str) -> dict[str, Any]:
    """Returns everything besides the messages and their length that decides an answer of `model`."""
    abilities = capabilities(model)
    return {
        "temperature": 0,
        "seed": SEED,
        "response_format": "json_schema" if abilities.strict else "json_object",
        "repregunta": REASK_VERSION,
        **abilities.options,
    }


def build_request(model: str, question: Question, first: Reply | None) -> dict[str, Any]:
    """Returns the arguments of `chat.completions.create`: the question, or the second one after `first`.

    The constant part stands first and the item last, so that the vendor's prefix cache applies. A second
    question begins with the same prefix.
    """
    abilities = capabilities(model)
    schema = strict_schema(question.answer)
    system = question.system
    response_format: dict[str, Any] = {"type": "json_object"}
    if abilities.strict:
        named = {"name": question.stage, "strict": True, "schema": schema}
        response_format = {"type": "json_schema", "json_schema": named}
    else:
        system += _JSON_MODE + json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
    messages = [{"role": "system", "content": system}, {"role": "user", "content": question.user}]
    budget = question.max_completion_tokens
    if first is not None:
        messages += _second_question(question, first)
        budget = budget * 2 if first.cut_off else budget
    return {
        "model": model,
        "messages": messages,
        "response_format": response_format,
        "max_completion_tokens": min(budget, abilities.max_completion_tokens or budget),
        "temperature": 0,
        "seed": SEED,
        **abilities.options,
    }


def _second_question(question: Question, first: Reply) -> list[dict[str, str]]:
    problems = "\n".join(f"- {line[:_MAX_PROBLEM_CHARS]}" for line in first.problems[:_MAX_PROBLEMS])
    itemized = first.usable and _has_items(strict_schema(question.answer))
    said = first.text[: _MAX_CARRIED_CHARS if first.usable else _MAX_SPOILT_CHARS]
    messages = [{"role": "assistant", "content": _encodable(said)}] if said.strip() else []
    words = (_REASK_ITEMS if itemized else _REASK_WHOLE).format(problems=_encodable(problems))
    return [*messages, {"role": "user", "content": words}]


def _has_items(schema: Mapping[str, Any]) -> bool:
    return any(
        value["type"] == "array" and value["items"]["type"] == "object"
        for value in schema["properties"].values()
    )


def _encodable(text: str) -> str:
    """Returns text that a request can carry: a model can write half a surrogate pair as a JSON escape."""
    return text.encode("utf-8", "replace").decode("utf-8")


def estimate_tokens(request: Mapping[str, Any]) -> int:
    """Returns an estimate of the tokens that the vendor will reserve for a request. It is rather too high."""
    chars = sum(len(message["content"]) for message in request["messages"])
    schema = request["response_format"].get("json_schema")
    if schema is not None:
        chars += len(json.dumps(schema["schema"], ensure_ascii=False, separators=(",", ":")))
    return math.ceil(chars / _CHARS_PER_TOKEN) + int(request["max_completion_tokens"])
