"""Task `note-refusals`: the inbox's parked letters -> `pipeline_errores`; what went in closes rows."""

from prefect import task

from runs import runtime
from runs.letters.parked import bring_in
from runs.policy import database_call


@task(name="note-refusals", **database_call())
async def note_refusals(good: list[str]) -> None:
    """Stores the letters of the files that were refused, and closes those of files that went in at last.

    Args:
        good: the names of the files that went in without a refusal.
    """
    store = runtime.store()
    for name in good:
        await store.resolve_inbox_errors(name)
    await bring_in(store)
