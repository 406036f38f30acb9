"""`noticias status`: what is stored, what failed, what it cost; one screen."""

import json
from typing import Any

from noticias.commands.session import AsJson, servers


def status(as_json: AsJson = False) -> None:
    """Show rows, articles by decision, errors, tokens and cost."""
    import asyncio

    from noticias.screen.status import print_status

    with servers({"database", "rest"}):
        rows, metricas = asyncio.run(_read())
    if as_json:
        print(json.dumps({"filas": rows, **metricas.model_dump(mode="json")}, ensure_ascii=False))
    else:
        print_status(rows, metricas)


async def _read() -> Any:
    import asyncio

    from runs import runtime

    store = runtime.store()
    try:
        return await asyncio.gather(store.summarize(), store.read_metrics())
    finally:
        await store.close()
