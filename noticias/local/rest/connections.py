"""The REST server's connections to PostgreSQL, as role `authenticator`.

psycopg_pool is not used. It does not tell a waiting request that the server is down, and after an outage it
tries again at growing intervals. Here a request learns at once that the server is down, and the first request
after the server is back opens a connection.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from noticias.local.rest.errors import ApiError

DEFAULT_POOL_SIZE = 20
DEFAULT_POOL_TIMEOUT_S = 10.0
CONNECT_TIMEOUT_S = 5

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class Connections:
    """Up to `size` connections. Each is opened when it is needed and kept for the next request.

    A request waits up to `timeout_s` seconds for one of them.
    """

    def __init__(
        self, dsn: str, *, size: int = DEFAULT_POOL_SIZE, timeout_s: float = DEFAULT_POOL_TIMEOUT_S
    ) -> None:
        self._dsn = dsn
        self._timeout_s = timeout_s
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Connection] = []

    @asynccontextmanager
    async def borrow(self) -> AsyncIterator[Connection]:
        """Lends a working connection in autocommit mode to the block, and closes it if it comes back broken.

        Raises:
            ApiError: 503 PGRST000, the server cannot be reached; 504 PGRST003, no connection became free in
            time.
        """
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._slots.acquire()
        except TimeoutError:
            message = "Timed out acquiring connection from connection pool."
            raise ApiError(504, "PGRST003", message) from None
        try:
            connection = await self._reuse() or await self.open()
            try:
                yield connection
            finally:
                await self._take_back(connection)
        finally:
            self._slots.release()

    async def open(self) -> Connection:
        """Returns a new connection, which does not count among the `size`.

        Raises:
            ApiError: 503 PGRST000, the server cannot be reached.
        """
        try:
            return await psycopg.AsyncConnection.connect(
                self._dsn,
                autocommit=True,
                connect_timeout=CONNECT_TIMEOUT_S,
                application_name="noticias rest",
                # format_type() then writes every type that is not PostgreSQL's own with its schema.
                options="-c search_path=",
                # What every request asks is planned once for each connection.
                prepare_threshold=1,
                cursor_factory=psycopg.AsyncRawCursor,
            )
        except psycopg.OperationalError as exc:
            raise ApiError(503, "PGRST000", "Database connection error.", details=str(exc)) from exc

    async def close(self) -> None:
        """Closes the connections that nobody uses."""
        while self._idle:
            await self._idle.pop().close()

    async def _reuse(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            try:
                await connection.execute("")
            except psycopg.Error:
                # The server was restarted, or ended this connection.
                await connection.close()
            else:
                return connection
        return None

    async def _take_back(self, connection: Connection) -> None:
        if connection.info.transaction_status == TransactionStatus.IDLE:
            self._idle.append(connection)
        else:
            await connection.close()
