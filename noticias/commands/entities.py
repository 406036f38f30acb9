"""`noticias entities`: lists the entidades, shows pairs that may be one, and merges two by hand."""

import json
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from noticias.commands.session import AsJson, fail, servers

if TYPE_CHECKING:
    from newsroom.store.base import Store

Similar = Annotated[bool, typer.Option("--similar", help="Pairs that may be one, to be reviewed.")]
Tipo = Annotated[str | None, typer.Option(help="Only these: PERSONA, LUGAR ...")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many to show.")]
Newest = Annotated[
    int, typer.Option(min=1, max=5000, help="With --similar: how many of the newest to look at.")
]
Before = Annotated[
    int | None, typer.Option(min=1, help="With --similar: go on at this id, as the page before says.")
]
Merge = Annotated[
    tuple[int, int] | None, typer.Option(metavar="ID INTO_ID", help="Say that the first is the second.")
]
Unmerge = Annotated[int | None, typer.Option(metavar="ID", help="Take --merge back.")]


def entities(
    similar: Similar = False,
    tipo: Tipo = None,
    limit: Limit = 20,
    newest: Newest = 1000,
    before: Before = None,
    merge: Merge = None,
    unmerge: Unmerge = None,
    as_json: AsJson = False,
) -> None:
    """List the entidades, review pairs that may be one, merge two (which can be taken back)."""
    import asyncio

    from noticias.screen import entities as showing

    if (merge is not None) + (unmerge is not None) + similar > 1:
        fail("--similar, --merge and --unmerge: give only one of them", 2)
    tipo = _check_tipo(tipo)
    show: Callable[[Any], None] = showing.print_entidades
    if similar:
        show = showing.print_pairs
        work = _find_pairs(tipo, limit, newest, before)
    elif merge is not None:
        show = showing.print_merge
        work = _change(lambda store: store.merge_entidades(*merge))
    elif unmerge is not None:
        show = showing.print_merge
        work = _change(lambda store: store.separate_entidad(unmerge))
    else:
        work = _with_store(lambda store: store.list_entidades(tipo, limit))
    with servers({"database", "rest"}):
        found = asyncio.run(_run(work))
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        show(found)
        if show is showing.print_entidades and len(found) == limit:
            print(f"The first {limit}; --limit shows more", file=sys.stderr)


Work = Callable[[], Awaitable[Any]]


async def _run(work: Work) -> Any:
    return await work()


def _with_store(ask: "Callable[[Store], Awaitable[Any]]") -> Work:
    async def work() -> Any:
        from runs import runtime

        store = runtime.store()
        try:
            return await ask(store)
        finally:
            await store.close()

    return work


def _change(ask: "Callable[[Store], Awaitable[Any]]") -> Work:
    async def work() -> Any:
        from newsroom.errors import StoreRejected

        try:
            return await _with_store(ask)()
        except StoreRejected as exc:
            # These codes mean that the ids are wrong, which the caller can correct. All others do not.
            if exc.code in ("22023", "23503"):
                # The store's words, without the name of the SQL function before them and the code after them.
                words = str(exc).partition(": ")[2].rpartition(" [")[0] or str(exc)
                fail(f"{words}; `noticias entities` lists them", 2)
            raise

    return work


def _find_pairs(tipo: str | None, limit: int, newest: int, before: int | None) -> Work:
    async def ask(store: "Store") -> Any:
        from newsroom.linking.review import judge_pairs
        from runs import runtime

        found = await store.list_similar_entidades(tipo, newest, before)
        pairs = judge_pairs(found["pares"], runtime.settings().link_threshold)
        return {**found, "pares": pairs[:limit], "pares_hallados": len(pairs)}

    return _with_store(ask)


def _check_tipo(tipo: str | None) -> str | None:
    from newsroom.models.vocabulario import TipoEntidad

    if tipo is None:
        return None
    known = [kind.value for kind in TipoEntidad]
    if tipo.upper() not in known:
        fail(f"--tipo {tipo}: must be one of {', '.join(known)}", 2)
    return tipo.upper()
