"""The totals of the database for people: one screen."""

from collections.abc import Mapping

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from newsroom.inputs import printable
from newsroom.models.metricas import Metricas
from noticias.screen.cost import count_of, describe_tokens, usd
from noticias.screen.items import make_console


def print_status(rows: Mapping[str, int], metricas: Metricas) -> None:
    """Prints rows by table, articles by decision and state, errors, tokens and cost in all and by stage."""
    console = make_console()
    console.print("[bold]Filas[/]")
    names = ", ".join(f"{escape(name)} {count_of(number)}" for name, number in rows.items() if number)
    console.print(f"  {names or 'ninguna'}")
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
        console.print(_stages(metricas))


def _print_counts(console: Console, label: str, counts: Mapping[str, int]) -> None:
    if counts:
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        console.print(
            f"  {label}: " + ", ".join(f"{_text(name)} {count_of(number)}" for name, number in ordered)
        )


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


def _stages(metricas: Metricas) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("etapa", "motor", "modelo"):
        table.add_column(name, no_wrap=True, overflow="ellipsis", max_width=32)
    for name in ("veces", "peticiones", "entrada", "salida", "caché", "USD", "s"):
        table.add_column(name, justify="right", no_wrap=True)
    for stage in metricas.etapas:
        table.add_row(
            _text(stage.etapa), _text(stage.motor), _text(stage.modelo or "—"), count_of(stage.ejecuciones),
            count_of(stage.peticiones), count_of(stage.tokens_entrada), count_of(stage.tokens_salida),
            count_of(stage.tokens_cache), f"{stage.costo_usd:.4f}", f"{stage.segundos:.1f}",
        )  # fmt: skip
    return table


def _text(value: str) -> str:
    return escape(printable(value))
