"""What a person sees of a run: progress, refused items, the table at the end; or JSON lines."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from newsroom.inputs import Problem, printable
from newsroom.models.documento import Documento
from newsroom.models.outcome import Outcome, Received
from noticias.screen.items import make_console

_TITLE_CHARS = 48
_STYLES = {"Completed": "green", "Descartado": "yellow", "Duplicado": "cyan", "Failed": "red"}


class Report:
    """Collects outcomes; as a context manager it prints the table when the run is over."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._outcomes: list[Outcome] = []
        self._problems = 0
        self._console = make_console()
        self._progress = Progress(
            TextColumn("[progress.description]{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar = self._progress.add_task("Articles", total=None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        # A bar that was never started would leave an empty line.
        if self._progress.live.is_started:
            self._progress.stop()
        if not self._as_json:
            self._print_table()

    @property
    def exit_code(self) -> int:
        """Returns 0 if all went well, 1 if an item failed or was refused, 2 if nothing could be read."""
        if not self._outcomes:
            return 2
        failed = any(outcome.failure for outcome in self._outcomes)
        return 1 if failed or self._problems else 0

    def start(self) -> None:
        """Shows the progress bar if standard error is a terminal."""
        if sys.stderr.isatty():
            self._progress.start()

    def take_good(self, items: Iterable[Received | Problem]) -> Iterator[Received]:
        """Yields the items that can be read; prints what is wrong with the others on standard error."""
        for item in items:
            if isinstance(item, Problem):
                self._problems += not item.harmless
                print(f"noticias: {item}", file=sys.stderr)
            else:
                yield item

    async def add(self, outcome: Outcome) -> None:
        """Notes how an item ended; with --json prints its line at once."""
        self._outcomes.append(outcome)
        self._progress.advance(self._bar)
        if self._as_json:
            print(json.dumps(outcome.as_json(), ensure_ascii=False), flush=True)
        if outcome.failure:
            title = printable(outcome.title)[:_TITLE_CHARS]
            print(f"noticias: «{title}»: {printable(outcome.failure)}", file=sys.stderr)

    def _print_table(self) -> None:
        if not self._outcomes:
            return
        table = Table(box=None, header_style="bold", pad_edge=False)
        table.add_column("titular", overflow="ellipsis", no_wrap=True, max_width=_TITLE_CHARS)
        for name in ("decisión", "hechos", "entidades", "citas", "datos", "relaciones", "s", "estado"):
            numeric = name not in ("decisión", "estado")
            table.add_column(name, justify="right" if numeric else "left", no_wrap=True)
        for outcome in self._outcomes:
            table.add_row(*_row(outcome))
        self._console.print(table)
        states = [outcome.estado for outcome in self._outcomes]
        counted = ", ".join(f"{states.count(state)} {state}" for state in _STYLES if state in states)
        refused = f", {self._problems} refused" if self._problems else ""
        self._console.print(f"{_count_kinds(self._outcomes)}: {counted}{refused}")
        if set(states) == {"Duplicado"}:
            self._console.print("Everything was stored already; no row was changed.")


def _count_kinds(outcomes: list[Outcome]) -> str:
    documents = sum(isinstance(outcome.item, Documento) for outcome in outcomes)
    kinds = ((len(outcomes) - documents, "articles"), (documents, "documents"))
    return ", ".join(f"{count} {name}" for count, name in kinds if count)


def _row(outcome: Outcome) -> list[str]:
    resultado = outcome.resultado
    conteos = resultado.conteos if resultado else None
    decision = resultado.decision.value if resultado and resultado.decision else "—"
    style = _STYLES.get(outcome.estado, "red")
    counts = (
        (
            conteos.hechos,
            conteos.entidades,
            conteos.citas_textuales,
            conteos.datos_cuantitativos,
            conteos.relaciones,
        )
        if conteos
        else ("", "", "", "", "")
    )
    return [
        escape(printable(outcome.title)),
        decision,
        *(str(count) for count in counts),
        f"{outcome.seconds:.1f}",
        f"[{style}]{outcome.estado}[/]",
    ]
