"""Runs the flows for many items in one process: one flow run each, a few at a time."""

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from time import perf_counter
from typing import Any, cast

from prefect import Flow, Task
from prefect.context import AsyncClientContext, FlowRunContext

from newsroom.models.outcome import Outcome, Received
from newsroom.models.resultado import Resultado
from runs.entrance import ENTERING, entered, entering

FlowOf = Callable[[Received], Flow[..., Any]]
"""Returns the flow that reads an item."""

OnDone = Callable[[Outcome], Awaitable[None]]
Reprocesar = bool | Callable[[Received], bool]
"""Whether to read an item again that is stored already: yes or no to all items, or a function of the item."""

# The distance between the call numbers of two attempts: more calls of one flow than any attempt makes.
_CALLS_OF_A_RUN = 10_000_000


async def run_all(
    items: Iterable[Received] | AsyncIterable[Received],
    flow_of: FlowOf,
    concurrency: int,
    on_done: OnDone,
    reprocesar: Reprocesar = False,
) -> None:
    """Runs `flow_of(item)` for each item, at most `concurrency` at once.

    Args:
        items: any number of them; the next one is taken when a place is free. An async iterable may make the
            feed wait for it.
        flow_of: returns the flow that reads an item.
        concurrency: how many runs are under way at the same time.
        on_done: is awaited with the outcome of each item as it ends.
        reprocesar: which items to read again though they are stored.
    """
    entered()
    places = asyncio.Semaphore(concurrency)
    entrance = asyncio.Semaphore(ENTERING)

    async def run(item: Received) -> None:
        try:
            again = reprocesar if isinstance(reprocesar, bool) else reprocesar(item)
            async with entering(entrance):
                outcome = await run_one(item, flow_of(item), again)
            await on_done(outcome)
        finally:
            places.release()

    # One API client for all runs: 25 to 35 ms of CPU saved on each.
    async with AsyncClientContext.get_or_create(), asyncio.TaskGroup() as running:
        take = _taker(items)
        while True:
            await places.acquire()
            item = await take()
            if item is None:
                break
            running.create_task(run(item))


def _taker(items: Iterable[Received] | AsyncIterable[Received]) -> Callable[[], Awaitable[Received | None]]:
    """Returns the function that waits for the next item; it returns None when there is none left."""
    if isinstance(items, AsyncIterable):
        coming = aiter(items)
        return lambda: anext(coming, None)
    waiting = iter(items)
    # Off the loop: taking the next item may parse a file of many megabytes.
    return lambda: asyncio.to_thread(next, waiting, None)


async def run_one(item: Received, flow: Flow[..., Any], reprocesar: bool = False) -> Outcome:
    """Returns how the run of `flow` for this item ended. A failure is an outcome, not an exception."""
    begun = perf_counter()
    _number_calls_apart(flow)
    state: Any = await cast("Any", flow)(item, reprocesar=reprocesar, return_state=True)
    answer = await state.aresult(raise_on_failure=False)
    resultado = answer if isinstance(answer, Resultado) else None
    flow_run_id = state.state_details.flow_run_id
    return Outcome(
        item=item,
        flow_run_id=str(flow_run_id) if flow_run_id else None,
        resultado=resultado,
        failure="" if resultado else _describe(answer, state),
        seconds=perf_counter() - begun,
        error=answer if isinstance(answer, BaseException) else None,
    )


def _number_calls_apart(flow: Flow[..., Any]) -> None:
    """Offsets the call counter of a restarted run, so that a new item does not get an old item's subflow run.

    Prefect takes the n-th call of a flow for the n-th call of the attempt before, and goes on with that run.
    Here that run would be another item's, with that item's name and parameters.
    """
    context = FlowRunContext.get()
    if context is None or context.flow_run is None or context.flow_run.run_count <= 1:
        return
    key = Task(name=flow.name, fn=flow.fn, version=flow.version).task_key
    context.task_run_dynamic_keys.setdefault(key, context.flow_run.run_count * _CALLS_OF_A_RUN)


def _describe(answer: Any, state: Any) -> str:
    if isinstance(answer, BaseException):
        stage = getattr(answer, "stage", "")
        return f"{type(answer).__name__}{f' in {stage}' if stage else ''}: {answer}"
    return str(state.message or state.name)
