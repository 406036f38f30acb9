"""What failed is tried again when it is due, what is old is removed, and both say what they did."""

import asyncio
import os
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

from newsroom.engines.base import Question
from newsroom.engines.scripted import ScriptedEngine
from newsroom.errors import EngineRefused, EngineUnavailable, QuotaExhausted
from newsroom.store.base import Store
from noticias.local.database import PREFECT_DATABASE
from noticias.local.stack import StackAddresses
from tests.database import StackStore
from tests.flows.conftest import make_engine
from tests.flows.documents import (
    BOUND_S,
    artifacts_of,
    children_of,
    documento,
    law,
    number_of,
    process,
    sections_asked,
)
from tests.flows.scripts import ANSWERS, article

pytestmark = pytest.mark.usefixtures("small_fragments", "no_delays")


async def retry(engine: ScriptedEngine, store: Store, **parameters: Any) -> Any:
    from flows.upkeep import retry_failed
    from runs import runtime

    with runtime.using(engine=engine, store=store):
        running = retry_failed(**parameters, return_state=True)
        return await asyncio.wait_for(running, BOUND_S)


def make_due(store: StackStore) -> None:
    """Has the time of every letter come; each earlier than the one before it."""
    store.database.execute(
        "update pipeline_errores set proximo_intento = now() - (60 + id) * interval '1 second' "
        "where estado = 'en_reintentos'"
    )


def waits(store: StackStore) -> list[timedelta]:
    now = datetime.now(UTC)
    return [datetime.fromisoformat(row["proximo_intento"]) - now for row in store.rows("pipeline_errores")]


async def test_nothing_is_due_before_its_time(store: StackStore) -> None:
    engine = make_engine({"elementos": EngineUnavailable("502")})
    await process(article(), engine, store)
    engine.questions.clear()

    state = await retry(engine, store)

    assert (state.name, state.message) == ("Vacía", "nada que reintentar")
    assert engine.questions == []


async def test_a_due_letter_is_run_again_and_closed_and_no_answer_is_asked_twice(
    store: StackStore,
) -> None:
    engine = make_engine({"elementos": EngineUnavailable("502")})
    await process(article(), engine, store)
    make_due(store)
    engine.questions.clear()
    engine._answers.update(elementos=ANSWERS["elementos"])

    state = await retry(engine, store)

    assert state.message == "1 reintentado: 1 Completed"
    assert [question.stage for question in engine.questions] == ["elementos", "citas_y_datos", "relaciones"]
    assert len(store.rows("articulos")) == 1
    assert [letter["estado"] for letter in store.rows("pipeline_errores")] == ["resuelto"]
    (child,) = await children_of(str(state.state_details.flow_run_id))
    assert child.state_name == "Completed"


async def test_each_failure_doubles_the_wait_and_keeps_one_letter(store: StackStore) -> None:
    engine = make_engine({"elementos": EngineUnavailable("502")})
    await process(article(), engine, store)
    for minutes in (30, 60):
        make_due(store)
        state = await retry(engine, store)
        assert state.message == "1 reintentado: 1 Failed"
        (wait,) = waits(store)
        assert timedelta(minutes=minutes - 1) < wait <= timedelta(minutes=minutes)
    (letter,) = store.rows("pipeline_errores")
    assert len(letter["historial"]) == 3


async def test_what_needs_a_person_is_left_alone(store: StackStore) -> None:
    engine = make_engine({"elementos": EngineRefused("401", 401)})
    await process(article(), engine, store)
    engine.questions.clear()

    assert (await retry(engine, store)).name == "Vacía"
    assert [letter["estado"] for letter in store.rows("pipeline_errores")] == ["intervencion_requerida"]


async def test_documents_come_after_all_of_their_fragments_and_find_them_stored(
    store: StackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(question: Question) -> str | Exception:
        return EngineUnavailable("502") if number_of(question) in (1, 2) else ANSWERS["elementos"]

    engine = make_engine({"elementos": fail})
    await process(documento(law(3)), engine, store)
    assert len(store.rows("pipeline_errores")) == 3
    make_due(store)
    engine.questions.clear()
    engine._answers.update(elementos=ANSWERS["elementos"])
    calls = store.listen(monkeypatch, "persist_fragmento", "complete_documento")

    state = await retry(engine, store)

    assert state.message == "3 reintentados: 2 Completed, 1 Duplicado"
    assert sections_asked(engine) == {1, 2}
    assert [method for method, _ in calls] == ["persist_fragmento"] * 2 + ["complete_documento"]
    assert {letter["estado"] for letter in store.rows("pipeline_errores")} == {"resuelto"}
    assert store.rows("documentos_extensos")[0]["procesado"] is True


async def test_a_failed_fragment_of_an_older_text_is_not_brought_back(store: StackStore) -> None:
    def fail(question: Question) -> str | Exception:
        return EngineUnavailable("502") if "deroga" in question.user else ANSWERS["elementos"]

    engine = make_engine({"elementos": fail})
    await process(documento(law(2, a2="se deroga")), engine, store)
    assert len(store.rows("pipeline_errores")) == 2
    outcome = await process(documento(law(2)), engine, store)
    make_due(store)

    assert outcome.estado == "Completed"
    assert (await retry(engine, store)).name == "Vacía"
    assert sorted(letter["estado"] for letter in store.rows("pipeline_errores")) == ["descartado", "resuelto"]
    assert store.rows("documentos_extensos")[0]["procesado"] is True


async def test_a_forced_reading_is_forced_again(store: StackStore) -> None:
    await process(article(), make_engine(), store)
    engine = make_engine({"elementos": EngineUnavailable("502")})
    await process(article(), engine, store, reprocesar=True)
    make_due(store)
    engine.questions.clear()
    engine._answers.update(elementos=ANSWERS["elementos"])

    state = await retry(engine, store)

    assert [question.stage for question in engine.questions] == ["elementos", "citas_y_datos", "relaciones"]
    assert state.message == "1 reintentado: 1 Duplicado"
    assert [letter["estado"] for letter in store.rows("pipeline_errores")] == ["resuelto"]


async def test_a_spent_quota_stops_the_rest(store: StackStore) -> None:
    engine = make_engine({"triaje": EngineUnavailable("502")})
    for number in range(5):
        await process(article(number), engine, store)
    make_due(store)
    engine.questions.clear()
    engine._answers.update(triaje=QuotaExhausted("tokens per day", 7_200.0))

    state = await retry(engine, store, concurrencia=1)

    assert len(engine.questions) <= 2, "the one that met the quota, and at most one that had begun"
    tried = len(engine.questions)
    said = (
        "1 reintentado: 1 Failed; 4 esperan"
        if tried == 1
        else f"{tried} reintentados: {tried} Failed; {5 - tried} esperan"
    )
    assert state.message == said
    assert max(waits(store)) > timedelta(minutes=119)


@pytest.mark.parametrize("entrada", [{"articulo": {"titular": "x"}}, [1]], ids=str)
async def test_an_unreadable_letter_is_named_and_left_to_a_person(store: StackStore, entrada: Any) -> None:
    engine = make_engine({"elementos": EngineUnavailable("502")})
    await process(article(), engine, store)
    await process(article(2), engine, store)
    make_due(store)
    first = store.rows("pipeline_errores")[0]
    store.database.execute(
        "update pipeline_errores set entrada = %s where id = %s", Jsonb(entrada), first["id"]
    )
    engine._answers.update(elementos=ANSWERS["elementos"])

    state = await retry(engine, store)

    assert state.message == "1 reintentado: 1 Completed; 1 ilegible"
    shown = (await artifacts_of(str(state.state_details.flow_run_id)))["reintentos"]
    assert f"error {first['id']}" in shown.replace("\\", "")
    assert [letter["estado"] for letter in store.rows("pipeline_errores")] == [
        "intervencion_requerida",
        "resuelto",
    ]
    assert store.rows("pipeline_errores")[0]["entrada"] == entrada
    assert (await retry(engine, store)).name == "Vacía", "due for ever it would stand in the others' way"


async def test_no_more_than_wanted_the_longest_due_first(store: StackStore) -> None:
    engine = make_engine({"triaje": EngineUnavailable("502")})
    for number in range(3):
        await process(article(number), engine, store)
    make_due(store)
    engine._answers.update(triaje=ANSWERS["triaje"])

    await retry(engine, store, limite=1)

    assert [str(row["url"])[-1] for row in store.rows("articulos")] == ["2"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefect_api: str) -> Any:
    """A NOTICIAS_HOME of the test's own."""
    from runs import runtime

    monkeypatch.setenv("NOTICIAS_HOME", str(tmp_path))
    runtime.settings.cache_clear()
    yield tmp_path
    runtime.settings.cache_clear()


def keep(path: Path, days: float, size: int = 10) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    moment = time.time() - days * 86_400
    os.utime(path, (moment, moment))
    return path


async def make_run(flow_name: str, state: str) -> UUID:
    """Returns a run of a flow of this name in this state."""
    from prefect import flow
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.objects import State

    @flow(name=flow_name)
    def nothing() -> None: ...

    async with get_client() as client:
        flow_run = await client.create_flow_run(nothing, state=State.model_validate({"type": "PENDING"}))
        await client.set_flow_run_state(flow_run.id, State.model_validate({"type": state}), force=True)
    return flow_run.id


def set_end(stack_addresses: StackAddresses, flow_run_id: UUID, days: int) -> None:
    """Has the server believe that a run ended so many days ago; its API takes the time from its own clock."""
    assert stack_addresses.database_dsn is not None
    dsn = stack_addresses.database_dsn.get_secret_value()
    with psycopg.connect(dsn, dbname=PREFECT_DATABASE) as connection:
        connection.execute(
            "update flow_run set end_time = now() - make_interval(days => %s) where id = %s",
            (days, flow_run_id),
        )


async def exists(flow_run_id: UUID) -> bool:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter

    only = FlowRunFilter.model_validate({"id": {"any_": [flow_run_id]}})
    async with get_client() as client:
        return bool(await client.read_flow_runs(flow_run_filter=only))


async def test_housekeeping_removes_what_is_old_and_ours_and_says_so(
    home: Path, stack_addresses: StackAddresses
) -> None:
    from flows.upkeep import housekeeping

    old = [keep(home / "answers" / "triaje" / "ab" / "old", 31), keep(home / "results" / "old", 30.1)]
    kept = [
        keep(home / "answers" / "triaje" / "ab" / "new", 29),
        keep(home / "results" / "new", 0),
        keep(home / "dead-letters" / "old.json", 99),
        keep(home / "elsewhere", 99),
    ]
    (home / "answers" / "link").symlink_to(kept[-1])
    runs = {}
    for name, flow_name, days, kind in (
        ("old", "process-article", 31, "COMPLETED"),
        ("old failed", "process-fragment", 31, "FAILED"),
        ("new", "process-article", 29, "COMPLETED"),
        ("running", "process-article", 31, "RUNNING"),
        ("foreign", f"theirs-{uuid4().hex}", 31, "COMPLETED"),
    ):
        runs[name] = await make_run(flow_name, kind)
        set_end(stack_addresses, runs[name], days)

    state = await housekeeping(return_state=True)

    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in kept)
    assert (home / "answers" / "link").is_symlink()
    found = {name: await exists(run) for name, run in runs.items()}
    assert found == {"old": False, "old failed": False, "new": True, "running": True, "foreign": True}
    removed = await state.aresult()
    assert Counter(removed) == {"corridas": 2, "respuestas": 1, "resultados": 1, "bytes": 20}
    assert state.message == "2 corridas, 1 respuesta, 1 resultado, 20 bytes de más de 30 días"


async def test_the_age_is_a_parameter_and_a_home_without_files_no_fault(home: Path) -> None:
    from flows.upkeep import housekeeping

    path = keep(home / "answers" / "old", 3)
    assert "0 respuestas" in str((await housekeeping(dias=4, return_state=True)).message)
    assert "1 respuesta," in str((await housekeeping(dias=2, return_state=True)).message)
    assert not path.exists()
    assert (await housekeeping(dias=1, return_state=True)).is_completed()


@pytest.mark.parametrize("wrong", [{"dias": 0}, {"dias": -1}, {"dias": "todos"}])
async def test_a_wrong_age_is_refused(wrong: dict[str, Any]) -> None:
    from prefect.exceptions import ParameterTypeError

    from flows.upkeep import housekeeping

    with pytest.raises(ParameterTypeError, match="dias"):
        await housekeeping(**wrong)
