"""A fragment's flow: the article's stages, and nothing of an accepted document is discarded."""

from typing import Any

import pytest

from newsroom.errors import EngineRefused, StoreUnavailable
from newsroom.models.fragmento import Fragmento
from tests.database import StackStore
from tests.flows.conftest import make_engine
from tests.flows.documents import process, stages
from tests.flows.recording_store import RecordingStore
from tests.flows.scripts import TEXTO, triage
from tests.flows.test_article import read_task_runs


def fragmento(**fields: Any) -> Fragmento:
    return Fragmento.model_validate(
        {
            "id_fragmento": "f1",
            "id_articulo_fuente": "https://ejemplo.test/ley",
            "orden_en_articulo": 4,
            "metadata_adicional": {
                "titular": "Ley de pensiones",
                "titulo_seccion": "Título I",
                "pagina_fin": 9,
            },
            "texto_original": TEXTO,
            **fields,
        }
    )


async def test_a_fragment_goes_through_the_stages_of_an_article(store: StackStore) -> None:
    from prefect.client.orchestration import get_client

    engine = make_engine()
    outcome = await process(fragmento(), engine, store)

    assert (outcome.estado, outcome.failure) == ("Completed", "")
    assert stages(engine) == ["triaje", "elementos", "citas_y_datos", "relaciones"]
    runs = await read_task_runs(outcome.flow_run_id, 8)
    assert {run.name.rsplit("-", 1)[0] for run in runs} == {
        "lookup", "prepare", "triage", "elements", "linking", "quotes-and-figures", "relations", "persist",
    }  # fmt: skip
    async with get_client() as client:
        flow_run = await client.read_flow_run(outcome.flow_run_id)  # type: ignore[arg-type]
    assert flow_run.name == "Ley de pensiones · 5 Título I"
    assert flow_run.state is not None
    assert flow_run.state.message is not None
    assert flow_run.state.message.startswith("fragmento 1 del documento 1: 1 hecho, 2 entidades")


async def test_it_is_stored_under_its_document_with_its_place(store: StackStore) -> None:
    outcome = await process(fragmento(), make_engine(), store)

    (documento,) = store.rows("documentos_extensos")
    assert (documento["titulo"], documento["identidad"]) == ("Ley de pensiones", "https://ejemplo.test/ley")
    (row,) = store.rows("fragmentos_extensos")
    assert row["documento_id"] == documento["id"]
    assert (row["indice_secuencial"], row["titulo_seccion"], row["num_pagina_inicio"]) == (4, "Título I", 9)
    assert row["contenido"] == TEXTO
    (cita,) = store.rows("citas_textuales")
    assert TEXTO[cita["offset_inicio"] : cita["offset_fin"]] == cita["cita"]
    line = outcome.as_json()
    assert (line["documento_id"], line["fragmento_id"], line["titulo"]) == (1, 1, "Ley de pensiones")
    assert "articulo_id" not in line


@pytest.mark.parametrize("said", [triage(1), triage(4, exclusion="deportes")])
async def test_triage_classifies_it_and_discards_nothing(store: StackStore, said: str) -> None:
    outcome = await process(fragmento(), engine := make_engine({"triaje": said}), store)

    assert outcome.estado == "Completed"
    assert len(engine.questions) == 4
    assert len(store.rows("hechos")) == 1
    assert store.rows("fragmentos_extensos")[0]["triaje"]["decision"] != "DESCARTAR"


async def test_the_same_again_asks_nothing_and_another_text_replaces_it(store: StackStore) -> None:
    engine = make_engine()
    await process(fragmento(), engine, store)
    engine.questions.clear()

    again = await process(fragmento(), engine, store)
    assert (again.estado, engine.questions) == ("Duplicado", [])
    moved = await process(fragmento(orden_en_articulo=9), engine, store)
    assert (moved.estado, engine.questions) == ("Duplicado", [])
    changed = await process(fragmento(texto_original=TEXTO + " Fin."), engine, store)
    assert (changed.estado, len(engine.questions)) == ("Completed", 4)
    assert len(store.rows("fragmentos_extensos")) == len(store.rows("hechos")) == 1


async def test_a_failure_leaves_a_letter_under_the_flows_parameter(
    store: StackStore, no_delays: None
) -> None:
    engine = make_engine({"elementos": EngineRefused("401: wrong key", 401)})

    outcome = await process(fragmento(), engine, store)

    assert outcome.failure == "EngineRefused in elements: 401: wrong key"
    assert store.rows("fragmentos_extensos") == []
    (letter,) = store.rows("pipeline_errores")
    assert (letter["identidad"], letter["etapa"]) == ("https://ejemplo.test/ley#f1", "elements")
    assert Fragmento.model_validate(letter["entrada"]["fragmento"]) == fragmento()


async def test_a_database_that_comes_back_costs_no_model_call(no_delays: None) -> None:
    engine, faults = make_engine(), [StoreUnavailable("gone")] * 2
    outcome = await process(fragmento(), engine, RecordingStore({"persist_fragmento": faults}))
    assert (outcome.estado, len(engine.questions)) == ("Completed", 4)
