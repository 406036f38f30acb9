"""A document's flow: a run for each fragment, only what is missing is read, complete or it says why not."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from newsroom.engines.base import Question
from newsroom.errors import EngineRefused, EngineUnavailable, QuotaExhausted
from newsroom.models.fragmento import Fragmento
from tests.database import StackStore
from tests.flows.conftest import make_engine
from tests.flows.documents import (
    artifacts_of,
    children_of,
    documento,
    law,
    number_of,
    process,
    sections_asked,
    stages,
)
from tests.flows.scripts import ANSWERS, TEXTO

pytestmark = pytest.mark.usefixtures("small_fragments", "no_delays")


def failing(number: int, failure: Exception) -> Any:
    """Returns a script for `elementos` that fails for one section of the law."""

    def answer(question: Question) -> str | Exception:
        return failure if number_of(question) == number else ANSWERS["elementos"]

    return answer


async def test_each_fragment_is_a_run_under_its_document_and_all_are_stored(store: StackStore) -> None:
    engine, texto = make_engine(), law(4)

    outcome = await process(documento(texto), engine, store)

    assert (outcome.estado, outcome.failure) == ("Completed", "")
    assert outcome.resultado is not None
    assert outcome.resultado.fragmentos == {"Completed": 4}
    assert outcome.resultado.conteos.citas_textuales == 4
    assert outcome.as_json()["fragmentos"] == {"Completed": 4}
    assert Counter(stages(engine)) == dict.fromkeys(ANSWERS, 4)
    rows = sorted(store.rows("fragmentos_extensos"), key=lambda row: int(row["indice_secuencial"]))
    assert "".join(row["contenido"] for row in rows) == texto
    (row,) = store.rows("documentos_extensos")
    assert (row["procesado"], row["num_fragmentos"]) == (True, 4)
    runs = await children_of(outcome.flow_run_id)
    assert sorted(run.name for run in runs) == [f"Ley de pensiones · {n} Artículo {n}" for n in range(1, 5)]
    assert len(store.rows("entidades")) == 2, "what all fragments name is one row"


async def test_its_page_shows_progress_and_what_became_of_each_fragment(store: StackStore) -> None:
    engine = make_engine({"elementos": failing(2, EngineRefused("400: | <b>no</b>", 400))})

    outcome = await process(documento(law(3), url="https://ejemplo.test/pagina"), engine, store)

    shown = await artifacts_of(outcome.flow_run_id)
    assert set(shown) == {"progress", "documento-1"}
    assert shown["progress"] == 100.0
    page = shown["documento-1"]
    assert "Artículo 1" in page
    assert "EngineRefused in elements" in page
    assert "<b>" not in page


async def test_one_failing_fragment_leaves_letters_and_the_next_run_reads_only_that(
    store: StackStore,
) -> None:
    engine = make_engine({"elementos": failing(3, EngineUnavailable("502"))})
    first = await process(documento(law(4)), engine, store)

    assert first.failure.startswith("IncompleteDocument: 1 fragment is missing; the first: EngineUnavailable")
    assert len(store.rows("fragmentos_extensos")) == 3
    letters = {letter["clase_error"]: letter for letter in store.rows("pipeline_errores")}
    assert set(letters) == {"EngineUnavailable", "IncompleteDocument"}
    assert letters["IncompleteDocument"]["transitorio"] is True
    assert set(letters["IncompleteDocument"]["entrada"]) == {"documento"}
    engine.questions.clear()
    engine._answers.update(elementos=ANSWERS["elementos"])

    second = await process(documento(law(4)), engine, store)

    assert second.estado == "Completed"
    assert second.resultado is not None
    assert second.resultado.fragmentos == {"Completed": 1}
    assert sections_asked(engine) == {3}
    assert stages(engine) == ["elementos", "citas_y_datos", "relaciones"], "its triage had been answered"
    assert [letter["estado"] for letter in store.rows("pipeline_errores")] == ["resuelto", "resuelto"]


async def test_the_same_document_again_asks_nothing_and_says_so(store: StackStore) -> None:
    engine = make_engine()
    await process(documento(law(3)), engine, store)
    engine.questions.clear()
    before = store.rows("fragmentos_extensos")

    again = await process(documento(law(3)), engine, store)

    assert (again.estado, engine.questions) == ("Duplicado", [])
    assert again.resultado is not None
    assert (again.resultado.documento_id, again.resultado.fragmentos) == (1, {})
    assert store.rows("fragmentos_extensos") == before
    assert await children_of(again.flow_run_id) == []


async def test_a_changed_section_is_read_alone_and_the_old_one_goes(store: StackStore) -> None:
    engine = make_engine()
    await process(documento(law(4)), engine, store)
    engine.questions.clear()
    texto = law(4, a2="queda derogada")

    outcome = await process(documento(texto), engine, store)

    assert outcome.estado == "Completed"
    assert sections_asked(engine) == {2}
    rows = sorted(store.rows("fragmentos_extensos"), key=lambda row: int(row["indice_secuencial"]))
    assert "".join(row["contenido"] for row in rows) == texto
    assert len(store.rows("hechos")) == len(store.rows("citas_textuales")) == 4


async def test_sections_that_are_taken_out_or_moved_cost_nothing(store: StackStore) -> None:
    engine = make_engine()
    await process(documento(law(4)), engine, store)
    engine.questions.clear()
    sections = law(4).split("## ")[1:]
    texto = "## " + "## ".join([sections[3], sections[0], sections[2]])

    outcome = await process(documento(texto), engine, store)

    assert engine.questions == []
    assert outcome.estado == "Duplicado"
    rows = sorted(store.rows("fragmentos_extensos"), key=lambda row: int(row["indice_secuencial"]))
    assert "".join(row["contenido"] for row in rows) == texto


@pytest.mark.parametrize(
    ("failure", "transient"),
    [(EngineRefused("401: wrong key", 401), False), (QuotaExhausted("tokens per day", 7_200.0), True)],
    ids=["refusal", "quota"],
)
async def test_what_no_other_fragment_can_escape_stops_the_rest(
    store: StackStore, failure: Exception, transient: bool
) -> None:
    engine = make_engine({"triaje": failure})

    outcome = await process(documento(law(12)), engine, store)

    assert outcome.failure == f"{type(failure).__name__} in triage: {failure}"
    assert len(engine.questions) <= 8, "at most those that were under way, and one for each of their places"
    letters = {next(iter(letter["entrada"])): letter for letter in store.rows("pipeline_errores")}
    assert set(letters) == {"fragmento", "documento"}
    assert letters["documento"]["transitorio"] is transient
    if transient:
        waits = {letter["proximo_intento"][:16] for letter in store.rows("pipeline_errores")}
        assert len(waits) <= 2, "the document waits for the quota as its fragments do"


async def test_read_again_it_is_complete_only_if_every_fragment_was(store: StackStore) -> None:
    await process(documento(law(3)), make_engine(), store)
    engine = make_engine({"elementos": failing(2, EngineUnavailable("502"))})

    outcome = await process(documento(law(3)), engine, store, reprocesar=True)

    assert outcome.failure.startswith("IncompleteDocument: 1 fragment is missing")
    assert len(store.rows("fragmentos_extensos")) == 3, "what was stored before is still there"
    assert {frozenset(letter["entrada"]) for letter in store.rows("pipeline_errores")} == {
        frozenset({"fragmento", "reprocesar"}),
        frozenset({"documento", "reprocesar"}),
    }
    assert {letter["estado"] for letter in store.rows("pipeline_errores")} == {"en_reintentos"}
    engine._answers.update(elementos=ANSWERS["elementos"])
    engine.questions.clear()

    again = await process(documento(law(3)), engine, store, reprocesar=True)

    assert again.failure == ""
    assert sections_asked(engine) == {2}
    assert {letter["estado"] for letter in store.rows("pipeline_errores")} == {"resuelto"}


async def test_a_file_that_has_gone_is_one_line_and_a_letter_for_a_person(
    tmp_path: Path, store: StackStore
) -> None:
    engine = make_engine()

    outcome = await process(documento(ruta=str(tmp_path / "ley.md")), engine, store)

    assert outcome.failure == f"InvalidInput in split: {tmp_path}/ley.md: no such file"
    (letter,) = store.rows("pipeline_errores")
    assert (letter["estado"], letter["etapa"]) == ("intervencion_requerida", "split")
    assert (store.rows("documentos_extensos"), engine.questions) == ([], [])


async def test_a_document_in_a_file_is_read_from_it(tmp_path: Path, store: StackStore) -> None:
    path = tmp_path / "ley.md"
    path.write_text(law(2), encoding="utf-8")

    outcome = await process(documento(ruta=str(path)), make_engine(), store)

    assert outcome.estado == "Completed"
    assert store.rows("documentos_extensos")[0]["metadata"]["formato"] == "md"
    assert len(store.rows("fragmentos_extensos")) == 2


async def test_two_documents_share_the_entidades_they_name(store: StackStore) -> None:
    for number in (1, 2):
        await process(documento(law(2), url=f"https://ejemplo.test/ley/{number}"), make_engine(), store)

    assert len(store.rows("documentos_extensos")) == 2
    assert len(store.rows("fragmentos_extensos")) == 4
    assert sorted(row["nombre"] for row in store.rows("entidades")) == ["Congreso de Chile", "Rosa Peralta"]


async def test_a_connectors_fragment_and_a_document_of_one_url_are_one_document(store: StackStore) -> None:
    sent = Fragmento.model_validate(
        {"id_fragmento": "x", "id_articulo_fuente": "https://ejemplo.test/ley", "texto_original": TEXTO}
    )
    await process(sent, make_engine(), store)
    outcome = await process(documento(law(2), url="https://ejemplo.test/ley"), make_engine(), store)

    assert outcome.estado == "Completed"
    assert len(store.rows("documentos_extensos")) == 1
    assert len(store.rows("fragmentos_extensos")) == 2
