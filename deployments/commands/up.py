"""`noticias up`: the whole stack in the foreground."""

import os
import signal

from deployments.commands.session import servers


def up() -> None:
    """Run the whole stack in the foreground: database, gateway, Prefect server and UI."""
    from rich.console import Console

    console = Console()
    with servers({"database", "gateway", "prefect"}) as addresses:
        console.print(f"Prefect UI   {addresses.prefect_ui_url or os.environ['PREFECT_API_URL']}")
        console.print(f"Prefect API  {os.environ['PREFECT_API_URL']}")
        console.print(f"Supabase API {os.environ['SUPABASE_URL']}/rest/v1")
        console.print(f"Database     noticias psql        (data in {addresses.home})")
        console.print("Ctrl-C stops it.")
        try:
            signal.pause()
        except KeyboardInterrupt:
            console.print("Stopping")
