"""`noticias worker`: one more process that runs what the Prefect server has due."""

import os

from noticias.commands.session import servers
from noticias.commands.up import Drain, Limit


def worker(limit: Limit = 8, drain: Drain = 60) -> None:
    """Run what is due at the Prefect server (PREFECT_API_URL, or the one of NOTICIAS_HOME)."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    with servers({"database", "rest", "prefect"}):
        from noticias.executor.executor import Executor
        from noticias.executor.serving import serve
        from noticias.leaving import send_what_waits

        def say_ready() -> None:
            console.print(f"Worker       {limit} runs at once from {os.environ['PREFECT_API_URL']}")

        try:
            serve(Executor(limit, drain_s=drain), register=False, on_ready=say_ready)
        finally:
            send_what_waits()
        console.print("Stopped")
