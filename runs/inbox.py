"""The inbox as a flow uses it: files in, items out, each file settled when its last item has ended."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from newsroom.inbox.claims import Claim
from newsroom.inbox.folder import Inbox
from newsroom.inbox.reports import say
from newsroom.inputs import printable
from newsroom.intake.articles import choose_shapes
from newsroom.models.articulo import Articulo
from newsroom.models.documento import Documento
from newsroom.models.identity import sha256_of
from newsroom.models.outcome import Outcome
from runs import runtime
from runs.letters.parked import park
from runs.pages.artifacts import publish_table
from runs.pages.progress import Progress

MAX_NAMED = 5
WITH_REFUSALS = "ConRechazos"
"""The name of the final state of a run that could not read a file or an item. Its type is FAILED: both UIs
colour by type alone. Nothing starts such a run again, and the alerts count only the runs of items."""

logger = logging.getLogger("newsroom.inbox")


class Intake:
    """One reading of the inbox. Within its `async with` block, no other process reads the same files.

    Args:
        folder: the inbox; None is the one of the settings (NOTICIAS_INBOX).

    Raises:
        InvalidInput: the folder cannot be used, or a table of shapes there cannot be read.

    Attributes:
        good: the names of the files that went in without a refusal.
    """

    def __init__(self, folder: str | None) -> None:
        settings = runtime.settings()
        self._inbox = Inbox(
            Path(folder) if folder else settings.inbox_folder,
            settings.inbox_settle_s,
            choose_shapes(None, (), settings.home / "shapes"),
        )
        self._claims: list[Claim] = []
        self._claim_of: dict[int, Claim] = {}
        self._run_id = flow_run.id
        self._progress: Progress | None = None
        self._rows: list[dict[str, Any]] = []
        self.good: list[str] = []

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

    @property
    def files(self) -> int:
        """How many files this reading took."""
        return len(self._claims)

    def items(self) -> Iterator[Articulo | Documento]:
        """Yields what all files hold, one file after another. Blocks: consume it off the event loop."""
        for claim in self._claims:
            for item in claim.read():
                self._claim_of[id(item)] = claim
                yield item
            if claim.end_reading():
                self._settle(claim)

    async def note(self, outcome: Outcome) -> None:
        """Notes how an item ended. A file leaves the inbox when its last item has ended."""
        claim = self._claim_of.pop(id(outcome.item))
        if claim.note(outcome):
            await asyncio.to_thread(self._settle, claim)
        await self._show_progress()

    async def finish(self) -> State[Any]:
        """Publishes the table of the files, and returns the final state of the run."""
        closed = "".join(f"; no se puede abrir {words}" for words in self._inbox.unreadable[:MAX_NAMED])
        unread = [f"{printable(name)} ({why})" for name, why in sorted(self._inbox.unread.items())]
        for words in unread:
            logger.warning("not read: %s", words)
        more = f" y {len(unread) - MAX_NAMED} más" if len(unread) > MAX_NAMED else ""
        closed += f"; no se lee {', '.join(unread[:MAX_NAMED])}{more}" if unread else ""
        await self._show_progress()
        states = Counter(outcome.estado for claim in self._claims for outcome in claim.outcomes)
        refused = sum(row["rechazados"] for row in self._rows)
        said = ", ".join(f"{count} {name}" for name, count in sorted(states.items()))
        message = f"{len(self._rows)} archivos: {said or 'ningún artículo'}, {refused} rechazados{closed}"
        if not self._rows:
            message = f"nada en la bandeja{closed}"
        if self._rows or unread:
            await publish_table("bandeja", self._table(), message)
        await asyncio.to_thread(self._inbox.remember_unread)
        if refused:
            return Failed(name=WITH_REFUSALS, message=f"{message}; vea failed/ y `noticias errors`")
        return Completed(name="Completed" if self._rows else "Vacía", message=message)

    def _table(self) -> list[dict[str, Any]]:
        """Returns the rows, those that need a person first: a long table is cut."""
        unread = [{**_row(name, "", []), "motivo": why} for name, why in sorted(self._inbox.unread.items())]
        return sorted(self._rows, key=lambda row: not row["motivo"]) + unread

    async def _show_progress(self) -> None:
        while self._progress is not None and self._progress.ended < len(self._rows):
            await self._progress.step()

    def _settle(self, claim: Claim) -> None:
        where = self._inbox.settle(claim, self._run_id, _park)
        refused = [say(claim, problem) for problem in claim.refused]
        if refused:
            logger.warning("%s: %d refused; the first: %s", printable(where.name), len(refused), refused[0])
        else:
            self.good.append(printable(claim.path.name))
        row = _row(where.name, where.parent.name, claim.outcomes)
        self._rows.append(row | {"rechazados": len(refused), "motivo": refused[0][:200] if refused else ""})


def _park(letter: dict[str, Any]) -> None:
    # It reaches the database at the end of the run, or by the next command that reads the dead letters.
    park(letter, sha256_of(letter["identidad"]).removeprefix("sha256:")[:16])


def _row(name: str, folder: str, outcomes: list[Outcome]) -> dict[str, Any]:
    states = Counter(outcome.estado for outcome in outcomes)
    return {
        "archivo": printable(name)[:80],
        "carpeta": folder,
        "leídos": len(outcomes),
        "guardados": states["Completed"],
        "descartados": states["Descartado"],
        "duplicados": states["Duplicado"],
        "fallidos": states["Failed"],
        "rechazados": 0,
        "motivo": "",
    }
