"""`noticias automations`: what Prefect does by itself when a run dies or too many fail."""

from typing import Annotated

import typer

from noticias.commands.session import fail, servers


def automations(
    action: Annotated[str, typer.Argument(help="apply or remove")] = "apply",
    heartbeat_s: Annotated[
        int, typer.Option(min=90, max=3600, help="Seconds without a heartbeat after which a run is dead.")
    ] = 90,
) -> None:
    """Make Prefect find and restart dead runs, and send alerts; a second time changes nothing."""
    import asyncio

    from newsroom.settings import Settings
    from noticias.automation_files import apply_automations, remove_automations

    if action not in ("apply", "remove"):
        fail(f"{action}: there is no such action; use apply or remove", 2)
    settings = Settings()
    with servers({"prefect"}):
        if action == "remove":
            for name in asyncio.run(remove_automations()):
                typer.echo(f"removed  {name}")
            return
        for name, done in asyncio.run(apply_automations(settings, heartbeat_s)).items():
            typer.echo(f"{done:<16} {name}")
    if settings.alert_webhook is None:
        typer.echo("Alerts go nowhere yet: set NOTICIAS_ALERT_WEBHOOK and apply again.")
