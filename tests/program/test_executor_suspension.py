"""The one private part of Prefect that the executor replaces: is it still there, and still to be replaced?"""

import inspect
import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from prefect import flow_engine
from prefect._flow_run_suspension import observe_flow_run_suspension
from prefect.client.schemas.objects import State
from prefect.states import Suspended

from noticias.executor import executor, suspension
from tests.flows.conftest import prefect_api, prefect_workers
from tests.program.executor_stack import FLOWS, Newsroom, make_gate, newsroom
from tests.waiting import until

__all__ = ["newsroom", "prefect_api", "prefect_workers"]

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def as_prefect_has_it(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undoes what other tests of this process have replaced, and afterwards what this one has."""
    monkeypatch.setattr(executor, "WATCH_S", 0.1)
    with monkeypatch.context() as patch:
        patch.setattr(flow_engine, suspension.OBSERVER, observe_flow_run_suspension)
        yield


def test_the_engine_still_enters_the_observer_by_the_name_that_is_replaced() -> None:
    """If this fails: Prefect watches in another way. See suspension.py, then measure whether it is needed."""
    assert list(inspect.signature(observe_flow_run_suspension).parameters) == [
        "flow_run_id", "suspension_request", "polling_interval",
    ]  # fmt: skip
    source = inspect.getsource(flow_engine.AsyncFlowRunEngine.setup_flow_run_suspension_request)
    assert f"{suspension.OBSERVER}(" in source


async def test_a_run_here_has_no_observer_thread_and_is_suspended_at_its_next_task(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[UUID] = []

    def suspend(flow_run_id: UUID, state: State[Any]) -> None:
        suspend_really(flow_run_id, state)
        told.append(flow_run_id)

    suspend_really = suspension.suspend
    monkeypatch.setattr(suspension, "suspend", suspend)
    puerta, gate = make_gate()
    run = await newsroom.start(await newsroom.deploy(f"{FLOWS}.takes_steps"), puerta=puerta)
    async with newsroom.serving(newsroom.executor()):
        await until(lambda: gate.begun == ["paso"])
        observers = [thread for thread in threading.enumerate() if "observer_thread" in thread.name]
        assert observers == []

        await newsroom.client.set_flow_run_state(run, Suspended(timeout_seconds=60))
        await until(lambda: run in told)
        gate.opened.set()

    assert (await newsroom.state_of(run)).name == "Suspended"
    assert gate.begun == ["paso"], "the second step was not begun"
