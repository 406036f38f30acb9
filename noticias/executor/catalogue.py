"""Which runs an executor can take: those of the pool's deployments whose flow is part of this program."""

import logging
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import WorkPoolFilter, WorkPoolFilterName
from prefect.exceptions import MissingFlowError, ObjectNotFound
from prefect.flows import Flow, load_flow_from_entrypoint

logger = logging.getLogger("noticias.executor")

WORK_POOL = "noticias"
PAGE = 200


class Catalogue:
    """The flows that can be run, by the id of their deployment. It is empty until `read` was awaited.

    Args:
        pool: the name of the work pool.
        package: the package of the flows; entrypoints outside of it are not run.
    """

    def __init__(self, pool: str = WORK_POOL, package: str = "flows") -> None:
        self.pool = pool
        self.paused = False
        self.flows: dict[UUID, Flow[..., Any]] = {}
        self._package = package
        self._loaded: dict[str, Flow[..., Any] | None] = {}

    async def read(self, client: PrefectClient) -> None:
        """Asks the server what is deployed now, and whether a person has paused the pool."""
        try:
            self.paused = (await client.read_work_pool(self.pool)).is_paused
        except ObjectNotFound:
            self.flows = {}
            return
        found: dict[UUID, Flow[..., Any]] = {}
        mine = WorkPoolFilter(name=WorkPoolFilterName(any_=[self.pool]))
        for deployment in await client.read_deployments(work_pool_filter=mine, limit=PAGE):
            flow = self._load(deployment.entrypoint or "")
            if flow is not None:
                found[deployment.id] = flow
        self.flows = found

    def _load(self, entrypoint: str) -> Flow[..., Any] | None:
        """Returns the flow of `package.module.flow`; None if it is not of the package, or not async."""
        if entrypoint not in self._loaded:
            flow: Flow[..., Any] | None = None
            if entrypoint.startswith(f"{self._package}."):
                try:
                    flow = load_flow_from_entrypoint(entrypoint)
                except (ImportError, AttributeError, MissingFlowError, ValueError) as exc:
                    logger.warning("this version cannot run %r, another one may: %s", entrypoint, exc)
            self._loaded[entrypoint] = flow if flow is not None and flow.isasync else None
        return self._loaded[entrypoint]
