"""Runs the flows for many items in one process: one flow run each, a few at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from time import perf_counter
from typing import Any

from flows._entrance import ENTERING, entered, entering
from newsroom.models.articulo import Articulo
from newsroom.models.fragmento import Fragmento
from newsroom.models.outcome import Outcome, Received
from newsroom.models.resultado import Resultado

OnDone = Callable[[Outcome], Awaitable[None]]
Reprocesar = bool | Callable[[Received], bool]
"""Whether to read what is stored already: all of it, none, or as the function says of an item."""

# Calls of one flow that a run can make; far above what any does.
_CALLS_OF_A_RUN = 10_000_000


async def process_all(
    items: Iterable[Received], concurrency: int, reprocesar: Reprocesar, on_done: OnDone
) -> None:
    """Does what `run_all` does, and then gives back the connections of this event loop."""
    from tasks import _runtime

    try:
        await run_all(items, concurrency, reprocesar, on_done)
    finally:
        await _runtime.close()


async def run_all(
    items: Iterable[Received], concurrency: int, reprocesar: Reprocesar, on_done: OnDone
) -> None:
    """Runs the flow for each item, `concurrency` at once, and reports each as it ends.

    The items are taken as places come free, so any number of them can be given.
    """
    from prefect.context import AsyncClientContext

    entered()
    places = asyncio.Semaphore(concurrency)
    entrance = asyncio.Semaphore(ENTERING)

    async def run(item: Received) -> None:
        try:
            again = reprocesar if isinstance(reprocesar, bool) else reprocesar(item)
            async with entering(entrance):
                outcome = await process_one(item, again)
            await on_done(outcome)
        finally:
            places.release()

    # One API client for all runs: 25 to 35 ms of CPU saved on each.
    async with AsyncClientContext.get_or_create(), asyncio.TaskGroup() as running:
        waiting = iter(items)
        while True:
            await places.acquire()
            # Off the loop: a step may parse a file of many megabytes.
            item = await asyncio.to_thread(next, waiting, None)
            if item is None:
                break
            running.create_task(run(item))


async def process_one(item: Received, reprocesar: bool = False) -> Outcome:
    """Runs the flow for one item; a failure is an outcome, not an exception."""
    begun = perf_counter()
    flow = _flow_for(item)
    _number_calls_apart(flow)
    state: Any = await flow(item, reprocesar=reprocesar, return_state=True)
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


def _number_calls_apart(flow: Any) -> None:
    """Has a run that was started again number its calls of `flow` behind those of its earlier attempts.

    Prefect takes the n-th call of a flow for the n-th of the attempt before, and goes on with that run: here
    it would be another item's, with that item's name and parameters.
    """
    from prefect import Task
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    if context is None or context.flow_run is None or context.flow_run.run_count <= 1:
        return
    key = Task(name=flow.name, fn=flow.fn, version=flow.version).task_key
    context.task_run_dynamic_keys.setdefault(key, context.flow_run.run_count * _CALLS_OF_A_RUN)


def _flow_for(item: Received) -> Any:
    # Prefect reads its variables when it is imported: the command line sets them first.
    if isinstance(item, Articulo):
        from flows.article import process_article

        return process_article
    if isinstance(item, Fragmento):
        from flows.fragment import process_fragment

        return process_fragment
    from flows.document import process_document

    return process_document


def _describe(answer: Any, state: Any) -> str:
    if isinstance(answer, BaseException):
        stage = getattr(answer, "stage", "")
        return f"{type(answer).__name__}{f' in {stage}' if stage else ''}: {answer}"
    return str(state.message or state.name)
