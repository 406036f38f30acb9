"""What the commands share: the servers around them, and how they end when they cannot go on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer

AsJson = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]


def fail(message: str, code: int) -> NoReturn:
    """Ends the command with one line on standard error; `code` is 1 (something failed) or 2 (wrong usage)."""
    print(f"noticias: {message}", file=sys.stderr)
    sys.exit(code)


@contextmanager
def servers(wanted: set[Any], quiet: bool = False) -> Iterator[Any]:
    """Has the servers running; what is being waited for is said on standard error.

    A Prefect server that stays away for more than its clients wait ends the command with one line.
    """
    import httpx
    from rich.console import Console

    from newsroom.settings import Settings
    from noticias.environment import prepared

    console = Console(stderr=True, quiet=quiet)
    with console.status("") as status, prepared(Settings(), wanted, status.update) as addresses:
        status.stop()
        try:
            yield addresses
        except* httpx.HTTPError as lost:
            words = " ".join(str(_first(lost)).split())[:300]
            fail(f"Prefect's API is away ({words}); run the same command again, it goes on where it was", 1)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Returns the first exception of a group of groups."""
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
