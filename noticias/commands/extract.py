"""`noticias extract`: shows what the stages find in articles, and stores nothing."""

import json
import sys

import typer

from noticias.commands.process import Paths
from noticias.commands.session import AsJson


def extract(paths: Paths, as_json: AsJson = False) -> None:
    """Show what the stages find, without Prefect and without storing anything."""
    import asyncio
    from itertools import chain

    from newsroom.dry_run import extract as read
    from newsroom.errors import NewsroomError
    from newsroom.inputs import Problem, find_files, is_document, printable, read_articulos
    from newsroom.settings import Settings
    from runs.runtime import build_engine

    settings = Settings()
    engine = build_engine(settings)
    bad = failed = good = 0

    async def run() -> None:
        nonlocal bad, failed, good
        files = find_files(paths)
        documents = [
            Problem(printable(str(path)), "extract reads only articles; use `noticias process` for documents")
            for path in files
            if is_document(path)
        ]
        articulos = read_articulos([path for path in files if not is_document(path)])
        for item in chain(documents, articulos):
            if isinstance(item, Problem):
                bad += 1
                print(f"noticias: {item}", file=sys.stderr)
                continue
            try:
                found = await read(engine, item, settings.chunk_chars)
            except NewsroomError as exc:
                failed += 1
                print(f"noticias: {item.titular[:60]!r}: {exc}", file=sys.stderr)
                continue
            good += 1
            print(json.dumps(found, ensure_ascii=False, indent=None if as_json else 2))

    asyncio.run(run())
    raise typer.Exit(0 if not bad + failed else 1 if good + failed else 2)
