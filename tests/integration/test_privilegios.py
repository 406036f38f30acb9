"""Who may do what, under the default privileges that Supabase gives to anon and authenticated."""

import psycopg
import pytest
from psycopg import sql

from tests.integration.conftest import Database, Row, call
from tests.integration.payloads import article, document, fragment
from tests.integration.test_articulo import store

Connection = psycopg.Connection[Row]
OUTSIDERS = ["anon", "authenticated"]
SERVICE = {
    "articulos": "INSERT SELECT UPDATE",
    "documentos_extensos": "INSERT SELECT UPDATE",
    "fragmentos_extensos": "DELETE INSERT SELECT UPDATE",
    "entidades": "INSERT SELECT UPDATE",
    "hechos": "DELETE INSERT SELECT",
    "citas_textuales": "DELETE INSERT SELECT",
    "datos_cuantitativos": "DELETE INSERT SELECT",
    "entidad_articulo": "DELETE INSERT SELECT",
    "entidad_fragmento": "DELETE INSERT SELECT",
    "entidad_relacion": "DELETE INSERT SELECT",
    "hecho_articulo": "INSERT SELECT",
    "hecho_entidad": "INSERT SELECT",
    "hecho_relacionado": "INSERT SELECT",
    "contradicciones": "INSERT SELECT",
    "eventos_programados": "INSERT SELECT",
    "consumo_etapas": "INSERT SELECT",
    "pipeline_errores": "INSERT SELECT UPDATE",
    "fuentes": "INSERT SELECT UPDATE",
    "entradas_rechazadas": "INSERT SELECT UPDATE",
}


def names(database: Database, kinds: str) -> list[str]:
    query = (
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = "
        'any(%s::"char"[]) '
        "order by 1"
    )
    return [name for (name,) in database.rows(query, list(kinds))]


def test_the_default_privileges_are_those_of_supabase(database: Database) -> None:
    """Without this the tests below would prove nothing."""
    database.owner.execute("begin")
    database.owner.execute("create table prueba ()")
    assert database.value("select has_table_privilege('anon', 'prueba', 'select, delete')") is True
    database.owner.execute("rollback")


@pytest.mark.parametrize("role", OUTSIDERS)
def test_outsiders_hold_no_privilege_on_anything(database: Database, role: str) -> None:
    held = database.rows(
        "select relname, p from pg_class, "
        "unnest(array['select','insert','update','delete','truncate','references',"
        "'trigger']) p where relnamespace in ('public'::regnamespace, 'supabase_migrations'::regnamespace) "
        "and relkind in ('r', 'v', 'm', 'p') and has_table_privilege(%s, oid, p)",
        role,
    )
    held += database.rows(
        "select relname, p from pg_class, unnest(array['select','usage','update']) p "
        "where relnamespace = 'public'::regnamespace and relkind = 'S' and has_sequence_privilege(%s, "
        "oid, p)",
        role,
    )
    held += database.rows(
        "select relname, attname from pg_attribute a join pg_class c on c.oid = a.attrelid "
        "where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 "
        "and has_column_privilege(%s, c.oid, attnum, 'select, insert, update, references')",
        role,
    )
    held += database.rows(
        "select oid::regprocedure::text, 'execute' from pg_proc "
        "where pronamespace in ('public'::regnamespace, 'interno'::regnamespace) "
        "and has_function_privilege(%s, oid, 'execute')",
        role,
    )
    held += database.rows(
        "select nspname, 'usage' from pg_namespace where nspname in ('interno', 'supabase_migrations') "
        "and has_schema_privilege(%s, oid, 'usage')",
        role,
    )
    assert held == []


@pytest.mark.parametrize("role", OUTSIDERS)
def test_outsiders_are_refused(database: Database, service: Connection, role: str) -> None:
    store(service, article())
    outsider = database.as_role(role)
    for table in names(database, "r"):
        for statement in ("select * from public.{}", "delete from public.{}", "truncate public.{}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                outsider.execute(sql.SQL(statement).format(sql.Identifier(table)))
    for function, arguments in (
        ("insertar_articulo_completo", {"datos_json": article()}),
        ("leer_articulo", {"articulo_id": 1}),
        ("resumen_base", {}),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            call(outsider, function, **arguments)


def test_row_level_security_is_on_everywhere_and_lets_nobody_in(database: Database) -> None:
    assert (
        database.rows(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' "
            "and not relrowsecurity"
        )
        == []
    )
    assert database.rows("select * from pg_policies where schemaname = 'public'") == []


def test_a_grant_by_mistake_still_shows_no_row(database: Database, service: Connection) -> None:
    store(service, article())
    database.owner.execute("grant select on public.articulos to anon")
    try:
        anon = database.as_role("anon")
        assert anon.execute("select count(*) from public.articulos").fetchall() == [(0,)]
    finally:
        database.owner.execute("revoke select on public.articulos from anon")


def test_the_service_holds_exactly_what_the_functions_need(database: Database) -> None:
    held: dict[str, str] = dict(
        database.rows(
            "select relname, string_agg(p, ' ' order by p) from pg_class, "
            "unnest(array['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER']) p "
            "where relnamespace = 'public'::regnamespace and relkind = 'r' "
            "and has_table_privilege('service_role', oid, p) group by 1"
        )
    )
    assert held == SERVICE
    sequences = names(database, "S")
    assert sequences
    for sequence in sequences:
        assert (
            database.value("select has_sequence_privilege('service_role', %s, 'usage')", f"public.{sequence}")
            is False
        )


def test_the_service_can_call_every_function(database: Database) -> None:
    assert (
        database.rows(
            "select oid::regprocedure::text from pg_proc "
            "where pronamespace in ('public'::regnamespace, 'interno'::regnamespace) "
            "and not has_function_privilege('service_role', oid, 'execute')"
        )
        == []
    )


def test_the_service_needs_nothing_more(database: Database, service: Connection) -> None:
    """Calls every function that writes as service_role, so that every table is used."""
    for huella in ("h1", "h1", "h2"):
        store(service, article(huella=huella))
        call(service, "insertar_fragmento_completo", datos_json=fragment(huella=huella))
    call(
        service,
        "registrar_error",
        datos_json={"etapa": "x", "clase_error": "X", "mensaje": "m", "transitorio": True},
    )
    moment = "2026-11-28T10:00:00Z"
    look = {"url": "https://medio.example/rss", "ultima_lectura": moment, "proxima_lectura": moment}
    entry = {
        "identidad": "https://medio.example/9",
        "fuente": look["url"],
        "motivo": "404",
        "definitivo": True,
    }
    for _ in range(2):
        call(service, "anotar_fuente", datos_json=look)
        call(service, "anotar_entradas_rechazadas", datos_json={"entradas": [entry]})
    piece = {"identidad": "ley-1#0", "huella_contenido": "h2", "indice_secuencial": 5}
    answer = call(service, "completar_documento", datos_json={"documento": document(), "fragmentos": [piece]})
    assert answer["procesado"] is True
    assert all(count > 0 for count in call(service, "resumen_base").values())
    for table, statement in (
        ("articulos", "delete from public.articulos"),
        ("hechos", "truncate public.hechos"),
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=table):
            service.execute(statement)
