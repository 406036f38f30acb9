"""Who is tried again and who is not, stage by stage, and what the server then shows.

The rules: docs/design.md, "What fails and who owns it".
"""

from datetime import UTC, datetime, timedelta

import pytest

from newsroom.errors import (
    EngineUnavailable,
    MalformedOutput,
    QuotaExhausted,
    RateLimited,
    StoreRejected,
    StoreUnavailable,
)
from newsroom.models.outcome import Outcome
from newsroom.models.resultado import Guardado, Payload
from tests.database import StackStore
from tests.flows.conftest import make_engine
from tests.flows.recording_store import RecordingStore
from tests.flows.scripts import ANSWERS, article
from tests.flows.test_article import process, read_task_runs, stages

MODEL_CALLS = ["triaje", "elementos", "citas_y_datos", "relaciones"]


@pytest.fixture(autouse=True)
def every_task_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has Prefect try every stage again at once."""
    from tasks import elements, linking, lookup, persistence, quotes_and_figures, relations, triage

    for task in (
        lookup.lookup, triage.triage, elements.elements, linking.linking,
        quotes_and_figures.quotes_and_figures, relations.relations, persistence.persist,
    ):  # fmt: skip
        monkeypatch.setattr(task, "retry_delay_seconds", 0)
        monkeypatch.setattr(task, "retry_jitter_factor", None)


@pytest.mark.parametrize("stage", MODEL_CALLS)
async def test_each_model_call_survives_two_passing_faults_and_no_other_is_repeated(
    stage: str, store: StackStore
) -> None:
    faults = [EngineUnavailable("503"), RateLimited("429: tokens per minute", 7.0)]
    engine = make_engine({stage: [*faults, ANSWERS[stage]]})

    outcome = await process(article(), engine, store)

    assert outcome.estado == "Completed"
    assert {name: stages(engine).count(name) for name in MODEL_CALLS} == {
        name: 3 if name == stage else 1 for name in MODEL_CALLS
    }
    assert store.rows("pipeline_errores") == []


DATABASE_CALLS = ("find_articulo", "link_entidades", "persist_articulo")


@pytest.mark.parametrize("method", DATABASE_CALLS)
async def test_each_database_call_survives_two_passing_faults_and_the_model_is_asked_once(
    method: str,
) -> None:
    faults = [StoreUnavailable("connection refused"), StoreUnavailable("deadlock")]
    engine, store = make_engine(), RecordingStore({method: faults})

    outcome = await process(article(), engine, store)

    assert outcome.estado == "Completed"
    assert {name: store.calls.count(name) for name in DATABASE_CALLS} == {
        name: 3 if name == method else 1 for name in DATABASE_CALLS
    }
    assert stages(engine) == MODEL_CALLS
    assert store.payloads["record_error"] == []


async def test_what_the_database_refuses_is_not_sent_again() -> None:
    refusal = StoreRejected("violates check constraint", "23514")
    store = RecordingStore({"persist_articulo": [refusal]})

    outcome = await process(article(), make_engine(), store)

    assert (outcome.estado, outcome.failure) == (
        "Failed",
        "StoreRejected in persist: violates check constraint",
    )
    assert store.calls.count("persist_articulo") == 1
    (letter,) = store.payloads["record_error"]
    assert (letter["etapa"], letter["clase_error"], letter["intentos"], letter["transitorio"]) == (
        "persist",
        "StoreRejected",
        1,
        False,
    )


async def test_output_that_is_never_the_schema_fails_the_run_and_invents_nothing(store: StackStore) -> None:
    engine = make_engine({"elementos": MalformedOutput("not the schema", ("hechos: missing",), "{")})

    outcome = await process(article(), engine, store)

    assert outcome.estado == "Failed"
    assert stages(engine).count("elementos") == 4
    assert stages(engine).count("citas_y_datos") == 0
    assert (store.rows("articulos"), store.rows("hechos"), store.rows("entidades")) == ([], [], [])
    (letter,) = store.rows("pipeline_errores")
    assert (letter["clase_error"], letter["intentos"], letter["transitorio"]) == ("MalformedOutput", 4, True)


async def test_an_answer_that_is_not_json_is_tried_again(store: StackStore) -> None:
    engine = make_engine({"elementos": ["lo siento, no puedo", ANSWERS["elementos"]]})

    outcome = await process(article(), engine, store)

    assert outcome.estado == "Completed"
    assert stages(engine).count("elementos") == 2


async def test_a_spent_quota_is_parked_until_the_vendor_says(store: StackStore) -> None:
    wait = timedelta(hours=7, minutes=12)
    begun = datetime.now(UTC)
    engine = make_engine({"triaje": QuotaExhausted("tokens per day", wait.total_seconds())})

    outcome = await process(article(), engine, store)

    assert outcome.estado == "Failed"
    assert stages(engine) == ["triaje"]
    (letter,) = store.rows("pipeline_errores")
    assert letter["estado"] == "en_reintentos"
    parked = datetime.fromisoformat(str(letter["proximo_intento"]))
    assert begun + wait <= parked <= datetime.now(UTC) + wait


async def test_two_failed_runs_of_an_article_are_one_letter_with_a_history(store: StackStore) -> None:
    first = await process(article(), make_engine({"triaje": EngineUnavailable("502")}), store)
    second = await process(article(), make_engine({"relaciones": EngineUnavailable("504")}), store)

    (letter,) = store.rows("pipeline_errores")
    assert [(line["etapa"], line["flow_run_id"], line["intentos"]) for line in letter["historial"]] == [
        ("triage", first.flow_run_id, 4),
        ("relations", second.flow_run_id, 4),
    ]
    assert (letter["etapa"], letter["intentos"]) == ("relations", 8)


async def test_a_letter_is_closed_also_when_the_reading_that_succeeds_changes_nothing(
    store: StackStore,
) -> None:
    engine = make_engine()
    await process(article(), engine, store)
    await process(article(), make_engine({"triaje": EngineUnavailable("502")}), store, reprocesar=True)
    assert [letter["estado"] for letter in store.rows("pipeline_errores")] == ["en_reintentos"]

    outcome = await process(article(), engine, store, reprocesar=True)

    assert outcome.estado == "Duplicado"
    assert [letter["estado"] for letter in store.rows("pipeline_errores")] == ["resuelto"]


async def test_a_letter_left_by_a_commit_whose_answer_was_lost_is_closed_by_the_next_run(
    store: StackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    persist_articulo = store.persist_articulo

    async def lose_the_answer(payload: Payload) -> Guardado:
        await persist_articulo(payload)
        raise StoreUnavailable("the server closed the connection")

    monkeypatch.setattr(store, "persist_articulo", lose_the_answer)
    await process(article(), make_engine(), store)
    assert len(store.rows("articulos")) == 1
    assert [letter["estado"] for letter in store.rows("pipeline_errores")] == ["en_reintentos"]

    outcome = await process(article(), make_engine(), store)

    assert outcome.estado == "Duplicado"
    assert [letter["estado"] for letter in store.rows("pipeline_errores")] == ["resuelto"]


async def test_a_failure_of_both_model_and_database_still_ends_as_the_models() -> None:
    store = RecordingStore({"record_error": [StoreUnavailable("connection refused")]})

    outcome = await process(article(), make_engine({"triaje": QuotaExhausted("spent", 60.0)}), store)

    assert outcome.failure == "QuotaExhausted in triage: spent"
    assert store.calls.count("record_error") == 1


async def test_one_article_that_fails_leaves_its_neighbours_alone(store: StackStore) -> None:
    from flows.items import process_all
    from runs import runtime

    def answer(question: object) -> str | Exception:
        return EngineUnavailable("502") if "reforma 2" in str(question) else ANSWERS["elementos"]

    outcomes: list[Outcome] = []

    async def note(outcome: Outcome) -> None:
        outcomes.append(outcome)

    with runtime.using(engine=make_engine({"elementos": answer}), store=store):
        await process_all([article(n) for n in range(1, 5)], 2, False, note)

    assert {o.title[-1]: o.estado for o in outcomes} == {
        "1": "Completed", "2": "Failed", "3": "Completed", "4": "Completed",
    }  # fmt: skip
    assert len(store.rows("articulos")) == 3


async def test_the_server_shows_how_often_a_stage_was_tried(store: StackStore) -> None:
    away = EngineUnavailable("503")
    engine = make_engine({"triaje": [away, away, ANSWERS["triaje"]]})

    outcome = await process(article(), engine, store)

    runs = {run.name.rsplit("-", 1)[0]: run for run in await read_task_runs(outcome.flow_run_id, 8)}
    assert runs["triage"].run_count == 3
    assert {name: run.run_count for name, run in runs.items() if name != "triage"} == dict.fromkeys(
        set(runs) - {"triage"}, 1
    )


async def test_what_prefect_keeps_of_a_failed_run_lies_in_results_which_housekeeping_prunes() -> None:
    from runs.policy import kept_in

    answers, results = kept_in("answers"), kept_in("results")
    before, answered = set(results.iterdir()), set(answers.iterdir())

    outcome = await process(
        article(), make_engine(), RecordingStore({"find_articulo": [StoreRejected("no")]})
    )

    assert outcome.failure
    assert "StoreRejected" in "".join(path.read_text() for path in set(results.iterdir()) - before)
    assert [path for path in set(answers.iterdir()) - answered if path.is_file()] == []
    assert results.stat().st_mode & 0o077 == 0
