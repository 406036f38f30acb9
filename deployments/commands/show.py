"""`noticias show`: what is stored."""

import json
from typing import Annotated, Any

import typer

from deployments.commands.session import AsJson, fail, servers


def show(
    articulo_id: Annotated[int | None, typer.Argument(help="An article; without it, the newest.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many of the newest.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show what is stored."""
    import asyncio

    from deployments.showing import print_articulo, print_articulos

    with servers({"database", "gateway"}):
        from tasks import _runtime

        async def read() -> Any:
            store = _runtime.store()
            try:
                if articulo_id is None:
                    return await store.list_articulos(limit)
                return await store.read_articulo(articulo_id)
            finally:
                await store.close()

        stored = asyncio.run(read())
    if stored is None:
        fail(f"there is no article {articulo_id}; `noticias show` lists them", 2)
    if as_json:
        print(json.dumps(stored, ensure_ascii=False))
    elif articulo_id is None:
        print_articulos(stored)
    else:
        print_articulo(stored)
