"""/metrics: Prometheus text under the old service's names, from stored rows and Prefect's flow runs.

Nothing is counted in memory: any number of doors show the same, also after a restart. What cannot be read now
is left out, and pipeline_dependency_up says so: a counter that drops to zero would look like a reset.
"""

import asyncio
from collections.abc import Iterable, Mapping

from prefect.client.schemas.objects import StateType
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from deployments.connector.jobs import TIMEOUT_S, Jobs
from deployments.connector.refusals import Unavailable
from newsroom.errors import NewsroomError
from newsroom.store.base import Store

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

# The old name without the suffix _total that prometheus_client appends, the key in the store's answer, help.
_COUNTERS = (
    ("pipeline_articles_processed", "articulos", "Articles stored"),
    ("pipeline_fragments_processed", "fragmentos_extensos", "Fragments of documents stored"),
    ("pipeline_errors", "pipeline_errores", "Items that failed for good (rows of pipeline_errores)"),
)
_JOBS: tuple[tuple[str, tuple[StateType, ...], str], ...] = (
    (
        "jobs_pending_total",
        (StateType.SCHEDULED, StateType.PENDING, StateType.PAUSED),
        "Flow runs of articles and fragments that wait",
    ),
    ("jobs_processing_total", (StateType.RUNNING, StateType.CANCELLING), "Flow runs at work"),
    (
        "jobs_completed_total",
        (StateType.COMPLETED,),
        "Flow runs that ended well, of those kept",
    ),
    (
        "jobs_failed_total",
        (StateType.FAILED, StateType.CRASHED, StateType.CANCELLED),
        "Flow runs that failed, crashed or were cancelled, of those kept",
    ),
    ("jobs_total", (), "Flow runs of articles and fragments that Prefect keeps"),
)


async def render(jobs: Jobs, store: Store) -> bytes:
    """Returns the metrics in Prometheus text format 0.0.4."""
    rows, runs = await asyncio.gather(_read_rows(store), _count_jobs(jobs))
    registry = CollectorRegistry()
    registry.register(_Snapshot([*_families(rows, runs)]))
    return generate_latest(registry)


class _Snapshot(Collector):
    """Hands over what was read already: prometheus_client collects without awaiting."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _families(rows: Mapping[str, float] | None, runs: Mapping[str, int] | None) -> Iterable[Metric]:
    up = GaugeMetricFamily(
        "pipeline_dependency_up", "1 if it answered just now, 0 if not", labels=["dependency"]
    )
    up.add_metric(["supabase"], float(rows is not None))
    up.add_metric(["prefect"], float(runs is not None))
    yield up
    for name, key, text in _COUNTERS:
        if rows is not None and key in rows:
            yield CounterMetricFamily(name, text, value=rows[key])
    for name, _, text in _JOBS:
        if runs is not None:
            yield GaugeMetricFamily(name, text, value=runs[name])


async def _read_rows(store: Store) -> Mapping[str, float] | None:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await store.summarize()
    except (NewsroomError, TimeoutError):
        return None


async def _count_jobs(jobs: Jobs) -> Mapping[str, int] | None:
    try:
        counts = await asyncio.gather(*[jobs.count(*types) for _, types, _ in _JOBS])
    except Unavailable:
        return None
    return dict(zip([name for name, _, _ in _JOBS], counts, strict=True))
