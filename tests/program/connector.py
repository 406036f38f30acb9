"""The connector's door in the test's own process, before the session's real Prefect server."""

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ObjectNotFound
from pydantic import SecretStr

from newsroom.engines.scripted import ScriptedEngine
from newsroom.store.base import Store
from noticias.connector.app import build_app
from tests.factories import raw_articulo
from tests.flows.conftest import prefect_api, prefect_workers, store
from tests.flows.recording_store import RecordingStore
from tests.flows.scripts import TEXTO

__all__ = ["deployed", "prefect_api", "prefect_workers", "quiet_sockets", "store"]

RECORDED = Path(__file__).parents[1] / "data" / "connector"
TOKEN = SecretStr("un-token-de-la-puerta")
# Prefect's event and log workers leave their sockets to the garbage collector.
quiet_sockets = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
async def deployed(prefect_api: str) -> None:
    """Both deployments are registered, without a work pool: nobody takes their runs away from the test."""
    from flows.article import process_article
    from flows.fragment import process_fragment

    async with get_client() as client:
        for flow, name in ((process_article, "articulo"), (process_fragment, "fragmento")):
            try:
                await client.read_deployment_by_name(f"{flow.name}/{name}")
            except ObjectNotFound:
                await (await flow.ato_deployment(name)).aapply()


@asynccontextmanager
async def open_door(
    store: Store | None = None, token: SecretStr | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """A served door; without `store` nothing is ever stored. A bug raises here, as the 500 would hide it."""
    kept = store or RecordingStore()
    app = build_app(lambda: kept, token)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://puerta") as client:
            yield client


def recorded(name: str) -> dict[str, Any]:
    """Returns a recorded request of the connector's, and how it must be answered."""
    found: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return found


def article(**fields: Any) -> dict[str, Any]:
    """Returns an article that no other test sends."""
    return raw_articulo(
        **{"url": f"https://ejemplo.test/{uuid.uuid4().hex}", "contenido_texto": TEXTO, **fields}
    )


async def accept(door: httpx.AsyncClient, body: dict[str, Any], path: str = "/procesar_articulo") -> str:
    """Posts what must be accepted, and returns its job_id."""
    answer = await door.post(path, json=body)
    assert answer.status_code == 202, answer.text
    job_id: str = answer.json()["job_id"]
    return job_id


async def read_run(job_id: str) -> FlowRun:
    async with get_client() as client:
        return await client.read_flow_run(UUID(job_id))


async def set_state(job_id: str, state: Any) -> None:
    """Has Prefect set the run's state, whatever it was."""
    async with get_client() as client:
        await client.set_flow_run_state(UUID(job_id), state, force=True)


async def work(job_id: str, engine: ScriptedEngine, store: Store) -> None:
    """Does what a worker does with the run."""
    from prefect.flow_engine import run_flow_async

    from flows.article import process_article
    from flows.fragment import process_fragment
    from runs import runtime

    run = await read_run(job_id)
    flow: Any = process_article if "articulo" in run.parameters else process_fragment
    with runtime.using(engine=engine, store=store):
        await run_flow_async(flow, flow_run=run, parameters=run.parameters, return_type="state")
