"""`noticias retry`: another try at what failed for good."""

from typing import Annotated, Any

import typer

from noticias.commands.errors import MOST, with_letters
from noticias.commands.session import AsJson, fail, servers


def retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Numbers as `noticias errors` shows them.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that are not settled.")] = False,
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="Read at the same time.")] = 4,
    as_json: AsJson = False,
) -> None:
    """Run again what failed; no finished model call is paid again."""
    import asyncio

    from noticias.leaving import send_what_waits
    from noticias.screen.report import Report

    if bool(ids) == every:
        fail("say which: noticias retry ID [ID...], or noticias retry --all", 2)
    with servers({"database", "rest", "prefect"}), Report(as_json=as_json) as report:
        letters = asyncio.run(with_letters(lambda store: _find_letters(store, ids or [])))
        if letters:
            from flows.items import process_all

            report.start()
            forced: set[int] = set()
            items = report.take_good(_items(letters, forced))
            asyncio.run(process_all(items, concurrency, lambda item: id(item) in forced, report.add))
            send_what_waits()
    if not letters:
        typer.echo("Nothing waits for another try.")
        raise typer.Exit(0)
    raise typer.Exit(report.exit_code)


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
    from runs.letters.contents import in_order, is_forced, is_of_inbox, read_letter

    for letter in in_order(letters):
        try:
            item = read_letter(letter)
        except ValueError as exc:
            place, _, words = printable(str(exc)).partition(": ")
            # Nothing failed here: a person must correct the file.
            yield Problem(place, words, harmless=is_of_inbox(letter))
            continue
        if is_forced(letter):
            forced.add(id(item))
        yield item
