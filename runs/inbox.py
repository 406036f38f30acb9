"""The inbox as a flow uses it: files in, items out, each file settled when its last item has ended."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from newsroom.inbox import Claim, Inbox
from newsroom.inputs import printable
from newsroom.models.articulo import Articulo
from newsroom.models.outcome import Outcome
from runs import runtime
from runs.pages.artifacts import publish_table
from runs.pages.progress import Progress

MAX_NAMED = 5


class Intake:
    """One reading of the inbox. Within its `async with` block, no other process reads the same files.

    Args:
        folder: the inbox; None is the one of the settings (NOTICIAS_INBOX).

    Raises:
        InvalidInput: the folder cannot be used.
    """

    def __init__(self, folder: str | None) -> None:
        settings = runtime.settings()
        self._inbox = Inbox(Path(folder) if folder else settings.inbox_folder, settings.inbox_settle_s)
        self._claims: list[Claim] = []
        self._claim_of: dict[int, Claim] = {}
        self._run_id = flow_run.id
        self._progress: Progress | None = None
        self._rows: list[dict[str, Any]] = []

    async def __aenter__(self) -> Self:
        """Claims the files that no other process reads, and shows a progress bar if there are any."""
        try:
            self._claims = await asyncio.to_thread(self._inbox.claim)
            if self._claims:
                self._progress = Progress(len(self._claims))
                await self._progress.open(f"{len(self._claims)} archivos por leer")
        except BaseException:
            self._inbox.close()
            raise
        return self

    async def __aexit__(self, *_exc: object) -> None:
        # Also when the run is cancelled: the process lives on, and would keep the locks.
        self._inbox.close()

    def items(self) -> Iterator[Articulo]:
        """Yields the articles of all files, one file after another. Blocks: consume it off the event loop."""
        for claim in self._claims:
            for articulo in claim.read():
                self._claim_of[id(articulo)] = claim
                yield articulo
            if claim.end_reading():
                self._settle(claim)

    async def note(self, outcome: Outcome) -> None:
        """Notes how an article ended. A file leaves the inbox when its last article has ended."""
        claim = self._claim_of.pop(id(outcome.item))
        if claim.note(outcome):
            await asyncio.to_thread(self._settle, claim)
        await self._show_progress()

    async def finish(self) -> State[Any]:
        """Publishes the table of the files, and returns the final state of the run."""
        closed = "".join(f"; no se puede abrir {words}" for words in self._inbox.unreadable[:MAX_NAMED])
        if not self._rows:
            return Completed(name="Vacía", message=f"nada en la bandeja{closed}")
        await self._show_progress()
        states = Counter(outcome.estado for claim in self._claims for outcome in claim.outcomes)
        refused = sum(row["rechazados"] for row in self._rows)
        said = ", ".join(f"{count} {name}" for name, count in sorted(states.items()))
        message = f"{len(self._rows)} archivos: {said or 'ningún artículo'}, {refused} rechazados{closed}"
        await publish_table("bandeja", self._rows, message)
        return Completed(message=message)

    async def _show_progress(self) -> None:
        while self._progress is not None and self._progress.ended < len(self._rows):
            await self._progress.step()

    def _settle(self, claim: Claim) -> None:
        where = self._inbox.settle(claim, self._run_id)
        states = Counter(outcome.estado for outcome in claim.outcomes)
        self._rows.append(
            {
                "archivo": printable(where.name)[:80],
                "carpeta": where.parent.name,
                "artículos": len(claim.outcomes),
                "guardados": states["Completed"],
                "descartados": states["Descartado"],
                "duplicados": states["Duplicado"],
                "fallidos": states["Failed"],
                "rechazados": sum(not problem.harmless for problem in claim.problems),
            }
        )
