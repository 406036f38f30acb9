"""Task `prune-flow-runs`: flow runs beyond their age -> deleted."""

from prefect import task

from runs import pruning
from runs.policy import pure_step


@task(name="prune-flow-runs", **pure_step())
async def prune_flow_runs(dias: int) -> int:
    """Deletes our flow runs that ended more than `dias` days ago, and returns how many (at most 20,000)."""
    return await pruning.delete_flow_runs(dias)
