"""One flow run, from its claim to a final state or another start, whatever happens in between."""

import asyncio
import contextvars
import logging
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterParentFlowRunId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.context import FlowRunContext
from prefect.exceptions import Abort, Pause
from prefect.flow_engine import run_flow_async
from prefect.flows import Flow
from prefect.states import AwaitingRetry, Cancelled, Failed, Pending
from prefect.utilities.engine import propose_state

from newsroom.inputs import printable
from noticias.executor.parameters import find_problem
from runs.guard import MAX_RUNS

logger = logging.getLogger("noticias.executor")

SERVER_RETRY_S = 5.0
UNFINISHED = [StateType.RUNNING, StateType.PENDING, StateType.CRASHED]


class Run:
    """A due flow run that this process tries to claim and then runs."""

    def __init__(self, client: PrefectClient, flow_run: FlowRun, flow: Flow[..., Any]) -> None:
        self.id: UUID = flow_run.id
        self._client = client
        self._flow_run = flow_run
        self._flow = flow
        self._engine: asyncio.Task[State[Any]] | None = None
        self._inside = contextvars.Context()
        self._withdrawn_at: datetime | None = None

    async def finish(self) -> bool:
        """Claims the run and runs it to its end. Returns False if another process has it or it must wait."""
        if not await self._claim():
            return False
        problem = find_problem(self._flow, self._flow_run.parameters)
        if problem:
            self._log(await self._propose(Failed(message=problem)))
            return True
        if self._withdrawn_at is None:
            self._inside = contextvars.copy_context()
            self._engine = asyncio.create_task(self._execute(), context=self._inside)
            await asyncio.wait({self._engine})
        await self._settle()
        return True

    def withdraw(self) -> None:
        """Stops the run's code at once. `finish` then gives the run the state that fits."""
        if self._withdrawn_at is not None:
            return
        self._withdrawn_at = datetime.now(UTC)
        if self._engine is not None and not self._engine.done():
            # The engine would set a stopped run to Crashed, and the automations would act on that. It leaves
            # a run alone that has ended. So its own copy of the run says that this one has ended.
            inside = self._inside.run(FlowRunContext.get)
            for known in (self._flow_run, inside.flow_run if inside else None):
                if known is not None:
                    known.state = Cancelled(message="stopped by the executor")
            self._engine.cancel()

    async def _claim(self) -> bool:
        try:
            state = await self._propose(Pending())
        except (Abort, Pause):
            return False
        # Prefect lets a run become Pending even after its end. Only a scheduled time shows that it was due.
        if state.is_pending() and state.state_details.scheduled_time is not None:
            self._flow_run.state = state
            return True
        await self._put_back()
        return False

    async def _put_back(self) -> None:
        """Undoes a claim that came after the run had ended in another process.

        A run that has not ended stays as it is: it waits for its deployment's limit.
        """
        history = sorted(await self._client.read_flow_run_states(self.id), key=lambda state: state.timestamp)
        before = history[-2] if len(history) > 1 else None
        if before is not None and before.is_final():
            await self._client.set_flow_run_state(self.id, before.fresh_copy(), force=True)

    async def _execute(self) -> State[Any]:
        try:
            state = await run_flow_async(
                self._flow,
                flow_run=self._flow_run,
                parameters=self._flow_run.parameters,
                return_type="state",
            )
        except (SystemExit, KeyboardInterrupt) as exc:
            # The engine has recorded it. If these two left a task, they would end the whole event loop.
            raise RuntimeError(f"the flow wanted to end the process: {exc!r}") from exc
        assert isinstance(state, State)
        return state

    async def _settle(self) -> None:
        """Makes sure that not only the run's code has ended: the server has a state that fits."""
        engine = self._engine
        state = None
        if engine is not None and not engine.cancelled() and engine.exception() is None:
            state = engine.result()
        if state is not None and state.is_final() and self._withdrawn_at is None:
            self._log(state)
            return
        while True:
            try:
                self._log(await self._end_unfinished())
                return
            except httpx.HTTPError as exc:
                logger.warning(
                    "the server does not take the state of run %s (%s); trying again in %g s",
                    self.id,
                    printable(str(exc)),
                    SERVER_RETRY_S,
                )
                await asyncio.sleep(SERVER_RETRY_S)

    async def _end_unfinished(self) -> State[Any] | None:
        """Gives a run whose code has stopped the state that it lacks, and returns it.

        The state is Cancelled if a person wanted that, else AwaitingRetry, and Failed after MAX_RUNS starts.
        """
        flow_run = await self._client.read_flow_run(self.id)
        state = flow_run.state
        if state is None:
            return None
        interrupted = self._engine is not None and self._engine.cancelled() and self._withdrawn_at is None
        if self._withdrawn_at is not None:
            await self._end_children(self._withdrawn_at)
        if state.is_cancelling():
            state = await self._propose(Cancelled(message="Cancelled while it ran"))
        elif state.is_running() or state.is_pending() or (state.is_crashed() and interrupted):
            # The run was stopped with its process, or ended while the server was away, or lost its place in
            # the deployment's limit. The model's answers are kept, and the next start goes on from there.
            again: State[Any] = AwaitingRetry(message="Stopped before its end; it goes on where it was")
            hopeless: State[Any] = Failed(message=f"Stopped before its end {flow_run.run_count} times")
            state = await self._propose(again if flow_run.run_count < MAX_RUNS else hopeless, force=True)
        return state

    async def _end_children(self, since: datetime) -> None:
        """Cancels the runs that this one had begun and that stopped with it: nothing starts those again."""
        children = await self._client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[self.id]),
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED)),
            )
        )
        for child in children:
            if child.state is None or (child.state.is_crashed() and child.state.timestamp < since):
                continue  # of an earlier attempt
            end: State[Any] = Cancelled(message="Stopped together with the run that had begun it")
            await self._client.set_flow_run_state(child.id, end, force=True)

    async def _propose(self, state: State[Any], *, force: bool = False) -> State[Any]:
        return await propose_state(self._client, state, flow_run_id=self.id, force=force)

    def _log(self, state: State[Any] | None) -> None:
        if state is None:
            return
        level = logging.INFO if state.is_completed() or state.is_cancelled() else logging.WARNING
        line = f"{self._flow.name} {state.name}: {state.message or 'sin mensaje'}"
        logger.log(level, "%s (%s)", printable(line), self.id)
