"""`noticias psql`: the newsroom's database itself."""

import os

import typer

from noticias.commands.session import fail, servers


def psql(context: typer.Context) -> None:
    """Open psql on the newsroom's database; arguments are passed on."""
    import subprocess

    from newsroom.settings import Settings
    from noticias.local.database import connection_environment
    from noticias.local.postgres import find_programs

    if Settings().supabase_url:
        fail("SUPABASE_URL is set, so the database is not the embedded one; use psql with its address", 2)
    with servers({"database"}) as addresses:
        environment = os.environ | connection_environment(addresses.database_dsn.get_secret_value())
        program = find_programs() / "psql"
        done = subprocess.run([str(program), *context.args], env=environment, check=False)
    raise typer.Exit(done.returncode)
