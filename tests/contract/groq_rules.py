"""Groq's own rules, as the local server keeps them: what a request may say, what it costs, what is left."""

import hashlib
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.contract.groq_reactions import LimitKind, Refusal, bad_request, limited, too_large

STRICT_MODELS = frozenset({"openai/gpt-oss-20b", "openai/gpt-oss-120b"})
JSON_SCHEMA_MODELS = STRICT_MODELS | {"openai/gpt-oss-safeguard-20b"}
_REFUSED_PARAMETERS = ("logprobs", "top_logprobs", "logit_bias")
_CHARS_PER_TOKEN = 4
_CACHE_STEP_CHARS = 128 * _CHARS_PER_TOKEN
_CHAT_TEMPLATE_TOKENS = 70


def check_request(body: Mapping[str, Any]) -> Refusal | None:
    """Returns Groq's refusal of a request that breaks the API's rules, or None."""
    model = str(body.get("model"))
    for name in _REFUSED_PARAMETERS:
        if name in body:
            return bad_request(f"property '{name}' is unsupported")
    if "include_reasoning" in body and "reasoning_format" in body:
        return bad_request("cannot specify both `include_reasoning` and `reasoning_format`")
    if "gpt-oss" in model and body.get("reasoning_effort", "low") not in ("low", "medium", "high"):
        return bad_request("`reasoning_effort` must be one of `low`, `medium`, or `high`")
    return _check_response_format(model, body)


def _check_response_format(model: str, body: Mapping[str, Any]) -> Refusal | None:
    response_format = body.get("response_format") or {"type": "text"}
    text = " ".join(str(message["content"]) for message in body["messages"])
    if response_format["type"] == "json_object" and "json" not in text.lower():
        return bad_request(
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type "
            "'json_object'."
        )
    if response_format["type"] == "json_schema":
        named = response_format["json_schema"]
        if model not in (STRICT_MODELS if named.get("strict") else JSON_SCHEMA_MODELS):
            return bad_request("This model does not support response format `json_schema`.")
        if named.get("strict"):
            fault = find_schema_fault(named["schema"], "")
            if fault:
                return bad_request(
                    f"invalid JSON schema for response_format: '{named['name']}': {fault}",
                    param="response_format",
                )
    return None


def find_schema_fault(schema: Mapping[str, Any], path: str) -> str:
    """Returns what strict mode refuses in a schema, in Groq's words; "" if nothing."""
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "object" in kinds:
        properties = schema.get("properties", {})
        if schema.get("additionalProperties") is not False:
            return f"{path or '/'}: additionalProperties:false must be set on every object"
        missing = [name for name in properties if name not in schema.get("required", [])]
        if missing:
            return (
                f"{path or '/'}: The following properties must be listed in `required`: {', '.join(missing)}"
            )
        for name, value in properties.items():
            fault = find_schema_fault(value, f"{path}/properties/{name}")
            if fault:
                return fault
    if "array" in kinds:
        return find_schema_fault(schema.get("items", {}), f"{path}/items")
    options = schema.get("anyOf", [])
    if sum(1 for option in options if option.get("type") == "object" or "$ref" in option) > 1:
        return f"{path}/anyOf: [discriminator_multiple_candidates]"
    return next((fault for option in options if (fault := find_schema_fault(option, f"{path}/anyOf"))), "")


def smallest_answer(schema: Mapping[str, Any]) -> Any:
    """Returns the smallest value that `schema` takes: empty lists and texts, null where it may be."""
    kinds = schema.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    if "null" in kinds:
        return None
    if "enum" in schema:
        return schema["enum"][0]
    if "object" in kinds:
        return {name: smallest_answer(value) for name, value in schema["properties"].items()}
    return {"array": [], "string": "", "boolean": False}.get(str(kinds[0]), 1)


def count_tokens(text: str) -> int:
    """Returns a count like a tokenizer's: a quarter of the characters."""
    return math.ceil(len(text) / _CHARS_PER_TOKEN)


def prompt_text(body: Mapping[str, Any]) -> str:
    """Returns all that the model reads: schema first, as it is rendered into the system message."""
    schema = (body.get("response_format") or {}).get("json_schema", {})
    return json.dumps(schema, sort_keys=True) + "".join(
        f"\n{message['role']}: {message['content']}" for message in body["messages"]
    )


def count_prompt(body: Mapping[str, Any]) -> int:
    """Returns the prompt tokens of a request, the chat template's own included."""
    return count_tokens(prompt_text(body)) + _CHAT_TEMPLATE_TOKENS


@dataclass
class PrefixCache:
    """Counts, in steps of 128 tokens, how much of a prompt begins like an earlier one of the same model."""

    _seen: set[bytes] = field(default_factory=set)

    def match(self, model: str, text: str) -> int:
        """Returns the tokens of `text` that were read before, and remembers it."""
        digest = hashlib.blake2b(model.encode(), digest_size=16)
        cached = 0
        matching = True
        for end in range(_CACHE_STEP_CHARS, len(text) + 1, _CACHE_STEP_CHARS):
            digest.update(text[end - _CACHE_STEP_CHARS : end].encode("utf-8", "surrogatepass"))
            key = digest.digest()
            matching = matching and key in self._seen
            cached += (_CACHE_STEP_CHARS // _CHARS_PER_TOKEN) if matching else 0
            self._seen.add(key)
        return cached


@dataclass
class Bucket:
    """A continuous token bucket: what was used drains at limit / period a second."""

    kind: LimitKind
    limit: int
    clock: Callable[[], float]
    used: float = 0.0
    seen_at: float = 0.0

    @property
    def rate(self) -> float:
        """What drains in a second."""
        return self.limit / (60 if self.kind.endswith("M") else 86_400)

    def drain(self) -> None:
        """Brings `used` up to now."""
        now = self.clock()
        self.used = max(0.0, self.used - (now - self.seen_at) * self.rate)
        self.seen_at = now

    def wait_for(self, amount: float) -> float:
        """Returns in how many seconds `amount` fits; 0 if it does now."""
        self.drain()
        return max(0.0, (self.used + amount - self.limit) / self.rate)

    def time_to_full(self) -> float:
        """Returns in how many seconds the whole limit is free again."""
        self.drain()
        return self.used / self.rate


@dataclass
class Limits:
    """Groq's limits of one model. Tokens are reserved (prompt and longest answer) and settled afterwards.

    `refused` counts the refusals, by kind of limit.
    """

    rpm: int | None = None
    tpm: int | None = None
    rpd: int | None = None
    tpd: int | None = None
    clock: Callable[[], float] = time.monotonic
    refused: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Fills the buckets."""
        named: list[tuple[LimitKind, int | None]] = [
            ("RPM", self.rpm), ("RPD", self.rpd), ("TPM", self.tpm), ("TPD", self.tpd),
        ]  # fmt: skip
        self.buckets = {
            kind: Bucket(kind, limit, self.clock, seen_at=self.clock())
            for kind, limit in named
            if limit is not None
        }

    def admit(self, model: str, tokens: int) -> Refusal | None:
        """Takes one request and `tokens` from the buckets, or returns the refusal and takes nothing."""
        for bucket in self.buckets.values():
            amount = tokens if bucket.kind.startswith("T") else 1
            if amount > bucket.limit:
                self._count("413")
                return too_large(model, bucket.limit, amount)
            wait = bucket.wait_for(amount)
            if wait > 0:
                self._count(bucket.kind)
                return limited(
                    bucket.kind,
                    str(math.ceil(wait)),
                    model=model,
                    limit=bucket.limit,
                    used=round(bucket.used),
                    requested=amount,
                    told=go_duration(wait),
                )
        for bucket in self.buckets.values():
            bucket.used += tokens if bucket.kind.startswith("T") else 1
        return None

    def settle(self, reserved: int, used: int) -> None:
        """Gives back what a request reserved and did not use."""
        for bucket in self.buckets.values():
            if bucket.kind.startswith("T"):
                bucket.drain()
                bucket.used = max(0.0, bucket.used - (reserved - used))

    def headers(self) -> dict[str, str]:
        """Returns the headers that Groq sends: requests are per day, tokens per minute."""
        headers: dict[str, str] = {}
        named: list[tuple[str, LimitKind]] = [("requests", "RPD"), ("tokens", "TPM")]
        for name, kind in named:
            bucket = self.buckets.get(kind)
            if bucket is not None:
                headers[f"x-ratelimit-reset-{name}"] = go_duration(bucket.time_to_full())
                headers[f"x-ratelimit-limit-{name}"] = str(bucket.limit)
                headers[f"x-ratelimit-remaining-{name}"] = str(int(bucket.limit - bucket.used))
        return headers

    def _count(self, kind: str) -> None:
        self.refused[kind] = self.refused.get(kind, 0) + 1


def go_duration(seconds: float) -> str:
    """Returns seconds as Go's time.Duration prints them, cut to milliseconds."""
    millis = math.floor(seconds * 1000)
    if millis < 1000:
        return f"{millis}ms" if millis else "0s"
    minutes, rest = divmod(millis, 60_000)
    hours, minutes = divmod(minutes, 60)
    text = f"{rest / 1000:.3f}".rstrip("0").rstrip(".") + "s"
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes or hours else "") + text
