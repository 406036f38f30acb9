"""The model gives scores. The sum and the decision are computed, whatever the model says about them."""

import json
from typing import Any

import pytest

from newsroom.engines.scripted import ScriptedEngine
from newsroom.errors import MalformedOutput
from newsroom.models.extraccion import Triaje
from newsroom.models.respuestas import RespuestaTriaje
from newsroom.models.vocabulario import Decision, Exclusion, SinContenido
from newsroom.stages.prepare import prepare
from newsroom.stages.triage import decide, triage
from tests.unit.material import item, said_triaje


async def judge(said: dict[str, Any], **changes: Any) -> Triaje:
    about = item(**changes)
    return await triage(ScriptedEngine({"triaje": json.dumps(said)}), about, prepare(about, 12_000))


@pytest.mark.parametrize(
    ("total", "decision"),
    [
        (5, Decision.DESCARTAR),
        (11, Decision.DESCARTAR),
        (12, Decision.CONSIDERAR),
        (16, Decision.CONSIDERAR),
        (17, Decision.PROCESAR),
        (25, Decision.PROCESAR),
    ],
)
def test_the_borders_of_the_decision(total: int, decision: Decision) -> None:
    assert decide(total, None) is decision
    assert decide(total, Exclusion.DEPORTES) is Decision.DESCARTAR


@pytest.mark.parametrize(
    ("said", "total", "decision"),
    [
        (said_triaje(1, decision="PROCESAR", puntuacion_total=25), 5, "DESCARTAR"),
        (said_triaje(5, decision="DESCARTAR", puntuacion_total=5), 25, "PROCESAR"),
        (said_triaje(3), 15, "CONSIDERAR"),
        (said_triaje(3, densidad_factual=5), 17, "PROCESAR"),
        (said_triaje(99), 25, "PROCESAR"),
        (said_triaje(-4), 5, "DESCARTAR"),
        (said_triaje("4"), 20, "PROCESAR"),  # type: ignore[arg-type]
        (said_triaje(5, exclusion="deportes"), 25, "DESCARTAR"),
        (said_triaje(5, exclusion="Economía rutinaria"), 25, "DESCARTAR"),
        (said_triaje(5, exclusion="null"), 25, "PROCESAR"),
    ],
)
async def test_sum_and_decision_are_ours(said: dict[str, Any], total: int, decision: str) -> None:
    triaje = await judge(said)
    assert (triaje.puntuacion_total, triaje.decision.value) == (total, decision)
    assert triaje.puntuaciones.total == total


@pytest.mark.parametrize(
    ("said", "decision"),
    [
        (said_triaje(1), Decision.CONSIDERAR),
        (said_triaje(5, exclusion="deportes"), Decision.PROCESAR),
        (said_triaje(1, exclusion="promocional"), Decision.CONSIDERAR),
    ],
)
async def test_a_fragment_is_never_discarded(said: dict[str, Any], decision: Decision) -> None:
    triaje = await judge(said, es_fragmento=True)
    assert (triaje.decision, triaje.exclusion) == (decision, None)


@pytest.mark.parametrize(
    "changes", [{"tipo_articulo": "CUENTO"}, {"densidad_factual": None}, {"exclusion": "aburrido"}]
)
async def test_an_answer_without_a_score_is_no_judgement(changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedOutput, match=next(iter(changes))):
        await judge(said_triaje(**changes))


async def test_the_first_piece_is_judged_and_what_was_said_is_kept() -> None:
    about = item("Primera parte del texto que se lee.\n" * 40, es_opinion=True, seccion="Opinión")
    engine = ScriptedEngine({"triaje": json.dumps(said_triaje(tipo_articulo="opinion"))})
    preparado = prepare(about, 500)
    triaje = await triage(engine, about, preparado)
    assert len(preparado.trozos) > 1
    assert engine.questions[0].material.texto == preparado.trozos[0].texto
    assert (triaje.tipo_articulo, triaje.paises, triaje.temas) == ("OPINIÓN", ("Chile",), ("agua",))
    assert (triaje.consumo.modelo, triaje.consumo.prompt) == ("guion", "triage.v1")


async def test_about_what_is_no_article_no_model_is_asked() -> None:
    engine = ScriptedEngine({"triaje": json.dumps(said_triaje(5))})
    about = item("Utilizamos cookies propias y de terceros. Aceptar cookies. Puede cambiar la configuración.")
    triaje = await triage(engine, about, prepare(about, 12_000))

    assert engine.questions == []
    assert (triaje.decision, triaje.exclusion) == (Decision.DESCARTAR, SinContenido.SIN_CONTENIDO)
    assert set(triaje.puntuaciones.model_dump().values()) == {1}
    assert triaje.puntuacion_total == 5
    assert triaje.justificacion == "No es un artículo: es un aviso de cookies («utilizamos cookies»)."
    assert triaje.consumo.peticiones == 0
    # It is read back from a cache and from the database.
    assert Triaje.model_validate_json(triaje.model_dump_json()) == triaje


async def test_a_fragment_is_never_taken_for_empty() -> None:
    engine = ScriptedEngine({"triaje": json.dumps(said_triaje(3))})
    about = item("Utilizamos cookies propias y de terceros. Aceptar cookies.", es_fragmento=True)
    triaje = await triage(engine, about, prepare(about, 12_000))

    assert len(engine.questions) == 1
    assert triaje.decision is Decision.CONSIDERAR


def test_no_model_is_offered_what_only_code_finds() -> None:
    schema = json.dumps(RespuestaTriaje.model_json_schema(), ensure_ascii=False)
    assert Exclusion.DEPORTES.value in schema
    assert SinContenido.SIN_CONTENIDO.value not in schema
