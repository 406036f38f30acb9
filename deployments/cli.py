"""The command `noticias`: articles in, rows out, and a look at what is there.

Exit codes: 0 fine, 1 something failed, 2 wrong usage or input.
"""

import os
import signal
import sys
from typing import Any, NoReturn

import typer

from deployments.commands.automations import automations
from deployments.commands.database import doctor, psql
from deployments.commands.entities import entities
from deployments.commands.errors import errors, retry
from deployments.commands.evaluate import evaluate
from deployments.commands.gateway import gateway
from deployments.commands.limits import limits
from deployments.commands.reading import extract, process
from deployments.commands.session import fail
from deployments.commands.show import show
from deployments.commands.status import status
from deployments.commands.up import up
from deployments.commands.worker import worker

app = typer.Typer(
    name="noticias",
    help="Reads Spanish-language news, proves every answer against the text, stores what survives.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

for _command in (process, extract, up, show, errors, retry, doctor):
    app.command()(_command)
app.command()(gateway)
app.command()(worker)
app.command()(limits)
app.command()(automations)
app.command()(entities)
app.command()(status)
app.command("eval")(evaluate)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(psql)


def main() -> None:
    """Runs the command line; errors that we know are one line, never a traceback."""
    from pydantic import ValidationError

    from deployments.local.errors import LocalStackError
    from newsroom.errors import InvalidInput, NewsroomError
    from newsroom.inputs import UnreadableInput, describe

    signal.signal(signal.SIGTERM, _leave)
    try:
        app()
    except (UnreadableInput, InvalidInput) as exc:
        fail(str(exc), 2)
    except ValidationError as exc:
        fail(f"settings: {describe(exc)}; see .env.example", 2)
    except (LocalStackError, NewsroomError) as exc:
        fail(str(exc), 1)
    except BrokenPipeError:
        # Whoever read our output has left; Python would complain once more while it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        fail("stopped; what was finished is kept, run the same command to go on", 130)


def _leave(_signal: int, _frame: Any) -> NoReturn:
    # SystemExit, so that the stack's context manager stops the servers that only we use.
    raise SystemExit(143)
