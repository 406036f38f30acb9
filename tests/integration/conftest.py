"""Real PostgreSQL for the SQL tests: the wheel's and, where it is installed, PostgreSQL 15.

Every test starts with an empty database in which a non-superuser applied the migrations, under the
default privileges that Supabase gives to anon and authenticated.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from noticias.local.database import ROLES_FILE, apply_migrations
from noticias.local.postgres import PostgresServer, find_programs

OWNER = "dueno"
TEMPLATE = "plantilla"
SHARED = "comun"
DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Cluster:
    """A running server and how to log in to it."""

    server: PostgresServer

    def connect(self, database: str, user: str = "postgres") -> psycopg.Connection[Row]:
        return psycopg.connect(self.server.dsn(database, user), autocommit=True)

    def forget_durability(self) -> None:
        """Stops waiting for the disk, which takes most of the time. Nothing here outlives the session."""
        with self.connect("postgres") as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(sql.SQL("alter system set {} = off").format(sql.Identifier(setting)))
            connection.execute("select pg_reload_conf()")

    def create_role(self, name: str) -> None:
        with self.connect("postgres") as connection:
            statement = sql.SQL("create role {} login password {}")
            connection.execute(
                statement.format(sql.Identifier(name), sql.Literal(self.server.password(name)))
            )

    def create_database(self, name: str, options: str) -> None:
        with self.connect("postgres") as connection:
            connection.execute(sql.SQL("create database {} " + options).format(sql.Identifier(name)))

    def drop_database(self, name: str) -> None:
        with self.connect("postgres") as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    def empty(self, database: str) -> None:
        """Deletes every row of the newsroom's tables; faster than to truncate or to copy the database."""
        with self.connect(database) as connection:
            # Foreign keys are not looked at, so the order does not matter.
            connection.execute("set session_replication_role = replica")
            for (table,) in connection.execute(
                "select tablename from pg_tables where schemaname = 'public'"
            ).fetchall():
                connection.execute(sql.SQL("delete from public.{}").format(sql.Identifier(table)))

    def prepare_like_supabase(self, database: str) -> None:
        """Lays out roles, schema `extensions` and the default privileges that a hosted project has."""
        with self.connect(database) as connection:
            connection.execute(ROLES_FILE.read_text(encoding="utf-8"))
            connection.execute("grant usage on schema public to anon, authenticated, service_role")
            for kind in ("tables", "sequences", "functions"):
                connection.execute(
                    f"alter default privileges for role {OWNER} in schema public "
                    f"grant all on {kind} to anon, authenticated, service_role"
                )


class Database:
    """A database as a test sees it."""

    def __init__(self, cluster: Cluster, name: str, stack: ExitStack) -> None:
        self.cluster = cluster
        self.name = name
        self._stack = stack
        self.owner = self.connect(OWNER)

    def connect(self, user: str) -> psycopg.Connection[Row]:
        """Returns a connection in autocommit mode, closed at the end of the test."""
        return self._stack.enter_context(self.cluster.connect(self.name, user))

    def as_role(self, role: str) -> psycopg.Connection[Row]:
        """Returns a connection that acts as PostgREST does: logged in as authenticator, then SET ROLE."""
        connection = self.connect("authenticator")
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(role)))
        return connection

    def value(self, query: str, *parameters: Any) -> Any:
        """Returns the only column of the only row, read as the owner."""
        (row,) = self.rows(query, *parameters)
        (value,) = row
        return value

    def rows(self, query: str, *parameters: Any) -> list[Row]:
        return self.owner.execute(query, parameters).fetchall()


def call(connection: psycopg.Connection[Row], function: str, **arguments: Any) -> Any:
    """Returns what a scalar function answers, called by argument names as PostgREST calls it."""
    (row,) = call_rows(connection, function, **arguments)
    return row[0]


def call_rows(connection: psycopg.Connection[Row], function: str, **arguments: Any) -> list[Row]:
    names = sql.SQL(", ").join(
        sql.SQL("{} := {}").format(sql.Identifier(name), sql.Placeholder(name)) for name in arguments
    )
    query = sql.SQL("select * from public.{}({})").format(sql.Identifier(function), names)
    values = {
        key: Jsonb(value) if isinstance(value, dict | list) else value for key, value in arguments.items()
    }
    return connection.execute(query, values).fetchall()


def _programs_15() -> Path:
    if not (DEBIAN_15 / "postgres").exists():
        pytest.skip(f"PostgreSQL 15 is not installed in {DEBIAN_15}")
    return DEBIAN_15


PROGRAMS: dict[str, Callable[[], Path]] = {"wheel": find_programs, "15": _programs_15}


@pytest.fixture(scope="session", params=list(PROGRAMS))
def cluster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    bin_dir = PROGRAMS[request.param]()
    server = PostgresServer(tmp_path_factory.mktemp(f"postgres-{request.param}"), bin_dir=bin_dir)
    server.start()
    try:
        cluster = Cluster(server)
        cluster.forget_durability()
        cluster.create_role(OWNER)
        with cluster.connect("postgres") as connection:
            # Supabase's role `postgres` may do this too.
            connection.execute(sql.SQL("alter role {} createrole").format(sql.Identifier(OWNER)))
        yield cluster
    finally:
        server.stop()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> str:
    cluster.create_database(TEMPLATE, f"owner {OWNER}")
    cluster.prepare_like_supabase(TEMPLATE)
    password = sql.Literal(cluster.server.password("authenticator"))
    with cluster.connect("postgres") as connection:
        connection.execute(sql.SQL("alter role authenticator password {}").format(password))
    apply_migrations(cluster.server.dsn(TEMPLATE, OWNER))
    return TEMPLATE


@pytest.fixture(scope="session")
def shared(cluster: Cluster, template: str) -> str:
    cluster.create_database(SHARED, f"owner {OWNER} template {template}")
    return SHARED


@pytest.fixture
def database(cluster: Cluster, shared: str) -> Iterator[Database]:
    """The migrated database, empty. For tests that change rows only: it is the same one for all of them."""
    with ExitStack() as stack:
        yield Database(cluster, shared, stack)
    cluster.empty(shared)


@pytest.fixture
def own_database(cluster: Cluster, template: str) -> Iterator[Database]:
    """A migrated database for one test only, which may change anything in it. Making it takes 0.4 s."""
    cluster.create_database("propia", f"owner {OWNER} template {template}")
    try:
        with ExitStack() as stack:
            yield Database(cluster, "propia", stack)
    finally:
        cluster.drop_database("propia")


@pytest.fixture
def service(database: Database) -> psycopg.Connection[Row]:
    """A connection as service_role, which is what the store uses."""
    return database.as_role("service_role")
