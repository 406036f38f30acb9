"""What the executor's tests share: a work pool and deployments of the test's own, and executors on them."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyOptions, FlowRun, State
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.utilities.callables import parameter_schema

from noticias.executor.catalogue import Catalogue
from noticias.executor.executor import Executor
from tests.program.executor_flows import Gate, gates
from tests.waiting import until

FLOWS = "tests.program.executor_flows"
BOUND_S = 30


class Newsroom:
    """A work pool with deployments, and what a person does with them in the UI."""

    def __init__(self, client: PrefectClient) -> None:
        self.client = client
        self.pool = f"prueba-{uuid.uuid4().hex[:12]}"

    async def open(self) -> None:
        await self.client.create_work_pool(WorkPoolCreate(name=self.pool, type="process"))

    async def deploy(self, entrypoint: str, limit: int | None = None, strategy: str = "ENQUEUE") -> UUID:
        flow: Flow[..., Any] = load_flow_from_entrypoint(entrypoint)
        return await self.client.create_deployment(
            flow_id=await self.client.create_flow_from_name(flow.name),
            name=self.pool,
            work_pool_name=self.pool,
            entrypoint=entrypoint,
            parameter_openapi_schema=parameter_schema(flow).model_dump(exclude_unset=True),
            enforce_parameter_schema=True,
            concurrency_limit=limit,
            concurrency_options=ConcurrencyOptions(collision_strategy=strategy) if limit else None,
        )

    async def start(self, deployment_id: UUID, **parameters: Any) -> UUID:
        run = await self.client.create_flow_run_from_deployment(deployment_id, parameters=parameters)
        return run.id

    async def state_of(self, run_id: UUID) -> State[Any]:
        run = await self.client.read_flow_run(run_id)
        assert run.state is not None
        return run.state

    async def ended(self, run_id: UUID) -> FlowRun:
        """Returns the run once it is in a final state."""

        async def is_final() -> bool:
            return (await self.state_of(run_id)).is_final()

        await until(is_final, BOUND_S, f"the end of run {run_id}")
        return await self.client.read_flow_run(run_id)

    async def history(self, run_id: UUID) -> list[str]:
        """Returns the names of the states that the run has been in."""
        return [state.name or "" for state in await self.client.read_flow_run_states(run_id)]

    def executor(self, limit: int = 4, drain_s: float = BOUND_S, package: str = "tests") -> Executor:
        return Executor(limit, drain_s=drain_s, catalogue=Catalogue(self.pool, package))

    @asynccontextmanager
    async def serving(self, *executors: Executor) -> AsyncIterator[None]:
        """Has the executors work in the block; then what still runs is handed back."""
        tasks = [asyncio.create_task(executor.run()) for executor in executors]
        try:
            yield
        finally:
            for executor in executors * 2:
                executor.stop()
            async with asyncio.timeout(BOUND_S):
                await asyncio.gather(*tasks)


def make_gate() -> tuple[str, Gate]:
    """Returns a gate for runs of `waits`, and the name by which they find it."""
    name, gate = uuid.uuid4().hex, Gate()
    gates[name] = gate
    return name, gate


@pytest.fixture
async def newsroom(prefect_api: str) -> AsyncIterator[Newsroom]:
    """A newsroom on the session's Prefect server."""
    async with get_client() as client:
        newsroom = Newsroom(client)
        await newsroom.open()
        yield newsroom
