"""The totals of the database for people: one screen."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape

from newsroom.inputs import printable
from newsroom.models.metricas import Metricas, MetricasEtapa
from noticias.screen.cost import count_of, describe_tokens, usd
from noticias.screen.tables import Column, make_console, print_table

_STAGE_COLUMNS = (
    Column("etapa"),
    Column("motor"),
    Column("modelo", at_most=32),
    *(
        Column(name, numeric=True)
        for name in ("veces", "peticiones", "entrada", "salida", "caché", "USD", "s")
    ),
)


def print_status(rows: Mapping[str, int], metricas: Metricas) -> None:
    """Prints rows by table, articles by decision and state, errors, tokens and cost in all and by stage."""
    console = make_console()
    console.print("[bold]Filas[/]")
    console.print(
        f"  {_largest_first({name: number for name, number in rows.items() if number}) or 'ninguna'}"
    )
    console.print(
        f"[bold]Artículos[/] {count_of(metricas.articulos_procesados)}   "
        f"[bold]fragmentos[/] {count_of(metricas.fragmentos_procesados)}"
    )
    _print_counts(console, "decisión", metricas.articulos_por_decision)
    _print_counts(console, "estado", metricas.articulos_por_estado)
    console.print(f"[bold]Errores[/] {metricas.errores_abiertos} abiertos, {metricas.errores} en total")
    for error in metricas.errores_por_clase:
        console.print(f"  {_text(error.clase_error)}: {error.abiertos} abiertos, {error.total} en total")
    _print_cost(console, metricas)
    if metricas.etapas:
        print_table(console, _STAGE_COLUMNS, [_stage(row) for row in metricas.etapas])


def _print_counts(console: Console, label: str, counts: Mapping[str, int]) -> None:
    if counts:
        console.print(f"  {label}: {_largest_first(counts)}")


def _largest_first(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{_text(name)} {count_of(number)}" for name, number in ordered)


def _print_cost(console: Console, metricas: Metricas) -> None:
    tokens = describe_tokens(metricas.tokens_entrada, metricas.tokens_salida, metricas.tokens_cache)
    console.print(
        f"[bold]Modelo[/] {count_of(metricas.peticiones)} peticiones, {tokens}, "
        f"{usd(metricas.costo_usd)}, {metricas.tiempo_total_procesamiento:.1f} s de etapas"
    )
    if metricas.sin_precio:
        console.print(
            f"  sin precio conocido: {count_of(metricas.sin_precio)} ejecuciones que no están en la suma"
        )
    one = metricas.por_articulo
    console.print(
        f"  por artículo: {count_of(round(one.tokens_media))} tokens de media "
        f"({count_of(round(one.tokens_mediana))} de mediana), {usd(one.costo_usd_media)} de media "
        f"({usd(one.costo_usd_mediana)} de mediana)"
    )


def _stage(stage: MetricasEtapa) -> list[str]:
    return [
        stage.etapa, stage.motor, printable(stage.modelo or "—"), count_of(stage.ejecuciones),
        count_of(stage.peticiones), count_of(stage.tokens_entrada), count_of(stage.tokens_salida),
        count_of(stage.tokens_cache), f"{stage.costo_usd:.4f}", f"{stage.segundos:.1f}",
    ]  # fmt: skip


def _text(value: str) -> str:
    return escape(printable(value))
