"""A run of `retry-failed`: the items that it tries, when it stops, and the table that it shows at its end."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed

from newsroom.errors import QuotaExhausted
from newsroom.models.outcome import Outcome, Received
from newsroom.reporting.numbers import counted
from runs.letters.contents import is_forced, is_of_document, read_letter
from runs.letters.record import kind_of
from runs.pages.artifacts import publish_table


class RetryPage:
    """Yields the items of dead letters and collects what became of each.

    Args:
        letters: rows of `pipeline_errores`.

    Attributes:
        unreadable: the letters whose input this version cannot read, each with the reason. A person must look
            at them.
    """

    def __init__(self, letters: list[dict[str, Any]]) -> None:
        self._letters = letters
        self._outcomes: list[Outcome] = []
        self._forced: set[int] = set()
        self.unreadable: list[tuple[dict[str, Any], str]] = []
        self._quota: QuotaExhausted | None = None

    def rounds(self) -> Iterator[Iterator[Received]]:
        """Yields the items in two rounds: first articles and fragments, then documents.

        So a document begins when all fragments that it may wait for have ended.
        """
        for whole in (False, True):
            yield self._items([letter for letter in self._letters if is_of_document(letter) is whole])

    def is_forced(self, item: Received) -> bool:
        """Returns whether an item of these letters is to be read again though it is stored."""
        return id(item) in self._forced

    def _items(self, letters: list[dict[str, Any]]) -> Iterator[Received]:
        """Yields the items, and stops when the model's quota of the day proves to be spent."""
        for letter in letters:
            if self._quota is not None:
                return
            try:
                item = read_letter(letter)
            except ValueError as exc:
                self.unreadable.append((letter, str(exc)))
                continue
            if is_forced(letter):
                self._forced.add(id(item))
            yield item

    async def note(self, outcome: Outcome) -> None:
        """Notes how an item ended this time."""
        self._outcomes.append(outcome)
        if isinstance(outcome.error, QuotaExhausted):
            self._quota = outcome.error

    async def finish(self) -> State[Any]:
        """Publishes the table of the items, and returns the final state of the run."""
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
            for _, words in self.unreadable
        ]
        states = Counter(outcome.estado for outcome in self._outcomes)
        said = ", ".join(f"{count} {name}" for name, count in sorted(states.items()))
        waiting = len(self._letters) - len(rows)
        message = counted(len(self._outcomes), "reintentado", "reintentados") + (f": {said}" if said else "")
        if self.unreadable:
            message += f"; {counted(len(self.unreadable), 'ilegible', 'ilegibles')}"
        if waiting:
            message += f"; {counted(waiting, 'espera', 'esperan')}"
        await publish_table("reintentos", rows, message)
        return Completed(message=message)
