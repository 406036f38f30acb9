"""`noticias show`: what is stored."""

import json
from typing import Annotated, Any

import typer

from noticias.commands.session import AsJson, fail, servers


def show(
    item_id: Annotated[int | None, typer.Argument(metavar="ID", help="Without it, the newest.")] = None,
    documento: Annotated[bool, typer.Option("--documento", help="Documents instead of articles.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many of the newest.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show what is stored."""
    import asyncio

    from noticias.screen import items as showing

    with servers({"database", "rest"}):
        stored = asyncio.run(_read(item_id, documento, limit))
    if stored is None:
        what, where = ("document", "show --documento") if documento else ("article", "show")
        fail(f"there is no {what} {item_id}; `noticias {where}` lists them", 2)
    if as_json:
        print(json.dumps(stored, ensure_ascii=False))
    elif documento:
        (showing.print_documentos if item_id is None else showing.print_documento)(stored)
    else:
        (showing.print_articulos if item_id is None else showing.print_articulo)(stored)


async def _read(item_id: int | None, documento: bool, limit: int) -> Any:
    from runs import runtime

    store = runtime.store()
    try:
        if item_id is None:
            return await (store.list_documentos(limit) if documento else store.list_articulos(limit))
        return await (store.summarize_documento(item_id) if documento else store.read_articulo(item_id))
    finally:
        await store.close()
