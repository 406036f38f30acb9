"""The migrations: any owner of the database can apply them, once, and they keep the contract."""

import psycopg
import pytest

from noticias.local.database import ROLES_FILE, apply_migrations, read_migrations
from tests.integration.conftest import OWNER, Cluster, Database, call

TABLES = {
    "articulos": "id identidad huella_contenido url storage_path fuente medio medio_url_principal "
    "pais_publicacion "
    "tipo_medio titular fecha_publicacion autor idioma seccion etiquetas_fuente es_opinion es_oficial "
    "resumen "
    "categorias_asignadas puntuacion_relevancia fecha_recopilacion fecha_procesamiento estado_procesamiento "
    "error_detalle contenido_texto contenido_html metadata",
    "documentos_extensos": "id identidad titulo autor fecha_publicacion tipo_documento storage_path "
    "procesado",
    "fragmentos_extensos": "id documento_id indice_secuencial titulo_seccion contenido num_pagina_inicio "
    "num_pagina_fin",
    "entidades": "id nombre tipo descripcion alias fecha_nacimiento fecha_disolucion wikidata_id "
    "relevancia metadata "
    "fusionada_en_id",
    "hechos": "id contenido fecha_ocurrencia precision_temporal importancia tipo_hecho pais region ciudad "
    "etiquetas "
    "frecuencia_citacion medios_principales total_menciones menciones_confirmatorias fecha_ingreso "
    "evaluacion_editorial editor_evaluador fecha_evaluacion_editorial justificacion_evaluacion_editorial "
    "consenso_fuentes es_evento_futuro estado_programacion confiabilidad_programacion alerta_proximidad "
    "metadata "
    "duplicado_de_hecho_id complementado_en_hecho_id documento_id fragmento_id",
    "citas_textuales": "id cita entidad_emisora_id articulo_id hecho_contexto_id fecha_cita contexto "
    "etiquetas "
    "relevancia documento_id fragmento_id",
    "datos_cuantitativos": "id hecho_id articulo_id indicador categoria valor_numerico unidad "
    "ambito_geografico "
    "periodo_referencia_inicio periodo_referencia_fin tipo_periodo valor_anterior variacion_absoluta "
    "variacion_porcentual tendencia fuente_especifica segmento_poblacion notas documento_id fragmento_id",
    "hecho_entidad": "hecho_id entidad_id tipo_relacion relevancia_en_hecho",
    "hecho_articulo": "hecho_id articulo_id texto_citado posicion es_fuente_primaria confirma_hecho",
    "hecho_relacionado": "hecho_origen_id hecho_destino_id tipo_relacion fuerza_relacion "
    "descripcion_relacion",
    "entidad_relacion": "entidad_origen_id entidad_destino_id tipo_relacion descripcion fecha_inicio "
    "fecha_fin "
    "fuerza_relacion",
    "contradicciones": "hecho_principal_id hecho_contradictorio_id tipo grado descripcion estado_resolucion",
    "eventos_programados": "hecho_id fecha_programada estado prioridad_cobertura",
    "pipeline_errores": "identidad flow_run_id etapa clase_error mensaje transitorio intentos entrada "
    "proximo_intento historial estado",
    "consumo_etapas": "articulo_id fragmento_id etapa modelo tokens_entrada tokens_salida tokens_cache "
    "costo_usd",
    "entidad_articulo": "articulo_id entidad_id",
    "fuentes": "url etag last_modified ultima_lectura ultimo_exito proxima_lectura fallos ultimo_error "
    "leidos nuevos",
    "entradas_rechazadas": "identidad fuente motivo definitivo intentos ultimo_intento",
    "entidad_fragmento": "fragmento_id entidad_id",
}
EXTRACTED = (
    "hechos",
    "citas_textuales",
    "datos_cuantitativos",
    "entidad_articulo",
    "entidad_fragmento",
    "hecho_entidad",
    "hecho_relacionado",
    "entidad_relacion",
    "contradicciones",
)


def recorded_versions(database: Database) -> list[str]:
    rows = database.rows("select version from supabase_migrations.schema_migrations order by version")
    return [version for (version,) in rows]


def test_applying_them_again_changes_nothing(cluster: Cluster, database: Database) -> None:
    dsn = cluster.server.dsn(database.name, OWNER)
    assert apply_migrations(dsn) == []
    assert recorded_versions(database) == [migration.version for migration in read_migrations()]


def test_the_owner_who_applied_them_is_no_superuser(database: Database) -> None:
    assert database.rows("select rolsuper, rolbypassrls from pg_roles where rolname = current_user") == [
        (False, False)
    ]
    owners = database.rows(
        "select distinct pg_get_userbyid(relowner) from pg_class where relnamespace = 'public'::regnamespace"
    )
    assert owners == [(OWNER,)]


def test_a_superuser_can_apply_them(cluster: Cluster) -> None:
    cluster.create_database("de_superusuario", "")
    try:
        cluster.prepare_like_supabase("de_superusuario")
        dsn = cluster.server.dsn("de_superusuario")
        assert len(apply_migrations(dsn)) == len(read_migrations())
        assert apply_migrations(dsn) == []
    finally:
        cluster.drop_database("de_superusuario")


def test_roles_file_can_run_again(cluster: Cluster, database: Database) -> None:
    with cluster.connect(database.name) as superuser:
        superuser.execute(ROLES_FILE.read_text(encoding="utf-8"))
        superuser.execute(ROLES_FILE.read_text(encoding="utf-8"))
    roles = database.rows(
        "select rolname, rolcanlogin, rolinherit, rolbypassrls, rolsuper from pg_roles "
        "where rolname in ('anon', 'authenticated', 'service_role', 'authenticator') order by rolname"
    )
    assert roles == [
        ("anon", False, False, False, False),
        ("authenticated", False, False, False, False),
        ("authenticator", True, False, False, False),
        ("service_role", False, False, True, False),
    ]
    members = database.rows(
        "select pg_get_userbyid(roleid) from pg_auth_members where member = 'authenticator'::regrole "
        "order by 1"
    )
    assert members == [("anon",), ("authenticated",), ("service_role",)]


def test_an_extension_in_another_schema_is_refused_with_the_remedy(cluster: Cluster) -> None:
    cluster.create_database("extension_fuera", f"owner {OWNER}")
    try:
        cluster.prepare_like_supabase("extension_fuera")
        with cluster.connect("extension_fuera") as superuser:
            superuser.execute("create extension unaccent with schema public")
        with (
            cluster.connect("extension_fuera", OWNER) as owner,
            pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState) as caught,
        ):
            owner.execute(read_migrations()[0].text)
        assert caught.value.diag.message_hint == "ALTER EXTENSION unaccent SET SCHEMA extensions;"
    finally:
        cluster.drop_database("extension_fuera")


@pytest.mark.parametrize("table", TABLES)
def test_columns_of_the_contract(database: Database, table: str) -> None:
    query = (
        "select column_name from information_schema.columns where table_schema = 'public' and table_name = %s"
    )
    columns = {name for (name,) in database.rows(query, table)}
    assert set(TABLES[table].split()) - columns == set()


def test_no_table_beyond_the_contract_is_unknown_to_the_tests(database: Database) -> None:
    tables = {
        name for (name,) in database.rows("select tablename from pg_tables where schemaname = 'public'")
    }
    assert tables == set(TABLES)


@pytest.mark.parametrize("table", EXTRACTED)
def test_extracted_rows_say_what_made_them(database: Database, table: str) -> None:
    query = (
        "select column_name from information_schema.columns where table_schema = 'public' and table_name = %s"
    )
    columns = {name for (name,) in database.rows(query, table)}
    assert {"motor", "modelo", "prompt", "huella_prompt", "flow_run_id"} <= columns


@pytest.mark.parametrize("table", ["hechos", "citas_textuales", "datos_cuantitativos"])
def test_offsets_are_mandatory_and_ordered(database: Database, table: str) -> None:
    query = (
        "select column_name from information_schema.columns "
        "where table_schema = 'public' and table_name = %s and is_nullable = 'NO'"
    )
    assert {"offset_inicio", "offset_fin"} <= {name for (name,) in database.rows(query, table)}
    checks = {
        text
        for (text,) in database.rows(
            "select pg_get_constraintdef(oid) from pg_constraint where contype = 'c' and conrelid = "
            "%s::regclass",
            f"public.{table}",
        )
    }
    assert {"CHECK ((offset_inicio >= 0))", "CHECK ((offset_fin > offset_inicio))"} <= checks


def test_every_foreign_key_can_use_an_index(database: Database) -> None:
    """Without such an index, replacing an article would read whole tables to cascade."""
    without = database.rows("""
        select c.conrelid::regclass::text, a.attname
        from pg_constraint c
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
        where c.contype = 'f' and c.connamespace = 'public'::regnamespace
          and not exists (
            select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]
          )
    """)
    assert without == []


def test_every_function_table_and_type_is_commented(database: Database) -> None:
    functions = database.rows(
        "select oid::regprocedure::text from pg_proc "
        "where pronamespace in ('public'::regnamespace, 'interno'::regnamespace) "
        "and obj_description(oid, 'pg_proc') is null"
    )
    tables = database.rows(
        "select oid::regclass::text from pg_class where relnamespace = 'public'::regnamespace and relkind "
        "= 'r' "
        "and obj_description(oid, 'pg_class') is null"
    )
    assert functions + tables == []


def test_no_function_runs_with_the_owner_s_rights_or_an_open_search_path(database: Database) -> None:
    loose = database.rows(
        "select oid::regprocedure::text from pg_proc "
        "where pronamespace in ('public'::regnamespace, 'interno'::regnamespace) "
        "and (prosecdef or not coalesce(proconfig, '{}') @> array['search_path=\"\"'])"
    )
    assert loose == []


def test_level_is_the_last_version(database: Database) -> None:
    assert call(database.as_role("service_role"), "nivel_migraciones") == read_migrations()[-1].version


def test_level_is_null_where_nobody_keeps_a_record(own_database: Database) -> None:
    own_database.owner.execute("drop schema supabase_migrations cascade")
    assert call(own_database.as_role("service_role"), "nivel_migraciones") is None
