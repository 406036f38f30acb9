"""How SupabaseStore uses its connections: event loops, threads, proxies, cancelled calls."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest

from newsroom.models.extraccion import Entidad
from newsroom.models.vocabulario import TipoEntidad
from newsroom.store.supabase import SupabaseStore
from tests.contract.fake_rest import FakeRest, Reaction
from tests.contract.store_fixtures import RunningRest, make_token
from tests.integration.payloads import article

# Stored by no test: the REST server's database may hold what the test before left.
ENTIDAD = Entidad(id=1, nombre="Nadie Así", tipo=TipoEntidad.PERSONA, offset_inicio=0, offset_fin=8)


async def test_a_proxy_in_the_environment_is_not_for_this_machine(
    rest: RunningRest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    store = SupabaseStore(rest.url, make_token())
    assert await store.summarize()
    assert await asyncio.to_thread(store.link_entidades, [ENTIDAD], 0.8) == {}
    await store.close()


def test_every_event_loop_has_its_own_client_and_dead_ones_are_forgotten(rest: RunningRest) -> None:
    store = SupabaseStore(rest.url, make_token())

    async def use(close: bool) -> int:
        sizes = await asyncio.gather(*(store.summarize() for _ in range(5)))
        if close:
            await store.close()
        return len(sizes)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda _: asyncio.run(use(close=True)), range(8))) == [5] * 8
    assert store._lines == {}


async def test_threads_share_the_blocking_client(store: SupabaseStore) -> None:
    await store.persist_articulo(article())
    wanted = [ENTIDAD.model_copy(update={"id": number, "nombre": "Pedro Sánchez"}) for number in range(1, 33)]
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda item: store.link_entidades([item], 0.85), wanted))
    assert [list(links) for links in found] == [[item.id] for item in wanted]
    assert len({links[item.id] for links, item in zip(found, wanted, strict=True)}) == 1


async def test_a_cancelled_call_leaves_the_store_usable(store: SupabaseStore) -> None:
    for _ in range(5):
        task = asyncio.create_task(store.persist_articulo(article()))
        await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert (await store.persist_articulo(article())).articulo_id == 1


async def test_nothing_to_link_asks_nobody() -> None:
    with FakeRest(Reaction()) as server:
        assert SupabaseStore(server.url, make_token()).link_entidades([], 0.8) == {}
        assert server.paths == []


def test_http_needs_no_certificates(monkeypatch: pytest.MonkeyPatch, rest: RunningRest) -> None:
    def load(*_arguments: object, **_more: object) -> None:
        raise AssertionError("certificates were loaded")

    monkeypatch.setattr(httpx, "create_ssl_context", load)
    monkeypatch.setattr("ssl.create_default_context", load)
    store = SupabaseStore(rest.url, make_token())
    assert store.link_entidades([ENTIDAD], 0.8) == {}
    asyncio.run(store.close())
