"""Connections that lead only where they may, and bodies that unpack only so far."""

import zlib
from contextlib import suppress

import httpx

from newsroom.sources.addresses import Resolve, choose_addresses

MAX_TRIED = 3
_GZIP = b"\x1f\x8b"


class TooLarge(Exception):
    """A body that is larger than was allowed, before or after unpacking."""


class UnknownEncoding(Exception):
    """A body that is packed in a way that nobody asked for."""


class CheckedTransport(httpx.AsyncBaseTransport):
    """Connects to the network addresses that were checked, under the host's own name.

    Args:
        allow_private: whether addresses of private networks may be connected to.
        resolve: tells the network addresses of a host.
    """

    def __init__(self, allow_private: bool, resolve: Resolve) -> None:
        # A kept connection belongs to a network address. Another host at the same address must not get it:
        # the certificate was checked for the first one.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(retries=0, limits=limits)
        self._allow_private = allow_private
        self._resolve = resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Returns the answer of the first of the host's addresses that takes a connection.

        Raises:
            ForbiddenAddress: one of them is not of the public internet.
            OSError, httpx.HTTPError: none answers.
        """
        host = request.url.raw_host.decode("ascii")
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        addresses = await choose_addresses(host, port, self._resolve, self._allow_private)
        *others, last = addresses[:MAX_TRIED]
        for address in others:
            # A machine without IPv6 cannot reach the first address of most hosts.
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._inner.handle_async_request(_to(request, address, host))
        return await self._inner.handle_async_request(_to(request, last, host))

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._inner.aclose()


def _to(request: httpx.Request, address: str, host: str) -> httpx.Request:
    """Returns the same request to a network address; its Host header and its certificate are the host's."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": host},
    )


def unpack(body: bytes, encoding: str, limit: int) -> bytes:
    """Returns a body without its content encoding, at most `limit` bytes of it.

    Raises:
        TooLarge: there is more.
        UnknownEncoding: neither gzip nor deflate, or not what it says.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise UnknownEncoding(f"packed as {encoding[:20]}, which was not asked for")
    # 32 + 15 tells gzip from zlib. Some servers send deflate without its header.
    raw = encoding == "deflate" and body[:1] != b"\x78"
    return _inflate(body, -15 if raw else 47, limit)


def unpack_file(body: bytes, limit: int) -> bytes:
    """Returns a file that was packed with gzip unpacked, any other as it is; raises like `unpack`."""
    return _inflate(body, 47, limit) if body.startswith(_GZIP) else body


def _inflate(body: bytes, window: int, limit: int) -> bytes:
    unpacking = zlib.decompressobj(window)
    try:
        unpacked = unpacking.decompress(body, limit + 1)
    except zlib.error as exc:
        raise UnknownEncoding(f"broken where it is packed: {exc}") from exc
    if len(unpacked) > limit:
        raise TooLarge
    return unpacked
