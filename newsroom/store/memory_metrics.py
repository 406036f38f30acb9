"""The metrics of the store in memory: what the SQL function `metricas` counts."""

from collections import Counter
from decimal import Decimal
from statistics import fmean, median
from typing import Any

from newsroom.models.metricas import Metricas, MetricasArticulo, MetricasErrores, MetricasEtapa
from newsroom.store.memory_checks import Row
from newsroom.store.memory_errors import CLOSED
from newsroom.store.memory_tables import Tables


def read_metrics(tables: Tables) -> Metricas:
    """Returns the totals over all rows."""
    articulos = list(tables.each("articulos"))
    stages = _count_stages(list(tables.each("consumo_etapas")))
    errors = _count_errors(tables)
    decisions = Counter(row.get("decision") or "sin_decision" for row in articulos)
    return Metricas(
        articulos_procesados=len(articulos),
        fragmentos_procesados=sum(1 for _ in tables.each("fragmentos_extensos")),
        descartados=decisions["DESCARTAR"],
        articulos_por_decision=dict(decisions),
        articulos_por_estado=dict(Counter(row["estado_procesamiento"] for row in articulos)),
        errores=sum(error.total for error in errors),
        errores_abiertos=sum(error.abiertos for error in errors),
        errores_por_clase=errors,
        tiempo_total_procesamiento=sum(stage.segundos for stage in stages),
        peticiones=sum(stage.peticiones for stage in stages),
        tokens_entrada=sum(stage.tokens_entrada for stage in stages),
        tokens_salida=sum(stage.tokens_salida for stage in stages),
        tokens_cache=sum(stage.tokens_cache for stage in stages),
        costo_usd=float(sum(map(_cost, tables.each("consumo_etapas")), Decimal())),
        sin_precio=sum(stage.sin_precio for stage in stages),
        por_articulo=_per_article(tables, articulos),
        etapas=stages,
    )


def _count_stages(rows: list[Row]) -> tuple[MetricasEtapa, ...]:
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["etapa"], row["motor"], row.get("modelo") or ""), []).append(row)
    return tuple(
        MetricasEtapa(
            etapa=etapa,
            motor=motor,
            modelo=modelo,
            ejecuciones=len(of_one),
            peticiones=sum(row.get("peticiones") or 0 for row in of_one),
            tokens_entrada=sum(row.get("tokens_entrada") or 0 for row in of_one),
            tokens_salida=sum(row.get("tokens_salida") or 0 for row in of_one),
            tokens_cache=sum(row.get("tokens_cache") or 0 for row in of_one),
            costo_usd=float(sum(map(_cost, of_one), Decimal())),
            sin_precio=sum(row.get("costo_usd") is None and _tokens(row) > 0 for row in of_one),
            segundos=sum(row.get("segundos") or 0 for row in of_one),
        )
        for (etapa, motor, modelo), of_one in sorted(groups.items())
    )


def _count_errors(tables: Tables) -> tuple[MetricasErrores, ...]:
    rows = list(tables.each("pipeline_errores"))
    total = Counter(row["clase_error"] for row in rows)
    still_open = Counter(row["clase_error"] for row in rows if row["estado"] not in CLOSED)
    ordered = sorted(total, key=lambda name: (-still_open[name], -total[name], name))
    return tuple(
        MetricasErrores(clase_error=name, total=total[name], abiertos=still_open[name]) for name in ordered
    )


def _per_article(tables: Tables, articulos: list[Row]) -> MetricasArticulo:
    if not articulos:
        return MetricasArticulo()
    tokens: dict[Any, int] = {row["id"]: 0 for row in articulos}
    costs: dict[Any, Decimal] = {row["id"]: Decimal() for row in articulos}
    for row in tables.each("consumo_etapas"):
        if row["articulo_id"] in tokens:
            tokens[row["articulo_id"]] += _tokens(row)
            costs[row["articulo_id"]] += _cost(row)
    return MetricasArticulo(
        tokens_media=fmean(tokens.values()),
        tokens_mediana=median(tokens.values()),
        costo_usd_media=fmean(map(float, costs.values())),
        costo_usd_mediana=float(median(costs.values())),
    )


def _tokens(row: Row) -> int:
    return (row.get("tokens_entrada") or 0) + (row.get("tokens_salida") or 0)


def _cost(row: Row) -> Decimal:
    return Decimal(str(row.get("costo_usd") or 0))
