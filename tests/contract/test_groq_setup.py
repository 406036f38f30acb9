"""Keys, addresses and model ids that are wrong, and what the user is told."""

import logging
from collections.abc import Callable

import pytest

from newsroom.engines.groq import GroqEngine
from newsroom.errors import EngineRefused, EngineUnavailable
from tests.contract.groq_fixtures import GOOD, KEY, MODEL, make_question, open_engine
from tests.contract.groq_reactions import Raw, Refusal, decommissioned, not_found
from tests.contract.groq_server import GroqServer


async def test_a_wrong_key_is_refused() -> None:
    with GroqServer(api_key="gsk_another") as server:
        async with open_engine(server) as engine:
            with pytest.raises(EngineRefused, match="401 invalid_api_key: Invalid API Key; set GROQ_API_KEY"):
                await engine.complete(make_question())
            with pytest.raises(EngineRefused, match="401"):
                await engine.list_models()
    assert (server.count(), server.model_lists) == (1, 1)


@pytest.mark.parametrize("gone", [decommissioned, not_found])
async def test_a_model_that_is_gone_is_answered_with_those_that_are_not(
    gone: Callable[[str], Refusal],
) -> None:
    retired = ["llama-3.3-70b-versatile"] if gone is decommissioned else []
    with GroqServer(models=["openai/gpt-oss-20b", MODEL], retired=retired) as server:
        async with open_engine(server, model="llama-3.3-70b-versatile") as engine:
            with pytest.raises(EngineRefused) as caught:
                await engine.complete(make_question())
    assert caught.value.code in ("model_decommissioned", "model_not_found")
    assert "'llama-3.3-70b-versatile', and it serves openai/gpt-oss-120b, openai/gpt-oss-20b" in str(
        caught.value
    )
    assert (server.count(), server.model_lists) == (1, 1)
    assert isinstance(caught.value.__cause__, Exception)


async def test_if_the_models_cannot_be_told_the_refusal_stands_and_says_so() -> None:
    with GroqServer(retired=[MODEL], list_models=Raw(503, b"{}")) as server:
        async with open_engine(server) as engine:
            with pytest.raises(EngineRefused, match="has been decommissioned") as caught:
                await engine.complete(make_question())
    assert "could not be read: Groq answered 503" in str(caught.value)


@pytest.mark.parametrize("body", [b"[]", b'{"data": [{}]}', b"<html>"])
async def test_a_list_of_models_that_is_none_is_unavailable(body: bytes) -> None:
    with GroqServer(list_models=Raw(200, body)) as server:
        async with open_engine(server) as engine:
            with pytest.raises(EngineUnavailable, match="without a list of models"):
                await engine.list_models()


@pytest.mark.parametrize("suffix", ["", "/", "/openai/v1", "/openai/v1/"])
async def test_the_base_url_goes_with_and_without_the_apis_path(
    suffix: str, caplog: pytest.LogCaptureFixture
) -> None:
    with GroqServer(answer=GOOD) as server, caplog.at_level(logging.WARNING, "newsroom"):
        async with open_engine(server, base_url=server.base_url + suffix) as engine:
            assert engine.base_url == server.base_url
            await engine.complete(make_question())
    assert server.count() == 1
    assert ("ends in /openai/v1" in caplog.text) == ("openai" in suffix)


async def test_a_wrong_path_in_the_base_url_is_refused_in_groqs_words() -> None:
    with GroqServer() as server:
        async with open_engine(server, base_url=f"{server.base_url}/v9") as engine:
            with pytest.raises(EngineRefused, match="Unknown request URL: POST /v9/openai/v1"):
                await engine.complete(make_question())


def test_without_a_base_url_it_is_groqs_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROQ_BASE_URL", "http://wrong.example")
    assert GroqEngine(KEY, MODEL).base_url == "https://api.groq.com"
    assert GroqEngine(KEY, MODEL, base_url="").base_url == "https://api.groq.com"


@pytest.mark.parametrize("address", ["localhost:8000", "api.groq.com", "ftp://x"])
def test_an_address_without_a_scheme_is_refused_before_any_request(address: str) -> None:
    with pytest.raises(EngineRefused, match="GROQ_BASE_URL must begin with http") as caught:
        GroqEngine(KEY, MODEL, base_url=address)
    assert caught.value.code == "invalid_base_url"


async def test_a_key_with_blanks_around_it_works() -> None:
    with GroqServer(answer=GOOD, api_key=KEY) as server:
        async with open_engine(server, api_key=f" {KEY}\n") as engine:
            assert (await engine.complete(make_question())).requests == 1
