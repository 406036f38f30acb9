"""`noticias errors` and `noticias retry`: what failed for good, and another try at it."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from deployments.commands.session import AsJson, fail, servers

MOST = 10_000
Limit = Annotated[
    int | None, typer.Option(min=1, max=MOST, help="How many of the newest: 100, with --export all.")
]


def errors(
    every: Annotated[bool, typer.Option("--all", help="Also those that are settled.")] = False,
    limit: Limit = None,
    export: Annotated[
        Path | None, typer.Option(help="Write them with their input to this file (.jsonl), - for output.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what failed for good: the cause, the stage, the tries, and when the next one is."""
    import asyncio

    from deployments.showing import print_errors

    async def read(store: Any) -> Any:
        return await store.list_errors(only_pending=not every, limit=limit or (MOST if export else 100))

    with servers({"database", "gateway"}):
        rows = asyncio.run(_with_store(read))
    if export is not None:
        _export(rows, export)
    elif as_json:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        print_errors(rows)


def retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Numbers as `noticias errors` shows them.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that are not settled.")] = False,
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="Read at the same time.")] = 4,
    as_json: AsJson = False,
) -> None:
    """Run again what failed; no finished model call is paid again."""
    import asyncio

    from deployments.leaving import send_what_waits
    from deployments.report import Report
    from flows._feed import process_all

    if bool(ids) == every:
        fail("say which: noticias retry ID [ID...], or noticias retry --all", 2)
    with servers({"database", "gateway", "prefect"}), Report(as_json=as_json) as report:
        letters = asyncio.run(_with_store(lambda store: _find_letters(store, ids or [])))
        if letters:
            report.start()
            forced: set[int] = set()
            items = report.take_good(_items(letters, forced))
            asyncio.run(process_all(items, concurrency, lambda item: id(item) in forced, report.add))
            send_what_waits()
    if not letters:
        typer.echo("Nothing waits for another try.")
        raise typer.Exit(0)
    raise typer.Exit(report.exit_code)


async def _with_store(read: Any) -> Any:
    from tasks import _runtime
    from tasks.parked_letters import bring_in

    store = _runtime.store()
    try:
        await bring_in(store)
        return await read(store)
    finally:
        await store.close()


async def _find_letters(store: Any, ids: list[int]) -> list[dict[str, Any]]:
    if not ids:
        return [*await store.list_errors(only_pending=True, limit=MOST)]
    letters = {number: await store.read_error(number) for number in dict.fromkeys(ids)}
    unknown = [str(number) for number, letter in letters.items() if letter is None]
    if unknown:
        fail(f"there is no error {', '.join(unknown)}; `noticias errors --all` lists them", 2)
    return list(letters.values())


def _items(letters: list[dict[str, Any]], forced: set[int]) -> Any:
    from newsroom.inputs import Problem, printable
    from tasks.retrying import in_order, is_forced, read_letter

    for letter in in_order(letters):
        try:
            item = read_letter(letter)
        except ValueError as exc:
            place, _, words = printable(str(exc)).partition(": ")
            yield Problem(place, words)
            continue
        if is_forced(letter):
            forced.add(id(item))
        yield item


def _export(rows: list[dict[str, Any]], target: Path) -> None:
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if str(target) == "-":
        print(lines, end="")
        return
    try:
        # Articles are in it: nobody else's to read.
        target.touch(mode=0o600)
        target.write_text(lines, encoding="utf-8")
    except OSError as exc:
        fail(f"{target}: cannot be written: {exc.strerror}", 2)
    typer.echo(f"{len(rows)} errors in {target}")
