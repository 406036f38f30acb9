"""The inbox's flow: every item once, every file where it belongs, whoever is killed or cancelled."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from newsroom.engines.base import Question
from newsroom.engines.scripted import ScriptedEngine
from newsroom.errors import EngineRefused
from newsroom.inbox.folder import DONE, FAILED, PROCESSING, Inbox
from newsroom.inbox.reports import REPORT_SUFFIX
from newsroom.store.base import Store
from tests.database import StackStore
from tests.flows.conftest import make_engine
from tests.flows.documents import BOUND_S, artifacts_of, children_of
from tests.flows.scripts import ANSWERS, article, triage


@pytest.fixture
def inbox(tmp_path: Path, prefect_api: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The folder of the settings; what is put there is taken at once."""
    from runs import runtime

    folder = tmp_path / "bandeja"
    monkeypatch.setenv("NOTICIAS_INBOX", str(folder))
    monkeypatch.setenv("NOTICIAS_INBOX_SETTLE_S", "0")
    runtime.settings.cache_clear()
    yield folder
    runtime.settings.cache_clear()


def put(folder: Path, name: str, *numbers: int, bad: str = "") -> None:
    folder.mkdir(exist_ok=True)
    lines = [article(n).model_dump_json() for n in numbers]
    (folder / name).write_text("\n".join([*lines, bad]), encoding="utf-8")


async def ingest(engine: ScriptedEngine, store: Store, **parameters: Any) -> Any:
    """Runs the flow; returns its final state."""
    from flows.ingest import ingest_inbox
    from runs import runtime

    with runtime.using(engine=engine, store=store):
        running = ingest_inbox(**parameters, return_state=True)
        return await asyncio.wait_for(running, BOUND_S)


def where(folder: Path) -> dict[str, str]:
    """Returns file -> folder of everything that came in."""
    found = (path for path in folder.rglob("*.json*") if not path.name.endswith(REPORT_SUFFIX))
    return {path.name: path.parent.name for path in found}


def run_id(state: Any) -> str:
    return str(state.state_details.flow_run_id)


async def test_good_refused_and_failing_items_send_their_files_where_they_belong(
    inbox: Path, store: StackStore
) -> None:
    def answer(question: Question) -> str | Exception:
        return EngineRefused("413", 413) if "reforma 5" in question.user else triage()

    put(inbox, "good.jsonl", 1, 2)
    put(inbox, "refused.jsonl", 3, bad='{"medio": "x"}')
    put(inbox, "failing.jsonl", 4, 5)
    put(inbox, "empty.jsonl", bad="no json")
    put(inbox, "again.jsonl", 1)
    state = await ingest(make_engine({"triaje": answer}), store, concurrencia=2)

    assert where(inbox) == {
        "good.jsonl": DONE,
        "refused.jsonl": FAILED,
        "failing.jsonl": FAILED,
        "empty.jsonl": FAILED,
        "again.jsonl": DONE,
    }
    assert sorted(str(row["url"])[-1] for row in store.rows("articulos")) == ["1", "2", "3", "4"]
    assert (state.type.value, state.name) == ("FAILED", "ConRechazos"), "both UIs colour by type alone"
    assert state.message.startswith("5 archivos: ")
    assert state.message.endswith("2 rechazados; vea failed/ y `noticias errors`")
    report = json.loads((inbox / FAILED / f"failing.jsonl{REPORT_SUFFIX}").read_text(encoding="utf-8"))
    assert report["flow_run_id"] == run_id(state)
    assert sorted(line["estado"] for line in report["articulos"]) == ["Completed", "Failed"]
    assert all(line["flow_run_id"] for line in report["articulos"])
    runs = await children_of(run_id(state))
    assert len(runs) == 6
    shown = await artifacts_of(run_id(state))
    assert shown["progress"] == 100.0
    assert "| failing.jsonl | failed | 2 | 1 |" in shown["bandeja"].replace("\\", "")


async def test_an_empty_inbox_says_so_and_shows_nothing(inbox: Path, store: StackStore) -> None:
    state = await ingest(make_engine(), store)

    assert (state.name, state.message) == ("Vacía", "nada en la bandeja")
    assert await artifacts_of(run_id(state)) == {}


async def test_an_inbox_that_is_none_is_one_clear_failure(tmp_path: Path, store: StackStore) -> None:
    (tmp_path / "file").write_text("")

    state = await ingest(make_engine(), store, carpeta=str(tmp_path / "file"))

    assert state.is_failed()
    assert f"{tmp_path}/file" in state.message
    assert "the inbox cannot be used" in state.message
    assert store.rows("pipeline_errores") == []


async def test_two_ingests_at_once_read_every_item_once(inbox: Path, store: StackStore) -> None:
    from runs import runtime

    for number in range(8):
        put(inbox, f"{number}.jsonl", number)
    engine = make_engine()

    # Around both: the one that ends first takes its own replacements back.
    with runtime.using(engine=engine, store=store):
        states = await asyncio.gather(*[ingest(engine, store, concurrencia=2) for _ in range(2)])

    assert all(state.is_completed() for state in states)
    assert set(where(inbox).values()) == {DONE}
    assert len(store.rows("articulos")) == 8
    assert Counter(question.stage for question in engine.questions) == dict.fromkeys(ANSWERS, 8)


async def test_a_cancelled_ingest_gives_its_files_up_at_once(inbox: Path, store: StackStore) -> None:
    inside = asyncio.Event()
    descriptors = len(os.listdir("/proc/self/fd"))

    async def wait_in_the_second(question: Question) -> None:
        if "reforma 2" in question.user:
            inside.set()
            await asyncio.Event().wait()

    put(inbox, "a.jsonl", 1)
    put(inbox, "b.jsonl", 2, 3)
    running = asyncio.ensure_future(ingest(make_engine(before=wait_in_the_second), store, concurrencia=1))
    await asyncio.wait_for(inside.wait(), BOUND_S)
    held = len(os.listdir("/proc/self/fd"))
    running.cancel()
    await asyncio.wait([running], timeout=BOUND_S)

    assert held > descriptors
    assert where(inbox) == {"a.jsonl": DONE, "b.jsonl": PROCESSING}
    other = Inbox(inbox, settle_s=0)
    assert [claim.path.name for claim in other.claim()] == ["b.jsonl"], "no lock is held any more"
    other.close()
    engine = make_engine()
    assert (await ingest(engine, store)).is_completed()
    assert where(inbox) == {"a.jsonl": DONE, "b.jsonl": DONE}
    assert sorted(str(row["url"])[-1] for row in store.rows("articulos")) == ["1", "2", "3"]


PROGRAM = """
import asyncio, os, signal, sys
from flows.ingest import ingest_inbox
from newsroom.engines.scripted import ScriptedEngine
from runs import runtime
from tests.flows.scripts import ANSWERS

case, kill_at = sys.argv[1], int(sys.argv[2])

async def before(question):
    print("asked", question.stage, flush=True)
    if len(engine.questions) == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)

engine = ScriptedEngine(ANSWERS, parameters={"prueba": case}, before=before)
with runtime.using(engine=engine):
    state = asyncio.run(ingest_inbox(concurrencia=3, return_state=True))
print(state.message, flush=True)
"""


async def test_a_killed_ingest_loses_no_item_and_the_next_stores_none_twice(
    inbox: Path, tmp_path: Path, stack_environment: dict[str, str], store: StackStore
) -> None:
    environment = os.environ | stack_environment
    case = uuid.uuid4().hex
    for name, numbers in (("a", (1, 2)), ("b", (3, 4, 5)), ("c", (6,))):
        put(inbox, f"{name}.jsonl", *numbers)

    def run(kill_at: int) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", PROGRAM, case, str(kill_at)]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )

    killed = await asyncio.to_thread(run, 15)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert PROCESSING in where(inbox).values()
    put(inbox, "d.jsonl", 7)
    ended = await asyncio.to_thread(run, 0)

    assert ended.returncode == 0, ended.stderr
    assert where(inbox) == dict.fromkeys(("a.jsonl", "b.jsonl", "c.jsonl", "d.jsonl"), DONE)
    asked = (killed.stdout + ended.stdout).count("asked ")
    assert 4 * 7 <= asked <= 4 * 7 + 3, "only what was under way when it was killed is asked again"
    assert sorted(str(row["url"])[-1] for row in store.rows("articulos")) == list("1234567")
    assert len(store.rows("hechos")) == 7
