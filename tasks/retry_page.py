"""What a run of `retry-failed` shows, and what it stops at."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed

from newsroom.errors import QuotaExhausted
from newsroom.models.outcome import Outcome, Received
from tasks.artifacts import publish_table
from tasks.dead_letter import kind_of
from tasks.retrying import read_letter


class RetryPage:
    """Dead letters on their way: yields their items, collects what became of them."""

    def __init__(self, letters: list[dict[str, Any]]) -> None:
        self._letters = letters
        self._outcomes: list[Outcome] = []
        self._unreadable: list[str] = []
        self._quota: QuotaExhausted | None = None

    def items(self) -> Iterator[Received]:
        """Yields the items; no more of them once the model's quota of the day proves to be spent."""
        for letter in self._letters:
            if self._quota is not None:
                return
            try:
                yield read_letter(letter)
            except ValueError as exc:
                self._unreadable.append(str(exc))

    async def note(self, outcome: Outcome) -> None:
        """Notes how an item ended this time."""
        self._outcomes.append(outcome)
        if isinstance(outcome.error, QuotaExhausted):
            self._quota = outcome.error

    async def finish(self) -> State[Any]:
        """Returns the final state of the run, after a table of the items."""
        if not self._letters:
            return Completed(name="Vacía", message="nada que reintentar")
        rows = [
            {
                "qué": kind_of(outcome.item),
                "título": outcome.title[:80],
                "estado": outcome.estado,
                "motivo": outcome.failure[:200],
            }
            for outcome in self._outcomes
        ]
        rows += [
            {"qué": "", "título": "", "estado": "ilegible", "motivo": words[:200]}
            for words in self._unreadable
        ]
        states = Counter(outcome.estado for outcome in self._outcomes)
        said = ", ".join(f"{count} {name}" for name, count in sorted(states.items()))
        waiting = len(self._letters) - len(rows)
        message = f"{len(self._outcomes)} reintentados: {said}" + (f"; {waiting} esperan" if waiting else "")
        await publish_table("reintentos", rows, message)
        return Completed(message=message)
