"""`noticias process`: reads articles and documents, and stores what their text proves."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from noticias.commands.session import AsJson, fail, servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsroom.inputs import Problem
    from newsroom.models.outcome import Received

Paths = Annotated[
    list[Path],
    typer.Argument(help=".json(.gz), .jsonl(.gz), .txt, .md, .html, .pdf, .docx, a folder, or -"),
]
About = Annotated[str | None, typer.Option(help="Of the one document that is given.")]
Day = Annotated[str | None, typer.Option(help="Day of publication of the document, YYYY-MM-DD.")]
Tipo = Annotated[str | None, typer.Option(help="libro, paper, ley, tratado, informe, manual or otro.")]
Again = Annotated[bool, typer.Option("--reprocesar", help="Read again what is stored already.")]
OnlyDocuments = Annotated[
    bool, typer.Option("--documento", help="Read only long documents, and no articles of a folder.")
]
_OPTIONS = {"fecha_publicacion": "fecha", "tipo_documento": "tipo", "pais_publicacion": "pais"}
Concurrency = Annotated[int, typer.Option(min=1, max=64, help="Articles read at the same time.")]


def process(
    paths: Paths,
    concurrency: Concurrency = 8,
    as_json: AsJson = False,
    reprocesar: Again = False,
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

    from newsroom.inputs import find_files
    from newsroom.settings import Settings
    from noticias.leaving import send_what_waits
    from noticias.screen.report import Report
    from runs.runtime import check_engine

    check_engine(Settings())
    files = find_files(paths, only_documents=documento)
    about = {
        "titulo": titulo, "autor": autor, "fecha_publicacion": fecha, "tipo_documento": tipo,
        "pais_publicacion": pais, "url": url,
    }  # fmt: skip
    with Report(as_json=as_json) as report:
        good = report.take_good(_read(files, about))
        # If there is nothing to read, no server is started.
        if (first := next(good, None)) is not None:
            with servers({"database", "rest", "prefect"}):
                from flows.items import process_all

                report.start()
                asyncio.run(process_all(chain([first], good), concurrency, reprocesar, report.add))
                send_what_waits()
    raise typer.Exit(report.exit_code)


def _read(files: list[Path], about: dict[str, str | None]) -> "Iterator[Received | Problem]":
    from newsroom.documents.description import describe_document
    from newsroom.inputs import is_document, read_articulos

    documents = [path for path in files if is_document(path)]
    given = [name for name, value in about.items() if value is not None]
    if given and len(documents) != 1:
        option = _OPTIONS.get(given[0], given[0])
        counted = f"{len(documents)} are given" if documents else "none is given, only articles"
        fail(f"--{option}: describes one document, {counted}; use a sidecar .json for each document", 2)
    for path in documents:
        yield describe_document(path, about)
    yield from read_articulos([path for path in files if not is_document(path)])
