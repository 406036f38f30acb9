"""Removes what is older than a number of days: finished flow runs, and files of answers and results."""

import asyncio
import os
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowRunFilter
from prefect.client.schemas.objects import TERMINAL_STATES
from prefect.exceptions import ObjectNotFound

from runs import runtime

FLOWS = (
    "process-article", "process-fragment", "process-document", "ingest-inbox", "fetch-feeds", "retry-failed",
    "housekeeping",
)  # fmt: skip
MAX_RUNS = 20_000
_BATCH = 200
_AT_ONCE = 8


async def delete_flow_runs(dias: int) -> int:
    """Deletes our flow runs that ended more than `dias` days ago, 20,000 at most; returns how many."""
    before = datetime.now(UTC) - timedelta(days=dias)
    wanted: dict[str, Any] = {
        "flow_filter": FlowFilter.model_validate({"name": {"any_": list(FLOWS)}}),
        "flow_run_filter": FlowRunFilter.model_validate(
            {
                "end_time": {"before_": before},
                "state": {"type": {"any_": sorted(TERMINAL_STATES)}},
            }
        ),
    }
    removed = 0
    async with get_client() as client:
        while removed < MAX_RUNS:
            runs = await client.read_flow_runs(**wanted, limit=_BATCH)
            for start in range(0, len(runs), _AT_ONCE):
                ids = [run.id for run in runs[start : start + _AT_ONCE]]
                removed += sum(await asyncio.gather(*[_delete(client, run_id) for run_id in ids]))
            if len(runs) < _BATCH:
                break
    return removed


async def _delete(client: Any, run_id: Any) -> int:
    try:
        await client.delete_flow_run(run_id)
    except ObjectNotFound:
        return 0  # the server's own vacuum was quicker
    return 1


async def delete_files(dias: int) -> dict[str, int]:
    """Deletes answers and results kept for more than `dias` days; returns how many of each, and bytes."""
    home = runtime.settings().home.absolute()
    folders = {"respuestas": home / "answers", "resultados": home / "results"}
    return await asyncio.to_thread(_prune, folders, time.time() - dias * 86_400)


def _prune(folders: dict[str, Path], before: float) -> dict[str, int]:
    removed = dict.fromkeys((*folders, "bytes"), 0)
    for name, folder in folders.items():
        # Folders stay: there are few, and a run may just be about to write into one.
        for where, _, files in os.walk(folder):
            for file in files:
                path = Path(where, file)
                # Another housekeeping may be at work, and an answer may just be written anew.
                with suppress(FileNotFoundError):
                    found = path.lstat()
                    if found.st_mtime < before:
                        path.unlink()
                        removed[name] += 1
                        removed["bytes"] += found.st_size
    return removed
