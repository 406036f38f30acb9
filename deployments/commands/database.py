"""`noticias psql` and `noticias doctor`: a look at the database itself, and at what is missing."""

import os

import typer

from deployments.commands.session import fail, servers


def psql(context: typer.Context) -> None:
    """Open psql on the newsroom's database; arguments are passed on."""
    import subprocess

    from deployments.local.database import connection_environment
    from deployments.local.postgres import find_programs
    from newsroom.settings import Settings

    if Settings().supabase_url:
        fail("SUPABASE_URL is set: that database is not ours; use psql with its own address", 2)
    with servers({"database"}) as addresses:
        environment = os.environ | connection_environment(addresses.database_dsn.get_secret_value())
        program = find_programs() / "psql"
        done = subprocess.run([str(program), *context.args], env=environment, check=False)
    raise typer.Exit(done.returncode)


def doctor() -> None:
    """Check what the system needs, one line each, with the remedy."""
    from deployments.doctor import run_checks

    raise typer.Exit(run_checks())
