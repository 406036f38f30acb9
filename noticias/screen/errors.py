"""Prints what failed for good, each with its message."""

from typing import Any

from rich.text import Text

from newsroom.inputs import printable
from noticias.screen.tables import make_console


def print_errors(rows: list[dict[str, Any]]) -> None:
    """Prints each error: its id and item, a line about its cause, and its message."""
    if not rows:
        print("No item waits for another try or for a person.")
        return
    console = make_console()
    for row in rows:
        about = {
            "etapa": row["etapa"],
            "causa": row["clase_error"],
            "intentos": row["intentos"],
            "estado": row["estado"],
            "próximo intento": (row["proximo_intento"] or "—")[:16].replace("T", " "),
        }
        facts = ", ".join(f"{name} {printable(str(value))}" for name, value in about.items())
        head = Text.assemble((str(row["id"]), "bold"), f"  {printable(_what(row))}")
        for line in (head, f"    {facts}", f"    {printable(row['mensaje'])}"):
            # The terminal breaks a long line, so that a message can be copied whole.
            console.print(line, soft_wrap=True, markup=False)
    print("noticias retry ID tries one again; noticias errors --export FILE writes them with their input.")


def _what(row: dict[str, Any]) -> str:
    entrada = row.get("entrada") or {}
    received = next(iter(entrada.values()), None)
    known = received if isinstance(received, dict) else entrada
    return str(known.get("titular") or known.get("titulo") or known.get("archivo") or row["identidad"])
