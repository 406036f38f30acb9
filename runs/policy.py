"""The options of all tasks and flows: what is tried again, how answers are kept, what a failure remembers.

Facts behind them, measured with Prefect 3.8.8:

- A retry condition must be a plain function that reads `state.data`. Anything else never retries.
- An explicit cache key is the same in every process. Prefect's own key is not, for some models.
- A result that is stored as JSON at a path survives a kill at any moment.
- No task has a tag. With a tag, each start of the task asks the server for a limit of that name, and fails
  for good while the server is away.
"""

import asyncio
import hashlib
from collections.abc import Callable, Coroutine, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

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
from runs import runtime

Parameters = ParamSpec("Parameters")
Value = TypeVar("Value")
Wait = Callable[[], Coroutine[Any, Any, Value]]

_JSON: TypeAdapter[Any] = TypeAdapter(Any)
# Part of each cache key: another version may read answers in another way, so it must not use kept results.
_READER = version("noticias")
# The answer depends on what is read, not on the address it came from.
_NOT_READ = {"identidad", "huella_contenido"}


def called(
    stage: Task[Parameters, Coroutine[Any, Any, Value]], after: Sequence[object] = ()
) -> Callable[Parameters, Coroutine[Any, Any, Value]]:
    """Returns the call of a stage task whose arguments are opaque to Prefect (see `_opaque`).

    Args:
        stage: the task.
        after: results of the tasks that come before this one in the graph of the run.
    """

    async def call(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Value:
        return await stage(*_opaque(args), wait_for=_opaque(after) or None, **kwargs)  # type: ignore[arg-type]

    return call


def submitted(
    stage: Task[Parameters, Value],
) -> Callable[Parameters, Wait[Value]]:
    """Returns the call that submits a sync stage task to the flow's runner, its arguments opaque to Prefect.

    The call returns a function that waits for the result. A future's `.result()` blocks, so it is waited for
    in a thread: in the event loop it would stop every run of the process.
    """

    def submit(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Wait[Value]:
        future = stage.submit(*_opaque(args), **kwargs)  # type: ignore[arg-type]
        return lambda: asyncio.to_thread(future.result)

    return submit


def _opaque(values: Iterable[object]) -> list[object]:
    """Returns the values marked so that Prefect sees which task each came from, but not what is in it.

    Without the mark, Prefect searches everything in an argument twice for results of other tasks, which are
    never there. That took 25 ms of CPU for an article of 2,000 characters (measured).
    """
    return [opaque(value) for value in values]


def raised(state: State[Any]) -> object:
    """Returns what a failed state was made from, as a rule an exception.

    Prefect wraps it in a record where results are kept.
    """
    return state.data.result if isinstance(state.data, ResultRecord) else state.data


def is_transient(failure: object) -> bool:
    """Returns whether a later try may succeed. That is so for a task that ran out of time, too."""
    return isinstance(failure, TransientError | TimeoutError)


async def is_worth_retrying(task: Task[..., Any], task_run: TaskRun, state: State[Any]) -> bool:
    """Returns whether Prefect tries the task again.

    When the day's quota is spent, it does not: the item waits as a dead letter.
    """
    failure = raised(state)
    return is_transient(failure) and not isinstance(failure, QuotaExhausted)


def remember_stage(task: Task[..., Any], task_run: TaskRun, state: State[Any]) -> None:
    """Adds the stage and the number of tries to the error. The dead letter's row shows them."""
    failure = raised(state)
    if isinstance(failure, Exception):
        failure.stage = task.name  # type: ignore[attr-defined]
        failure.attempts = task_run.run_count  # type: ignore[attr-defined]


def answer_key(stage: str) -> Callable[[TaskRunContext, dict[str, Any]], str]:
    """Returns the function that makes the cache key of a stage's answer.

    The key is made of this program's version, the prompt, the model, its parameters and the stage's input.
    """

    def make_key(_context: TaskRunContext, arguments: dict[str, Any]) -> str:
        digest = hashlib.sha256()
        for part in (_READER, provenance(runtime.engine(), INQUIRIES[stage]), _plain(arguments)):
            digest.update(_JSON.dump_json(part))
            digest.update(b"\0")
        key = digest.hexdigest()
        # The key is the path under result_storage. Two of its digits make folders of few files each.
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


def kept_in(name: str) -> Path:
    """Returns the folder `name` of NOTICIAS_HOME, and makes it if it is not there. Housekeeping prunes it.

    Args:
        name: "answers" for what the model answered, "results" for what Prefect keeps of runs.
    """
    path = runtime.settings().home.absolute() / name
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


# Three more tries after 2, 4 and 8 seconds (each varied by half), then the run fails with a dead letter.
_RETRIES: dict[str, Any] = {
    "retries": 3,
    "retry_delay_seconds": exponential_backoff(2),
    "retry_jitter_factor": 0.5,
    "retry_condition_fn": is_worth_retrying,
    "on_failure": [remember_stage],
}


def model_call(stage: str) -> dict[str, Any]:
    """Returns the options of a task that asks the model. No answer that has arrived is asked for again."""
    return {
        **_RETRIES,
        "cache_key_fn": answer_key(stage),
        "result_storage": kept_in("answers"),
        "result_serializer": "json",
        "persist_result": True,
        # Longer than the adapter's own waits (groq_max_wait_s) and two requests.
        "timeout_seconds": runtime.settings().groq_max_wait_s + 3 * runtime.settings().groq_timeout_s,
    }


def database_call() -> dict[str, Any]:
    """Returns the options of a task that calls the database.

    The database makes each call idempotent, so nothing is cached here. Five more tries take about a minute:
    long enough for a PostgreSQL that is started again.
    """
    return {**_RETRIES, "retries": 5, "cache_policy": NO_CACHE, "timeout_seconds": 120}


def site_call() -> dict[str, Any]:
    """Returns the options of a task that reads a source: many requests, each with limits of its own.

    What a site refuses is an answer, not a failure. Only the database is asked again.
    """
    return {**_RETRIES, "cache_policy": NO_CACHE, "timeout_seconds": 3600}


def pure_step() -> dict[str, Any]:
    """Returns the options of a task that only computes."""
    return {"cache_policy": NO_CACHE, "on_failure": [remember_stage]}


def flow_options() -> dict[str, Any]:
    """Returns the options that all flows share.

    A flow's result is ids and counts. The caller gets it and an artifact shows it, so no file keeps it.
    Prefect keeps a failure all the same: the exception of a failed run is a file in `results`.
    Storage and persistence are still set: a flow that leaves them open asks the server for both, with
    two blocking requests in the event loop (an eighth of the server's time for each article, measured).
    """
    return {"result_storage": kept_in("results"), "result_serializer": "json", "persist_result": False}
