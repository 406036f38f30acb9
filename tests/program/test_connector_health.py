"""Health and metrics ask what they speak of; what is away is said, never made up."""

from collections.abc import Iterator

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed, Running
from prometheus_client.parser import text_string_to_metric_families

from newsroom.errors import StoreUnavailable
from newsroom.store.base import Store
from tests.database import StackStore
from tests.flows.conftest import make_engine
from tests.flows.recording_store import RecordingStore
from tests.program.connector import (
    accept,
    article,
    deployed,
    open_door,
    prefect_api,
    prefect_workers,
    quiet_sockets,
    set_state,
    store,
    work,
)

__all__ = ["deployed", "prefect_api", "prefect_workers", "store"]

pytestmark = [*quiet_sockets, pytest.mark.usefixtures("deployed")]


@pytest.fixture
def prefect_away(deployed: None) -> Iterator[None]:
    """Nobody listens where Prefect should be."""
    from prefect import settings

    with settings.temporary_settings(
        {settings.PREFECT_API_URL: "http://127.0.0.1:9/api", settings.PREFECT_CLIENT_MAX_RETRIES: 1}
    ):
        yield


def store_away() -> RecordingStore:
    return RecordingStore(away=StoreUnavailable("nivel_migraciones: the database cannot be reached"))


async def read_metrics(store: Store) -> dict[str, float]:
    async with open_door(store) as door:
        answer = await door.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = list(text_string_to_metric_families(answer.text))
    assert all(family.documentation and family.type in ("counter", "gauge") for family in families)
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in families
        for sample in family.samples
    }


async def test_health_asks_prefect_and_the_database(store: StackStore) -> None:
    async with get_client() as client:
        deployment = await client.read_deployment_by_name("process-article/articulo")
        # What a worker does when it asks for work.
        await client.get_scheduled_flow_runs_for_deployments([deployment.id])
        async with open_door(store) as door:
            answer = await door.get("/health/detailed")

    assert answer.status_code == 200
    found = answer.json()
    assert found["checks"]["prefect_articulo"]["status"] == "pass"
    assert found["checks"]["prefect_fragmento"]["status"] == "warn", "nobody asked for its runs"
    assert found["checks"]["supabase"]["status"] == "pass"
    assert found["status"] == "degraded"
    assert (found["summary"]["total_checks"], found["summary"]["passed"]) == (3, 2)
    assert all(check["response_time_ms"] > 0 for check in found["checks"].values())


async def test_a_database_of_an_earlier_version_is_no_good() -> None:
    class EarlierStore(RecordingStore):
        async def migration_level(self) -> str:
            return "20261124001700"

    async with open_door(EarlierStore()) as door:
        found = (await door.get("/health/detailed")).json()["checks"]["supabase"]

    assert found["status"] == "fail"
    assert "versión anterior" in found["message"]


async def test_without_the_database_the_door_is_degraded() -> None:
    async with open_door(store_away()) as door:
        answer = await door.get("/health/detailed")

    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["checks"]["supabase"]["status"] == "fail"


@pytest.mark.usefixtures("prefect_away")
async def test_without_prefect_the_door_is_open_and_says_later() -> None:
    async with open_door() as door:
        health = await door.get("/health")
        detailed = await door.get("/health/detailed")
        posted = await door.post("/procesar_articulo", json=article())
        bad = await door.post("/procesar_articulo", json={})
        asked = await door.get("/status/00000000-0000-4000-8000-000000000000")

    assert health.status_code == 200
    assert detailed.status_code == 503
    assert detailed.json()["status"] == "unhealthy"
    for answer in (posted, asked):
        assert answer.status_code == 503
        assert answer.json()["error"] == "service_unavailable"
        assert answer.headers["Retry-After"] == str(answer.json()["retry_after"]) == "30"
    assert bad.status_code == 400, "what is wrong is wrong without Prefect too"


async def test_metrics_are_what_is_stored_and_what_prefect_keeps(store: StackStore) -> None:
    before = await read_metrics(store)
    async with open_door(store) as door:
        jobs = [await accept(door, article()) for _ in range(4)]
    await work(jobs[0], make_engine(), store)
    await set_state(jobs[1], Running())
    await set_state(jobs[2], Crashed())

    after = await read_metrics(store)

    old_names = {name: value for name, value in after.items() if name in before}
    grown = {name: value - before[name] for name, value in old_names.items() if value != before[name]}
    # The scripted engine may answer in less than the millisecond that is kept.
    grown.pop("pipeline_processing_time_seconds_total", None)
    average = after["pipeline_average_processing_time_seconds"]
    assert average == after["pipeline_processing_time_seconds_total"], "of one article"
    assert grown == {
        "pipeline_articles_processed_total": 1,
        "jobs_pending_total": 1,
        "jobs_processing_total": 1,
        "jobs_completed_total": 1,
        "jobs_failed_total": 1,
        "jobs_total": 4,
    }
    assert after["pipeline_fragments_processed_total"] == 0
    assert after["pipeline_errors_total"] == after["pipeline_error_rate"] == 0
    tokens = {name: value for name, value in after.items() if name.startswith("pipeline_tokens_total")}
    assert len(tokens) == 4 * 3, "four stages; entrada, salida and cache of each"
    assert {after["pipeline_dependency_up supabase"], after["pipeline_dependency_up prefect"]} == {1}
    assert len(StateType) == 9, "each kind of state is counted under one of the four"


async def test_metrics_that_cannot_be_read_are_left_out() -> None:
    found = await read_metrics(store_away())

    assert found["pipeline_dependency_up supabase"] == 0
    assert not [name for name in found if name.endswith("processed_total")]
    assert "jobs_total" in found


@pytest.mark.usefixtures("prefect_away")
async def test_metrics_without_prefect_still_count_rows(store: StackStore) -> None:
    found = await read_metrics(store)

    assert found["pipeline_dependency_up prefect"] == 0
    assert found["pipeline_articles_processed_total"] == 0
    assert not [name for name in found if name.startswith("jobs_")]
