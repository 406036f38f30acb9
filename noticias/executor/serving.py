"""Runs an executor for a command: the executor in a thread of its own, the signals in the main thread.

Prefect's engine takes over SIGTERM for each run that starts in the main thread, and then raises in the middle
of whatever the event loop does there. In another thread it leaves signals alone.

The main thread waits in an event loop of its own, not for a lock. The system may deliver a signal to another
thread. That does not wake a main thread that waits for a lock, and the signal is lost until the next one
comes (seen once, in a run of the tests).
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from noticias.executor.executor import Executor
from noticias.executor.registration import deploy_all, ensure_work_pool

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def serve(executor: Executor, *, register: bool, on_ready: Callable[[], None]) -> None:
    """Serves until SIGINT or SIGTERM, then lets runs end for a while. A second signal stops them at once.

    Returns when no run is left in this process.

    Args:
        executor: what serves.
        register: whether to register the work pool and every deployment of prefect.yaml first.
        on_ready: is called when the deployments are registered and read.

    Raises:
        InvalidInput: the deployments cannot be registered.
    """
    server = _Server(executor, register, on_ready)
    with _handlers_restored(), _runs_on_the_console():
        asyncio.run(_wait_for(server))


async def _wait_for(server: "_Server") -> None:
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, server.stop)
    with ThreadPoolExecutor(1, "executor") as threads:
        await loop.run_in_executor(threads, asyncio.run, server.main())


class _Server:
    def __init__(self, executor: Executor, register: bool, on_ready: Callable[[], None]) -> None:
        self._executor = executor
        self._register = register
        self._on_ready = on_ready
        self._stops = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    def stop(self) -> None:
        """Stops the executor. To be called from the main thread, once for each signal."""
        self._stops += 1
        if self._loop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._executor.stop)

    async def main(self) -> None:
        from runs import runtime

        executor = self._executor
        self._loop = asyncio.get_running_loop()
        for _ in range(self._stops):
            executor.stop()
        serving = asyncio.create_task(executor.run())
        preparing = asyncio.create_task(self._prepare())
        try:
            await asyncio.wait({serving, preparing}, return_when=asyncio.FIRST_COMPLETED)
            if preparing.done():
                preparing.result()
            await serving
        finally:
            executor.stop()
            preparing.cancel()
            await asyncio.wait({serving, preparing})
            await runtime.close()

    async def _prepare(self) -> None:
        # Meanwhile the executor serves the deployments that were registered earlier: a restart costs no wait.
        if self._register:
            await ensure_work_pool()
            await deploy_all()
        await self._executor.refresh()
        self._on_ready()


@contextmanager
def _handlers_restored() -> Iterator[None]:
    before = [signal.getsignal(number) for number in _SIGNALS]
    try:
        yield
    finally:
        for number, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def _runs_on_the_console() -> Iterator[None]:
    """Prints a line on standard error for each run that ends."""
    logger = logging.getLogger("noticias")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
