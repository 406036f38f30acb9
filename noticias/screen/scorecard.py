"""What a person sees of an evaluation: the table, the counters, the difference of two runs, the plot."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from newsroom.evaluation.evaluacion import Change, Evaluacion

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COUNTERS = {
    "entidad_tipo": "entidad: kind right",
    "hecho_tipo": "hecho: kind right",
    "hecho_fecha": "hecho: date right where the text gives one",
    "hecho_fecha_dada": "hecho: date right where the engine gives one",
    "hecho_sin_fecha": "hecho: no date where the text gives none",
    "cita_literal": "cita: stands in the text character by character",
    "cita_emisor": "cita: speaker right where the text names one",
    "cita_sin_emisor": "cita: no speaker where the text names none",
    "dato_valor": "dato: value found",
    "dato_valor_y_unidad": "dato: value and unit found",
    "decision": "triage: decision admissible",
    "decision_conserva": "triage: kept what must be kept",
    "decision_descarta": "triage: discarded what must be discarded",
    "tipo_articulo": "triage: genre right",
    "hechos_conservados": "grounding: hechos kept of those offered",
    "entidades_conservados": "grounding: entidades kept of those offered",
    "citas_textuales_conservados": "grounding: citas kept of those offered",
    "datos_cuantitativos_conservados": "grounding: datos kept of those offered",
    "relaciones_conservados": "resolving: relations kept of those offered",
}
_LOW, _GOOD = 0.5, 0.8


def print_evaluacion(console: Console, run: Evaluacion) -> None:
    """Prints one run: its kinds, its counters, what it used."""
    console.print(f"[bold]{escape(run.motor)}[/] {escape(run.modelo)}, {run.articulos} articles")
    table = _table("kind", "stage", "P", "R", "F1", "right", "offered", "n")
    for row in run.tabla:
        counts = (str(row.aciertos), str(row.ofrecidos), str(row.esperados))
        measures = (_share(row.precision), _share(row.exhaustividad), _colored(row.f1))
        table.add_row(row.tipo, row.etapa, *measures, *counts)
    console.print(table)
    console.print()
    counters = _table("counter", "", "share", "right", "n")
    for name, words in _COUNTERS.items():
        counter = run.contadores.get(name)
        if counter is not None:
            numbers = (_share(counter.proporcion), str(counter.aciertos), str(counter.de))
            counters.add_row(words, "", *numbers)
    console.print(counters)
    console.print()
    _print_consumption(console, run)
    for failure in run.fallidos:
        console.print(f"[red]failed[/] {escape(failure)}")


def _print_consumption(console: Console, run: Evaluacion) -> None:
    used, number = run.consumo, max(run.articulos, 1)
    cost = "unknown" if used.costo_usd is None else f"{used.costo_usd / number:.5f} USD"
    tokens = f"{used.tokens_entrada / number:.0f} tokens in ({used.tokens_cache / number:.0f} cached)"
    console.print(
        f"Used per article: {used.peticiones / number:.1f} requests, {tokens}, "
        f"{used.tokens_salida / number:.0f} out, cost {cost}."
    )
    prompt = used.tokens_prompt_por_articulo
    constant = used.tokens_constantes_por_articulo / max(prompt, 1)
    console.print(
        f"{used.articulos_enteros} articles read to the end: {used.llamadas_por_articulo:.1f} questions each "
        f"(at most {used.llamadas_maximo}),\nprompts estimated at {prompt:.0f} tokens each, "
        f"{constant:.0%} of them constant ({escape(used.modelo_estimado)})."
    )
    console.print(f"{run.caracteres} characters in {run.segundos:.1f} s, start-up included.")


def print_changes(console: Console, before: Evaluacion, after: Evaluacion, changes: Sequence[Change]) -> None:
    """Prints what differs between two runs; what is equal is left out."""
    console.print(f"[bold]before[/] {_label(before)}\n[bold]after[/]  {_label(after)}")
    differing = [change for change in changes if change.before != change.after]
    if not differing:
        console.print("No number differs.")
        return
    table = _table("measure", "", "before", "after", "difference")
    for change in differing:
        words = _COUNTERS.get(change.name, change.name)
        table.add_row(words, "", _number(change.before), _number(change.after), _signed(change.difference))
    console.print(table)
    if before.articulos != after.articulos:
        console.print(f"The gold sets differ: {before.articulos} articles before, {after.articulos} after.")


def _label(run: Evaluacion) -> str:
    return f"{escape(run.motor)} {escape(run.modelo)}, {run.fecha:%Y-%m-%d %H:%M}"


def _table(*headings: str) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="left" if place < 2 else "right", no_wrap=True)
    return table


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _colored(value: float | None) -> str:
    if value is None:
        return "–"
    color = "red" if value < _LOW else "green" if value >= _GOOD else "yellow"
    return f"[{color}]{value:.2f}[/]"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _signed(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:+.4g}"


def draw(run: Evaluacion, path: Path) -> None:
    """Writes the run as a picture (.png): precision, recall and F1 of each kind, and the counters' shares.

    Raises:
        ModuleNotFoundError: matplotlib is not installed.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 6.5), layout="constrained")
    FigureCanvasAgg(figure)
    kinds, counters = figure.subplots(1, 2, width_ratios=(1, 1))
    _draw_kinds(kinds, run)
    _draw_counters(counters, run)
    for axes in (kinds, counters):
        axes.set_xlim(0, 1.15)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
        axes.spines[["top", "right"]].set_visible(False)
    title = f"{run.motor} {run.modelo}, {run.articulos} gold articles, {run.fecha:%Y-%m-%d}"
    figure.suptitle(title, fontsize=11)
    figure.savefig(path, dpi=120)


def _draw_kinds(kinds: "Axes", run: Evaluacion) -> None:
    rows = run.tabla[::-1]
    measures = (
        ("F1", "f1", "#1b4965"),
        ("recall", "exhaustividad", "#62b6cb"),
        ("precision", "precision", "#cae9ff"),
    )
    for place, (label, field, color) in enumerate(measures):
        heights = [getattr(row, field) or 0.0 for row in rows]
        positions = [index + (place - 1) * 0.27 for index in range(len(rows))]
        bars = kinds.barh(positions, heights, height=0.27, color=color, label=label)
        kinds.bar_label(bars, fmt="%.2f", fontsize=7, padding=2)
    kinds.set_yticks(range(len(rows)), [f"{row.tipo} (n={row.esperados})" for row in rows])
    kinds.set_title("Found, by kind", fontsize=10)
    handles, labels = kinds.get_legend_handles_labels()
    kinds.legend(handles[::-1], labels[::-1], loc="lower right", fontsize=8)


def _draw_counters(counters: "Axes", run: Evaluacion) -> None:
    found = [(words, run.contadores[name]) for name, words in _COUNTERS.items() if name in run.contadores]
    shown = found[::-1]
    shares = [counter.proporcion or 0.0 for _, counter in shown]
    bars = counters.barh(range(len(shown)), shares, color="#5fa8d3")
    counters.bar_label(bars, [f"{c.aciertos}/{c.de}" for _, c in shown], fontsize=7, padding=2)
    counters.set_yticks(range(len(shown)), [words for words, _ in shown], fontsize=8)
    counters.set_title("Right, of all cases", fontsize=10)
