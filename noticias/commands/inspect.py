"""`noticias inspect`: what would be read of a file; nothing is stored and no engine is asked."""

import json
import sys

import typer

from noticias.commands.process import Mapped, Paths, ShapeName, choose_files, choose_shapes
from noticias.commands.session import AsJson, fail


def inspect(paths: Paths, as_json: AsJson = False, shape: ShapeName = None, mapped: Mapped = None) -> None:
    """Show how files of articles would be read: shape, fields, what is derived, the first two articles."""
    from newsroom.inputs import printable
    from newsroom.intake.inspection import inspect_file
    from noticias.screen import inspection as screen

    files, addresses = choose_files(paths, articulo=False, documento=False)
    shapes = choose_shapes(shape, mapped)
    if addresses:
        fail("inspect reads files; `noticias process` reads addresses", 2)
    for path in files.passed_over:
        print(f"noticias: {printable(str(path))}: not read: nobody here knows this ending", file=sys.stderr)
    for path in files.documents:
        print(
            f"noticias: {printable(str(path))}: a long document, read by `noticias process`", file=sys.stderr
        )
    good = bad = 0
    for path in files.articles:
        found = inspect_file(path, shapes)
        good += found.articulos
        bad += len(found.problems)
        if as_json:
            print(json.dumps(screen.as_json(found), ensure_ascii=False))
        else:
            screen.print_inspection(found)
    raise typer.Exit(0 if not bad else 1 if good else 2)
