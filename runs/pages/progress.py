"""A progress bar on the run's page. It takes few requests, however many items there are."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact

from runs.limits import PREFECT_AWAY

logger = logging.getLogger("newsroom.artifacts")

# An update is a request: one for each twentieth of the work is enough to watch.
_STEPS = 20


class Progress:
    """Shows how many of `total` items have ended. `open` makes the bar; before it, nothing is shown."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.ended = 0
        self._shown = 0
        self._artifact: UUID | None = None
        self._sending = asyncio.Lock()

    async def open(self, description: str) -> None:
        """Shows the empty bar; `description` is read by an editor."""
        with _only_shown():
            self._artifact = await acreate_progress_artifact(progress=0.0, description=description)

    async def step(self) -> None:
        """Counts one more item that ended, and shows it if the bar moves."""
        self.ended += 1
        # One update at a time: if two were under way, the older could arrive last.
        async with self._sending:
            step = self.ended * _STEPS // self.total
            if step > self._shown and self._artifact is not None:
                self._shown = step
                with _only_shown():
                    await aupdate_progress_artifact(self._artifact, progress=100.0 * self.ended / self.total)


@contextmanager
def _only_shown() -> Iterator[None]:
    # A bar that cannot be shown does not fail the run.
    try:
        yield
    except PREFECT_AWAY as exc:
        logger.warning("the progress could not be shown: %s", type(exc).__name__)
