"""What each of Groq's models can do, as data. A model that is not listed gets what every server can do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Capabilities:
    """How to ask a model.

    Attributes:
        strict: it takes `json_schema` with `strict: true` (constrained decoding).
        max_completion_tokens: the most tokens that it writes in one answer; None if it is not known.
        options: request parameters that this model needs. They keep its reasoning short and out of the
            answer, because reasoning costs money and uses up the tokens of the answer.
    """

    strict: bool = False
    max_completion_tokens: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


_GPT_OSS = {"reasoning_effort": "low", "include_reasoning": False}

MODELS: Mapping[str, Capabilities] = {
    "openai/gpt-oss-120b": Capabilities(True, 65_536, _GPT_OSS),
    "openai/gpt-oss-20b": Capabilities(True, 65_536, _GPT_OSS),
    "openai/gpt-oss-safeguard-20b": Capabilities(False, 65_536, _GPT_OSS),
    "qwen/qwen3.8-27b": Capabilities(
        False, 16_384, {"reasoning_effort": "none", "reasoning_format": "hidden"}
    ),
}


def capabilities(model: str) -> Capabilities:
    """Returns what `model` can do. For an unknown one it is plain JSON mode without options."""
    return MODELS.get(model, Capabilities())
