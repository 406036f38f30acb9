"""Keeps dead letters in files while the database is away.

The files are in NOTICIAS_HOME/dead-letters, one for each flow run and for each file that the inbox refused. A
file is written whole or not at all, and only its owner may read it. `retry-failed`, `noticias errors` and
`noticias retry` store these letters before they read the dead letters of the database.
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


def park(letter: dict[str, Any], name: str = "") -> Path:
    """Writes a letter to a file that survives a crash, and returns its path.

    Args:
        letter: the argument of `Store.record_error`.
        name: tells it from other letters of the same flow run.
    """
    folder = runtime.settings().home.absolute() / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{letter['flow_run_id']}{name and f'-{name}'}.json"
    half = path.with_suffix(".tmp")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:
        json.dump(letter, stream, ensure_ascii=False)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)
    return path


async def bring_in(store: Store) -> int:
    """Stores the parked letters, and returns how many were stored.

    A letter that the database refuses stays parked, and an error in the log names its file. A letter that is
    stored twice counts once.

    Raises:
        StoreUnavailable: the database is still away. Letters that are not stored stay parked.
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
            # Imported late: `noticias errors` always calls this function, and importing Prefect takes more
            # than a second.
            from prefect.logging import get_logger

            get_logger("newsroom").error(
                "the dead letter in %s cannot be stored: %s; correct or delete the file", path, exc
            )
            continue
        path.unlink(missing_ok=True)
        brought += 1
    return brought
