"""Prints what `noticias inspect` found in a file."""

from typing import Any

from rich.markup import escape
from rich.table import Table

from newsroom.inputs import printable
from newsroom.intake.inspection import FIELDS, Inspection
from newsroom.models.articulo import Articulo
from noticias.screen.tables import make_console

MAX_PROBLEMS = 20
_TEXT_CHARS = 300


def print_inspection(found: Inspection) -> None:
    """Prints the shape, a table of the fields, what cannot be read, and the first articles as stored."""
    console = make_console()
    shapes = ", ".join(f"{name} ({count})" for name, count in found.shapes.most_common()) or "none recognised"
    console.print(f"[bold]{escape(printable(found.file))}[/]")
    console.print(f"shape: {escape(shapes)}; articles: {found.articulos}; refused: {len(found.problems)}")
    if found.articulos:
        console.print(_fields(found))
    for problem in found.problems[:MAX_PROBLEMS]:
        console.print(f"[red]✗[/] {escape(printable(str(problem)))}", soft_wrap=True)
    if len(found.problems) > MAX_PROBLEMS:
        console.print(f"  and {len(found.problems) - MAX_PROBLEMS} more")
    for articulo in found.first:
        console.print()
        for name, value in as_stored(articulo).items():
            words = " ".join(str(value).split())
            console.print(f"[dim]{name}:[/] {escape(printable(words))}", soft_wrap=True)


def as_json(found: Inspection) -> dict[str, Any]:
    """Returns an inspection as plain JSON values, the line of `noticias inspect --json`."""
    return {
        "archivo": found.file,
        "formas": dict(found.shapes),
        "articulos": found.articulos,
        "campos": {
            name: {
                "dichos": found.said[name],
                "derivados": found.derived[name],
                "faltan": found.missing(name),
            }
            for name in FIELDS
        },
        "rechazados": [str(problem) for problem in found.problems],
        "primeros": [as_stored(articulo) for articulo in found.first],
    }


def as_stored(articulo: Articulo) -> dict[str, Any]:
    """Returns the fields that would be stored of an article. A long text is cut; what is null is left out."""
    values = articulo.model_dump(mode="json", exclude={"contenido_html"}, exclude_none=True)
    text = values.pop("contenido_texto")
    more = len(text) - _TEXT_CHARS
    shown = text[:_TEXT_CHARS] + (f"… (and {more} more characters)" if more > 0 else "")
    kept = {name: value for name, value in values.items() if value not in ([], {}, False)}
    return {"identidad": articulo.identidad, **kept, "contenido_texto": shown}


def _fields(found: Inspection) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("field", "said", "derived", "missing"):
        table.add_column(heading, justify="left" if heading == "field" else "right")
    for name in FIELDS:
        numbers = (found.said[name], found.derived[name], found.missing(name))
        table.add_row(name, *(str(number) if number else "·" for number in numbers))
    return table
