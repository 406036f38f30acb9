"""The connection to Groq: one client of the groq SDK for each event loop, with its errors translated."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, SecretStr, ValidationError

from newsroom.engines.groq.errors import forget_request, translate_error
from newsroom.errors import EngineRefused, EngineUnavailable, NewsroomError
from newsroom.loops import PerLoop

if TYPE_CHECKING:
    from groq import AsyncGroq

logger = logging.getLogger(__name__)

DEFAULT_BASE_URL = "https://api.groq.com"
_CONNECT_TIMEOUT_S = 5.0
# The SDK adds this path itself; the base URL of the OpenAI SDK ends in it.
_API_PATH = "/openai/v1"


@dataclass(frozen=True)
class _Line:
    """The client of one event loop. Its connections belong to the loop that opened them."""

    client: "AsyncGroq"
    slots: asyncio.Semaphore


@dataclass(frozen=True)
class Answer:
    """A successful answer (HTTP 200): its body, and its headers, which tell what is left of the limits."""

    body: bytes
    headers: Mapping[str, str]


class _Model(BaseModel):
    id: str
    active: bool | None = None


class _ModelList(BaseModel):
    data: list[_Model]


class GroqConnection:
    """Sends requests and raises only this system's errors, which never contain the key.

    Args:
        api_key: the vendor's key.
        base_url: the server's address; None is Groq's own.
        timeout_s: how long a request may take from its start to its last byte, in seconds.
        max_in_flight: how many requests of one event loop may be under way at once. The others wait in line,
            and that wait counts against no timeout.

    Raises:
        EngineRefused: the key or the address cannot be used.
    """

    def __init__(
        self, api_key: SecretStr | str, base_url: str | None, *, timeout_s: float, max_in_flight: int
    ) -> None:
        self.base_url = _check_base_url(base_url)
        self.timeout_s = timeout_s
        self.max_in_flight = max_in_flight
        self._api_key = _check_key(api_key)
        self._lines: PerLoop[_Line] = PerLoop()

    async def create(self, request: dict[str, Any], ready: Callable[[], Awaitable[None]]) -> Answer:
        """Returns the answer to a chat completion request.

        `ready` is awaited right before the request is sent, when the request has its turn.

        Raises:
            RateLimited, QuotaExhausted, EngineUnavailable, MalformedOutput, EngineRefused: see
                `translate_error`.
        """
        line = self._lines.here(self._open_line)
        async with line.slots:
            await ready()
            return await self._call(line.client.chat.completions.with_raw_response.create, **request)

    async def list_models(self) -> list[str]:
        """Returns the ids of the models that the key may use now, sorted.

        Raises:
            RateLimited, QuotaExhausted, EngineUnavailable, EngineRefused: as for a question.
        """
        answer = await self._call(self._lines.here(self._open_line).client.models.with_raw_response.list)
        try:
            listed = _ModelList.model_validate_json(answer.body)
        except ValidationError:
            words = "HTTP 200 without a list of models; check GROQ_BASE_URL"
            raise EngineUnavailable(f"Groq answered {words}") from None
        return sorted(model.id for model in listed.data if model.active is not False)

    async def close(self) -> None:
        """Closes the connections of the running event loop. The next request opens new ones."""
        line = self._lines.leave()
        if line is not None:
            await line.client.close()

    async def _call(self, send: Callable[..., Awaitable[Any]], **arguments: Any) -> Answer:
        # No local variable here may hold the key in plain text: error reporters print locals.
        from groq import APIError

        try:
            # The client's own timeout starts again with every byte. This one does not.
            async with asyncio.timeout(self.timeout_s):
                response = await send(**arguments)
                return Answer(await response.read(), response.headers)
        except TimeoutError as exc:
            error: NewsroomError = EngineUnavailable(f"Groq did not answer within {self.timeout_s:g} s")
            cause = forget_request(exc, self._api_key)
        except APIError as exc:
            error = translate_error(exc, self._api_key)
            cause = forget_request(exc, self._api_key)
        raise error from cause

    def _open_line(self) -> _Line:
        import httpx
        from groq import AsyncGroq, DefaultAsyncHttpxClient

        # As many connections as turns and no timeout for the pool, because waiting in line is no failure.
        timeout = httpx.Timeout(self.timeout_s, connect=min(_CONNECT_TIMEOUT_S, self.timeout_s), pool=None)
        connections = self.max_in_flight + 1
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        client = AsyncGroq(
            api_key=self._api_key.get_secret_value(),
            base_url=self.base_url,
            max_retries=0,
            timeout=timeout,
            http_client=DefaultAsyncHttpxClient(verify=_tls(), limits=limits, timeout=timeout),
        )
        return _Line(client, asyncio.Semaphore(self.max_in_flight))


@cache
def _tls() -> ssl.SSLContext:
    """Returns one context for all event loops: reading the certificates takes about 40 ms."""
    import httpx

    return httpx.create_ssl_context()


def _check_key(api_key: SecretStr | str) -> SecretStr:
    """Returns the key without the blanks of a badly copied line.

    It is checked here because the HTTP client would print a bad key.

    Raises:
        EngineRefused: the key is empty or has characters that no key has.
    """
    value = api_key.get_secret_value() if isinstance(api_key, SecretStr) else api_key
    value = value.strip()
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        words = "GROQ_API_KEY is empty or holds characters that no key has; copy it again"
        raise EngineRefused(words, code="invalid_api_key")
    return SecretStr(value)


def _check_base_url(base_url: str | None) -> str:
    address = (base_url or DEFAULT_BASE_URL).strip().rstrip("/")
    if not address.startswith(("http://", "https://")):
        raise EngineRefused("GROQ_BASE_URL must begin with http:// or https://", code="invalid_base_url")
    if address.endswith(_API_PATH):
        logger.warning("GROQ_BASE_URL ends in %s, which the SDK adds itself; ignored, remove it", _API_PATH)
        address = address.removesuffix(_API_PATH)
    return address
