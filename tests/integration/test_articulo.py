"""insertar_articulo_completo and buscar_articulo: whole, once, and nothing but what is true."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from psycopg.types.range import Range

from tests.integration.conftest import Database, Row, call
from tests.integration.payloads import CITA, FLOW_RUN, TEXTO, Payload, article, changed, discarded

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
    """Return every row of every table with where it lies and who wrote or locked it last."""
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


def test_a_discarded_article_is_a_row_without_an_extraction(database: Database, service: Connection) -> None:
    answer = store(service, discarded())
    assert answer == {"resultado": "insertado", "articulo_id": answer["articulo_id"], **NONE}
    assert database.rows("select estado_procesamiento, decision, triaje ->> 'exclusion' from articulos") == [
        ("descartado", "DESCARTAR", "deportes")
    ]
    assert store(service, discarded())["resultado"] == "sin_cambios"


def test_the_same_again_touches_no_row(database: Database, service: Connection) -> None:
    first = store(service, article())
    before = snapshot(database)
    second = store(service, article())
    assert second == {**first, "resultado": "sin_cambios"}
    assert snapshot(database) == before
    # Whatever else differs: the content decides.
    assert (
        store(service, changed(article(), "hechos.0.contenido", "Otra cosa."))["resultado"] == "sin_cambios"
    )
    assert snapshot(database) == before


def test_other_content_replaces_the_extraction(database: Database, service: Connection) -> None:
    first = store(service, article())
    other = discarded(article()["articulo_metadata"]["identidad"])
    other["articulo_metadata"].update(huella_contenido="h2", titular="Otro titular")
    other["hechos"] = [changed(article(), "hechos.0.contenido", "Un solo hecho.")["hechos"][0]]
    second = store(service, other)
    assert second == {
        "resultado": "reemplazado",
        "articulo_id": first["articulo_id"],
        **NONE,
        "num_hechos_insertados": 1,
    }
    assert database.rows("select titular, estado_procesamiento, huella_contenido from articulos") == [
        ("Otro titular", "descartado", "h2")
    ]
    assert database.rows("select contenido from hechos") == [("Un solo hecho.",)]
    left = call(service, "resumen_base")
    gone = (
        "citas_textuales",
        "datos_cuantitativos",
        "hecho_entidad",
        "hecho_relacionado",
        "entidad_relacion",
        "contradicciones",
        "eventos_programados",
        "entidad_articulo",
    )
    assert {table: left[table] for table in gone} == dict.fromkeys(gone, 0)
    # Entidades are everybody's, and what was spent stays spent.
    assert (left["entidades"], left["consumo_etapas"], left["hecho_articulo"]) == (4, 5, 1)


def test_replacing_leaves_other_articles_alone(database: Database, service: Connection) -> None:
    store(service, article("https://medio.example/otro"))
    kept = {
        table: database.rows(f"select t::text from public.{table} t order by 1")
        for table in (
            "hechos",
            "citas_textuales",
            "datos_cuantitativos",
            "entidad_relacion",
            "contradicciones",
        )
    }
    store(service, article())
    answer = store(service, article(huella="h2"))
    assert answer["resultado"] == "reemplazado"
    assert {key: answer[key] for key in COUNTS} == {**COUNTS, "num_entidades_nuevas": 0}
    for table, rows in kept.items():
        assert set(rows) <= set(database.rows(f"select t::text from public.{table} t")), table


def test_an_editor_s_verdict_survives_on_an_unchanged_hecho(database: Database, service: Connection) -> None:
    store(service, article())
    database.owner.execute(
        "update hechos set evaluacion_editorial = 'verificado_ok_editorial', editor_evaluador = 'ana', "
        "fecha_evaluacion_editorial = '2024-06-01', justificacion_evaluacion_editorial = 'visto' where "
        "id_local <= 2"
    )
    store(service, changed(article(huella="h2"), "hechos.1.contenido", "El PIB creció poco."))
    assert database.rows(
        "select evaluacion_editorial, editor_evaluador, fecha_evaluacion_editorial, "
        "justificacion_evaluacion_editorial from hechos order by id_local"
    ) == [
        ("verificado_ok_editorial", "ana", datetime(2024, 6, 1, tzinfo=UTC), "visto"),
        ("pendiente_revision_editorial", None, None, None),
        ("pendiente_revision_editorial", None, None, None),
    ]


HOSTILE = [
    "comillas 'simples' y \"dobles\" y `otras` \\ \\n %s %% $1 :x",
    "llaves {{ x }} {% raw %} {a: 1} [b] <script>alert('x')</script> &amp; &quot;",
    "'); drop table articulos; --",
    "emoji 👩‍👩‍👧‍👦 🇪🇸 y combinados é ñ",
    "مرحبا بالعالم \u202eatrás\u202c עברית",
    "espacios \u00a0\u2009\u3000 tab\t salto\r\n fin\u2028",
    "control \u0001\u001f\u007f y privado \ue000 y \U0010ffff",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_text_is_stored_as_it_is(database: Database, service: Connection, words: str) -> None:
    texto = f"{words} | {TEXTO}"
    payload = article(contenido_texto=texto, titular=words, metadata={words: words}, contenido_html=words)
    payload["citas_textuales"] = [
        {
            "id": 1,
            "cita": words,
            "entidad_id": None,
            "hecho_id": None,
            "fecha": None,
            "contexto": words,
            "relevancia": None,
            "offset_inicio": 0,
            "offset_fin": len(words),
        }
    ]
    payload["hechos"][0]["contenido"] = words
    store(service, payload)
    assert database.rows("select contenido_texto, titular, metadata, contenido_html from articulos") == [
        (texto, words, {words: words}, words)
    ]
    assert database.rows("select cita, contexto, relevancia from citas_textuales") == [(words, words, 3)]
    assert database.value("select contenido from hechos where id_local = 1") == words


def test_a_figure_keeps_all_its_digits(database: Database, service: Connection) -> None:
    text = json.dumps(article()).replace('"valor": 3.5', '"valor": 12345678901234567890.1234567890')
    service.execute("select public.insertar_articulo_completo(%s::text::jsonb)", [text])
    assert database.value("select valor_numerico::text from datos_cuantitativos where id_local = 1") == (
        "12345678901234567890.1234567890"
    )


BAD: list[tuple[str, Any, type[psycopg.Error]]] = [
    ("articulo_metadata", None, psycopg.errors.InvalidParameterValue),
    ("procedencia", "groq", psycopg.errors.InvalidParameterValue),
    ("hechos", {"id": 1}, psycopg.errors.InvalidParameterValue),
    ("articulo_metadata.identidad", None, psycopg.errors.NotNullViolation),
    ("articulo_metadata.huella_contenido", None, psycopg.errors.NotNullViolation),
    ("articulo_metadata.titular", None, psycopg.errors.NotNullViolation),
    ("articulo_metadata.titular", "  ", psycopg.errors.CheckViolation),
    ("articulo_metadata.estado_procesamiento", None, psycopg.errors.NotNullViolation),
    ("articulo_metadata.tipo_medio", "Diario Digital", psycopg.errors.CheckViolation),
    ("articulo_metadata.fecha_publicacion", "ayer", psycopg.errors.InvalidDatetimeFormat),
    ("articulo_metadata.triaje", {"decision": "QUIZÁ"}, psycopg.errors.CheckViolation),
    ("articulo_metadata.metadata", [1], psycopg.errors.CheckViolation),
    ("procedencia.motor", None, psycopg.errors.NotNullViolation),
    ("procedencia.flow_run_id", "no es uuid", psycopg.errors.InvalidTextRepresentation),
    ("entidades.0.nombre", None, psycopg.errors.NotNullViolation),
    ("entidades.0.nombre", " ", psycopg.errors.CheckViolation),
    ("entidades.0.nombre", "x" * 301, psycopg.errors.CheckViolation),
    ("entidades.0.tipo", "PLANETA", psycopg.errors.CheckViolation),
    ("entidades.0.id", None, psycopg.errors.NotNullViolation),
    ("entidades.1.id", 1, psycopg.errors.UniqueViolation),
    ("entidades.0.fecha_nacimiento", "1972", psycopg.errors.InvalidDatetimeFormat),
    ("entidades.0.offset_fin", 100_000, psycopg.errors.CheckViolation),
    ("hechos.1.id", 1, psycopg.errors.UniqueViolation),
    ("hechos.1.tipo_hecho", "Anuncio", psycopg.errors.CheckViolation),
    ("hechos.1.precision_temporal", "hora", psycopg.errors.CheckViolation),
    ("hechos.1.importancia", 11, psycopg.errors.CheckViolation),
    ("hechos.1.contenido", None, psycopg.errors.NotNullViolation),
    ("hechos.1.pais", "España", psycopg.errors.InvalidTextRepresentation),
    ("hechos.1.fecha", {"inicio": "2024-02-02", "fin": "2024-02-01"}, psycopg.errors.DataException),
    ("hechos.1.offset_inicio", None, psycopg.errors.NotNullViolation),
    ("hechos.1.offset_inicio", -1, psycopg.errors.CheckViolation),
    ("hechos.1.offset_fin", 0, psycopg.errors.CheckViolation),
    ("hechos.1.offset_fin", len(TEXTO) + 1, psycopg.errors.CheckViolation),
    ("citas_textuales.0.cita", "subirá el salario máximo", psycopg.errors.CheckViolation),
    ("citas_textuales.0.offset_inicio", 3, psycopg.errors.CheckViolation),
    ("citas_textuales.0.relevancia", 7, psycopg.errors.CheckViolation),
    ("citas_textuales.0.entidad_id", 99, psycopg.errors.ForeignKeyViolation),
    ("citas_textuales.0.hecho_id", 99, psycopg.errors.ForeignKeyViolation),
    ("datos_cuantitativos.0.hecho_id", 99, psycopg.errors.ForeignKeyViolation),
    ("datos_cuantitativos.0.valor", None, psycopg.errors.NotNullViolation),
    ("datos_cuantitativos.0.valor", "NaN", psycopg.errors.CheckViolation),
    ("datos_cuantitativos.0.valor", "-Infinity", psycopg.errors.CheckViolation),
    ("datos_cuantitativos.0.valor", "mucho", psycopg.errors.InvalidTextRepresentation),
    ("datos_cuantitativos.0.categoria", "economico", psycopg.errors.CheckViolation),
    (
        "datos_cuantitativos.0.periodo",
        {"inicio": "2024-02-02", "fin": "2024-02-01"},
        psycopg.errors.CheckViolation,
    ),
    ("relaciones.hecho_entidad.0.entidad_id", 99, psycopg.errors.ForeignKeyViolation),
    ("relaciones.hecho_entidad.0.hecho_id", None, psycopg.errors.NotNullViolation),
    ("relaciones.hecho_entidad.0.tipo_relacion", "amigo", psycopg.errors.CheckViolation),
    ("relaciones.hecho_relacionado.0.hecho_destino_id", 99, psycopg.errors.ForeignKeyViolation),
    ("relaciones.hecho_relacionado.0.hecho_destino_id", 2, psycopg.errors.CheckViolation),
    ("relaciones.entidad_relacion.0.entidad_origen_id", 99, psycopg.errors.ForeignKeyViolation),
    ("relaciones.entidad_relacion.0.fecha_fin", "2000-01-01", psycopg.errors.CheckViolation),
    ("relaciones.contradicciones.0.hecho_contradictorio_id", 99, psycopg.errors.ForeignKeyViolation),
    ("relaciones.contradicciones.0.grado", 6, psycopg.errors.CheckViolation),
]


@pytest.mark.parametrize(
    ("path", "value", "error"), BAD, ids=[f"{path}={str(value)[:30]}" for path, value, _ in BAD]
)
def test_a_bad_element_is_raised_and_nothing_is_left(
    database: Database, service: Connection, path: str, value: Any, error: type[psycopg.Error]
) -> None:
    before = snapshot(database)
    with pytest.raises(error) as caught:
        store(service, changed(article(), path, value))
    assert type(caught.value) is error
    assert snapshot(database) == before


def test_a_failed_replacement_leaves_what_was_there(database: Database, service: Connection) -> None:
    store(service, article())
    before = {table: [row[3] for row in rows] for table, rows in snapshot(database).items()}
    payload = changed(article(huella="h2"), "relaciones.hecho_entidad.0.hecho_id", 99)
    payload = changed(payload, "relaciones.hecho_entidad.1.hecho_id", 98)
    message = r"hecho_entidad\.hecho_id .* local ids .*: 98, 99"
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match=message):
        store(service, payload)
    assert {table: [row[3] for row in rows] for table, rows in snapshot(database).items()} == before


def test_two_articles_cannot_share_a_storage_path(service: Connection) -> None:
    path = "medio/2024/05/06/a.html.gz"
    store(service, article(storage_path=path))
    with pytest.raises(psycopg.errors.UniqueViolation):
        store(service, article("https://medio.example/2", storage_path=path))


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


def test_storing_closes_the_pending_error_of_the_item(database: Database, service: Connection) -> None:
    identidad = article()["articulo_metadata"]["identidad"]
    failure = {"etapa": "triage", "clase_error": "EngineUnavailable", "mensaje": "503", "transitorio": True}
    for item in (identidad, "otra"):
        call(service, "registrar_error", datos_json={**failure, "identidad": item})
    store(service, article())
    assert database.rows("select identidad, estado, resolucion from pipeline_errores order by id") == [
        (identidad, "resuelto", "almacenado"),
        ("otra", "en_reintentos", None),
    ]


def test_deleting_an_article_takes_its_extraction_with_it(database: Database, service: Connection) -> None:
    store(service, article())
    database.owner.execute("delete from articulos")
    left = {table: count for table, count in call(service, "resumen_base").items() if count}
    assert left == {"entidades": 4, "consumo_etapas": 4}
