"""Task `due-errors`: the dead letters whose next try is due."""

from typing import Any

from prefect import task

from runs import runtime
from runs.letters.contents import in_order
from runs.letters.parked import bring_in
from runs.policy import database_call


@task(name="due-errors", **database_call())
async def due_errors(limite: int) -> list[dict[str, Any]]:
    """Stores the parked dead letters, then returns at most `limite` letters whose next try is due.

    Fragments come before the documents that wait for them.
    """
    store = runtime.store()
    await bring_in(store)
    return in_order(await store.list_due_errors(limite))
