"""The key never leaves the adapter, whatever fails: not in words, reprs, tracebacks, logs or pickles."""

import asyncio
import io
import logging
import pickle
import traceback
from collections.abc import Iterator

import pytest

from newsroom.engines.groq import GroqEngine
from newsroom.errors import EngineRefused, NewsroomError
from tests.contract.groq_fixtures import ARTICLE, GOOD, KEY, MODEL, make_question, open_engine
from tests.contract.groq_reactions import (
    Answer,
    Drop,
    Hang,
    Reaction,
    Refusal,
    bad_key,
    limited,
    not_generated,
    overloaded,
)
from tests.contract.groq_server import GroqServer

FAILURES: list[Reaction] = [
    bad_key(),
    Refusal(401, f"Incorrect API key provided: {KEY}", code="invalid_api_key"),
    Refusal(403, "", body=f"<html>Authorization: Bearer {KEY}</html>"),
    Refusal(400, f"echo {KEY}", code=KEY),
    limited("TPM", "999"),
    limited("TPD", "999"),
    overloaded(),
    Drop(),
    Drop(mid_body=True),
    Hang(),
    not_generated("x"),
    Answer("no es JSON"),
]


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """All that any logger says, down to DEBUG, with tracebacks."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    loggers = [logging.getLogger(name) for name in ("", "groq", "httpx", "httpcore", "newsroom")]
    levels = [each.level for each in loggers]
    loggers[0].addHandler(handler)
    for each in loggers:
        each.setLevel(logging.DEBUG)
    yield stream
    loggers[0].removeHandler(handler)
    for each, level in zip(loggers, levels, strict=True):
        each.setLevel(level)


def everything_printed(error: BaseException) -> str:
    """What the noisiest reporter shows: every frame with its locals, of the error and its causes."""
    # The test's own frame comes first and holds the scripted failure.
    ours = error.__traceback__.tb_next if error.__traceback__ else None
    report = traceback.TracebackException(type(error), error, ours, capture_locals=True)
    return "".join(report.format(chain=True))


def requests_in(error: BaseException | None) -> Iterator[str]:
    """The headers of every HTTP request that hangs on the error or its causes."""
    while error is not None:
        for name in ("request", "_request"):
            request = vars(error).get(name)
            if request is not None:
                yield repr(request.headers.raw)
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: repr(failure)[:40].replace(KEY, "KEY"))
async def test_no_failure_shows_the_key_or_the_article(
    failure: Reaction, everything_logged: io.StringIO
) -> None:
    with GroqServer(answer=lambda request: failure) as server:
        async with open_engine(server, timeout_s=0.5 if isinstance(failure, Hang) else 20) as engine:
            with pytest.raises(NewsroomError) as caught:
                await engine.complete(make_question())
            printed = repr(engine) + repr(vars(engine))
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    error = caught.value
    assert KEY not in f"{error!s}{error!r}{vars(error)}"
    assert KEY not in everything_printed(error)
    assert KEY not in "".join(requests_in(error))
    assert KEY.encode() not in pickle.dumps(error.args)
    assert KEY not in printed
    assert ARTICLE not in f"{error!s}{error!r}{error.__cause__!s}"
    assert everything_logged.getvalue() != ""
    assert KEY not in everything_logged.getvalue()


async def test_a_question_that_is_answered_logs_no_key_either(everything_logged: io.StringIO) -> None:
    with GroqServer(answer=GOOD) as server:
        async with open_engine(server) as engine:
            await engine.complete(make_question())
            await engine.list_models()
    assert "openai/v1/chat/completions" in everything_logged.getvalue()
    assert KEY not in everything_logged.getvalue()


@pytest.mark.parametrize("key", ["", "  ", f"{KEY}\n{KEY}", f"{KEY}é", f"{KEY} {KEY}", f"{KEY}\x00"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(EngineRefused, match="GROQ_API_KEY is empty or holds") as caught:
        GroqEngine(key, MODEL)
    assert KEY not in f"{caught.value!s}{caught.value!r}"
    assert caught.value.code == "invalid_api_key"


def test_a_connection_that_is_refused_shows_no_key() -> None:
    with GroqServer() as server:
        address = server.base_url

    async def ask() -> None:
        engine = GroqEngine(KEY, MODEL, base_url=address)
        try:
            await engine.complete(make_question())
        finally:
            await engine.close()

    with pytest.raises(NewsroomError) as caught:
        asyncio.run(ask())
    assert KEY not in everything_printed(caught.value)
    assert KEY not in "".join(requests_in(caught.value))
