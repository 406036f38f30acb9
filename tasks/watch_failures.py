"""Task `watch-failures`: the runs that ended lately -> how many failed; a Prefect event if too many did."""

from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import task
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowRunFilter
from prefect.events import emit_event

from runs.policy import pure_step

WINDOW = timedelta(minutes=10)
LIMIT = 0.10
# With fewer runs, one failure says nothing about the rate.
MIN_RUNS = 10
ITEM_FLOWS = ("process-article", "process-fragment")
EVENT = "noticias.failure-rate.high"


@task(name="watch-failures", **pure_step())
async def watch_failures() -> dict[str, int]:
    """Returns how many runs of items ended in the last ten minutes and how many failed or crashed.

    If more than a tenth of at least ten runs failed, sends the event `noticias.failure-rate.high`. An
    automation waits for this event, because Prefect's own server has no trigger on a rate.
    """
    ended = await _count(["COMPLETED", "FAILED", "CRASHED"])
    failed = await _count(["FAILED", "CRASHED"])
    counts = {"terminadas": ended, "fallidas": failed}
    if ended >= MIN_RUNS and failed > LIMIT * ended:
        emit_event(EVENT, resource={"prefect.resource.id": "noticias.newsroom"}, payload=counts)
    return counts


async def _count(states: list[str]) -> int:
    since = datetime.now(UTC) - WINDOW
    wanted: dict[str, Any] = {"end_time": {"after_": since}, "state": {"type": {"any_": states}}}
    async with get_client() as client:
        return await client.count_flow_runs(
            flow_filter=FlowFilter.model_validate({"name": {"any_": list(ITEM_FLOWS)}}),
            flow_run_filter=FlowRunFilter.model_validate(wanted),
        )
