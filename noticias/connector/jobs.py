"""A job is a flow run: made once for each item and content, and read back by its id."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterIdempotencyKey,
    FlowRunFilterState,
    FlowRunFilterStateType,
    TaskRunFilter,
    TaskRunFilterState,
    TaskRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import ObjectNotFound

from newsroom.errors import NewsroomError
from newsroom.models.articulo import Articulo
from newsroom.models.fragmento import Fragmento
from newsroom.models.resultado import Guardado
from newsroom.store.base import Store
from noticias.connector.items import KINDS, Kind, Submission, kind_of
from noticias.connector.refusals import Unavailable

TAG = "conector"
MAX_ATTEMPTS = 100
# The connector gives up after 30 seconds.
TIMEOUT_S = 10.0

# A run in one of these will not store its item any more: the next POST of it is a new attempt.
_LOST = frozenset({StateType.FAILED, StateType.CRASHED, StateType.CANCELLED, StateType.CANCELLING})

logger = logging.getLogger(__name__)


@asynccontextmanager
async def asking_prefect(timeout_s: float = TIMEOUT_S) -> AsyncIterator[None]:
    """Turns every error of Prefect's client in the block into Unavailable, except ObjectNotFound.

    Raises:
        Unavailable: Prefect does not answer within `timeout_s` seconds, cannot be reached, or refuses.
    """
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except TimeoutError:
        raise Unavailable(f"Prefect no respondió en {timeout_s:g} s; inténtelo más tarde") from None
    except httpx.HTTPStatusError as exc:
        status = exc.response.status_code
        # Its own words may repeat the parameters, which are the article.
        logger.error("Prefect answered %d to %s", status, exc.request.url.path)
        raise Unavailable(f"Prefect respondió {status}; inténtelo más tarde") from None
    except httpx.HTTPError as exc:
        raise Unavailable(f"No se llega a Prefect ({type(exc).__name__}); inténtelo más tarde") from None
    except ValueError:
        raise Unavailable("Lo que responde en PREFECT_API_URL no es Prefect") from None


class Jobs:
    """The flow runs of both deployments, over one Prefect client."""

    def __init__(self, client: PrefectClient, store: Store) -> None:
        self._client = client
        self._store = store

    async def submit(self, submission: Submission) -> FlowRun:
        """Returns the flow run that reads the item: the one there is, or a new one.

        Prefect keeps idempotency keys in a unique index. So any number of doors that ask at once get the same
        run. A key ends in the number of the attempt. If the run of an attempt was lost (failed, crashed,
        cancelled), or the database no longer holds the item as it was sent, the key of the next attempt is
        tried. Doors that come to the same conclusion ask for the same key.

        Raises:
            Unavailable: Prefect, the deployment or (for an item that was read before) the database is away.
        """
        deployment = await self.read_deployment(submission.kind)
        attempt = 1
        while attempt <= MAX_ATTEMPTS:
            async with asking_prefect():
                run = await self._client.create_flow_run_from_deployment(
                    deployment.id,
                    parameters=submission.parameters,
                    name=submission.run_name,
                    tags=[TAG],
                    idempotency_key=submission.key(attempt),
                )
            if not await self._is_lost(run, submission):
                return run
            # The number of attempts is that of the newest one, unless Prefect has removed old ones.
            attempt = max(attempt + 1, await self._count_attempts(submission))
        raise Unavailable(f"{MAX_ATTEMPTS} intentos fallaron; vea en Prefect la ejecución {run.id}")

    async def read_deployment(self, kind: Kind, timeout_s: float = TIMEOUT_S) -> DeploymentResponse:
        """Returns the deployment that reads items of this kind.

        Raises:
            Unavailable: Prefect is away, or it knows no such deployment.
        """
        try:
            async with asking_prefect(timeout_s):
                return await self._client.read_deployment_by_name(kind.deployment)
        except ObjectNotFound:
            raise Unavailable(
                f"Prefect no conoce el deployment {kind.deployment}; regístrelo con `prefect deploy --all`"
            ) from None

    async def read(self, job_id: str) -> FlowRun | None:
        """Returns the flow run of a job; None if there is none, or it did not come in by this door.

        Raises:
            Unavailable: Prefect is away.
        """
        try:
            flow_run_id = UUID(job_id)
        except ValueError:
            return None
        try:
            async with asking_prefect():
                run = await self._client.read_flow_run(flow_run_id)
        except ObjectNotFound:
            return None
        return run if kind_of(run.idempotency_key) else None

    async def read_failed_task(self, run: FlowRun) -> str | None:
        """Returns the name of the task whose failure ended the run; None if Prefect knows of none."""
        async with asking_prefect():
            failed = await self._client.read_task_runs(
                flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run.id])),
                task_run_filter=TaskRunFilter(
                    state=TaskRunFilterState(
                        type=TaskRunFilterStateType(any_=[StateType.FAILED, StateType.CRASHED])
                    )
                ),
                limit=1,
            )
        # Prefect appends a dash and a few characters to the task's name.
        return failed[0].name.rsplit("-", 1)[0] if failed else None

    async def find_stored(self, item: Articulo | Fragmento) -> Guardado | None:
        """Returns what is stored of the item with exactly this content.

        Raises:
            Unavailable: the database is away.
        """
        is_article = isinstance(item, Articulo)
        find = self._store.find_articulo if is_article else self._store.find_fragmento
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await find(item.identidad, item.huella_contenido)
        except TimeoutError:
            raise Unavailable(f"La base de datos no respondió en {TIMEOUT_S:g} s") from None
        except NewsroomError as exc:
            raise Unavailable(f"La base de datos no responde: {exc}") from None

    async def count(self, *types: StateType) -> int:
        """Returns how many runs of the two flows are in states of these types. Without types, counts all."""
        wanted = FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types))) if types else None
        async with asking_prefect():
            return await self._client.count_flow_runs(
                flow_filter=FlowFilter(name=FlowFilterName(any_=[kind.flow for kind in KINDS.values()])),
                flow_run_filter=FlowRunFilter(state=wanted) if wanted else None,
            )

    async def _is_lost(self, run: FlowRun, submission: Submission) -> bool:
        if run.state is None:
            return False  # being made at this moment, by another request
        if run.state.type in _LOST:
            return True
        if run.state.type is StateType.COMPLETED:
            # Since then another version of the item may have replaced its rows, or a backup the database.
            return await self.find_stored(submission.item) is None
        return False

    async def _count_attempts(self, submission: Submission) -> int:
        keys = [submission.key(attempt) for attempt in range(1, MAX_ATTEMPTS + 1)]
        async with asking_prefect():
            return await self._client.count_flow_runs(
                flow_run_filter=FlowRunFilter(idempotency_key=FlowRunFilterIdempotencyKey(any_=keys))
            )
