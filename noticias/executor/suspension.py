"""The one place that reaches into Prefect: who notices that a person has suspended a run.

Prefect starts a thread with an event loop of its own for every run of a deployment, only to hear of this, and
blocks the caller's loop while it starts and ends: right for one run a process, but here it halves the number
of runs a second (5.9 to 3; measured, Prefect 3.8.8). So it is switched off, and the executor, which looks
after its runs anyway, passes the news on. tests/program/test_executor_suspension.py fails when Prefect
changes this.
"""

from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

from prefect import flow_engine
from prefect._flow_run_suspension import mark_flow_run_suspension_requested
from prefect.client.schemas.objects import State

OBSERVER = "observe_flow_run_suspension"


def take_over() -> None:
    """Keeps Prefect from watching each run for itself, from now on and in the whole process."""
    vars(flow_engine)[OBSERVER] = _watch_nothing


def suspend(flow_run_id: UUID, state: State[Any]) -> None:
    """Has the run of this process stop at its next task, as Prefect's own observer would."""
    mark_flow_run_suspension_requested(flow_run_id, state)


def _watch_nothing(*_args: Any, **_options: Any) -> AbstractContextManager[None]:
    return nullcontext()
