"""What a person sees of a run: progress, refused items, the table at the end; or JSON lines."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from newsroom.inputs import Problem, printable
from newsroom.models.documento import Documento
from newsroom.models.outcome import Outcome, Received
from newsroom.reporting.numbers import counted
from noticias.screen.tables import Column, make_console, print_table

_TITLE_CHARS = 48
_COLUMNS = (
    Column("titular", at_most=_TITLE_CHARS),
    Column("decisión"),
    *(Column(name, numeric=True) for name in ("hechos", "entid.", "citas", "datos", "relac.", "s")),
    Column("estado"),
)
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
        print_table(self._console, _COLUMNS, [_row(outcome) for outcome in self._outcomes])
        states = [outcome.estado for outcome in self._outcomes]
        counted = ", ".join(f"{states.count(state)} {state}" for state in _STYLES if state in states)
        refused = f", {self._problems} refused" if self._problems else ""
        self._console.print(f"{_count_kinds(self._outcomes)}: {counted}{refused}")
        if set(states) == {"Duplicado"}:
            self._console.print("Everything was stored already; no row was changed.")


def _count_kinds(outcomes: list[Outcome]) -> str:
    documents = sum(isinstance(outcome.item, Documento) for outcome in outcomes)
    articles = len(outcomes) - documents
    kinds = (
        counted(articles, "article", "articles") if articles else "",
        counted(documents, "document", "documents") if documents else "",
    )
    return ", ".join(filter(None, kinds))


def _row(outcome: Outcome) -> list[str | Text]:
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
        printable(outcome.title),
        decision,
        *(str(count) for count in counts),
        f"{outcome.seconds:.1f}",
        Text(outcome.estado, style),
    ]
