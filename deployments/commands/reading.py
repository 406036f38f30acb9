"""`noticias process` and `noticias extract`: articles in, rows (or only findings) out."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from deployments.commands.session import AsJson, servers

Paths = Annotated[list[Path], typer.Argument(help=".json, .jsonl, .json.gz, .jsonl.gz, a folder, or -")]
Concurrency = Annotated[int, typer.Option(min=1, max=64, help="Articles read at the same time.")]


def process(
    paths: Paths,
    concurrency: Concurrency = 8,
    as_json: AsJson = False,
    reprocesar: Annotated[
        bool, typer.Option("--reprocesar", help="Read again what is stored already.")
    ] = False,
) -> None:
    """Read articles and store what their text proves: one Prefect flow run each."""
    import asyncio
    from itertools import chain

    from deployments.leaving import send_what_waits
    from deployments.report import Report
    from flows._feed import process_all
    from newsroom.inputs import find_files, read_articulos

    with Report(as_json=as_json) as report:
        good = report.take_good(read_articulos(find_files(paths)))
        # No server is started for an input that has nothing to read in it.
        first = next(good, None)
        if first is not None:
            with servers({"database", "gateway", "prefect"}):
                report.start()
                asyncio.run(process_all(chain([first], good), concurrency, reprocesar, report.add))
                send_what_waits()
    raise typer.Exit(report.exit_code)


def extract(paths: Paths, as_json: AsJson = False) -> None:
    """Show what the stages find, without Prefect and without storing anything."""
    import asyncio

    from newsroom.dry_run import extract as read
    from newsroom.errors import NewsroomError
    from newsroom.inputs import Problem, find_files, read_articulos
    from newsroom.settings import Settings
    from tasks._runtime import build_engine

    settings = Settings()
    engine = build_engine(settings)
    bad = good = 0

    async def run() -> None:
        nonlocal bad, good
        for item in read_articulos(find_files(paths)):
            if isinstance(item, Problem):
                bad += 1
                print(f"noticias: {item}", file=sys.stderr)
                continue
            try:
                found = await read(engine, item, settings.chunk_chars)
            except NewsroomError as exc:
                bad += 1
                print(f"noticias: {item.titular[:60]!r}: {exc}", file=sys.stderr)
                continue
            good += 1
            print(json.dumps(found, ensure_ascii=False, indent=None if as_json else 2))

    asyncio.run(run())
    raise typer.Exit(0 if not bad else 1 if good else 2)
