"""The payload has exactly the keys that the SQL functions read."""

import json
from typing import Any

import pytest

from newsroom.dry_run import read_item
from newsroom.engines.scripted import ScriptedEngine
from newsroom.models.extraccion import Enlaces
from newsroom.models.reading import Reading
from newsroom.models.resultado import Payload
from newsroom.stages.persistence import build_articulo_payload
from tests.factories import make_articulo
from tests.unit.material import relaciones, said_cita, said_dato, said_entidad, said_hecho, said_triaje

ANSWERS: dict[str, Any] = {
    "triaje": said_triaje(),
    "elementos": {
        "hechos": [
            said_hecho(1),
            said_hecho(2, contenido="Otra reunión en junio", pasaje="reunirse en junio"),
        ],
        "entidades": [said_entidad(1), said_entidad(2, "Senado", tipo="INSTITUCION")],
    },
    "citas_y_datos": {
        "citas_textuales": [said_cita()],
        "datos_cuantitativos": [said_dato(valor_anterior=14)],
    },
    "relaciones": relaciones(
        hecho_entidad=[
            {"hecho_id": 1, "entidad_id": 2, "tipo_relacion": "protagonista", "relevancia_en_hecho": 9}
        ],
        hecho_relacionado=[
            {
                "hecho_origen_id": 2,
                "hecho_destino_id": 1,
                "tipo_relacion": "seguimiento_de",
                "fuerza_relacion": 5,
                "descripcion_relacion": None,
            }
        ],
        entidad_relacion=[
            {
                "entidad_origen_id": 1,
                "entidad_destino_id": 2,
                "tipo_relacion": "opositor_a",
                "descripcion": None,
                "fecha_inicio": "2024-01-02",
                "fecha_fin": None,
                "fuerza_relacion": 5,
            }
        ],
        contradicciones=[
            {
                "hecho_principal_id": 1,
                "hecho_contradictorio_id": 2,
                "tipo": "fecha",
                "grado": 2,
                "descripcion": None,
            }
        ],
        importancias=[{"hecho_id": 1, "importancia": 9, "motivos": "ley nacional"}],
    ),
}
ARTICULO = make_articulo(robot="x")


async def read(answers: dict[str, Any] = ANSWERS) -> Reading:
    engine = ScriptedEngine({stage: json.dumps(answer) for stage, answer in answers.items()})
    return await read_item(engine, ARTICULO.to_item(), 12_000)


async def payload(answers: dict[str, Any] = ANSWERS) -> Payload:
    return build_articulo_payload(
        ARTICULO, await read(answers), "scripted", "f0f0f0f0-0000-4000-8000-00000000000a"
    )


KEYS = {
    "": "articulo_metadata procedencia entidades hechos citas_textuales datos_cuantitativos relaciones",
    "articulo_metadata": (
        "identidad huella_contenido url storage_path fuente medio medio_url_principal pais_publicacion "
        "tipo_medio titular fecha_publicacion autor idioma seccion etiquetas_fuente es_opinion es_oficial "
        "fecha_recopilacion contenido_texto contenido_html metadata texto_traducido resumen "
        "categorias_asignadas puntuacion_relevancia estado_procesamiento triaje advertencias"
    ),
    "procedencia": "flow_run_id motor etapas",
    "entidades": (
        "id db_id nombre tipo descripcion alias fecha_nacimiento fecha_disolucion relevancia "
        "offset_inicio offset_fin"
    ),
    "hechos": (
        "id contenido fecha precision_temporal tipo_hecho pais region ciudad etiquetas es_futuro "
        "estado_programacion importancia importancia_motivos offset_inicio offset_fin"
    ),
    "citas_textuales": "id cita entidad_id hecho_id fecha contexto atribucion relevancia "
    "offset_inicio offset_fin",
    "datos_cuantitativos": (
        "id hecho_id indicador categoria valor unidad ambito_geografico periodo tipo_periodo valor_anterior "
        "variacion_absoluta variacion_porcentual tendencia offset_inicio offset_fin"
    ),
    "relaciones": "hecho_entidad hecho_relacionado entidad_relacion contradicciones",
    "relaciones.hecho_entidad": "hecho_id entidad_id tipo_relacion relevancia_en_hecho",
    "relaciones.hecho_relacionado": (
        "hecho_origen_id hecho_destino_id tipo_relacion fuerza_relacion descripcion_relacion"
    ),
    "relaciones.entidad_relacion": (
        "entidad_origen_id entidad_destino_id tipo_relacion descripcion "
        "fecha_inicio fecha_fin fuerza_relacion"
    ),
    "relaciones.contradicciones": "hecho_principal_id hecho_contradictorio_id tipo grado descripcion",
}


@pytest.mark.parametrize("place", KEYS)
async def test_the_keys_are_those_of_the_contract(place: str) -> None:
    found: Any = await payload()
    for step in filter(None, place.split(".")):
        found = found[step]
    for one in found if isinstance(found, list) else [found]:
        assert set(one) == set(KEYS[place].split())


async def test_it_is_plain_json_and_says_what_was_read() -> None:
    sent = await payload()
    assert json.loads(json.dumps(sent)) == sent
    about = sent["articulo_metadata"]
    assert (about["identidad"], about["huella_contenido"]) == (ARTICULO.identidad, ARTICULO.huella_contenido)
    assert about["fecha_publicacion"] == "2024-05-15T21:40:00-04:00"
    assert (about["metadata"], about["estado_procesamiento"]) == ({"robot": "x"}, "completado")
    assert about["triaje"]["decision"] == "PROCESAR"
    assert not {"consumo", "advertencias"} & set(about["triaje"])
    (dato,) = sent["datos_cuantitativos"]
    # A string of digits, not a float, so that PostgreSQL reads the same number.
    assert (dato["valor"], dato["valor_anterior"], dato["variacion_absoluta"]) == ("29", "14", None)


async def test_importance_is_what_relations_said_else_the_middle() -> None:
    hechos = (await payload())["hechos"]
    assert [(h["importancia"], h["importancia_motivos"]) for h in hechos] == [(9, "ley nacional"), (5, None)]


async def test_linked_entidades_carry_the_databases_id() -> None:
    reading = (await read()).model_copy(update={"enlaces": Enlaces(db_ids={2: 77})})
    sent = build_articulo_payload(ARTICULO, reading, "scripted", None)
    assert [(e["id"], e["db_id"]) for e in sent["entidades"]] == [(1, None), (2, 77)]


async def test_each_stage_that_ran_says_which_model_and_prompt_made_its_rows() -> None:
    procedencia = (await payload())["procedencia"]
    assert (procedencia["motor"], procedencia["flow_run_id"]) == (
        "scripted",
        "f0f0f0f0-0000-4000-8000-00000000000a",
    )
    assert {stage: made["prompt"] for stage, made in procedencia["etapas"].items()} == {
        "triaje": "triage.v1",
        "elementos": "elements.v1",
        "citas_y_datos": "quotes_and_figures.v1",
        "relaciones": "relations.v1",
    }
    said = "modelo prompt huella_prompt parametros tokens_entrada tokens_salida tokens_cache costo_usd"
    assert set(said.split()) <= set(procedencia["etapas"]["triaje"])


async def test_a_discarded_article_is_a_row_and_nothing_else() -> None:
    sent = await payload({"triaje": said_triaje(5, exclusion="deportes")})
    assert sent["articulo_metadata"]["estado_procesamiento"] == "descartado"
    assert sent["articulo_metadata"]["triaje"]["exclusion"] == "deportes"
    assert set(sent["procedencia"]["etapas"]) == {"triaje"}
    lists = [sent["entidades"], sent["hechos"], sent["citas_textuales"], sent["datos_cuantitativos"]]
    assert [*lists, *sent["relaciones"].values()] == [[]] * 8


@pytest.mark.parametrize(("score", "out_of_ten"), [(1, 0), (3, 5), (5, 10)])
async def test_points_of_triage_on_the_columns_scale(score: int, out_of_ten: int) -> None:
    sent = await payload({**ANSWERS, "triaje": said_triaje(score)})
    assert sent["articulo_metadata"]["puntuacion_relevancia"] == out_of_ten


async def test_warnings_of_all_stages_are_stored_in_their_order() -> None:
    elements = {"hechos": [], "entidades": [said_entidad(1, "Pedro Quintana")]}
    answers = {
        **ANSWERS,
        "elementos": elements,
        "citas_y_datos": {"citas_textuales": [said_cita()], "datos_cuantitativos": []},
    }
    sent = await payload(answers)
    assert sent["articulo_metadata"]["advertencias"] == [
        "entidad que no está en el texto: «Pedro Quintana»",
        "referencia a entidad 1, que no existe",
        "referencia a hecho 1, que no existe",
    ]
