"""/metrics: Prometheus text under the old service's names, from stored rows and Prefect's flow runs.

Nothing is counted in memory, so any number of doors show the same numbers, also after a restart. What cannot
be read now is left out, because a counter that drops to zero would look like a reset. pipeline_dependency_up
says what could not be read.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping

from prefect.client.schemas.objects import StateType
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from newsroom.errors import NewsroomError
from newsroom.models.metricas import Metricas
from newsroom.store.base import Store
from noticias.connector.jobs import TIMEOUT_S, Jobs
from noticias.connector.refusals import Unavailable

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

logger = logging.getLogger(__name__)

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
        "Flow runs that ended well, of those that Prefect keeps",
    ),
    (
        "jobs_failed_total",
        (StateType.FAILED, StateType.CRASHED, StateType.CANCELLED),
        "Flow runs that failed, crashed or were cancelled, of those that Prefect keeps",
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
    """Gives prometheus_client what was read before, because it cannot await."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families


def _families(rows: Metricas | None, runs: Mapping[str, int] | None) -> Iterable[Metric]:
    up = GaugeMetricFamily(
        "pipeline_dependency_up", "1 if it answered just now, 0 if not", labels=["dependency"]
    )
    up.add_metric(["supabase"], float(rows is not None))
    up.add_metric(["prefect"], float(runs is not None))
    yield up
    if rows is not None:
        yield from _totals(rows)
        yield from _stages(rows)
        yield _open_errors(rows)
    if runs is not None:
        yield from (GaugeMetricFamily(name, text, value=runs[name]) for name, _, text in _JOBS)


def _totals(rows: Metricas) -> Iterable[Metric]:
    # prometheus_client appends _total to the name of a counter.
    for name, value, text in (
        ("pipeline_articles_processed", rows.articulos_procesados, "Articles stored"),
        ("pipeline_articles_discarded", rows.descartados, "Articles stored that triage discarded"),
        ("pipeline_fragments_processed", rows.fragmentos_procesados, "Fragments of documents stored"),
        (
            "pipeline_processing_time_seconds",
            rows.tiempo_total_procesamiento,
            "Seconds that stages took, added up; they overlap",
        ),
        ("pipeline_errors", rows.errores, "Items that failed for good, those that were settled later too"),
    ):
        yield CounterMetricFamily(name, text, value=value)
    if items := rows.articulos_procesados + rows.fragmentos_procesados:
        average = rows.tiempo_total_procesamiento / items
        yield GaugeMetricFamily("pipeline_error_rate", "Errors per item stored", value=rows.errores / items)
        yield GaugeMetricFamily(
            "pipeline_average_processing_time_seconds", "Seconds of stages per item stored", value=average
        )


def _stages(rows: Metricas) -> Iterable[Metric]:
    labels = ["etapa", "motor", "modelo"]
    runs = CounterMetricFamily("pipeline_stage_runs", "Stages run", labels=labels)
    seconds = CounterMetricFamily("pipeline_stage_seconds", "Seconds that stages took", labels=labels)
    cost = CounterMetricFamily(
        "pipeline_cost_usd", "What the model cost, where its price is known", labels=labels
    )
    tokens = CounterMetricFamily("pipeline_tokens", "Tokens of the model", labels=[*labels, "tipo"])
    for stage in rows.etapas:
        where = [stage.etapa, stage.motor, stage.modelo]
        runs.add_metric(where, stage.ejecuciones)
        seconds.add_metric(where, stage.segundos)
        cost.add_metric(where, stage.costo_usd)
        for tipo, count in (
            ("entrada", stage.tokens_entrada),
            ("salida", stage.tokens_salida),
            ("cache", stage.tokens_cache),
        ):
            tokens.add_metric([*where, tipo], count)
    return runs, seconds, cost, tokens


def _open_errors(rows: Metricas) -> Metric:
    still_open = GaugeMetricFamily(
        "pipeline_errors_open", "Items that failed and are not settled", labels=["clase_error"]
    )
    for error in rows.errores_por_clase:
        still_open.add_metric([error.clase_error], error.abiertos)
    return still_open


async def _read_rows(store: Store) -> Metricas | None:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await store.read_metrics()
    except (NewsroomError, TimeoutError) as exc:
        logger.warning("metrics without the database: %s", exc or f"no answer in {TIMEOUT_S:g} s")
        return None


async def _count_jobs(jobs: Jobs) -> Mapping[str, int] | None:
    try:
        counts = await asyncio.gather(*[jobs.count(*types) for _, types, _ in _JOBS])
    except Unavailable as exc:
        logger.warning("metrics without Prefect: %s", exc)
        return None
    return dict(zip([name for name, _, _ in _JOBS], counts, strict=True))
