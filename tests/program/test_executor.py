"""The executor on a real Prefect server: what begins, how many at once, how they end and it does."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from prefect.client.schemas.actions import WorkPoolUpdate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterParentFlowRunId
from prefect.client.schemas.objects import FlowRun
from prefect.events import emit_event
from prefect.flows import load_flow_from_entrypoint
from prefect.states import AwaitingRetry, Cancelling, Crashed, Running

from newsroom.errors import EngineRefused
from noticias.executor import executor as module
from noticias.executor import orphans
from noticias.executor.run import Run
from runs import runtime
from tests.flows.conftest import make_engine, prefect_api, prefect_workers
from tests.flows.recording_store import RecordingStore
from tests.flows.scripts import ANSWERS, article
from tests.program.executor_stack import FLOWS, Newsroom, make_gate, newsroom
from tests.waiting import until

__all__ = ["newsroom", "prefect_api", "prefect_workers"]

# Prefect's event and log workers leave their sockets to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POLL_S", 0.1)
    monkeypatch.setattr(module, "WATCH_S", 0.1)


async def test_no_more_runs_at_once_than_the_limit_and_all_in_the_end(newsroom: Newsroom) -> None:
    puerta, gate = make_gate()
    deployment = await newsroom.deploy(f"{FLOWS}.waits")
    runs = [await newsroom.start(deployment, puerta=puerta, quien=number) for number in range(5)]
    async with newsroom.serving(newsroom.executor(limit=2)):
        await until(lambda: gate.inside == 2)
        states = [await newsroom.state_of(run) for run in runs]
        assert sorted(str(state.name) for state in states) == ["Running"] * 2 + ["Scheduled"] * 3
        gate.opened.set()
        ended = [await newsroom.ended(run) for run in runs]

    assert [run.state_name for run in ended] == ["Completed"] * 5
    assert sorted(gate.begun) == ["0", "1", "2", "3", "4"]


async def test_two_executors_never_run_one_run_twice(newsroom: Newsroom) -> None:
    puerta, gate = make_gate()
    gate.opened.set()
    deployment = await newsroom.deploy(f"{FLOWS}.waits")
    runs = [await newsroom.start(deployment, puerta=puerta, quien=number) for number in range(10)]
    async with newsroom.serving(newsroom.executor(), newsroom.executor()):
        ended = [await newsroom.ended(run) for run in runs]

    assert {(run.state_name, run.run_count) for run in ended} == {("Completed", 1)}
    assert sorted(map(int, gate.begun)) == list(range(10))


@pytest.mark.parametrize("strategy", [None, "ENQUEUE", "CANCEL_NEW"])
async def test_a_claim_that_comes_after_the_runs_end_leaves_it_ended(
    newsroom: Newsroom, strategy: str | None
) -> None:
    """Prefect itself would accept it: an executor that is slow to claim would run what another has run."""
    puerta, gate = make_gate()
    deployment = await newsroom.deploy(f"{FLOWS}.waits", 1 if strategy else None, strategy or "ENQUEUE")
    seen = await newsroom.client.read_flow_run(await newsroom.start(deployment, puerta=puerta, quien=1))
    async with newsroom.serving(newsroom.executor()):
        await until(lambda: gate.inside == 1)
        gate.opened.set()
        await newsroom.ended(seen.id)
        if strategy:
            gate.opened.clear()
            await newsroom.start(deployment, puerta=puerta, quien=2)
            await until(lambda: gate.inside == 1)
        late = Run(newsroom.client, seen, load_flow_from_entrypoint(f"{FLOWS}.waits"))
        assert not await late.finish()
        gate.opened.set()

    assert (await newsroom.state_of(seen.id)).name == "Completed"
    assert gate.begun == ["1", "2"][: 2 if strategy else 1]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"sobra": 1}, "unknown parameter sobra; prueba-espera takes puerta, quien"),
        ({"quien": -1}, "quien: Input should be greater than or equal to 0"),
    ],
)
async def test_bad_parameters_fail_the_run_and_are_named(
    newsroom: Newsroom, parameters: dict[str, int], message: str
) -> None:
    puerta, gate = make_gate()
    deployment = await newsroom.deploy(f"{FLOWS}.waits")
    await newsroom.client.request(
        "PATCH",
        "/deployments/{id}",
        path_params={"id": deployment},
        json={"enforce_parameter_schema": False},
    )
    run = await newsroom.start(deployment, puerta=puerta, **parameters)
    async with newsroom.serving(newsroom.executor()):
        ended = await newsroom.ended(run)

    assert ended.state is not None
    assert (ended.state_name, ended.state.message) == ("Failed", message)
    assert gate.begun == []


@pytest.mark.parametrize(
    ("error", "state"),
    [("ValueError", "Failed"), ("SystemExit", "Crashed"), ("KeyboardInterrupt", "Crashed")],
)
async def test_what_a_flow_raises_ends_its_run_and_not_the_executor(
    newsroom: Newsroom, error: str, state: str
) -> None:
    puerta, gate = make_gate()
    gate.opened.set()
    bad, good = await newsroom.deploy(f"{FLOWS}.fails"), await newsroom.deploy(f"{FLOWS}.waits")
    async with newsroom.serving(newsroom.executor()):
        failed = await newsroom.ended(await newsroom.start(bad, con=error))
        done = await newsroom.ended(await newsroom.start(good, puerta=puerta))

    assert (failed.state_name, done.state_name) == (state, "Completed")


async def test_cancelled_in_the_ui_it_ends_cancelled_and_never_crashed(newsroom: Newsroom) -> None:
    puerta, gate = make_gate()
    deployment = await newsroom.deploy(f"{FLOWS}.waits", limit=1)
    run = await newsroom.start(deployment, puerta=puerta)
    async with newsroom.serving(newsroom.executor()):
        await until(lambda: gate.inside == 1)
        await newsroom.client.set_flow_run_state(run, Cancelling())
        ended = await newsroom.ended(run)

    assert ended.state_name == "Cancelled"
    assert gate.left == ["0"], "its code was stopped"
    assert "Crashed" not in await newsroom.history(run)
    limit = (await newsroom.client.read_deployment(deployment)).global_concurrency_limit
    assert limit is not None
    assert limit.active_slots == 0


async def test_runs_that_a_cancelled_run_had_begun_are_cancelled_with_it(newsroom: Newsroom) -> None:
    puerta, gate = make_gate()
    run = await newsroom.start(await newsroom.deploy(f"{FLOWS}.begins_another"), puerta=puerta)
    async with newsroom.serving(newsroom.executor()):
        await until(lambda: gate.inside == 1)
        await newsroom.client.set_flow_run_state(run, Cancelling())
        await newsroom.ended(run)
        (child,) = await newsroom.client.read_flow_runs(
            flow_run_filter=FlowRunFilter(parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[run]))
        )

    assert child.state_name == "Cancelled"


async def test_a_run_cancelling_whose_process_is_gone_is_cancelled(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "CANCELLING", timedelta(0))
    run = await newsroom.start(await newsroom.deploy(f"{FLOWS}.waits"), puerta="no hay")
    await newsroom.client.set_flow_run_state(run, Running(), force=True)
    await newsroom.client.set_flow_run_state(run, Cancelling())
    async with newsroom.serving(newsroom.executor()):
        ended = await newsroom.ended(run)

    assert ended.state_name == "Cancelled"


async def test_a_run_found_dead_that_no_automation_starts_again_is_started_again(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "ZOMBIE", timedelta(0))
    puerta, gate = make_gate()
    gate.opened.set()
    run = await newsroom.start(await newsroom.deploy(f"{FLOWS}.waits"), puerta=puerta)
    await newsroom.client.set_flow_run_state(run, Running(), force=True)
    await newsroom.client.set_flow_run_state(run, Crashed(name="Zombie"), force=True)
    async with newsroom.serving(newsroom.executor()):
        await until(lambda: len(gate.begun) == 1)
        ended = await newsroom.ended(run)

    assert ended.state_name == "Completed"
    assert ended.run_count == 2


async def test_a_run_that_nobody_hears_is_started_again_and_one_that_is_heard_is_not(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CATALOGUE_S", 1)
    for name in ("SILENT", "ZOMBIE"):
        monkeypatch.setattr(orphans, name, timedelta(0))
    puerta, gate = make_gate()
    gate.opened.set()
    deployment = await newsroom.deploy(f"{FLOWS}.waits")
    silent, heard = [await newsroom.start(deployment, puerta=puerta, quien=number) for number in (1, 2)]
    for run in (silent, heard):
        await newsroom.client.set_flow_run_state(run, Running(), force=True)
    was_heard = orphans.Orphans._was_heard

    async def hear(self: orphans.Orphans, flow_run: FlowRun) -> bool:
        return flow_run.id == heard or await was_heard(self, flow_run)

    monkeypatch.setattr(orphans.Orphans, "_was_heard", hear)
    async with newsroom.serving(newsroom.executor()):
        await until(lambda: gate.begun == ["1"])
        ended = await newsroom.ended(silent)
        assert (await newsroom.state_of(heard)).name == "Running"

    assert ended.state_name == "Completed"


async def test_a_dead_run_that_the_server_cannot_move_holds_up_no_other(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orphans, "SILENT", timedelta(0))
    deployment = await newsroom.deploy(f"{FLOWS}.waits")
    runs = [await newsroom.start(deployment, puerta="no hay", quien=number) for number in range(3)]
    for run in runs:
        await newsroom.client.set_flow_run_state(run, Running(), force=True)
    set_state = newsroom.client.set_flow_run_state

    async def refuse(flow_run_id: UUID, *arguments: Any) -> Any:
        if flow_run_id == runs[1]:
            request = httpx.Request("POST", "http://prefect.test")
            raise httpx.HTTPStatusError("503", request=request, response=httpx.Response(503, request=request))
        return await set_state(flow_run_id, *arguments)

    monkeypatch.setattr(newsroom.client, "set_flow_run_state", refuse)
    await orphans.Orphans(newsroom.client, [deployment], set()).find_silent()

    assert [(await newsroom.state_of(run)).name for run in runs] == ["Zombie", "Running", "Zombie"]


async def test_a_heartbeat_is_heard(newsroom: Newsroom) -> None:
    deployment = await newsroom.deploy(f"{FLOWS}.waits")
    run = await newsroom.client.read_flow_run(await newsroom.start(deployment, puerta="no hay"))
    left = orphans.Orphans(newsroom.client, [deployment], set())
    assert not await left._was_heard(run)
    emit_event("prefect.flow-run.heartbeat", resource={"prefect.resource.id": f"prefect.flow-run.{run.id}"})
    await until(lambda: left._was_heard(run), 30, "the heartbeat")


async def test_told_to_stop_it_lets_runs_end_and_takes_no_other(newsroom: Newsroom) -> None:
    puerta, gate = make_gate()
    deployment = await newsroom.deploy(f"{FLOWS}.waits")
    first, second = [await newsroom.start(deployment, puerta=puerta, quien=number) for number in (1, 2)]
    executor = newsroom.executor(limit=1)
    serving = asyncio.create_task(executor.run())
    await until(lambda: gate.inside == 1)
    executor.stop()
    gate.opened.set()
    await asyncio.wait_for(serving, 30)

    assert (await newsroom.state_of(first)).name == "Completed"
    assert (await newsroom.state_of(second)).name == "Scheduled"
    workers = await newsroom.client.read_workers_for_work_pool(newsroom.pool)
    assert workers == [], "nothing stays that would be shown as offline"


async def test_what_does_not_end_in_time_is_handed_back_and_another_executor_runs_it(
    newsroom: Newsroom,
) -> None:
    puerta, gate = make_gate()
    run = await newsroom.start(await newsroom.deploy(f"{FLOWS}.waits", limit=1), puerta=puerta)
    executor = newsroom.executor(drain_s=0)
    serving = asyncio.create_task(executor.run())
    await until(lambda: gate.inside == 1)
    executor.stop()
    await asyncio.wait_for(serving, 30)
    handed_back = await newsroom.state_of(run)
    assert (handed_back.name, gate.inside) == ("AwaitingRetry", 0)

    gate.opened.set()
    async with newsroom.serving(newsroom.executor()):
        ended = await newsroom.ended(run)
    assert (ended.state_name, ended.run_count) == ("Completed", 2)
    assert "Crashed" not in await newsroom.history(run)


async def test_a_paused_pool_gives_nothing_until_it_is_resumed(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CATALOGUE_S", 1)
    puerta, gate = make_gate()
    gate.opened.set()
    deployment = await newsroom.deploy(f"{FLOWS}.waits")
    await newsroom.client.update_work_pool(newsroom.pool, WorkPoolUpdate(is_paused=True))
    executor = newsroom.executor()
    async with newsroom.serving(executor):
        run = await newsroom.start(deployment, puerta=puerta)
        await executor.refresh()
        await executor.refresh()
        assert (await newsroom.state_of(run)).name == "Scheduled"
        await newsroom.client.update_work_pool(newsroom.pool, WorkPoolUpdate(is_paused=False))
        assert (await newsroom.ended(run)).state_name == "Completed"


async def test_beyond_the_deployments_limit_a_new_run_is_cancelled_where_that_is_the_strategy(
    newsroom: Newsroom,
) -> None:
    puerta, gate = make_gate()
    deployment = await newsroom.deploy(f"{FLOWS}.waits", limit=1, strategy="CANCEL_NEW")
    first = await newsroom.start(deployment, puerta=puerta, quien=1)
    async with newsroom.serving(newsroom.executor()):
        await until(lambda: gate.inside == 1)
        second = await newsroom.ended(await newsroom.start(deployment, puerta=puerta, quien=2))
        gate.opened.set()
        ended = await newsroom.ended(first)

    assert (ended.state_name, second.state_name) == ("Completed", "Cancelled")
    assert gate.begun == ["1"]


async def test_a_deployment_of_another_program_is_left_alone(newsroom: Newsroom) -> None:
    puerta, gate = make_gate()
    gate.opened.set()
    other = await newsroom.start(await newsroom.deploy(f"{FLOWS}.waits"), puerta=puerta)
    async with newsroom.serving(executor := newsroom.executor(package="flows")):
        await executor.refresh()

    assert (await newsroom.state_of(other)).name == "Scheduled"
    assert gate.begun == []


async def test_retry_in_the_ui_goes_on_from_the_stage_that_failed(newsroom: Newsroom) -> None:
    engine = make_engine({"relaciones": [EngineRefused("401: no such key"), ANSWERS["relaciones"]]})
    articulo = article(url=f"https://ejemplo.test/{uuid4()}").model_dump(mode="json")
    deployment = await newsroom.deploy("flows.article.process_article", limit=8)
    with runtime.using(engine=engine, store=RecordingStore()):
        async with newsroom.serving(newsroom.executor(package="flows")):
            run = await newsroom.start(deployment, articulo=articulo)
            failed = await newsroom.ended(run)
            await newsroom.client.set_flow_run_state(run, AwaitingRetry(), force=True)
            await until(lambda: len(engine.questions) == 5)
            again = await newsroom.ended(run)

    assert (failed.state_name, again.state_name, again.run_count) == ("Failed", "Completed", 2)
    assert failed.state is not None
    assert "no such key" in (failed.state.message or "")
    asked = [question.stage for question in engine.questions]
    assert asked == ["triaje", "elementos", "citas_y_datos", "relaciones", "relaciones"]
