"""What the commands share: starting the servers that they need, and ending with one line when they fail."""

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
    """Starts the wanted servers that are not running, and yields the addresses of those.

    Shows on standard error what it waits for, unless `quiet`. If the Prefect server stays away for longer
    than its clients wait, the command ends with one line and exit code 1.
    """
    import httpx
    from rich.console import Console

    from newsroom.settings import Settings
    from noticias.environment import prepared
    from noticias.prefect_login import explain_refusal

    console = Console(stderr=True, quiet=quiet)
    with console.status("") as status, prepared(Settings(), wanted, status.update) as addresses:
        status.stop()
        try:
            yield addresses
        except* httpx.HTTPError as lost:
            failure = _first(lost)
            words = " ".join(str(failure).split())[:300]
            fail(
                explain_refusal(failure)
                or f"Prefect's API is away ({words}); run the same command again, it goes on where it was",
                1,
            )


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Returns the first exception of a group of groups."""
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
