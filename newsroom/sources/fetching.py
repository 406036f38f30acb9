"""Fetches one address politely and safely: the only place that opens a connection to a source.

Safe: only http and https, only addresses of the public internet (checked again after each redirect), bounded
in size before and after unpacking, in time and in redirects. Polite: a name of our own, `robots.txt`, a delay
between requests to one host, and silence where a host asks for it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import SplitResult, urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from newsroom.inputs import printable
from newsroom.sources.addresses import ForbiddenAddress, Resolve, resolve
from newsroom.sources.connecting import CheckedTransport, TooLarge, UnknownEncoding, unpack, unpack_file

USER_AGENT = "noticias/0.1 (+lector de noticias; respeta robots.txt)"
MAX_BYTES = 20_000_000
MAX_REDIRECTS = 5
MAX_ROBOTS_BYTES = 500_000
ROBOTS_KEPT_S = 3_600.0
# A longer `Crawl-delay` would keep everything else waiting.
MAX_CRAWL_DELAY_S = 30.0
# What these codes mean may pass: no login today, too early, too many requests, blocked for a while.
_PASSING_CODES = frozenset({401, 402, 403, 408, 425, 429})
_BUSY_CODES = frozenset({429, 503})

Pause = Callable[[float], Awaitable[None]]


class FetchFailed(Exception):
    """An address that could not be fetched. The message says what and why, in one line.

    `lasting` is true where trying again is no use: 404, 410, robots.txt, a forbidden address, a circle.
    `retry_after_s` is how long the host wants to be left alone, None if it does not say so.
    """

    def __init__(self, message: str, lasting: bool = False, retry_after_s: float | None = None) -> None:
        super().__init__(printable(message))
        self.lasting = lasting
        self.retry_after_s = retry_after_s


@dataclass(frozen=True)
class Fetched:
    """What an address answered. `body` is empty and `not_modified` true after a 304."""

    url: str
    body: bytes
    content_type: str
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False


@dataclass(frozen=True)
class Patience:
    """How long one request may take, in seconds: to connect, between two bytes, and in all."""

    connect_s: float = 10.0
    silence_s: float = 20.0
    whole_s: float = 60.0


@dataclass
class _Host:
    """What is known of a host: when it may be asked again, and its robots.txt by scheme."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    closed_until: float = 0.0
    crawl_delay_s: float = 0.0
    robots: dict[str, tuple[float, RobotFileParser | None]] = field(default_factory=dict)


class Fetcher:
    """Fetches addresses for one event loop, one request to a host at a time; a context manager.

    Args:
        allow_private: whether addresses of private networks may be fetched.
        delay_s: seconds between two requests to one host; `Crawl-delay` of its robots.txt counts if longer.
        patience: how long one request may take.
        resolve: tells the network addresses of a host.
        pause: waits so many seconds.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        delay_s: float = 1.0,
        patience: Patience = Patience(),  # noqa: B008 - it is frozen
        resolve: Resolve = resolve,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._transport = CheckedTransport(allow_private, resolve)
        self._delay_s = delay_s
        self._patience = patience
        self._pause = pause
        self._hosts: dict[str, _Host] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Opens nothing yet; connections are made when they are needed."""
        self._client = await self._stack.enter_async_context(
            httpx.AsyncClient(
                transport=self._transport,
                headers={
                    "User-Agent": USER_AGENT,
                    "Accept-Language": "es, *;q=0.5",
                    "Accept-Encoding": "gzip, deflate",
                },
                timeout=httpx.Timeout(self._patience.silence_s, connect=self._patience.connect_s),
                follow_redirects=False,
                trust_env=False,
            )
        )
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self._stack.aclose()

    async def fetch(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Returns what `url` answers. With `etag` or `last_modified` it asks only for what is newer.

        Raises:
            FetchFailed: whatever stands in the way; one line.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        url = urldefrag(url.strip()).url
        seen: list[str] = []
        while True:
            if url in seen or len(seen) > MAX_REDIRECTS:
                raise FetchFailed(f"{seen[0]}: redirects in a circle or too often", lasting=True)
            seen.append(url)
            response, body = await self._ask(url, headers)
            if not response.has_redirect_location:
                return _accept(response, body, url)
            url = _follow(url, response)

    async def _ask(self, url: str, headers: Mapping[str, str]) -> tuple[httpx.Response, bytes]:
        """Returns the answer and its body, once the host's turn has come and if the host wants it."""
        parts = _split(url)
        host = self._hosts.setdefault(parts.netloc.lower(), _Host())
        async with host.turn:
            left = host.closed_until - time.monotonic()
            if left > 0:
                words = f"{url}: its host wants to be left alone for {left:.0f} s"
                raise FetchFailed(words, retry_after_s=left)
            robots = await self._robots_of(parts, host)
            if robots is not None and not robots.can_fetch(USER_AGENT, url):
                raise FetchFailed(f"{url}: its robots.txt does not want it read", lasting=True)
            response, body = await self._send(url, headers, host, MAX_BYTES)
        if response.status_code in _BUSY_CODES and (wanted := _retry_after(response)):
            host.closed_until = time.monotonic() + wanted
        return response, body

    async def _robots_of(self, parts: SplitResult, host: _Host) -> RobotFileParser | None:
        read_at, robots = host.robots.get(parts.scheme, (float("-inf"), None))
        if time.monotonic() - read_at > ROBOTS_KEPT_S:
            robots = await self._read_robots(f"{parts.scheme}://{parts.netloc}/robots.txt", host)
            host.robots[parts.scheme] = time.monotonic(), robots
            wanted = robots.crawl_delay(USER_AGENT) if robots is not None else None
            host.crawl_delay_s = min(float(wanted or 0), MAX_CRAWL_DELAY_S)
        return robots

    async def _read_robots(self, url: str, host: _Host) -> RobotFileParser | None:
        """Returns a host's robots.txt, None if it has none: then everything is allowed (RFC 9309).

        Raises:
            FetchFailed: the host cannot say now what it allows.
        """
        for _ in range(MAX_REDIRECTS):
            try:
                _split(url)
                response, body = await self._send(url, {}, host, MAX_ROBOTS_BYTES)
            except FetchFailed as exc:
                if exc.lasting and not isinstance(exc.__cause__, ForbiddenAddress):
                    return None
                raise
            if response.is_server_error:
                raise FetchFailed(f"{url}: answered {response.status_code}", False, _retry_after(response))
            if response.is_success:
                robots = RobotFileParser(url)
                robots.parse(body.decode("utf-8", "replace").lstrip("\ufeff").splitlines())
                return robots
            if not response.has_redirect_location:
                return None
            url = _follow(url, response)
        return None

    async def _send(
        self, url: str, headers: Mapping[str, str], host: _Host, limit: int
    ) -> tuple[httpx.Response, bytes]:
        """Sends one request when the delay is over; returns the answer and its bounded, unpacked body."""
        wait = host.free_at - time.monotonic()
        if wait > 0:
            await self._pause(wait)
        try:
            async with (
                asyncio.timeout(self._patience.whole_s),
                self._client.stream("GET", url, headers=dict(headers)) as response,
            ):
                body = bytearray()
                if not response.has_redirect_location:
                    async for chunk in response.aiter_raw(65_536):
                        body += chunk
                        if len(body) > limit:
                            raise TooLarge
            return response, unpack(bytes(body), response.headers.get("content-encoding", ""), limit)
        except (ForbiddenAddress, UnknownEncoding) as exc:
            raise FetchFailed(f"{url}: {exc}", lasting=True) from exc
        except TooLarge as exc:
            raise FetchFailed(f"{url}: more than {limit} bytes", lasting=True) from exc
        except (TimeoutError, httpx.TimeoutException) as exc:
            raise FetchFailed(f"{url}: no answer in time") from exc
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as exc:
            raise FetchFailed(f"{url}: {_words(exc)}") from exc
        finally:
            host.free_at = time.monotonic() + max(self._delay_s, host.crawl_delay_s)


def _split(url: str) -> SplitResult:
    """Returns the parts of a web address.

    Raises:
        FetchFailed: it is none.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise FetchFailed(f"{url[:200]}: not an http or https address", lasting=True)
    return parts


def _follow(url: str, response: httpx.Response) -> str:
    """Returns the address that an answer points to.

    Raises:
        FetchFailed: it is none.
    """
    target = response.headers["location"]
    try:
        return urldefrag(urljoin(url, target)).url
    except ValueError as exc:
        raise FetchFailed(f"{url}: redirects to {target[:100]}, no address", lasting=True) from exc


def _accept(response: httpx.Response, body: bytes, url: str) -> Fetched:
    """Returns a good answer; raises FetchFailed for any other."""
    code = response.status_code
    if code != httpx.codes.NOT_MODIFIED and not response.is_success:
        lasting = response.is_client_error and code not in _PASSING_CODES
        raise FetchFailed(f"{url}: answered {code} {response.reason_phrase}", lasting, _retry_after(response))
    try:
        body = unpack_file(body, MAX_BYTES)
    except TooLarge as exc:
        raise FetchFailed(f"{url}: more than {MAX_BYTES} bytes unpacked", lasting=True) from exc
    except UnknownEncoding as exc:
        raise FetchFailed(f"{url}: {exc}", lasting=True) from exc
    return Fetched(
        url=url,
        body=body,
        content_type=response.headers.get("content-type", ""),
        etag=response.headers.get("etag"),
        last_modified=response.headers.get("last-modified"),
        not_modified=code == httpx.codes.NOT_MODIFIED,
    )


def _retry_after(response: httpx.Response) -> float | None:
    """Returns the seconds of a Retry-After header: a number, or a moment."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdecimal() and len(value) < 8:
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _words(exc: Exception) -> str:
    words = " ".join(str(exc).split())[:160]
    return words or type(exc).__name__
