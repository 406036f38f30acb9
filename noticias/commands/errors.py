"""`noticias errors`: what failed for good, and why."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from noticias.commands.session import AsJson, fail, servers

MOST = 10_000
Limit = Annotated[
    int | None, typer.Option(min=1, max=MOST, help="How many of the newest [100; with --export all].")
]


def errors(
    every: Annotated[bool, typer.Option("--all", help="Also those that are settled.")] = False,
    limit: Limit = None,
    export: Annotated[
        Path | None,
        typer.Option(help="Write them with their input to this file (.jsonl); - is standard output."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what failed for good: the cause, the stage, the tries, and when the next one is."""
    import asyncio

    from noticias.screen.errors import print_errors

    async def read(store: Any) -> Any:
        return await store.list_errors(only_pending=not every, limit=limit or (MOST if export else 100))

    with servers({"database", "rest"}):
        rows = asyncio.run(with_letters(read))
    if export is not None:
        _export(rows, export)
    elif as_json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        print_errors(rows)


async def with_letters(read: Any) -> Any:
    """Stores the dead letters that were parked in files, then returns what `read` reads."""
    from runs import runtime
    from runs.letters.parked import bring_in

    store = runtime.store()
    try:
        await bring_in(store)
        return await read(store)
    finally:
        await store.close()


def _export(rows: list[dict[str, Any]], target: Path) -> None:
    from newsroom.reporting.numbers import counted

    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if str(target) == "-":
        print(lines, end="")
        return
    try:
        # The file holds articles: only its owner may read it.
        target.touch(mode=0o600)
        target.write_text(lines, encoding="utf-8")
    except OSError as exc:
        fail(f"{target}: cannot be written: {exc.strerror}", 2)
    typer.echo(f"{counted(len(rows), 'error', 'errors')} in {target}")
