"""`noticias up`: the whole stack in the foreground, with everything that the Prefect UI can start."""

import os
from typing import Annotated

import typer

from noticias.commands.session import servers

Limit = Annotated[int, typer.Option(min=1, max=64, help="Flow runs at the same time.")]
Drain = Annotated[float, typer.Option(min=0, help="Seconds that runs may take to end when it is stopped.")]


def up(limit: Limit = 8, drain: Drain = 60) -> None:
    """Run the whole stack in the foreground and serve the deployments of prefect.yaml."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    with servers({"database", "rest", "prefect"}) as addresses:
        from noticias.executor.executor import Executor
        from noticias.executor.serving import serve
        from noticias.leaving import send_what_waits

        def say_ready() -> None:
            console.print(f"Deployments  registered and served here, {limit} runs at once")

        console.print(f"Prefect UI   {addresses.prefect_ui_url or os.environ['PREFECT_API_URL']}")
        console.print(f"Prefect API  {os.environ['PREFECT_API_URL']}")
        console.print(f"Supabase API {os.environ['SUPABASE_URL']}/rest/v1")
        console.print(f"Database     noticias psql        (data in {addresses.home})")
        console.print("Ctrl-C stops it when its runs have ended; a second Ctrl-C stops the runs too.")
        try:
            serve(Executor(limit, drain_s=drain), register=True, on_ready=say_ready)
        finally:
            send_what_waits()
        console.print("Stopped")
