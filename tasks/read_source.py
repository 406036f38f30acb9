"""Task `read-source`: a source -> its new articles, each with its text."""

from prefect import task

from newsroom.sources.plan import Due
from newsroom.sources.reading import Found
from runs.policy import site_call
from runs.sources import Round


@task(name="read-source", task_run_name="read-source {due.fuente.url}", **site_call())
async def read_source(due: Due, look: Round) -> Found:
    """Returns what is new in a source, or why it cannot be read."""
    return await look.read(due)
