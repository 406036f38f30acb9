"""`noticias process`: reads articles and documents, and stores what their text proves."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from noticias.commands.session import AsJson, fail, servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsroom.inputs import Problem
    from newsroom.intake.articles import Shapes
    from newsroom.intake.finding import Files, Kind
    from newsroom.models.outcome import Received

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        help="Files, folders, addresses (https://...) or -: articles of any tool (.json, .jsonl, .csv, .xml, "
        ".html, .zip ...), documents (.pdf, .docx, .txt, .md, .html). docs/intake.md lists them.",
    ),
]
ShapeName = Annotated[
    str | None, typer.Option("--shape", help="The shape of the articles, or a table (.yaml) of your own.")
]
Mapped = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=KEY", help="Which key is which field: --map titular=headline"),
]
About = Annotated[str | None, typer.Option(help="Of the one document that is given.")]
Day = Annotated[str | None, typer.Option(help="Day of publication of the document, YYYY-MM-DD.")]
Tipo = Annotated[str | None, typer.Option(help="libro, paper, ley, tratado, informe, manual or otro.")]
Again = Annotated[bool, typer.Option("--reprocesar", help="Read again what is stored already.")]
OnlyDocuments = Annotated[
    bool,
    typer.Option("--documento", help="Read every text and page as a long document; of a folder only these."),
]
OnlyArticles = Annotated[
    bool, typer.Option("--articulo", help="Read every text and page as an article; of a folder only these.")
]
_OPTIONS = {"fecha_publicacion": "fecha", "tipo_documento": "tipo", "pais_publicacion": "pais"}
Concurrency = Annotated[int, typer.Option(min=1, max=64, help="Articles read at the same time.")]


def process(
    paths: Paths,
    concurrency: Concurrency = 8,
    as_json: AsJson = False,
    reprocesar: Again = False,
    shape: ShapeName = None,
    mapped: Mapped = None,
    articulo: OnlyArticles = False,
    documento: OnlyDocuments = False,
    titulo: About = None,
    autor: About = None,
    fecha: Day = None,
    tipo: Tipo = None,
    pais: About = None,
    url: About = None,
) -> None:
    """Read articles and documents and store what their text proves: one Prefect flow run each."""
    import asyncio
    from itertools import chain

    from newsroom.settings import Settings
    from noticias.leaving import send_what_waits
    from noticias.screen.report import Report
    from runs.runtime import check_engine

    check_engine(Settings())
    files, addresses = choose_files(paths, articulo=articulo, documento=documento)
    shapes = choose_shapes(shape, mapped)
    about = {
        "titulo": titulo, "autor": autor, "fecha_publicacion": fecha, "tipo_documento": tipo,
        "pais_publicacion": pais, "url": url,
    }  # fmt: skip
    with Report(as_json=as_json) as report:
        good = report.take_good(chain(_read(files, about, shapes), _fetch(addresses)))
        # If there is nothing to read, no server is started.
        if (first := next(good, None)) is not None:
            with servers({"database", "rest", "prefect"}):
                from flows.items import process_all

                report.start()
                asyncio.run(process_all(chain([first], good), concurrency, reprocesar, report.add))
                send_what_waits()
    raise typer.Exit(report.exit_code)


def choose_files(paths: list[str], *, articulo: bool, documento: bool) -> "tuple[Files, list[str]]":
    """Returns the files that `paths` name, and the addresses among them.

    Raises:
        UnreadableInput: a path that cannot be read.
    """
    from newsroom.intake.finding import find_files

    if articulo and documento:
        fail("--articulo and --documento: say one of them", 2)
    addresses = [path for path in paths if path.lower().startswith(("http://", "https://"))]
    only: Kind | None = "articles" if articulo else "documents" if documento else None
    return find_files([Path(path) for path in paths if path not in addresses], only), addresses


def choose_shapes(shape: str | None, mapped: list[str] | None) -> "Shapes":
    """Returns the shapes for --shape and --map, with the editor's own tables in NOTICIAS_HOME/shapes.

    Raises:
        InvalidInput: there is no such shape, or a table or a --map cannot be read.
    """
    from newsroom.intake.articles import choose_shapes as choose
    from newsroom.settings import Settings

    folder = Settings().home / "shapes"
    return choose(shape, mapped or (), folder if folder.is_dir() else None)


def _read(files: "Files", about: dict[str, str | None], shapes: "Shapes") -> "Iterator[Received | Problem]":
    from newsroom.documents.description import describe_document
    from newsroom.inputs import Problem, printable
    from newsroom.intake.articles import read_articulos

    given = [name for name, value in about.items() if value is not None]
    if given and len(files.documents) != 1:
        option = _OPTIONS.get(given[0], given[0])
        counted = f"{len(files.documents)} are given" if files.documents else "none is given, only articles"
        fail(f"--{option}: describes one document, {counted}; use a sidecar .json for each document", 2)
    for path in files.passed_over:
        yield Problem(printable(str(path)), "not read: nobody here knows this ending", harmless=True)
    for path in files.documents:
        yield describe_document(path, about)
    yield from read_articulos(files.articles, shapes)


def _fetch(addresses: list[str]) -> "Iterator[Received | Problem]":
    """Yields the article at each address, or why there is none."""
    import asyncio

    from newsroom.settings import Settings
    from newsroom.sources.reading import fetch_articulos

    for address in addresses:
        yield from asyncio.run(fetch_articulos(address, allow_private=Settings().fetch_private))
