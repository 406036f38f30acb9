"""Task `due-sources`: the table of sources -> those that are looked at now."""

import asyncio
from datetime import UTC, datetime

from prefect import task

from newsroom.sources.plan import Plan, choose_sources, make_plan
from newsroom.sources.table import read_fuentes
from runs import runtime
from runs.policy import database_call


@task(name="due-sources", **database_call())
async def due_sources(fuente: str | None, forzar: bool) -> Plan:
    """Returns which sources are looked at now: those whose time has come, or the one of that address.

    With `forzar` all of them, and each is asked for everything.
    """
    table = await asyncio.to_thread(read_fuentes, runtime.settings().sources_table)
    chosen = choose_sources(table, fuente)
    estados = await runtime.store().read_fuentes([it.url for it in chosen])
    return make_plan(
        chosen, estados, datetime.now(UTC), all_of_them=forzar or fuente is not None, anew=forzar
    )
