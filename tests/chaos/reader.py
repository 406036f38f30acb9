"""Reads the inbox again and again, as the schedule of `ingest-inbox` does, until it is told to stop."""

import asyncio
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

from newsroom.settings import Settings
from noticias.environment import prepared
from noticias.leaving import send_what_waits

_PAUSE_S = 1.0


def main() -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with prepared(Settings(), {"database", "rest", "prefect"}):
        # In the main thread Prefect's engine would take SIGTERM for itself.
        with ThreadPoolExecutor(1) as threads:
            threads.submit(_read_until, stop).result()
        send_what_waits()


def _read_until(stop: threading.Event) -> None:
    # Prefect reads its variables when it is imported.
    from flows.ingest import ingest_inbox
    from runs import runtime

    async def once() -> None:
        state = await ingest_inbox(concurrencia=8, return_state=True)
        print(state.message, flush=True)
        await runtime.close()

    while not stop.wait(_PAUSE_S):
        asyncio.run(once())


if __name__ == "__main__":
    main()
