"""A progress bar on the run's page, of few requests however many items there are."""

from uuid import UUID

from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact

# An update is a request: one for each twentieth of the work is enough to watch.
_STEPS = 20


class Progress:
    """Shows how many of `total` items have ended. It exists once `open` was awaited."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.ended = 0
        self._shown = 0
        self._artifact: UUID | None = None

    async def open(self, description: str) -> None:
        """Shows the empty bar; `description` is read by an editor."""
        self._artifact = await acreate_progress_artifact(progress=0.0, description=description)

    async def step(self) -> None:
        """Counts one more item that ended, and shows it if the bar moves."""
        self.ended += 1
        step = self.ended * _STEPS // self.total
        if step > self._shown and self._artifact is not None:
            self._shown = step
            await aupdate_progress_artifact(self._artifact, progress=100.0 * self.ended / self.total)
