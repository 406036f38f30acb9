"""The executor: takes the runs that are due, watches those that run, and lets them end when it must stop."""

import asyncio
import logging
import socket
import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterId,
    FlowRunFilterNextScheduledStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import AsyncClientContext
from prefect.exceptions import ObjectNotFound

from newsroom.inputs import printable
from noticias.executor import orphans, suspension
from noticias.executor.catalogue import Catalogue
from noticias.executor.run import Run
from runs.entrance import ENTERING, entering

logger = logging.getLogger("noticias.executor")

# A run from the form must begin within 2 s; a poll costs the server 12 ms of CPU time (measured).
POLL_S = 1.0
WATCH_S = 1.0
SERVER_AWAY_S = 5.0
CATALOGUE_S = 30.0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# The time in which runs are handed back after their time to end by themselves is over.
RETURN_S = 10.0


class Executor:
    """Runs what is due, in this process.

    Args:
        limit: how many runs may be under way at the same time.
        drain_s: how many seconds runs may take to end after `stop`.
        catalogue: the deployments that it serves; by default those of this program's work pool.
    """

    def __init__(self, limit: int, *, drain_s: float, catalogue: Catalogue | None = None) -> None:
        self._limit = limit
        self._drain_s = drain_s
        self._catalogue = catalogue or Catalogue()
        self._runs: dict[Run, asyncio.Task[bool]] = {}
        self._entrance = asyncio.Semaphore(ENTERING)
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._hurried = asyncio.Event()
        # This executor does not know whether the server was away before it began.
        self._unheard_until = time.monotonic()
        self.name = f"noticias {socket.gethostname()} {uuid.uuid4().hex[:6]}"

    def stop(self) -> None:
        """Takes no more runs and lets those under way end. A second call hands them back at once."""
        if self._stopping.is_set():
            self._hurried.set()
        self._stopping.set()
        self._wake.set()

    async def run(self) -> None:
        """Serves until `stop` is called. Returns when no run is left in this process."""
        suspension.take_over()
        async with AsyncClientContext.get_or_create() as context, asyncio.TaskGroup() as group:
            client = context.client
            keepers = [
                group.create_task(self._repeat(step, seconds, client))
                for step, seconds in ((self._refresh, CATALOGUE_S), (self._watch, WATCH_S))
            ]
            await self._serve(client)
            await self._drain()
            for keeper in keepers:
                keeper.cancel()
            await self._attempt(self._sign_off, client)

    async def refresh(self) -> None:
        """Reads again what is deployed. To be called after a deployment has changed."""
        async with AsyncClientContext.get_or_create() as context:
            await self._catalogue.read(context.client)
        self._wake.set()

    async def _serve(self, client: PrefectClient) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            answered = await self._attempt(self._pull, client)
            await _wait(self._wake, POLL_S if answered else SERVER_AWAY_S)

    async def _repeat(
        self, step: Callable[[PrefectClient], Awaitable[None]], seconds: float, client: PrefectClient
    ) -> None:
        while True:
            await self._attempt(step, client)
            await asyncio.sleep(seconds)

    async def _attempt(self, step: Callable[[PrefectClient], Awaitable[None]], client: PrefectClient) -> bool:
        try:
            await step(client)
        except httpx.HTTPError as exc:
            logger.warning("the Prefect server does not answer: %s", printable(str(exc) or repr(exc)))
            self._unheard_until = time.monotonic()
            return False
        return True

    def _free(self) -> int:
        return self._limit - len(self._runs)

    async def _refresh(self, client: PrefectClient) -> None:
        await self._catalogue.read(client)
        if self._catalogue.flows:
            await client.send_worker_heartbeat(self._catalogue.pool, self.name, CATALOGUE_S)
            # No run is due since EPOCH. But the question makes Prefect show the pool's queues as ready.
            await client.get_scheduled_flow_runs_for_work_pool(self._catalogue.pool, scheduled_before=EPOCH)
            await self._see_to_orphans(client)
        self._wake.set()

    async def _pull(self, client: PrefectClient) -> None:
        """Fills the free places with due runs. The end of a run causes the next look at once."""
        flows = self._catalogue.flows
        if not flows or self._catalogue.paused or not self._free():
            return
        # This costs the server half as much as `get_scheduled_flow_runs_for_work_pool`, which also notes who
        # asked. `_refresh` calls that one.
        due = await client.read_flow_runs(
            flow_run_filter=_due_now(list(flows)),
            sort=FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC,
            # Not only the free places: runs that are being claimed here may still be among the due ones.
            limit=self._limit,
        )
        here = {run.id for run in self._runs}
        for flow_run in due:
            if flow_run.id not in here and self._free() and not self._stopping.is_set():
                self._begin(client, flow_run)

    def _begin(self, client: PrefectClient, flow_run: FlowRun) -> None:
        flow = self._catalogue.flows.get(flow_run.deployment_id) if flow_run.deployment_id else None
        if flow is None:
            return
        run = Run(client, flow_run, flow)
        task = asyncio.create_task(self._finish(run))
        self._runs[run] = task
        task.add_done_callback(lambda done: self._end(run, done))

    async def _finish(self, run: Run) -> bool:
        async with entering(self._entrance):
            return await run.finish()

    def _end(self, run: Run, task: "asyncio.Task[bool]") -> None:
        del self._runs[run]
        self._wake.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("run %s: %s", run.id, printable(repr(error)), exc_info=error)

    async def _watch(self, client: PrefectClient) -> None:
        """Stops the runs of this process that a person has cancelled or suspended."""
        here = {run.id: run for run in self._runs}
        if not here:
            return
        wanted = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                id=FlowRunFilterId(any_=list(here)),
                state=_in_state(StateType.CANCELLING, StateType.PAUSED),
            )
        )
        for flow_run in wanted:
            if flow_run.state is not None and flow_run.state.is_cancelling():
                here[flow_run.id].withdraw()
            elif flow_run.state is not None and flow_run.state.name == "Suspended":
                suspension.suspend(flow_run.id, flow_run.state)

    async def _sign_off(self, client: PrefectClient) -> None:
        """Removes this process from the pool's list of workers, where it would stay on show as offline."""
        where = {"work_pool_name": self._catalogue.pool, "name": self.name}
        try:
            await client.request("DELETE", "/work_pools/{work_pool_name}/workers/{name}", path_params=where)
        except ObjectNotFound:
            return

    async def _see_to_orphans(self, client: PrefectClient) -> None:
        left = orphans.Orphans(client, list(self._catalogue.flows), {run.id for run in self._runs})
        await left.cancel()
        await left.start_again()
        # While the server was away, it heard no heartbeat. For some time after that, a missing heartbeat does
        # not mean that a run is dead.
        if time.monotonic() - self._unheard_until > orphans.SILENT.total_seconds():
            await left.find_silent()

    async def _drain(self) -> None:
        """Lets runs end for `drain_s` seconds, then stops them and hands them back for another executor."""
        if self._runs:
            logger.info("letting %d runs end, for at most %g s", len(self._runs), self._drain_s)
        idle = asyncio.create_task(self._until_idle())
        hurried = asyncio.create_task(self._hurried.wait())
        await asyncio.wait({idle, hurried}, timeout=self._drain_s, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        for run in self._runs:
            logger.info("handing back run %s", run.id)
            run.withdraw()
        await asyncio.wait({idle}, timeout=RETURN_S)
        for task in (idle, *self._runs.values()):
            task.cancel()

    async def _until_idle(self) -> None:
        while self._runs:
            await asyncio.wait(self._runs.values())


def _due_now(deployment_ids: list[UUID]) -> FlowRunFilter:
    return FlowRunFilter(
        deployment_id=FlowRunFilterDeploymentId(any_=deployment_ids),
        state=_in_state(StateType.SCHEDULED),
        next_scheduled_start_time=FlowRunFilterNextScheduledStartTime(before_=datetime.now(UTC)),
    )


def _in_state(*types: StateType) -> FlowRunFilterState:
    return FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types)))


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
