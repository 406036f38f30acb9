"""The flow that reads sources: each article once, nothing asked for twice, whoever is broken or killed."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsroom.engines.base import Question
from newsroom.engines.scripted import ScriptedEngine
from newsroom.errors import EngineRefused
from tests.database import StackStore
from tests.flows.conftest import make_engine
from tests.flows.documents import BOUND_S, artifacts_of, children_of
from tests.flows.newspapers import PRIVATE, open_the_machine, put_feed, write_table
from tests.flows.scripts import triage
from tests.site import XML, Page, Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def table(tmp_path: Path, prefect_api: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The table of sources of the settings. No host is waited for, and this machine counts as public."""
    from runs import runtime

    path = tmp_path / "fuentes.yaml"
    monkeypatch.setenv("NOTICIAS_SOURCES", str(path))
    monkeypatch.setenv("NOTICIAS_FETCH_DELAY_S", "0")
    open_the_machine(monkeypatch)
    runtime.settings.cache_clear()
    yield path
    runtime.settings.cache_clear()


async def look(store: StackStore, engine: ScriptedEngine | None = None, **parameters: Any) -> Any:
    """Runs the flow; returns its final state."""
    from flows.feeds import fetch_feeds
    from runs import runtime

    with runtime.using(engine=engine or make_engine(), store=store):
        running: Any = fetch_feeds(**parameters, return_state=True)
        return await asyncio.wait_for(running, 2 * BOUND_S)


def make_due(store: StackStore) -> None:
    store.database.execute("update fuentes set proxima_lectura = now()")


def stored(store: StackStore) -> list[str]:
    """Returns the addresses of the articles, without the site."""
    return sorted("/nota/" + str(row["url"]).rpartition("/")[2] for row in store.rows("articulos"))


def sources(store: StackStore) -> dict[str, dict[str, Any]]:
    return {"/" + row["url"].rpartition("/")[2]: row for row in store.rows("fuentes")}


def run_id(state: Any) -> str:
    return str(state.state_details.flow_run_id)


async def test_forty_articles_of_good_quiet_broken_and_straying_feeds_are_stored_once(
    site: Site, table: Path, store: StackStore
) -> None:
    put_feed(site, "/bueno", *range(30))
    put_feed(site, "/quieto", *range(30, 40))
    site.pages["/roto"] = Page("<rss><channel><item><title>x", XML)
    site.pages["/desvio"] = Page(status=302, headers={"Location": PRIVATE})
    write_table(table, site, "/bueno", "/quieto", "/roto", "/desvio")
    every = [f"/nota/{number}" for number in range(40)]

    state = await look(store)

    assert state.is_completed(), state.message
    assert stored(store) == sorted(every)
    assert {row["medio"] for row in store.rows("articulos")} == {"El Sitio"}
    assert len(store.rows("hechos")) == 40
    assert site.counted() == dict.fromkeys([*every, "/bueno", "/quieto", "/roto", "/desvio"], 1)
    assert site.asked.count("/robots.txt") == 1
    assert len(await children_of(run_id(state))) == 40
    assert state.message.startswith("4 fuentes: 40 Completed; fallan 2: ")
    rows = sources(store)
    assert {path: (row["fallos"], row["leidos"], row["nuevos"]) for path, row in rows.items()} == {
        "/bueno": (0, 30, 30),
        "/quieto": (0, 10, 10),
        "/roto": (1, 0, 0),
        "/desvio": (1, 0, 0),
    }
    assert "not an address of the public internet" in rows["/desvio"]["ultimo_error"]
    shown = (await artifacts_of(run_id(state)))["fuentes"].replace("\\", "")
    assert "| leídos | nuevos |" in shown
    assert "/roto | El Sitio | 0 | 0 | 0 | 0 | 0 | 0 | 1 |" in shown

    # Nobody is due: nobody is asked anything.
    site.asked.clear()
    state = await look(store)
    assert (state.name, site.asked) == ("Vacía", [])
    assert "fallan 2" in state.message

    # Due again: the feeds are asked whether they have changed, and no page is.
    make_due(store)
    state = await look(store)
    assert site.counted() == dict.fromkeys(["/bueno", "/quieto", "/roto", "/desvio"], 1)
    assert [row["total_nuevos"] for row in sources(store).values()].count(0) == 2
    assert sources(store)["/roto"]["fallos"] == 2

    # Forced: the feeds send everything, and still no page is asked for.
    site.asked.clear()
    state = await look(store, forzar=True)
    assert set(site.counted()) == {"/bueno", "/quieto", "/roto", "/desvio"}
    assert len(store.rows("articulos")) == 40
    assert sources(store)["/bueno"]["leidos"] == 30


async def test_what_is_new_in_a_feed_is_read_and_nothing_else(
    site: Site, table: Path, store: StackStore
) -> None:
    put_feed(site, "/rss", 1, 2)
    write_table(table, site, "/rss")
    await look(store)
    put_feed(site, "/rss", 1, 2, 3)
    site.asked.clear()
    make_due(store)
    await look(store)
    assert site.counted() == {"/rss": 1, "/nota/3": 1}
    assert stored(store) == ["/nota/1", "/nota/2", "/nota/3"]
    (row,) = store.rows("fuentes")
    assert (row["nuevos"], row["total_nuevos"], row["leidos"]) == (1, 3, 3)


async def test_an_article_of_two_feeds_is_read_once(site: Site, table: Path, store: StackStore) -> None:
    put_feed(site, "/a", 1, 2)
    put_feed(site, "/b", 2, 3)
    write_table(table, site, "/a", "/b")
    engine = make_engine()
    await look(store, engine)
    assert site.counted() == dict.fromkeys(["/a", "/b", "/nota/1", "/nota/2", "/nota/3"], 1)
    assert Counter(question.stage for question in engine.questions)["triaje"] == 3


async def test_one_address_is_read_though_it_is_not_due_or_not_in_the_table(
    site: Site, table: Path, store: StackStore
) -> None:
    put_feed(site, "/a", 1)
    put_feed(site, "/b", 2)
    write_table(table, site, "/a", activa=False)
    assert (await look(store)).name == "Vacía"
    for _ in range(2):
        for path in ("/a", "/b"):
            await look(store, fuente=f"{site.url}{path}")
    assert site.counted() == {"/a": 2, "/b": 2, "/nota/1": 1, "/nota/2": 1}
    assert set(sources(store)) == {"/a", "/b"}
    assert "/nota/1" in stored(store)


async def test_a_page_that_comes_and_goes_is_tried_five_times_and_one_that_is_gone_once(
    site: Site, table: Path, store: StackStore
) -> None:
    put_feed(site, "/rss", 1, 2, 3)
    site.pages["/nota/1"] = Page(status=503)
    site.pages["/nota/2"] = Page(status=410)
    write_table(table, site, "/rss")
    state = await look(store)
    shown = (await artifacts_of(run_id(state)))["entradas-rechazadas"].replace("\\", "")
    assert "answered 503" in shown
    for _ in range(6):
        make_due(store)
        await look(store)
    assert site.counted() == {"/rss": 7, "/nota/1": 5, "/nota/2": 1, "/nota/3": 1}
    assert stored(store) == ["/nota/3"]
    refused = {
        row["identidad"][-1]: (row["definitivo"], row["intentos"])
        for row in store.rows("entradas_rechazadas")
    }
    assert refused == {"1": (True, 5), "2": (True, 1)}
    (row,) = store.rows("fuentes")
    assert row["etag"] is not None, "nothing is left, so the feed may say that nothing has changed"


async def test_a_failed_article_is_a_dead_letter_and_not_fetched_again(
    site: Site, table: Path, store: StackStore
) -> None:
    def answer(question: Question) -> str | Exception:
        return EngineRefused("413", 413) if "nota 002" in question.user else triage()

    put_feed(site, "/rss", 1, 2)
    write_table(table, site, "/rss")
    state = await look(store, make_engine({"triaje": answer}))
    assert state.is_completed()
    assert state.message == "1 fuentes: 1 Completed, 1 Failed"
    make_due(store)
    await look(store)
    assert site.counted() == {"/rss": 2, "/nota/1": 1, "/nota/2": 1}
    assert [row["identidad"][-1] for row in store.rows("pipeline_errores")] == ["2"]


async def test_five_failures_of_a_source_send_one_event_and_a_good_look_ends_them(
    site: Site, table: Path, store: StackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from runs import sources as rounds

    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(rounds, "emit_event", lambda event, **about: sent.append({"event": event, **about}))
    write_table(table, site, "/rss")
    for _ in range(6):
        make_due(store)
        await look(store)
    (event,) = sent
    assert event["event"] == "noticias.source.failing"
    assert event["resource"]["prefect.resource.name"] == f"{site.url}/rss"
    assert event["payload"]["fallos"] == 5
    assert "answered 404" in event["payload"]["error"]
    put_feed(site, "/rss", 1)
    make_due(store)
    await look(store)
    (row,) = store.rows("fuentes")
    assert (row["fallos"], row["ultimo_error"], row["nuevos"]) == (0, None, 1)


async def test_a_source_that_breaks_its_reader_does_not_stop_the_others(
    site: Site, table: Path, store: StackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsroom.sources import reading
    from newsroom.sources.listing import read_listing

    def breaking(body: bytes, url: str, *more: Any) -> Any:
        if url.endswith("/malo"):
            raise RecursionError("nested\ntoo deep")
        return read_listing(body, url, *more)

    monkeypatch.setattr(reading, "read_listing", breaking)
    put_feed(site, "/malo", 1)
    put_feed(site, "/bueno", 2)
    write_table(table, site, "/malo", "/bueno")
    state = await look(store)
    assert state.is_completed()
    assert stored(store) == ["/nota/2"]
    assert sources(store)["/malo"]["ultimo_error"] == "RecursionError: nested too deep"


async def test_a_bad_table_is_one_clear_failure(table: Path, store: StackStore) -> None:
    table.write_text("fuentes:\n- medio: X\n", encoding="utf-8")
    state = await look(store)
    assert state.is_failed()
    assert f"{table}: source 1: url: Field required" in state.message


PROGRAM = """
import asyncio, os, signal, sys
from flows.feeds import fetch_feeds
from newsroom.engines.scripted import ScriptedEngine
from newsroom.sources import addresses
from runs import runtime
from tests.flows.newspapers import take_for_public
from tests.flows.scripts import ANSWERS

case, kill_at = sys.argv[1], int(sys.argv[2])
addresses.is_public = take_for_public

async def before(question):
    print("asked", question.stage, flush=True)
    if len(engine.questions) == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)

engine = ScriptedEngine(ANSWERS, parameters={"prueba": case}, before=before)
with runtime.using(engine=engine):
    state = asyncio.run(fetch_feeds(concurrencia=3, return_state=True))
print(state.message, flush=True)
"""


async def test_a_kill_at_any_moment_loses_no_article_and_none_is_stored_twice(
    site: Site, table: Path, tmp_path: Path, stack_environment: dict[str, str], store: StackStore
) -> None:
    count = 12
    put_feed(site, "/a", *range(6))
    put_feed(site, "/b", *range(6, count))
    write_table(table, site, "/a", "/b")
    environment = os.environ | stack_environment
    case, kill_at = uuid.uuid4().hex, random.SystemRandom().randrange(1, 4 * count)

    def run(kill_at: int) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", PROGRAM, case, str(kill_at)]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )

    killed = await asyncio.to_thread(run, kill_at)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    finished, noted = set(stored(store)), set(sources(store))
    site.asked.clear()
    make_due(store)
    ended = await asyncio.to_thread(run, 0)

    assert ended.returncode == 0, (kill_at, ended.stderr)
    every = [f"/nota/{number}" for number in range(count)]
    assert stored(store) == sorted(every), kill_at
    assert len(store.rows("hechos")) == count
    # A subset: the database may have stored one more after its process was dead.
    assert set(site.counted()) <= {"/a", "/b", *every} - finished, (kill_at, noted)
    asked = (killed.stdout + ended.stdout).count("asked ")
    assert 4 * count <= asked <= 4 * count + 3, "only what was under way when it was killed is asked again"
    assert {row["fallos"] for row in store.rows("fuentes")} == {0}
    assert all(row["etag"] for row in store.rows("fuentes"))
