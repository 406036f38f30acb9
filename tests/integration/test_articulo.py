"""insertar_articulo_completo and buscar_articulo: an article is stored whole, and only once."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.types.range import Range

from tests.integration.conftest import Database, Row, call
from tests.integration.extraction import CITA, FLOW_RUN, TEXTO, Payload
from tests.integration.payloads import article, changed

COUNTS = {
    "num_hechos_insertados": 3,
    "num_entidades_procesadas": 4,
    "num_entidades_nuevas": 4,
    "num_citas_insertadas": 1,
    "num_datos_insertados": 2,
    "num_rel_he_insertadas": 2,
    "num_rel_hh_insertadas": 1,
    "num_rel_ee_insertadas": 1,
    "num_contradicciones_insertadas": 1,
}
NONE = dict.fromkeys(COUNTS, 0)

Connection = psycopg.Connection[Row]


def store(connection: Connection, payload: Payload) -> dict[str, Any]:
    answer: dict[str, Any] = call(connection, "insertar_articulo_completo", datos_json=payload)
    return answer


def snapshot(database: Database) -> dict[str, list[Row]]:
    """Returns every row of every table, with its place on disk and the last transaction on it."""
    tables = [
        name for (name,) in database.rows("select tablename from pg_tables where schemaname = 'public'")
    ]
    return {
        table: database.rows(
            f"select ctid::text, xmin::text, xmax::text, t::text from public.{table} as t order by ctid"
        )
        for table in tables
    }


def test_everything_is_stored_and_counted(database: Database, service: Connection) -> None:
    answer = store(service, article())
    assert answer == {
        "resultado": "insertado",
        "articulo_id": database.value("select id from articulos"),
        **COUNTS,
    }
    stored = call(service, "resumen_base")
    assert stored == {
        "articulos": 1,
        "documentos_extensos": 0,
        "fragmentos_extensos": 0,
        "entidades": 4,
        "hechos": 3,
        "citas_textuales": 1,
        "datos_cuantitativos": 2,
        "entidad_articulo": 4,
        "entidad_fragmento": 0,
        "hecho_articulo": 3,
        "hecho_entidad": 2,
        "hecho_relacionado": 1,
        "entidad_relacion": 1,
        "contradicciones": 1,
        "eventos_programados": 1,
        "pipeline_errores": 0,
        "consumo_etapas": 4,
        "fuentes": 0,
        "entradas_rechazadas": 0,
    }


def test_the_article_s_own_fields(database: Database, service: Connection) -> None:
    store(service, article())
    row = database.value("select to_jsonb(a) from articulos a")
    sent = article()["articulo_metadata"]
    same = set(sent) - {"fecha_publicacion"}
    assert {key: row[key] for key in same} == {key: sent[key] for key in same}
    assert database.value("select fecha_publicacion from articulos") == datetime(2024, 5, 6, 6, tzinfo=UTC)
    assert (row["decision"], row["motor"], row["flow_run_id"]) == ("PROCESAR", "groq", FLOW_RUN)


def test_what_may_be_absent_gets_its_default(database: Database, service: Connection) -> None:
    payload = article()
    for key in (
        "etiquetas_fuente",
        "categorias_asignadas",
        "advertencias",
        "metadata",
        "es_opinion",
        "triaje",
    ):
        payload["articulo_metadata"][key] = None
    for key in ("es_oficial", "idioma", "contenido_html", "url"):
        del payload["articulo_metadata"][key]
    store(service, payload)
    assert database.rows(
        "select etiquetas_fuente, categorias_asignadas, advertencias, metadata, es_opinion, triaje, "
        "decision, "
        "es_oficial, idioma, url from articulos"
    ) == [([], [], [], {}, False, None, None, False, "es", None)]


def test_hechos_keep_their_dates_places_and_agenda(database: Database, service: Connection) -> None:
    store(service, article())
    day = datetime(2024, 5, 5, tzinfo=UTC)
    ranges = [row[0] for row in database.rows("select fecha_ocurrencia from hechos order by id_local")]
    assert ranges[0] == Range(day, day, "[]")
    assert ranges[1] is None
    assert (ranges[2].lower, ranges[2].upper) == (
        datetime(2030, 6, 10, 14, tzinfo=UTC),
        datetime(2030, 6, 12, 23, tzinfo=UTC),
    )
    assert database.rows(
        "select isempty(fecha_ocurrencia), importancia, pais, region, ciudad from hechos"
    ) == [
        (False, 8, ["España"], ["Madrid"], ["Madrid"]),
        (None, 5, [], [], []),
        (False, 6, ["Colombia"], [], ["Bogotá"]),
    ]
    assert database.rows(
        "select h.id_local, e.fecha_programada = h.fecha_ocurrencia, e.estado, e.prioridad_cobertura "
        "from eventos_programados e join hechos h on h.id = e.hecho_id"
    ) == [(3, True, "confirmado", 3)]


@pytest.mark.parametrize(
    ("fecha", "expected"),
    [
        (None, None),
        ({}, None),
        ({"inicio": None, "fin": "2024-01-01"}, Range(None, datetime(2024, 1, 1, tzinfo=UTC), "(]")),
        (
            {"inicio": "2024-01-01T10:00:00+02:00", "fin": None},
            Range(datetime(2024, 1, 1, 8, tzinfo=UTC), None, "[)"),
        ),
    ],
)
def test_open_and_absent_dates(
    database: Database, service: Connection, fecha: dict[str, Any] | None, expected: Range[datetime] | None
) -> None:
    store(service, changed(article(), "hechos.0.fecha", fecha))
    assert database.value("select fecha_ocurrencia from hechos where id_local = 1") == expected


def test_dates_do_not_depend_on_the_session(database: Database, service: Connection) -> None:
    service.execute("set timezone = 'America/Bogota'")
    service.execute("set datestyle = 'German'")
    store(service, article(fecha_publicacion="2024-05-06T08:00:00"))
    assert database.value("select fecha_publicacion = '2024-05-06T08:00:00Z' from articulos")
    assert database.value("select fecha_cita = '2024-05-05T00:00:00Z' from citas_textuales")


def test_citas_and_datos(database: Database, service: Connection) -> None:
    store(service, article())
    assert database.rows(
        "select c.cita, e.nombre, h.id_local, c.contexto, c.relevancia, c.prompt, "
        "substr(a.contenido_texto, c.offset_inicio + 1, c.offset_fin - c.offset_inicio) "
        "from citas_textuales c join entidades e on e.id = c.entidad_emisora_id "
        "join hechos h on h.id = c.hecho_contexto_id join articulos a on a.id = c.articulo_id"
    ) == [(CITA, "Pedro Sánchez", 1, "anuncio", 5, "quotes.v1", CITA)]
    assert database.rows(
        "select d.indicador, d.categoria, d.valor_numerico, d.unidad, h.id_local, "
        "d.periodo_referencia_inicio, "
        "d.periodo_referencia_fin, d.tipo_periodo, d.valor_anterior, d.variacion_absoluta, d.tendencia "
        "from datos_cuantitativos d left join hechos h on h.id = d.hecho_id order by d.id_local"
    ) == [
        (
            "Crecimiento del PIB",
            "económico",
            Decimal("3.5"),
            "porcentaje",
            2,
            date(2024, 1, 1),
            date(2024, 3, 31),
            "trimestral",
            Decimal("3.1"),
            Decimal("0.4"),
            "aumento",
        ),
        ("Año de la cumbre", "otro", Decimal("2030"), "año", None, None, None, None, None, None, None),
    ]


def test_relations_point_to_the_right_rows(database: Database, service: Connection) -> None:
    store(service, article("https://medio.example/antes"))
    answer = store(service, article())
    articulo_id = answer["articulo_id"]
    assert database.rows(
        "select h.id_local, e.nombre, r.tipo_relacion, r.relevancia_en_hecho from hecho_entidad r "
        "join hechos h on h.id = r.hecho_id join entidades e on e.id = r.entidad_id "
        "where h.articulo_id = %s order by 1",
        articulo_id,
    ) == [(1, "Pedro Sánchez", "declarante", 10), (3, "Bogotá", "ubicacion", 5)]
    assert database.rows(
        "select o.id_local, o.articulo_id, d.id_local, d.articulo_id, r.tipo_relacion, r.fuerza_relacion "
        "from hecho_relacionado r join hechos o on o.id = hecho_origen_id join hechos d on d.id = "
        "hecho_destino_id "
        "where o.articulo_id = %s",
        articulo_id,
    ) == [(2, articulo_id, 1, articulo_id, "causa", 6)]
    assert database.rows(
        "select o.nombre, d.nombre, r.tipo_relacion, r.fecha_inicio, r.fuerza_relacion from "
        "entidad_relacion r "
        "join entidades o on o.id = entidad_origen_id join entidades d on d.id = entidad_destino_id "
        "where r.articulo_id = %s",
        articulo_id,
    ) == [("Pedro Sánchez", "Gobierno", "miembro_de", date(2018, 6, 2), 9)]
    assert database.rows(
        "select p.id_local, c.id_local, r.tipo, r.grado, r.estado_resolucion from contradicciones r "
        "join hechos p on p.id = hecho_principal_id join hechos c on c.id = hecho_contradictorio_id "
        "where p.articulo_id = %s",
        articulo_id,
    ) == [(1, 2, "valor", 2, "pendiente")]


def test_cost_and_tokens_of_each_stage(database: Database, service: Connection) -> None:
    store(service, article())
    rows = database.rows(
        "select etapa, motor, modelo, prompt, parametros, tokens_entrada, tokens_salida, tokens_cache, "
        "costo_usd, "
        "detalle, flow_run_id::text, huella_contenido from consumo_etapas order by etapa"
    )
    assert [row[0] for row in rows] == ["citas_y_datos", "elementos", "relaciones", "triaje"]
    assert rows[3][1:] == (
        "groq",
        "openai/gpt-oss-120b",
        "elements.v1",
        {"temperature": 0},
        50,
        20,
        10,
        Decimal("0.00125"),
        {"segundos": 1.5},
        FLOW_RUN,
        "h1",
    )


def test_a_quotation_may_stand_in_the_translation(database: Database, service: Connection) -> None:
    payload = article(contenido_texto="The president said he would raise it. " * 12, texto_traducido=TEXTO)
    assert store(service, payload)["num_citas_insertadas"] == 1
    assert database.value("select texto_traducido from articulos") == TEXTO


def test_what_is_said_twice_is_stored_once_and_counted_once(database: Database, service: Connection) -> None:
    payload = article()
    for rows in payload["relaciones"].values():
        rows.append(dict(rows[0]))
    payload["relaciones"]["hecho_entidad"][2]["relevancia_en_hecho"] = 4
    assert {key: store(service, payload)[key] for key in COUNTS} == COUNTS
    assert (
        database.value("select relevancia_en_hecho from hecho_entidad where tipo_relacion = 'declarante'")
        == 10
    )


def test_find_answers_what_is_stored(service: Connection) -> None:
    answer = store(service, article())
    identidad = article()["articulo_metadata"]["identidad"]
    found = call(service, "buscar_articulo", identidad=identidad, huella_contenido="h1")
    assert found == {"articulo_id": answer["articulo_id"], "estado_procesamiento": "completado", **COUNTS}
    assert call(service, "buscar_articulo", identidad=identidad, huella_contenido="h2") is None
    assert call(service, "buscar_articulo", identidad="otra", huella_contenido="h1") is None


FAILURE = {"etapa": "triage", "clase_error": "EngineUnavailable", "mensaje": "503", "transitorio": True}
ERRORS = "select identidad, estado, resolucion from pipeline_errores order by id"


def test_find_closes_the_open_error_of_what_is_stored_if_it_is_told_to(
    database: Database, service: Connection
) -> None:
    identidad = article()["articulo_metadata"]["identidad"]
    store(service, article())
    for item in (identidad, "otra"):
        call(service, "registrar_error", datos_json={**FAILURE, "identidad": item})
    before = database.rows(ERRORS)
    call(service, "buscar_articulo", identidad=identidad, huella_contenido="h1")
    # An error of another content, or of an item that is not stored, is not over.
    call(service, "buscar_articulo", identidad=identidad, huella_contenido="h2", cerrar_error=True)
    call(service, "buscar_articulo", identidad="otra", huella_contenido="h1", cerrar_error=True)
    assert database.rows(ERRORS) == before
    found = call(service, "buscar_articulo", identidad=identidad, huella_contenido="h1", cerrar_error=True)
    assert found["num_hechos_insertados"] == COUNTS["num_hechos_insertados"]
    assert database.rows(ERRORS) == [(identidad, "resuelto", "procesado"), ("otra", "en_reintentos", None)]


def test_storing_again_closes_the_open_error_and_touches_nothing_else(
    database: Database, service: Connection
) -> None:
    identidad = article()["articulo_metadata"]["identidad"]
    store(service, article())
    call(service, "registrar_error", datos_json={**FAILURE, "identidad": identidad})
    before = snapshot(database)
    assert store(service, article())["resultado"] == "sin_cambios"
    after = snapshot(database)
    assert before.pop("pipeline_errores") != after.pop("pipeline_errores")
    assert before == after
    assert database.rows(ERRORS) == [(identidad, "resuelto", "procesado")]


def test_storing_closes_the_pending_error_of_the_item(database: Database, service: Connection) -> None:
    identidad = article()["articulo_metadata"]["identidad"]
    for item in (identidad, "otra"):
        call(service, "registrar_error", datos_json={**FAILURE, "identidad": item})
    store(service, article())
    assert database.rows(ERRORS) == [
        (identidad, "resuelto", "almacenado"),
        ("otra", "en_reintentos", None),
    ]


def test_deleting_an_article_takes_its_extraction_with_it(database: Database, service: Connection) -> None:
    store(service, article())
    database.owner.execute("delete from articulos")
    left = {table: count for table, count in call(service, "resumen_base").items() if count}
    assert left == {"entidades": 4, "consumo_etapas": 4}
