"""Counts what an engine is asked and answers: the calls, the items it offers, the tokens of its prompts."""

from collections import Counter
from typing import Any

from newsroom.engines.base import Completion, Engine, Question
from newsroom.engines.groq.wire import build_request, estimate_tokens
from newsroom.errors import MalformedOutput
from newsroom.json_reading import find_object


class MeteredEngine:
    """Answers as `engine` does, and counts for one article.

    Attributes:
        calls: the questions, by stage.
        offered: the items in the answers, by the name of their list.
        prompt_tokens: the tokens of the prompts, estimated as the Groq adapter does. They are those of the
            requests that `model` would get, whatever engine answers. Repeated questions do not count.
        constant_tokens: the part of `prompt_tokens` that is the same for every article.
    """

    def __init__(self, engine: Engine, model: str) -> None:
        self.name, self.model, self.can_translate = engine.name, engine.model, engine.can_translate
        self.calls: Counter[str] = Counter()
        self.offered: Counter[str] = Counter()
        self.prompt_tokens = self.constant_tokens = 0
        self._engine, self._estimated = engine, model

    def parameters(self, stage: str) -> dict[str, Any]:
        """Returns the parameters of the engine."""
        return self._engine.parameters(stage)

    async def close(self) -> None:
        """Does nothing: the engine belongs to its maker, who closes it."""

    async def complete(self, question: Question) -> Completion:
        """Returns the engine's answer, and raises what the engine raises."""
        whole, constant = estimate_prompt(self._estimated, question)
        self.prompt_tokens += whole
        self.constant_tokens += constant
        self.calls[question.stage] += 1
        completion = await self._engine.complete(question)
        self._count_items(completion.text)
        return completion

    def _count_items(self, text: str) -> None:
        try:
            answer = find_object(text)
        except MalformedOutput:
            # The stage that reads the answer reports the error.
            return
        for name, items in answer.items():
            if isinstance(items, list):
                self.offered[name] += len(items)


def estimate_prompt(model: str, question: Question) -> tuple[int, int]:
    """Returns the estimated tokens of a question to `model`, and of its constant part with the schema."""
    request = build_request(model, question, None)
    reserved = int(request["max_completion_tokens"])
    system = [message for message in request["messages"] if message["role"] == "system"]
    constant = estimate_tokens({**request, "messages": system}) - reserved
    return estimate_tokens(request) - reserved, constant
