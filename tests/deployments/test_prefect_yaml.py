"""prefect.yaml: every deployment loads, its form is what the snapshot says, and Prefect takes it as it is.

`python -m tests.deployments.test_prefect_yaml` writes the snapshots anew, where a schema changed on purpose.
"""

import inspect
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.cli.deploy._models import PrefectYamlModel
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterDeploymentId
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.utilities.callables import parameter_schema

from newsroom.models.base import DATE_PATTERN
from noticias.deployed import PREFECT_YAML
from noticias.executor.catalogue import WORK_POOL
from noticias.executor.registration import deploy_all, ensure_work_pool
from tests.flows.conftest import prefect_api, prefect_workers
from tests.program.executor_stack import Newsroom
from tests.waiting import until

__all__ = ["prefect_workers"]

PROJECT = Path(__file__).parents[2]
SNAPSHOTS = PROJECT / "tests" / "data" / "schemas"
DEPLOYMENTS: list[dict[str, Any]] = yaml.safe_load(PREFECT_YAML.read_text("utf-8"))["deployments"]
NAMES = {
    "process-article/articulo", "process-fragment/fragmento", "process-document/documento",
    "ingest-inbox/bandeja", "fetch-feeds/fuentes", "retry-failed/reintentos", "housekeeping/limpieza",
}  # fmt: skip
BOUND_S = 30

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
each_deployment = pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda entry: entry["name"])

# Only the tests that deploy need a server.
server = pytest.fixture(name="server")(inspect.unwrap(prefect_api))


def schema_of(flow: Flow[..., Any]) -> dict[str, Any]:
    return parameter_schema(flow).model_dump_for_openapi()


def test_the_deployments_are_those_that_people_know() -> None:
    found = {
        f"{load_flow_from_entrypoint(entry['entrypoint']).name}/{entry['name']}" for entry in DEPLOYMENTS
    }
    assert found == NAMES


def test_prefect_knows_every_key_of_the_file() -> None:
    """Prefect ignores a misspelt key without a word."""
    model = PrefectYamlModel.model_validate(yaml.safe_load(PREFECT_YAML.read_text("utf-8")))
    assert model.deployments is not None
    for entry, read in zip(DEPLOYMENTS, model.deployments, strict=True):
        assert set(entry) <= set(type(read).model_fields), entry["name"]


@each_deployment
def test_flow_loads_and_is_described_limited_and_checked(deployment: dict[str, Any]) -> None:
    flow: Flow[..., Any] = load_flow_from_entrypoint(deployment["entrypoint"])

    assert flow.isasync, "the executor runs it in its event loop"
    assert deployment["work_pool"]["name"] == WORK_POOL
    assert deployment["description"]
    assert "noticias" in deployment["tags"]
    assert deployment["enforce_parameter_schema"] is True
    assert deployment["concurrency_limit"]["collision_strategy"] in {"ENQUEUE", "CANCEL_NEW"}


@each_deployment
def test_form_is_what_the_snapshot_says(deployment: dict[str, Any]) -> None:
    snapshot = SNAPSHOTS / f"{deployment['name']}.json"
    assert schema_of(load_flow_from_entrypoint(deployment["entrypoint"])) == json.loads(
        snapshot.read_text("utf-8")
    )


@each_deployment
def test_schedules_state_their_time_zone_and_are_told_apart(deployment: dict[str, Any]) -> None:
    schedules = deployment.get("schedules", [])
    assert len({schedule["slug"] for schedule in schedules}) == len(schedules)
    for schedule in schedules:
        timing = {key: value for key, value in schedule.items() if key != "slug"}
        kind: Callable[..., Any] = CronSchedule if "cron" in timing else IntervalSchedule
        assert kind(**timing).timezone == "America/Mexico_City"


def test_form_of_an_article_is_one_for_a_journalist() -> None:
    article = schema_of(load_flow_from_entrypoint("flows.article.process_article"))["definitions"]["Articulo"]
    fields = sorted(article["properties"].values(), key=lambda field: field["position"])

    assert [field["title"] for field in fields[:6]] == [
        "Texto", "Titular", "Medio", "País de publicación", "Tipo de medio", "Fecha de publicación",
    ]  # fmt: skip
    assert article["required"] == ["contenido_texto"]
    assert article["properties"]["fecha_publicacion"]["format"] == "date-time"
    assert [field["title"] for field in fields if "anyOf" in field] == [], "no choice between text and None"
    assert "description" not in article


@each_deployment
def test_each_parameter_has_a_title_and_a_description_in_spanish(deployment: dict[str, Any]) -> None:
    """Prefect titles a parameter with its Python name unless it is told another."""
    form = schema_of(load_flow_from_entrypoint(deployment["entrypoint"]))
    items = form["definitions"]
    for name, field in form["properties"].items():
        title = field.get("title") or items[field["$ref"].rpartition("/")[2]]["title"]
        assert title[0].isupper(), name
        assert title != name
        assert field["description"], name
    for item in (entry for entry in items.values() if "properties" in entry):
        for name, field in item["properties"].items():
            described = field if "$ref" not in field else {"title": name.capitalize(), **field}
            assert described["title"][0].isupper(), name
            assert described["description"], name


@each_deployment
def test_each_date_has_a_pattern_because_prefect_checks_no_format(deployment: dict[str, Any]) -> None:
    form = schema_of(load_flow_from_entrypoint(deployment["entrypoint"]))
    fields = [
        field
        for item in form["definitions"].values()
        for field in item.get("properties", {}).values()
        if field.get("format") in ("date", "date-time")
    ]
    assert all(field["pattern"] == DATE_PATTERN for field in fields)
    assert len(fields) == {"articulo": 2, "documento": 1, "fragmento": 1}.get(deployment["name"], 0)


async def read_all(client: PrefectClient) -> dict[str, DeploymentResponse]:
    return {name: await client.read_deployment_by_name(name) for name in NAMES}


async def test_deploying_again_leaves_alone_what_people_have_paused(server: str) -> None:
    await ensure_work_pool()
    await deploy_all()
    async with get_client() as client:
        first = await read_all(client)
        (schedule,) = first["ingest-inbox/bandeja"].schedules
        await client.update_deployment_schedule(first["ingest-inbox/bandeja"].id, schedule.id, active=False)
        await ensure_work_pool()
        await deploy_all()
        again = await read_all(client)

        assert {name: found.id for name, found in again.items()} == {
            n: found.id for n, found in first.items()
        }
        assert [(s.id, s.active) for s in again["ingest-inbox/bandeja"].schedules] == [(schedule.id, False)]
        assert all(schedule.active for schedule in again["retry-failed/reintentos"].schedules)
        assert all(found.version for found in again.values())
        limit = again["ingest-inbox/bandeja"].global_concurrency_limit
        assert limit is not None
        assert limit.limit == 2


async def test_the_server_plans_runs_of_a_schedule(server: str) -> None:
    """With SQLAlchemy 2.1 it never does: the scheduler of Prefect 3.8.8 only logs an error, every minute."""
    async with get_client() as client:
        newsroom = Newsroom(client)
        await newsroom.open()
        deployment = await newsroom.deploy("flows.upkeep.retry_failed")
        hourly = IntervalSchedule(interval=timedelta(hours=1))
        await client.create_deployment_schedules(deployment, [DeploymentScheduleCreate(schedule=hourly)])
        which = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=[deployment]))

        async def is_planned() -> bool:
            return bool(await client.read_flow_runs(flow_run_filter=which, limit=1))

        await until(is_planned, BOUND_S, "a planned run")


if __name__ == "__main__":
    SNAPSHOTS.mkdir(exist_ok=True)
    for entry in DEPLOYMENTS:
        schema = schema_of(load_flow_from_entrypoint(entry["entrypoint"]))
        text = json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True)
        (SNAPSHOTS / f"{entry['name']}.json").write_text(f"{text}\n", encoding="utf-8")
