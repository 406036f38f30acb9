"""An engine that answers from a script: the fake for tests, demonstrations and evaluations."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from newsroom.engines.base import Completion, Question

Said = str | Completion | Exception
"""One scripted answer: JSON text, a whole Completion, or an exception to raise."""

Script = Said | list[Said] | Callable[[Question], Said]


class ScriptedEngine:
    """Answers each stage from its script, and keeps every question in `questions`.

    A script is one answer for all calls, a list with one answer for each call, or a function of the question.
    If the answer is an exception, it is raised. A stage without a script raises LookupError, and so does a
    list that has come to its end: a fake must never answer what nobody wrote.

    `before` is awaited before every answer, for example an `asyncio.Event().wait`, a barrier or a delay.
    """

    name = "scripted"

    def __init__(
        self,
        answers: Mapping[str, Script],
        *,
        model: str = "guion",
        can_translate: bool = True,
        parameters: Mapping[str, Any] | None = None,
        before: Callable[[Question], Awaitable[object]] | None = None,
    ) -> None:
        self.model = model
        self.can_translate = can_translate
        self.questions: list[Question] = []
        self._answers = dict(answers)
        self._parameters = dict(parameters or {})
        self._before = before
        self._turns: Counter[str] = Counter()

    def parameters(self, stage: str) -> dict[str, Any]:
        """Returns the parameters given at construction, the same for every stage."""
        return dict(self._parameters)

    async def close(self) -> None:
        """Does nothing: the engine holds no connections."""

    async def complete(self, question: Question) -> Completion:
        """Returns what the script says for the question's stage.

        Raises:
            LookupError: the script says nothing (more) for this stage.
            Exception: whatever exception the script holds.
        """
        self.questions.append(question)
        # The answer is chosen before the wait, so that a list's answers follow the order of the questions.
        said = self._next(question)
        if self._before is not None:
            await self._before(question)
        if isinstance(said, Exception):
            raise said
        return said if isinstance(said, Completion) else Completion(text=said, model=self.model)

    def asked(self, stage: str) -> list[Question]:
        """Returns the questions of one stage, in the order in which they came."""
        return [question for question in self.questions if question.stage == stage]

    def _next(self, question: Question) -> Said:
        if question.stage not in self._answers:
            raise LookupError(f"the script has no stage {question.stage!r}; it has {sorted(self._answers)}")
        script = self._answers[question.stage]
        turn = self._turns[question.stage]
        self._turns[question.stage] += 1
        if isinstance(script, list):
            if turn >= len(script):
                raise LookupError(f"the script for {question.stage!r} ends after {len(script)} answers")
            return script[turn]
        if isinstance(script, str | Completion | Exception):
            return script
        return script(question)
