"""The command `noticias` with all its subcommands.

Exit codes: 0 all went well, 1 something failed, 2 wrong usage or input, 130 Ctrl-C, 143 SIGTERM.
"""

import os
import signal
import sys
from typing import Any, NoReturn

import typer

from noticias.commands.automations import automations
from noticias.commands.connector import connector
from noticias.commands.doctor import doctor
from noticias.commands.entities import entities
from noticias.commands.errors import errors
from noticias.commands.evaluate import evaluate
from noticias.commands.extract import extract
from noticias.commands.inspect import inspect
from noticias.commands.limits import limits
from noticias.commands.process import process
from noticias.commands.psql import psql
from noticias.commands.retry import retry
from noticias.commands.session import fail
from noticias.commands.show import show
from noticias.commands.sources import sources
from noticias.commands.status import status
from noticias.commands.up import up
from noticias.commands.worker import worker

app = typer.Typer(
    name="noticias",
    help="Reads Spanish-language news, proves every answer against the text, stores what survives.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

# The order is that of `noticias --help`.
for _command in (
    process, inspect, extract, up, sources, show, errors, retry, doctor,
    connector, worker, limits, automations, entities, status,
):  # fmt: skip
    app.command()(_command)
app.command("eval")(evaluate)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(psql)


def main() -> None:
    """Runs the command line. An error that this program foresees is one line, never a traceback."""
    from pydantic import ValidationError

    from newsroom.errors import InvalidInput, NewsroomError
    from newsroom.inputs import UnreadableInput, describe
    from noticias.local.errors import LocalStackError

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
        # The program that read our output has ended. Without this, Python's last flush would fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        fail("stopped; what was finished is kept. Run the same command again to go on", 130)


def _leave(_signal: int, _frame: Any) -> NoReturn:
    # SystemExit, so that the stack's context manager stops the servers that no other command uses.
    raise SystemExit(143)
