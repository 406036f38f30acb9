"""The command `noticias`: articles in, rows out, and a look at what is there.

Heavy imports stand inside the commands: `--help` must not wait for Prefect. Exit codes: 0 fine,
1 something failed, 2 wrong usage or input.
"""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

app = typer.Typer(
    name="noticias",
    help="Reads Spanish-language news, proves every answer against the text, stores what survives.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Paths = Annotated[list[Path], typer.Argument(help=".json, .jsonl, .json.gz, .jsonl.gz, a folder, or -")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object an item on standard output.")]
Concurrency = Annotated[int, typer.Option(min=1, max=64, help="Articles read at the same time.")]


def main() -> None:
    """Runs the command line; errors that we know are one line, never a traceback."""
    from pydantic import ValidationError

    from deployments.inputs import UnreadableInput, describe
    from deployments.local.errors import LocalStackError
    from newsroom.errors import InvalidInput, NewsroomError

    signal.signal(signal.SIGTERM, _leave)
    try:
        app()
    except (UnreadableInput, InvalidInput) as exc:
        _fail(str(exc), 2)
    except ValidationError as exc:
        _fail(f"settings: {describe(exc)}; see .env.example", 2)
    except (LocalStackError, NewsroomError) as exc:
        _fail(str(exc), 1)
    except BrokenPipeError:
        # Whoever read our output has left; Python would complain once more while it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        _fail("stopped; what was finished is kept, run the same command to go on", 130)


def _leave(_signal: int, _frame: Any) -> NoReturn:
    # SystemExit, so that the stack's context manager stops the servers that only we use.
    raise SystemExit(143)


def _fail(message: str, code: int) -> NoReturn:
    print(f"noticias: {message}", file=sys.stderr)
    sys.exit(code)


@contextmanager
def _servers(wanted: set[Any], quiet: bool = False) -> Iterator[Any]:
    """Has the servers running; what is being waited for is said on standard error."""
    from rich.console import Console

    from deployments.environment import prepared
    from newsroom.settings import Settings

    console = Console(stderr=True, quiet=quiet)
    with console.status("") as status, prepared(Settings(), wanted, status.update) as addresses:
        status.stop()
        yield addresses


@app.command()
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

    from deployments.inputs import find_files, read_articulos
    from deployments.processing import process_all, send_what_waits
    from deployments.report import Report

    with Report(as_json=as_json) as report:
        good = report.take_good(read_articulos(find_files(paths)))
        # No server is started for an input that has nothing to read in it.
        first = next(good, None)
        if first is not None:
            with _servers({"database", "gateway", "prefect"}):
                report.start()
                asyncio.run(process_all(chain([first], good), concurrency, reprocesar, report.add))
                send_what_waits()
    raise typer.Exit(report.exit_code)


@app.command()
def extract(paths: Paths, as_json: AsJson = False) -> None:
    """Show what the stages find, without Prefect and without storing anything."""
    import asyncio

    from deployments.inputs import Problem, find_files, read_articulos
    from newsroom.dry_run import extract as read
    from newsroom.errors import NewsroomError
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


@app.command()
def up() -> None:
    """Run the whole stack in the foreground: database, gateway, Prefect server and UI."""
    from rich.console import Console

    console = Console()
    with _servers({"database", "gateway", "prefect"}) as addresses:
        console.print(f"Prefect UI   {addresses.prefect_ui_url or os.environ['PREFECT_API_URL']}")
        console.print(f"Prefect API  {os.environ['PREFECT_API_URL']}")
        console.print(f"Supabase API {os.environ['SUPABASE_URL']}/rest/v1")
        console.print(f"Database     noticias psql        (data in {addresses.home})")
        console.print("Ctrl-C stops it.")
        try:
            signal.pause()
        except KeyboardInterrupt:
            console.print("Stopping")


@app.command()
def show(
    articulo_id: Annotated[int | None, typer.Argument(help="An article; without it, the newest.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many of the newest.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show what is stored."""
    import asyncio

    from deployments.showing import print_articulo, print_articulos

    with _servers({"database", "gateway"}):
        from tasks import _runtime

        async def read() -> Any:
            store = _runtime.store()
            try:
                if articulo_id is None:
                    return await store.list_articulos(limit)
                return await store.read_articulo(articulo_id)
            finally:
                await store.close()

        stored = asyncio.run(read())
    if stored is None:
        _fail(f"there is no article {articulo_id}; `noticias show` lists them", 2)
    if as_json:
        print(json.dumps(stored, ensure_ascii=False))
    elif articulo_id is None:
        print_articulos(stored)
    else:
        print_articulo(stored)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def psql(context: typer.Context) -> None:
    """Open psql on the newsroom's database; arguments are passed on."""
    import subprocess

    from deployments.local.database import connection_environment
    from deployments.local.postgres import find_programs
    from newsroom.settings import Settings

    if Settings().supabase_url:
        _fail("SUPABASE_URL is set: that database is not ours; use psql with its own address", 2)
    with _servers({"database"}) as addresses:
        environment = os.environ | connection_environment(addresses.database_dsn.get_secret_value())
        program = find_programs() / "psql"
        done = subprocess.run([str(program), *context.args], env=environment, check=False)
    raise typer.Exit(done.returncode)


@app.command()
def doctor() -> None:
    """Check what the system needs, one line each, with the remedy."""
    from deployments.doctor import run_checks

    raise typer.Exit(run_checks())
