import concurrent.futures
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from noticias.deployed import MIGRATIONS
from noticias.local.database import (
    NEWSROOM_DATABASE,
    PREFECT_DATABASE,
    PREFECT_ROLE,
    REST_ROLE,
    apply_migrations,
    connection_environment,
    ensure_databases,
    read_migrations,
)
from noticias.local.errors import LocalStackError
from noticias.local.postgres import PostgresServer, find_programs
from tests.stack import make_database, migrated_server, postgres_server

__all__ = ["make_database", "migrated_server", "postgres_server"]


@pytest.fixture
def dsn(make_database: Callable[[str], str]) -> str:
    return make_database("template0")


def write(directory: Path, **files: str) -> Path:
    for name, text in files.items():
        (directory / f"{name.removeprefix('m')}.sql").write_text(text)
    return directory


def rows(dsn: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(statement.encode()).fetchall()


def versions(dsn: str) -> list[object]:
    record = "select version from supabase_migrations.schema_migrations order by version"
    return [version for (version,) in rows(dsn, record)]


def test_migrations_are_applied_in_order_and_once(dsn: str, tmp_path: Path) -> None:
    first = write(
        tmp_path,
        m20260102000000_add_b="alter table a add b int;",
        m20260101000000_create_a="create table a ();",
    )
    assert apply_migrations(dsn, first) == ["20260101000000", "20260102000000"]
    assert apply_migrations(dsn, first) == []
    write(tmp_path, m20260103000000_create_c="create table c (); -- 100 %s sure")
    assert apply_migrations(dsn, tmp_path) == ["20260103000000"]
    assert rows(dsn, "select * from supabase_migrations.schema_migrations order by version")[2] == (
        "20260103000000",
        ["create table c (); -- 100 %s sure"],
        "create_c",
    )


def test_failed_migration_names_its_line_and_leaves_nothing(dsn: str, tmp_path: Path) -> None:
    write(
        tmp_path,
        m20260101000000_create_a="create table a ();",
        m20260102000000_create_b="create table b ();\nselect *\nfrom nowhere;",
    )
    with pytest.raises(LocalStackError, match=r"20260102000000_create_b\.sql, line 3: .*nowhere"):
        apply_migrations(dsn, tmp_path)
    assert versions(dsn) == ["20260101000000"]
    assert rows(dsn, "select to_regclass('a') is null, to_regclass('b') is null") == [(False, True)]


def test_settings_of_one_migration_do_not_reach_the_next(dsn: str, tmp_path: Path) -> None:
    write(
        tmp_path,
        m20260101000000_create_s="create schema s; set search_path = s;",
        m20260102000000_create_a="create table a ();",
    )
    apply_migrations(dsn, tmp_path)
    assert rows(dsn, "select to_regclass('public.a') is not null") == [(True,)]


def test_two_commands_at_once_apply_each_migration_once(dsn: str, tmp_path: Path) -> None:
    write(tmp_path, **{f"m2026010{n}000000_create_t{n}": f"create table t{n} ();" for n in range(1, 9)})
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: apply_migrations(dsn, tmp_path), range(4)))
    assert sorted(version for result in results for version in result) == [
        f"2026010{n}000000" for n in range(1, 9)
    ]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"m20251231000000_late": "select 1"}, "20251231000000 is older than 20260101000000"),
        ({"m20260102000000_ends": "select 1; commit;"}, "ends the transaction"),
        ({"m2026_short": "select 1"}, "is not named"),
        ({"m20260101000000_twin": "select 1"}, "the same timestamp"),
    ],
)
def test_refused_migrations(dsn: str, tmp_path: Path, files: dict[str, str], words: str) -> None:
    write(tmp_path, m20260101000000_create_a="create table a ();")
    apply_migrations(dsn, tmp_path)
    write(tmp_path, **files)
    with pytest.raises(LocalStackError, match=words):
        apply_migrations(dsn, tmp_path)


def test_database_newer_than_the_code_is_refused(dsn: str, tmp_path: Path) -> None:
    write(tmp_path, m20260101000000_create_a="create table a ();")
    apply_migrations(dsn, tmp_path)
    write(tmp_path, m20260102000000_create_b="create table b ();")
    apply_migrations(dsn, tmp_path)
    (tmp_path / "20260102000000_create_b.sql").unlink()
    with pytest.raises(LocalStackError, match="20260102000000, which this version does not know"):
        apply_migrations(dsn, tmp_path)


def test_database_of_an_earlier_version_is_refused_and_left_as_it_is(dsn: str, tmp_path: Path) -> None:
    write(tmp_path, m20260101000000_create_a="create table a ();", m20260102000000_create_b="select 1;")
    apply_migrations(dsn, tmp_path)
    for path in tmp_path.iterdir():
        path.unlink()
    write(tmp_path, m20260201000000_baseline="create table c ();")
    with pytest.raises(LocalStackError, match=r"earlier version .* 20260101000000 to 20260102000000"):
        apply_migrations(dsn, tmp_path)
    assert versions(dsn) == ["20260101000000", "20260102000000"]
    assert rows(dsn, "select to_regclass('c') is null") == [(True,)]


def test_newsroom_database_stands_with_every_migration(migrated_server: PostgresServer) -> None:
    known = [migration.version for migration in read_migrations(MIGRATIONS)]
    assert versions(migrated_server.dsn(NEWSROOM_DATABASE)) == known


def test_psql_of_the_wheel_connects_by_environment_alone(migrated_server: PostgresServer) -> None:
    answer = subprocess.run(
        [find_programs() / "psql", "-At", "-c", "select current_database(), 'ñ'"],
        env=connection_environment(migrated_server.dsn(NEWSROOM_DATABASE)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout == "noticias|ñ\n"


def test_databases_are_made_once_and_keep_their_passwords(postgres_server: PostgresServer) -> None:
    before = [postgres_server.password(role) for role in (REST_ROLE, PREFECT_ROLE)]
    ensure_databases(postgres_server)
    assert [postgres_server.password(role) for role in (REST_ROLE, PREFECT_ROLE)] == before
    assert len(set(before)) == 2


@pytest.mark.parametrize(
    ("role", "database"), [(REST_ROLE, NEWSROOM_DATABASE), (PREFECT_ROLE, PREFECT_DATABASE)]
)
def test_servers_log_in_without_power(migrated_server: PostgresServer, role: str, database: str) -> None:
    found = rows(
        migrated_server.dsn(database, role),
        "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls from pg_roles where rolname = user",
    )
    assert found == [(False, False, False, False)]


def test_a_transaction_that_prefect_forgets_does_not_lock_its_tables_for_ever(
    migrated_server: PostgresServer,
) -> None:
    with psycopg.connect(migrated_server.dsn("prefect", "prefect")) as connection:
        (limit,) = connection.execute("show idle_in_transaction_session_timeout").fetchone() or ("",)
    assert limit == "20s"


def test_prefect_cannot_read_the_newsroom(migrated_server: PostgresServer) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(migrated_server.dsn(NEWSROOM_DATABASE, PREFECT_ROLE), "select * from public.articulos")
