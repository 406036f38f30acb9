"""`noticias doctor`: what is missing, each with the remedy."""

import typer


def doctor() -> None:
    """Check what the system needs, one line each, with the remedy."""
    from noticias.doctor import run_checks

    raise typer.Exit(run_checks())
