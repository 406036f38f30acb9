"""The sources for people: what is known of each, and what a look at each would find."""

from collections.abc import Iterable
from datetime import datetime

from rich.markup import escape
from rich.table import Table

from newsroom.inputs import printable
from newsroom.models.fuente import EstadoFuente
from newsroom.sources.reading import Found
from newsroom.sources.table import Fuente
from noticias.screen.tables import make_console

_URL_CHARS, _ERROR_CHARS = 60, 80


def print_sources(rows: Iterable[tuple[Fuente, EstadoFuente | None]]) -> None:
    """Prints the sources of the table in its order, with their last look and the next one."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("fuente", "última", "leídos", "nuevos", "en total", "fallos", "próxima", "error"):
        numeric = heading in ("leídos", "nuevos", "en total", "fallos")
        width = {"fuente": _URL_CHARS, "error": _ERROR_CHARS}.get(heading)
        table.add_column(
            heading,
            justify="right" if numeric else "left",
            no_wrap=True,
            overflow="ellipsis",
            max_width=width,
        )
    for fuente, estado in rows:
        url = _text(fuente.url)
        if estado is None:
            table.add_row(url, "nunca", *[""] * 4, "enseguida" if fuente.activa else "no activa", "")
            continue
        table.add_row(
            url, _minute(estado.ultima_lectura), str(estado.leidos), str(estado.nuevos),
            str(estado.total_nuevos), str(estado.fallos or ""),
            _minute(estado.proxima_lectura) if fuente.activa else "no activa",
            _text(estado.ultimo_error or ""),
        )  # fmt: skip
    make_console().print(table)


def print_look(fuente: Fuente, found: Found) -> None:
    """Prints what a look at a source would find, with its first article."""
    console = make_console()
    console.print(f"[bold]{_text(fuente.url)}[/]", soft_wrap=True)
    if found.error:
        console.print(f"  falla: {_text(found.error)}", soft_wrap=True)
        return
    console.print(f"  {found.listed} entradas")
    for articulo in found.articulos:
        about = ", ".join(
            [
                articulo.medio or "sin medio",
                articulo.pais_publicacion or "sin país",
                _minute(articulo.fecha_publicacion) if articulo.fecha_publicacion else "sin fecha",
                f"{len(articulo.contenido_texto)} caracteres",
            ]
        )
        console.print(f"  la primera: {_text(articulo.title)} ({_text(about)})", soft_wrap=True)
    for refused in found.refused:
        console.print(f"  la primera no da ningún artículo: {_text(refused.reason)}", soft_wrap=True)


def _minute(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _text(value: str) -> str:
    return escape(printable(value))
