"""`noticias extract`: shows what the stages find in articles, and stores nothing."""

import json
import sys

import typer

from noticias.commands.process import Mapped, Paths, ShapeName, choose_files, choose_shapes
from noticias.commands.session import AsJson


def extract(paths: Paths, as_json: AsJson = False, shape: ShapeName = None, mapped: Mapped = None) -> None:
    """Show what the stages find, without Prefect and without storing anything."""
    import asyncio
    from itertools import chain

    from newsroom.dry_run import extract as read
    from newsroom.errors import NewsroomError
    from newsroom.inputs import Problem, printable
    from newsroom.intake.articles import read_articulos
    from newsroom.settings import Settings
    from runs.runtime import build_engine

    settings = Settings()
    engine = build_engine(settings)
    files, addresses = choose_files(paths, articulo=False, documento=False)
    refused = [
        *(
            (path, "extract reads only articles; use `noticias process` for documents")
            for path in files.documents
        ),
        *(
            (address, "extract reads only files; use `noticias process` for addresses")
            for address in addresses
        ),
    ]
    problems = [Problem(printable(str(place)), words) for place, words in refused]
    bad = failed = good = 0

    async def run() -> None:
        nonlocal bad, failed, good
        for item in chain(problems, read_articulos(files.articles, choose_shapes(shape, mapped))):
            if isinstance(item, Problem):
                bad += not item.harmless
                print(f"noticias: {item}", file=sys.stderr)
                continue
            try:
                found = await read(engine, item, settings.chunk_chars)
            except NewsroomError as exc:
                failed += 1
                print(f"noticias: {item.title[:60]!r}: {exc}", file=sys.stderr)
                continue
            good += 1
            print(json.dumps(found, ensure_ascii=False, indent=None if as_json else 2))

    asyncio.run(run())
    raise typer.Exit(2 if not good + failed else 1 if bad + failed else 0)
