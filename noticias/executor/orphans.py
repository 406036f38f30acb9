"""Ends or restarts runs whose process is gone, if nothing else does.

The automations (deployments/automations) find a dead run within two minutes, if Prefect's server has received
all events of that run. A server that was restarted, or whose PostgreSQL was away, has missed some. It then
finds the dead run only after fifteen minutes, or never (measured by `make chaos`). So every executor looks
for such runs too.
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

# A live executor cancels its own runs within seconds. A run that is Cancelling for longer has none.
CANCELLING = timedelta(seconds=60)
# If the automation sees a dead run, it starts it again within seconds. After this time it has not seen it.
ZOMBIE = timedelta(seconds=15)
# The time of six heartbeats. The automation calls a run dead after three, so it comes first.
SILENT = timedelta(seconds=180)

_HEARTBEAT = "prefect.flow-run.heartbeat"


class Orphans:
    """Finds runs of the given deployments that this process is not executing, and ends or restarts them.

    Args:
        client: asks the Prefect server.
        deployments: the ids of the deployments.
        here: the ids of the runs that are under way in this process; they are left alone.
    """

    def __init__(self, client: PrefectClient, deployments: Collection[UUID], here: Collection[UUID]) -> None:
        self._client = client
        self._deployments = FlowRunFilterDeploymentId(any_=list(deployments))
        self._here = here

    async def cancel(self) -> None:
        """Cancels runs whose process died before it could cancel them. They would be Cancelling for ever."""
        for flow_run in await self._find(_of_type(StateType.CANCELLING), CANCELLING):
            state: State[Any] = Cancelled(message="Cancelled; the process that ran it is gone")
            await self._set(flow_run, state)

    async def start_again(self) -> None:
        """Starts again the dead runs (Zombie) that no automation has started again."""
        zombies = FlowRunFilterState(name=FlowRunFilterStateName(any_=["Zombie"]))
        for flow_run in await self._find(zombies, ZOMBIE):
            state: State[Any] = AwaitingRetry(message="Started again by an executor: its process was gone")
            await self._set(flow_run, state)

    async def find_silent(self) -> None:
        """Marks runs without a heartbeat as dead (Zombie).

        Call this only if the server was there all the time: a server that was away has no heartbeats.
        """
        for flow_run in await self._find(_of_type(StateType.RUNNING, StateType.PENDING), SILENT):
            if not await self._was_heard(flow_run):
                state: State[Any] = Crashed(name="Zombie", message="no heartbeat; found by an executor")
                await self._set(flow_run, state)

    async def _set(self, flow_run: FlowRun, state: State[Any]) -> None:
        # A run that the server cannot change now must not stop the others. The next look finds it again.
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
