"""`noticias eval`: how good an engine or a model is, measured on articles that were read by hand."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from noticias.commands.session import fail

if TYPE_CHECKING:
    from newsroom.engines.base import Engine
    from newsroom.evaluation.evaluacion import Evaluacion
    from newsroom.evaluation.gold import Gold
    from newsroom.settings import Settings

DEFAULT_GOLD = Path("tests/data/gold")


class EngineChoice(StrEnum):
    """The engines that can be measured."""

    LOCAL = "local"
    GROQ = "groq"
    SCRIPTED = "scripted"


def evaluate(
    engine: Annotated[
        EngineChoice | None,
        typer.Option(help="Default: the one in use. scripted answers from the gold set: it must score 1."),
    ] = None,
    model: Annotated[str | None, typer.Option(help="Groq's model id; default NOTICIAS_GROQ_MODEL.")] = None,
    gold: Annotated[Path, typer.Option(help="Folder of annotated articles.")] = DEFAULT_GOLD,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the run's .json and .png; default NOTICIAS_HOME/eval.")
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(help="A run's .json: print what differs between it and this run.")
    ] = None,
    other: Annotated[
        Path | None,
        typer.Argument(metavar="[RUN2.json]", help="With --compare: compare these two, run nothing."),
    ] = None,
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="Articles read at the same time.")] = 8,
) -> None:
    """Measure an engine on the gold set: precision, recall, F1 and cost; or compare two runs."""
    from newsroom.evaluation.evaluacion import read_evaluacion
    from newsroom.evaluation.gold import read_gold_set
    from newsroom.settings import Settings
    from noticias.screen.tables import make_console

    console = make_console()
    if other is not None and compare is None:
        fail(f"{other}: a second run needs --compare RUN.json before it", 2)
    before = read_evaluacion(compare) if compare is not None else None
    if before is not None and other is not None:
        _print_difference(console, before, read_evaluacion(other))
        return
    settings = Settings()
    chosen = engine or EngineChoice(settings.engine_in_use)
    golds = read_gold_set(gold)
    run = _run(_build(chosen, model, settings, golds), golds, settings, concurrency)
    _write(console, run, out or settings.home / "eval")
    if before is not None:
        _print_difference(console, before, run)
    raise typer.Exit(1 if run.fallidos else 0)


def _build(chosen: EngineChoice, model: str | None, settings: "Settings", golds: "list[Gold]") -> "Engine":
    from newsroom.evaluation.perfect import build_perfect_engine
    from runs.runtime import build_engine

    if model is not None and chosen is not EngineChoice.GROQ:
        fail(f"--model goes with --engine groq; the engine {chosen.value!r} has no models", 2)
    if chosen is EngineChoice.SCRIPTED:
        return build_perfect_engine(golds)
    changed: dict[str, Any] = {"engine": chosen.value}
    if model is not None:
        changed["groq_model"] = model
    return build_engine(settings.model_copy(update=changed))


def _run(engine: "Engine", golds: "list[Gold]", settings: "Settings", concurrency: int) -> "Evaluacion":
    import asyncio

    from newsroom.evaluation.run import evaluate as run

    async def read() -> "Evaluacion":
        try:
            return await run(engine, golds, chunk_chars=settings.chunk_chars, concurrency=concurrency)
        finally:
            await engine.close()

    return asyncio.run(read())


def _write(console: Any, run: "Evaluacion", folder: Path) -> None:
    import re

    from noticias.screen.scorecard import draw, print_evaluacion

    print_evaluacion(console, run)
    model = re.sub(r"[^\w.-]{1,80}", "-", run.modelo)[:60]
    path = folder / f"{run.motor}-{model}-{run.fecha:%Y%m%d-%H%M%S}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(run.model_dump_json(indent=1), encoding="utf-8")
    except OSError as exc:
        fail(f"--out {folder}: cannot be written: {exc.strerror}", 2)
    console.print(f"written: {path}", markup=False)
    try:
        draw(run, path.with_suffix(".png"))
    except ModuleNotFoundError as exc:
        console.print(f"no plot: {exc.name} is not installed (pip install matplotlib)", markup=False)
    else:
        console.print(f"written: {path.with_suffix('.png')}", markup=False)


def _print_difference(console: Any, before: "Evaluacion", after: "Evaluacion") -> None:
    from newsroom.evaluation.evaluacion import compare
    from noticias.screen.scorecard import print_changes

    print_changes(console, before, after, compare(before, after))
