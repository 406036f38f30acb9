"""What the tasks share: who is tried again, how answers are kept, and what a failure remembers.

Measured facts behind this (Prefect 3.8.8): a retry condition must be a plain function that reads
`state.data`, or it never retries; an explicit cache key is stable across processes, Prefect's own is
not for every model; results as JSON on a path survive a kill at any moment. A task has no tags: with one,
each start of it asks the server for a limit of that name, and fails for good while the server is away.
"""

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import TaskRunContext
from prefect.results import ResultRecord  # type: ignore[attr-defined]
from prefect.tasks import Task, exponential_backoff
from prefect.utilities.annotations import opaque
from pydantic import BaseModel, TypeAdapter

from newsroom.errors import QuotaExhausted, TransientError
from newsroom.models.item import Item
from newsroom.stages.asking import INQUIRIES, provenance
from tasks import _runtime

Value = TypeVar("Value")

_JSON: TypeAdapter[Any] = TypeAdapter(Any)
# A change of the code that reads answers makes kept results stale.
_READER = version("noticias")
# The answer depends on what is read, not on the address it came from.
_NOT_READ = {"identidad", "huella_contenido"}


def as_one(value: Value) -> Value:
    """Returns an argument that a task gets as it is: Prefect sees which task it came from, not what is in it.

    Without, it looks twice through everything an argument holds for the results of other tasks, which are
    never there (25 ms of CPU time for an article of 2,000 characters, measured).
    """
    return opaque(value)  # type: ignore[return-value]


def raised(state: State[Any]) -> object:
    """Returns what a failed state was made from; Prefect wraps it where results are kept."""
    return state.data.result if isinstance(state.data, ResultRecord) else state.data


def is_transient(failure: object) -> bool:
    """Returns whether a later try may succeed; a task that ran out of its time counts as such."""
    return isinstance(failure, TransientError | TimeoutError)


async def is_worth_retrying(task: Task[..., Any], task_run: TaskRun, state: State[Any]) -> bool:
    """Returns whether a later try may succeed; a quota that lasts for the day is parked, not hammered."""
    failure = raised(state)
    return is_transient(failure) and not isinstance(failure, QuotaExhausted)


def remember_stage(task: Task[..., Any], task_run: TaskRun, state: State[Any]) -> None:
    """Notes on the error in which stage and after how many tries it was final: the dead letter's row."""
    failure = raised(state)
    if isinstance(failure, Exception):
        failure.stage = task.name  # type: ignore[attr-defined]
        failure.attempts = task_run.run_count  # type: ignore[attr-defined]


def answer_key(stage: str) -> Callable[[TaskRunContext, dict[str, Any]], str]:
    """Returns what makes the cache key of a stage's answer: prompt, model, parameters, the stage's input."""

    def make_key(_context: TaskRunContext, arguments: dict[str, Any]) -> str:
        digest = hashlib.sha256()
        for part in (_READER, provenance(_runtime.engine(), INQUIRIES[stage]), _plain(arguments)):
            digest.update(_JSON.dump_json(part))
            digest.update(b"\0")
        key = digest.hexdigest()
        # Folders of few files each; the key is the path under result_storage.
        return f"{stage}/{key[:2]}/{key}"

    return make_key


def _plain(value: Any) -> Any:
    if isinstance(value, Item):
        return value.model_dump(mode="json", exclude=_NOT_READ)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude={"consumo", "advertencias"})
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in sorted(value.items())}
    return value


def results_path() -> Path:
    """Returns the folder of the stages' answers (NOTICIAS_HOME/answers), made if need be."""
    path = _runtime.settings().home.absolute() / "answers"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


# Three more tries after 2, 4 and 8 seconds (each blurred by half), then the run fails with a dead letter.
_RETRIES: dict[str, Any] = {
    "retries": 3,
    "retry_delay_seconds": exponential_backoff(2),
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": is_worth_retrying,
    "on_failure": [remember_stage],
}


def model_call(stage: str) -> dict[str, Any]:
    """Returns the options of a task that asks the model: no answer that has arrived is asked for again."""
    return {
        **_RETRIES,
        "cache_key_fn": answer_key(stage),
        "result_storage": results_path(),
        "result_serializer": "json",
        "persist_result": True,
        # Above the adapter's own waits (groq_max_wait_s) and two requests.
        "timeout_seconds": _runtime.settings().groq_max_wait_s + 3 * _runtime.settings().groq_timeout_s,
    }


def database_call() -> dict[str, Any]:
    """Returns the options of a task that calls the database: idempotent there, never cached here.

    Five more tries within a minute: a PostgreSQL that is started again is waited for.
    """
    return {**_RETRIES, "retries": 5, "cache_policy": NO_CACHE, "timeout_seconds": 120}


def pure_step() -> dict[str, Any]:
    """Returns the options of a task that only computes."""
    return {"cache_policy": NO_CACHE, "on_failure": [remember_stage]}


def flow_options() -> dict[str, Any]:
    """Returns the options that all flows share.

    Its result is ids and counts, which the caller gets and an artifact shows: nothing is kept in a file. Said
    explicitly, because a flow that leaves storage and persistence open asks the server for both with two
    blocking requests in the event loop (an eighth of the server's time for each article, measured).
    """
    return {"result_storage": results_path(), "result_serializer": "json", "persist_result": False}
