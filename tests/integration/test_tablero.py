"""What a dashboard's login can read, and what it cannot."""

import psycopg
import pytest

from tests.integration.conftest import OWNER, Database, Row
from tests.integration.payloads import article
from tests.integration.test_articulo import store

Connection = psycopg.Connection[Row]
VIEWS = {
    "articulos", "citas", "consumo", "datos", "documentos", "entidades", "errores", "fuentes", "hechos",
    "relaciones",
}  # fmt: skip
HIDDEN = {
    "contenido_texto", "contenido_html", "texto_traducido", "contenido_original", "metadata", "entrada",
    "mensaje", "historial", "storage_path", "identidad",
}  # fmt: skip


@pytest.fixture
def dashboard(database: Database) -> Connection:
    """A login with the role and nothing else."""
    with database.cluster.connect("postgres") as superuser:
        if not superuser.execute("select from pg_roles where rolname = 'panel'").fetchall():
            database.cluster.create_role("panel")
            superuser.execute("grant lectura_tablero to panel")
    return database.connect("panel")


def test_every_view_shows_what_is_stored(
    database: Database, service: Connection, dashboard: Connection
) -> None:
    store(service, article())
    counts = {
        view: dashboard.execute(f"select count(*) from tablero.{view}").fetchall()[0][0] for view in VIEWS
    }
    for view, table in (("articulos", "articulos"), ("hechos", "hechos"), ("citas", "citas_textuales"),
                        ("datos", "datos_cuantitativos"), ("entidades", "entidades")):  # fmt: skip
        assert counts[view] == database.value(f"select count(*) from public.{table}") > 0
    (speaker,) = dashboard.execute(
        "select emisor from tablero.citas where emisor is not null"
    ).fetchone() or ("",)
    assert speaker


def test_the_views_are_these_and_hide_texts_inputs_and_words(database: Database) -> None:
    columns = database.rows(
        "select relname, attname from pg_attribute a join pg_class c on c.oid = a.attrelid "
        "where relnamespace = 'tablero'::regnamespace and relkind = 'v' and attnum > 0"
    )
    assert {view for view, _ in columns} == VIEWS
    assert {column for _, column in columns} & HIDDEN == set()


def test_it_reaches_no_table_no_function_and_writes_nothing(
    database: Database, dashboard: Connection
) -> None:
    for statement in (
        "select * from public.articulos",
        "select * from public.pipeline_errores",
        "select public.metricas()",
        "select * from public.leer_articulo(1)",
        "insert into tablero.articulos (titular) values ('x')",
        "update tablero.articulos set titular = 'x'",
        "delete from tablero.hechos",
        "create table tablero.x ()",
        f"set role {OWNER}",
        "set role service_role",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            dashboard.execute(statement)


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
def test_the_api_does_not_serve_the_views(database: Database, role: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database.as_role(role).execute("select * from tablero.articulos")
