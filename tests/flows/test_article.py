"""The article's flow on a real Prefect server: what runs, what is stored, what is asked again."""

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest

from flows._feed import run_one
from flows.article import process_article
from newsroom.engines.base import Question
from newsroom.engines.scripted import ScriptedEngine
from newsroom.errors import EngineRefused, EngineUnavailable, QuotaExhausted, StoreUnavailable
from newsroom.models.articulo import Articulo
from newsroom.models.extraccion import Entidad
from newsroom.models.outcome import Outcome
from newsroom.store.base import Store
from noticias.leaving import send_what_waits
from tests.database import StackStore
from tests.flows.conftest import make_engine
from tests.flows.recording_store import RecordingStore
from tests.flows.scripts import TEXTO, article, triage

BOUND_S = 60


async def process(
    articulo: Articulo, engine: ScriptedEngine, store: Store, reprocesar: bool = False
) -> Outcome:
    from runs import runtime

    with runtime.using(engine=engine, store=store):
        return await asyncio.wait_for(run_one(articulo, process_article, reprocesar), BOUND_S)


def stages(engine: ScriptedEngine) -> list[str]:
    return [question.stage for question in engine.questions]


async def read_task_runs(flow_run_id: str | None, expected: int) -> list[Any]:
    """Returns the task runs that the API knows, once there are as many as expected and all have ended."""
    from uuid import UUID

    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    await asyncio.to_thread(send_what_waits)
    which = FlowRunFilter(id=FlowRunFilterId(any_=[UUID(str(flow_run_id))]))
    async with get_client() as client, asyncio.timeout(BOUND_S):
        while True:
            runs = await client.read_task_runs(flow_run_filter=which)
            if len(runs) >= expected and all(run.state and run.state.is_final() for run in runs):
                return runs


async def test_an_article_goes_through_all_stages_and_only_what_the_text_says_is_stored(
    store: StackStore,
) -> None:
    engine = make_engine()

    outcome = await process(article(), engine, store)

    assert outcome.failure == ""
    assert outcome.estado == "Completed"
    assert stages(engine) == ["triaje", "elementos", "citas_y_datos", "relaciones"]
    resultado = outcome.resultado
    assert resultado is not None
    assert resultado.conteos.model_dump() == {
        "hechos": 1,
        "entidades": 2,
        "citas_textuales": 1,
        "datos_cuantitativos": 1,
        "hecho_entidad": 1,
        "hecho_relacionado": 0,
        "entidad_relacion": 0,
        "contradicciones": 0,
    }
    dropped = "\n".join(resultado.advertencias)
    for invented in ("El Senado rechazó", "Pedro Inventado", "Nunca dije", "77", "99"):
        assert invented in dropped
    (cita,) = store.rows("citas_textuales")
    assert TEXTO[cita["offset_inicio"] : cita["offset_fin"]] == cita["cita"]
    assert "Inventado" not in str(
        [store.rows("entidades"), store.rows("hechos"), store.rows("citas_textuales")]
    )


async def test_the_server_shows_a_readable_run_with_a_task_run_for_each_stage(store: StackStore) -> None:
    from prefect.client.orchestration import get_client

    outcome = await process(article(titular="Reforma en Chile"), make_engine(), store)

    runs = await read_task_runs(outcome.flow_run_id, 8)
    names = {run.name.rsplit("-", 1)[0] for run in runs}
    assert names == {
        "lookup", "prepare", "triage", "elements", "linking", "quotes-and-figures", "relations", "persist",
    }  # fmt: skip
    async with get_client() as client:
        flow_run = await client.read_flow_run(outcome.flow_run_id)  # type: ignore[arg-type]
    assert flow_run.name == "El Diario · Reforma en Chile"
    assert flow_run.state is not None
    assert "1 hecho, 2 entidades, 1 cita, 1 dato," in (flow_run.state.message or "")


async def test_a_discarded_article_is_asked_about_once_and_leaves_its_row(store: StackStore) -> None:
    engine = make_engine({"triaje": triage(exclusion="deportes")})

    outcome = await process(article(), engine, store)

    assert outcome.estado == "Descartado"
    assert stages(engine) == ["triaje"]
    assert [row["estado_procesamiento"] for row in store.rows("articulos")] == ["descartado"]
    assert store.rows("hechos") == []


async def test_the_same_again_asks_nothing_and_a_forced_reading_pays_nothing(store: StackStore) -> None:
    engine = make_engine()
    await process(article(), engine, store)
    engine.questions.clear()

    again = await process(article(), engine, store)
    forced = await process(article(), engine, store, reprocesar=True)

    assert (again.estado, forced.estado) == ("Duplicado", "Duplicado")
    assert engine.questions == [], "every answer that had arrived was kept"
    assert len(store.rows("articulos")) == len(store.rows("hechos")) == 1


async def test_changed_content_replaces_the_extraction(store: StackStore) -> None:
    await process(article(), make_engine(), store)

    outcome = await process(article(contenido_texto=TEXTO + " Fin."), make_engine(), store)

    assert outcome.estado == "Completed"
    assert len(store.rows("articulos")) == len(store.rows("hechos")) == 1
    assert store.rows("articulos")[0]["contenido_texto"].endswith("Fin.")


async def test_the_graph_of_a_run_shows_which_stage_comes_after_which(store: StackStore) -> None:
    outcome = await process(article(), make_engine(), store)

    runs = await read_task_runs(outcome.flow_run_id, 8)
    names = {run.id: run.name.rpartition("-")[0] for run in runs}
    behind = {
        names[run.id]: {names[before.id] for given in run.task_inputs.values() for before in given}
        for run in runs
    }
    assert behind == {
        "lookup": set(),
        "prepare": set(),
        "triage": {"prepare"},
        "elements": {"prepare"},
        "linking": {"elements"},
        "quotes-and-figures": {"prepare", "elements"},
        "relations": {"prepare", "elements", "quotes-and-figures"},
        "persist": {"relations", "linking"},
    }


async def test_an_article_without_trouble_leaves_no_warning(
    store: StackStore, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = await process(article(titular="Sin tropiezos"), make_engine(), store)

    assert outcome.failure == ""
    assert [record.getMessage() for record in caplog.records if record.levelname != "INFO"] == []


async def test_what_is_stored_or_found_stored_closes_its_dead_letter_without_a_request_of_its_own(
    store: StackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved = store.listen(monkeypatch, "resolve_error")
    failure = {
        "identidad": article().identidad,
        "etapa": "triaje",
        "clase_error": "EngineUnavailable",
        "mensaje": "sin respuesta",
        "transitorio": True,
    }
    for reprocesar in (False, True, False):
        await store.record_error(failure)

        await process(article(), make_engine(), store, reprocesar)

        assert await store.list_errors() == []
        assert resolved == []


async def test_eight_slow_model_calls_are_under_way_at_once(store: StackStore) -> None:
    from runs import runtime

    barrier = asyncio.Barrier(8)

    async def wait_for_the_others(question: Question) -> None:
        # Passes only when all eight articles are inside a model call of this stage at the same time.
        await barrier.wait()

    with runtime.using(engine=make_engine(before=wait_for_the_others), store=store):
        runs = asyncio.gather(*[run_one(article(n), process_article) for n in range(8)])
        outcomes = await asyncio.wait_for(runs, BOUND_S)

    assert [outcome.estado for outcome in outcomes] == ["Completed"] * 8


async def test_linking_works_in_a_thread_while_the_model_is_asked_for_quotations() -> None:
    asked = threading.Event()

    class WaitingStore(RecordingStore):
        def link_entidades(self, entidades: Sequence[Entidad], threshold: float) -> dict[int, int]:
            assert asked.wait(BOUND_S), "the quotations were not asked for while linking was at work"
            return super().link_entidades(entidades, threshold)

    async def note(question: Question) -> None:
        if question.stage == "citas_y_datos":
            asked.set()

    outcome = await process(article(), make_engine(before=note), WaitingStore())

    assert outcome.failure == ""


async def test_a_passing_fault_is_tried_again(store: StackStore, no_delays: None) -> None:
    away = EngineUnavailable("503")
    engine = make_engine({"triaje": [away, away, triage()]})

    outcome = await process(article(), engine, store)

    assert outcome.estado == "Completed"
    assert stages(engine).count("triaje") == 3


@pytest.mark.parametrize(
    ("failure", "tries"),
    [
        (EngineRefused("400: no such model", 400), 1),
        (QuotaExhausted("tokens per day", 990), 1),
        (EngineUnavailable("502"), 4),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
async def test_a_failure_for_good_leaves_a_dead_letter_and_no_row(
    store: StackStore, no_delays: None, failure: Exception, tries: int
) -> None:
    engine = make_engine({"elementos": failure})

    outcome = await process(article(), engine, store)

    assert outcome.estado == "Failed"
    assert str(failure) in outcome.failure
    assert stages(engine).count("elementos") == tries
    assert store.rows("articulos") == []
    (letter,) = store.rows("pipeline_errores")
    assert letter["etapa"] == "elements"
    assert letter["clase_error"] == type(failure).__name__
    assert letter["intentos"] == tries
    assert letter["flow_run_id"] == outcome.flow_run_id
    assert letter["entrada"]["articulo"]["titular"] == article().titular
    assert letter["transitorio"] is not isinstance(failure, EngineRefused)
    assert (letter["proximo_intento"] is None) is isinstance(failure, EngineRefused)


async def test_a_later_success_closes_the_dead_letter_and_repeats_no_answer(
    store: StackStore, no_delays: None
) -> None:
    engine = make_engine({"elementos": EngineRefused("401", 401)})
    await process(article(), engine, store)
    engine._answers.update(elementos=make_engine()._answers["elementos"])

    outcome = await process(article(), engine, store)

    assert outcome.estado == "Completed"
    assert stages(engine).count("triaje") == 1
    assert [letter["estado"] for letter in store.rows("pipeline_errores")] == ["resuelto"]


async def test_a_database_that_comes_back_costs_no_model_call(no_delays: None) -> None:
    engine, faults = make_engine(), [StoreUnavailable("connection refused")] * 2
    outcome = await process(article(), engine, RecordingStore({"persist_articulo": faults}))

    assert outcome.estado == "Completed"
    assert len(engine.questions) == 4


async def test_a_long_article_is_read_in_pieces_and_becomes_one(store: StackStore) -> None:
    filler = "\n".join(["Los trámites siguieron su curso en la comisión durante toda la jornada."] * 250)
    texto = f"{TEXTO}\n{filler}\n{TEXTO}"

    outcome = await process(article(contenido_texto=texto), engine := make_engine(), store)

    assert outcome.failure == ""
    assert stages(engine).count("elementos") == 2
    assert stages(engine).count("relaciones") == 1
    assert len(store.rows("entidades")) == 2
    assert len(store.rows("hechos")) == 1, "the hecho that both pieces have is one"
    assert all(
        texto[c["offset_inicio"] : c["offset_fin"]] == c["cita"] for c in store.rows("citas_textuales")
    )


async def test_an_english_article_is_kept_in_both_languages(store: StackStore) -> None:
    texto = (
        "The Congress of Chile approved the pension reform on Tuesday by 68 votes to 47. The finance "
        "minister, Rosa Peralta, welcomed the result in Valparaíso and thanked every party for its help."
    )
    empty = '{"hechos": [], "entidades": [], "citas_textuales": [], "datos_cuantitativos": []}'
    engine = make_engine(
        {
            "traduccion": '{"texto": "El Congreso de Chile aprobó…"}',
            "elementos": empty,
            "citas_y_datos": empty,
        }
    )

    outcome = await process(article(contenido_texto=texto, idioma="es"), engine, store)

    assert outcome.failure == ""
    (row,) = store.rows("articulos")
    assert (row["idioma"], row["texto_traducido"]) == ("en", "El Congreso de Chile aprobó…")
    assert row["contenido_texto"] == texto


async def test_a_wrong_parameter_is_refused_before_anything_runs() -> None:
    from prefect.exceptions import ParameterTypeError

    from flows.article import process_article
    from runs import runtime

    engine, store = make_engine(), RecordingStore()
    refused = pytest.raises(ParameterTypeError, match=r"articulo\.contenido_texto: Field required")
    with runtime.using(engine=engine, store=store), refused:
        await process_article({"medio": "El Diario"})  # type: ignore[call-overload]

    assert engine.questions == []
    assert store.calls == []
