"""Task `prune-files`: files of answers and results beyond their age -> deleted."""

from prefect import task

from runs import pruning
from runs.policy import pure_step


@task(name="prune-files", **pure_step())
async def prune_files(dias: int) -> dict[str, int]:
    """Deletes answers and results kept for more than `dias` days; returns how many of each, and bytes."""
    return await pruning.delete_files(dias)
