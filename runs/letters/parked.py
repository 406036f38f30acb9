"""Dead letters that could not be stored because the database was away too: files, until it is back.

They lie in NOTICIAS_HOME/dead-letters, one a flow run, whole or not at all, for nobody else to read. Whoever
looks at the dead letters brings them in first: `retry-failed`, `noticias errors`, `noticias retry`.
"""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from newsroom.errors import StoreRejected
from newsroom.store.base import Store
from runs import runtime

FOLDER = "dead-letters"


def park(letter: dict[str, Any]) -> Path:
    """Writes down a letter, the argument of `Store.record_error`; returns where. It survives a crash."""
    folder = runtime.settings().home.absolute() / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{letter['flow_run_id']}.json"
    half = path.with_suffix(".tmp")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:
        json.dump(letter, stream, ensure_ascii=False)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)
    return path


async def bring_in(store: Store) -> int:
    """Stores the letters that were parked, and returns how many; a letter that is stored twice counts once.

    Raises:
        StoreUnavailable: the database is still away; what is not stored stays parked.
    """
    folder = runtime.settings().home.absolute() / FOLDER
    brought = 0
    for path in await asyncio.to_thread(lambda: sorted(folder.glob("*.json"))):
        try:
            text = await asyncio.to_thread(path.read_text, "utf-8")
        except FileNotFoundError:
            continue  # another process was quicker
        try:
            await store.record_error(json.loads(text))
        except (ValueError, StoreRejected) as exc:
            # Imported late: `noticias errors` comes here each time, and Prefect takes more than a second.
            from prefect.logging import get_logger

            get_logger("newsroom").error("%s stays where it is: %s", path, exc)
            continue
        path.unlink(missing_ok=True)
        brought += 1
    return brought
