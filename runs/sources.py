"""A round over the sources: several are read at once, and their articles go into one feed."""

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Self

from prefect.events import emit_event

from newsroom.models.articulo import Articulo
from newsroom.models.fuente import EstadoFuente
from newsroom.models.outcome import Outcome
from newsroom.sources.fetching import Fetcher
from newsroom.sources.plan import Due
from newsroom.sources.reading import Found, read_fuente
from newsroom.sources.schedule import ALERT_AFTER
from runs import runtime

AT_ONCE = 16
"""How many sources are read at once. The pages of one host come one after another all the same."""

EVENT = "noticias.source.failing"


@dataclass
class _Batch:
    """The articles of one source that are under way."""

    left: int
    outcomes: list[Outcome] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class Round:
    """One round over `sources` sources, each of which calls `read` and then `follow` once.

    Within its `async with` block it owns the connections to the sites.
    """

    def __init__(self, sources: int) -> None:
        settings = runtime.settings()
        self.begun = datetime.now(UTC)
        self._fetcher = Fetcher(allow_private=settings.fetch_private, delay_s=settings.fetch_delay_s)
        self._left = sources
        self._places = asyncio.Semaphore(AT_ONCE)
        self._taken: dict[str, str] = {}
        self._batches: dict[int, _Batch] = {}
        self._queue: asyncio.Queue[Articulo | None] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        """Opens nothing yet; connections are made when they are needed."""
        await self._fetcher.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._fetcher.__aexit__(*exc)

    async def read(self, due: Due) -> Found:
        """Returns what is new in a source, when one of the places is free."""
        estado = None if due.anew else due.estado
        async with self._places:
            return await read_fuente(
                due.fuente,
                self._fetcher,
                partial(self._find_known, due.fuente.url),
                etag=estado.etag if estado else None,
                last_modified=estado.last_modified if estado else None,
            )

    async def follow(self, found: Found) -> list[Outcome]:
        """Puts the articles of a source into the feed; returns their outcomes when the last one has ended."""
        batch = _Batch(len(found.articulos))
        for articulo in found.articulos:
            self._batches[id(articulo)] = batch
            self._queue.put_nowait(articulo)
        self._left -= 1
        if self._left == 0:
            self._queue.put_nowait(None)
        if batch.left:
            await batch.ended.wait()
        return batch.outcomes

    async def articulos(self) -> AsyncIterator[Articulo]:
        """Yields the articles of all sources as they are read; ends when all sources are."""
        while (articulo := await self._queue.get()) is not None:
            yield articulo

    async def note(self, outcome: Outcome) -> None:
        """Notes how an article ended."""
        batch = self._batches.pop(id(outcome.item))
        batch.outcomes.append(outcome)
        batch.left -= 1
        if batch.left == 0:
            batch.ended.set()

    async def _find_known(self, url: str, identidades: list[str]) -> Collection[str]:
        """Returns which entries of a source need no reading: known, or taken by another source before."""
        known = await runtime.store().find_known(identidades)
        return known | {it for it in identidades if self._taken.setdefault(it, url) != url}


def tell_of_failures(estado: EstadoFuente) -> None:
    """Sends the event `noticias.source.failing` when a source has failed five times in a row.

    An automation waits for it (deployments/automations/alerts.yaml).
    """
    if estado.fallos != ALERT_AFTER:
        return
    emit_event(
        EVENT,
        resource={
            "prefect.resource.id": f"noticias.source.{estado.url}",
            "prefect.resource.name": estado.url,
        },
        payload={"fuente": estado.url, "fallos": estado.fallos, "error": estado.ultimo_error},
    )
