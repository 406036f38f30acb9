"""`noticias sources`: the sources that are read by themselves, and how each of them is doing."""

import json
from collections.abc import AsyncIterator, Collection
from typing import TYPE_CHECKING, Annotated, Any

import typer

from noticias.commands.session import AsJson, servers

if TYPE_CHECKING:
    from newsroom.models.fuente import EstadoFuente
    from newsroom.sources.reading import Found
    from newsroom.sources.table import Fuente

Check = Annotated[
    bool, typer.Option("--check", help="Read each once, store nothing, and say what it would find.")
]


def sources(check: Check = False, as_json: AsJson = False) -> None:
    """List the sources of sources.yaml: last look, new articles, failures, the next look, the error."""
    from newsroom.settings import Settings
    from newsroom.sources.table import read_fuentes

    settings = Settings()
    table = read_fuentes(settings.sources_table)
    if not table:
        print(f"{settings.sources_table}: no source in it; docs/sources.md says how to add one")
    elif check:
        _check([fuente for fuente in table if fuente.activa], as_json)
    else:
        _list(table, as_json)


def _list(table: "list[Fuente]", as_json: bool) -> None:
    import asyncio

    from noticias.screen.sources import print_sources

    with servers({"database", "rest"}):
        estados = {estado.url: estado for estado in asyncio.run(_read([it.url for it in table]))}
    rows = [(fuente, estados.get(fuente.url)) for fuente in table]
    if not as_json:
        print_sources(rows)
        return
    lines = [
        fuente.model_dump(mode="json") | (estado.model_dump(mode="json") if estado else {})
        for fuente, estado in rows
    ]
    print(json.dumps(lines, ensure_ascii=False))


async def _read(urls: list[str]) -> "list[EstadoFuente]":
    from runs import runtime

    store = runtime.store()
    try:
        return await store.read_fuentes(urls)
    finally:
        await store.close()


def _check(table: "list[Fuente]", as_json: bool) -> None:
    import asyncio

    from noticias.screen.sources import print_look

    async def check() -> bool:
        failed = False
        async for fuente, found in _look_at(table):
            failed = failed or bool(found.error)
            if as_json:
                print(json.dumps(_describe(fuente, found), ensure_ascii=False), flush=True)
            else:
                print_look(fuente, found)
        return failed

    raise typer.Exit(1 if asyncio.run(check()) else 0)


async def _look_at(table: "list[Fuente]") -> "AsyncIterator[tuple[Fuente, Found]]":
    """Yields each source with what a look finds, of its new articles only the first."""
    from newsroom.settings import Settings
    from newsroom.sources.fetching import Fetcher
    from newsroom.sources.reading import read_fuente

    async def none_known(_identidades: list[str]) -> Collection[str]:
        return ()

    settings = Settings()
    async with Fetcher(allow_private=settings.fetch_private, delay_s=settings.fetch_delay_s) as fetcher:
        for fuente in table:
            yield fuente, await read_fuente(fuente, fetcher, none_known, limit=1)


def _describe(fuente: "Fuente", found: "Found") -> dict[str, Any]:
    return {
        "url": fuente.url,
        "leidos": found.listed,
        "error": found.error or None,
        "primera": [articulo.model_dump(mode="json") for articulo in found.articulos],
        "rechazada": [refused.reason for refused in found.refused],
    }
