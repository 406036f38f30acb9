"""Runs whose process is gone: an executor that lives sees to those that nobody else ends or starts again.

The automations (deployments/automations) find a dead run within two minutes, as long as Prefect's server has
seen all that the run went through. One that was started anew, or whose PostgreSQL was away, has not: then it
waits for fifteen minutes, or never learns of it. Measured by `make chaos`.
"""

import logging
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateName,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.events.filters import (
    EventFilter,
    EventNameFilter,
    EventOccurredFilter,
    EventResourceFilter,
)
from prefect.states import AwaitingRetry, Cancelled, Crashed

from newsroom.inputs import printable

logger = logging.getLogger("noticias.executor")

# Any executor that lives cancels its own runs within seconds.
CANCELLING = timedelta(seconds=60)
# The automation that starts a dead run again does so within seconds, if it sees it.
ZOMBIE = timedelta(seconds=15)
# Six heartbeats; the automation that listens for them calls a run dead after three.
SILENT = timedelta(seconds=180)

_HEARTBEAT = "prefect.flow-run.heartbeat"


class Orphans:
    """The runs of these deployments that no process of ours has."""

    def __init__(self, client: PrefectClient, deployments: Collection[UUID], here: Collection[UUID]) -> None:
        self._client = client
        self._deployments = FlowRunFilterDeploymentId(any_=list(deployments))
        self._here = here

    async def cancel(self) -> None:
        """Ends runs that are to be cancelled: they would be Cancelling for ever."""
        for flow_run in await self._find(_of_type(StateType.CANCELLING), CANCELLING):
            state: State[Any] = Cancelled(message="Cancelled; the process that ran it is gone")
            await self._set(flow_run, state)

    async def start_again(self) -> None:
        """Starts again what was found dead and no automation has started again."""
        zombies = FlowRunFilterState(name=FlowRunFilterStateName(any_=["Zombie"]))
        for flow_run in await self._find(zombies, ZOMBIE):
            state: State[Any] = AwaitingRetry(message="started again by an executor")
            await self._set(flow_run, state)

    async def find_silent(self) -> None:
        """Says of runs without a heartbeat that they are dead; only where the server has heard all along."""
        for flow_run in await self._find(_of_type(StateType.RUNNING, StateType.PENDING), SILENT):
            if not await self._was_heard(flow_run):
                state: State[Any] = Crashed(name="Zombie", message="no heartbeat; found by an executor")
                await self._set(flow_run, state)

    async def _set(self, flow_run: FlowRun, state: State[Any]) -> None:
        # One run that the server cannot move now must not hold up the others; it is found again in a while.
        try:
            await self._client.set_flow_run_state(flow_run.id, state)
        except httpx.HTTPStatusError as exc:
            logger.warning("run %s cannot be made %s: %s", flow_run.id, state.name, printable(str(exc)))

    async def _find(self, state: FlowRunFilterState, since: timedelta) -> list[FlowRun]:
        found = await self._client.read_flow_runs(
            flow_run_filter=FlowRunFilter(deployment_id=self._deployments, state=state)
        )
        before = datetime.now(UTC) - since
        return [
            flow_run
            for flow_run in found
            if flow_run.id not in self._here and flow_run.state and flow_run.state.timestamp < before
        ]

    async def _was_heard(self, flow_run: FlowRun) -> bool:
        wanted = EventFilter(
            occurred=EventOccurredFilter.model_validate({"since": datetime.now(UTC) - SILENT}),
            event=EventNameFilter(name=[_HEARTBEAT]),
            resource=EventResourceFilter(id=[f"prefect.flow-run.{flow_run.id}"]),
        )
        page = await self._client.read_events(wanted, limit=1)
        return bool(page.events)


def _of_type(*types: StateType) -> FlowRunFilterState:
    return FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types)))
