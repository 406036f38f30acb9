"""The databases of the local stack, their roles, and the migrations of any newsroom database.

Migrations are recorded as the Supabase CLI does (supabase_migrations.schema_migrations), so that both can be
used on the same database.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.pq import Conninfo, TransactionStatus

from noticias.deployed import MIGRATIONS
from noticias.local.errors import LocalStackError
from noticias.local.postgres import PostgresServer

NEWSROOM_DATABASE = "noticias"
PREFECT_DATABASE = "prefect"
REST_ROLE = "authenticator"
PREFECT_ROLE = "prefect"

ROLES_FILE = Path(__file__).with_name("roles.sql")

# Any fixed number: all who change the databases of one server wait for each other on it.
_LOCK = 20260611

_TABLE = "supabase_migrations.schema_migrations"
FORGOTTEN_TRANSACTION = "20s"

_BOOKKEEPING = f"""
create schema if not exists supabase_migrations;
create table if not exists {_TABLE} (version text not null primary key, statements text[], name text);
"""


@dataclass(frozen=True)
class Migration:
    """One file `<version>_<name>.sql`."""

    version: str
    name: str
    text: str


@dataclass(frozen=True)
class MigrationStatus:
    """How a database stands against a folder of migrations; versions in ascending order.

    `unknown` are versions that the database has and the folder has not: the database is newer than the code.
    """

    applied: tuple[str, ...]
    pending: tuple[str, ...]
    unknown: tuple[str, ...]


def ensure_databases(server: PostgresServer) -> None:
    """Make the databases `noticias` and `prefect` and their login roles, as far as they are missing.

    The REST server logs in to the first as `authenticator`. Prefect logs in to the second as `prefect`, which
    owns it and nothing else. Their passwords are server.password(role). `server` must run.
    """
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        _ensure_role(connection, PREFECT_ROLE, server.password(PREFECT_ROLE))
        _ensure_database(connection, NEWSROOM_DATABASE, "postgres")
        _ensure_database(connection, PREFECT_DATABASE, PREFECT_ROLE)
        # Prefect's server waits for the lock of its leases within a transaction that has a deployment's
        # concurrency limit locked: where that takes for ever, all runs of the deployment would wait with it.
        connection.execute(
            sql.SQL("alter database {} set idle_in_transaction_session_timeout = {}").format(
                sql.Identifier(PREFECT_DATABASE), sql.Literal(FORGOTTEN_TRANSACTION)
            )
        )
        # Roles are common to all databases, schemas are not: it runs where the newsroom's tables will stand.
        with psycopg.connect(server.dsn(NEWSROOM_DATABASE)) as newsroom:
            _run_script(newsroom, ROLES_FILE.read_text(encoding="utf-8"))
        _ensure_role(connection, REST_ROLE, server.password(REST_ROLE))


def apply_migrations(dsn: str, directory: Path = MIGRATIONS) -> list[str]:
    """Apply the migrations of `directory` that the database lacks, in order; return their versions.

    Each runs in one transaction with the row that records it: applied once, whole or not at all, whoever
    else does the same at that moment. Raises LocalStackError, naming file and line, if one fails.
    """
    migrations = read_migrations(directory)
    applied: list[str] = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        with connection.transaction():
            _lock_bookkeeping(connection)
            status = _compare(connection, migrations)
            _refuse_gaps(status)
        for migration in migrations:
            if migration.version in status.pending and _apply(connection, migration):
                applied.append(migration.version)
    return applied


def migration_status(dsn: str, directory: Path = MIGRATIONS) -> MigrationStatus:
    """Compare the database with the migrations of `directory`; changes nothing."""
    with psycopg.connect(dsn) as connection:
        return _compare(connection, read_migrations(directory))


def read_migrations(directory: Path = MIGRATIONS) -> list[Migration]:
    """Read the migrations of `directory`, by version. Raises LocalStackError on a name out of form."""
    migrations = []
    for path in sorted(directory.glob("*.sql")):
        match = re.fullmatch(r"(\d{14})_([a-z0-9_]+)\.sql", path.name)
        if not match:
            raise LocalStackError(f"{path} is not named <timestamp>_<verb_object>.sql", "Rename the file")
        migrations.append(Migration(match[1], match[2], path.read_text(encoding="utf-8")))
    if len({migration.version for migration in migrations}) != len(migrations):
        raise LocalStackError(f"two migrations in {directory} have the same timestamp", "Rename one of them")
    return migrations


def connection_environment(dsn: str) -> dict[str, str]:
    """Return `dsn` as the variables that psql and pg_dump read (PGHOST, PGPASSWORD, ...): none for argv."""
    options = Conninfo.parse(dsn.encode())
    return {
        option.envvar.decode(): option.val.decode()
        for option in options
        if option.envvar is not None and option.val is not None
    }


def _ensure_role(connection: psycopg.Connection, role: str, password: str) -> None:
    name = sql.Identifier(role)
    found = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
    verb = sql.SQL("alter" if found else "create")
    # A password cannot be a parameter of this statement; it is quoted by psycopg and never logged
    # (log_statement is off).
    connection.execute(sql.SQL("{} role {} login password {}").format(verb, name, sql.Literal(password)))


def _ensure_database(connection: psycopg.Connection, database: str, owner: str) -> None:
    if not connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
        statement = sql.SQL("create database {} owner {}")
        connection.execute(statement.format(sql.Identifier(database), sql.Identifier(owner)))


def _run_script(connection: psycopg.Connection, text: str) -> None:
    """Run the statements of one SQL file; the text is ours, from this repository."""
    connection.execute(text)


def _lock_bookkeeping(connection: psycopg.Connection) -> None:
    # The transaction's own lock, not the session's: a pooler in transaction mode (hosted Supabase) has none.
    connection.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    connection.execute(_BOOKKEEPING)


def _compare(connection: psycopg.Connection, migrations: list[Migration]) -> MigrationStatus:
    table = connection.execute("select to_regclass(%s)", [_TABLE]).fetchone()
    rows = []
    if table and table[0]:
        rows = connection.execute(f"select version from {_TABLE}").fetchall()
    applied = {version for (version,) in rows}
    known = {migration.version for migration in migrations}
    return MigrationStatus(
        applied=tuple(sorted(applied & known)),
        pending=tuple(sorted(known - applied)),
        unknown=tuple(sorted(applied - known)),
    )


def _refuse_gaps(status: MigrationStatus) -> None:
    """Forward only: nothing is applied beneath what stands, nor to a database newer than this code."""
    if status.unknown:
        raise LocalStackError(
            f"the database has migration {status.unknown[-1]}, which this version does not know",
            "Update the program",
        )
    if status.applied and status.pending and status.pending[0] < status.applied[-1]:
        raise LocalStackError(
            f"migration {status.pending[0]} is older than {status.applied[-1]}, which is applied already",
            "Give it a later timestamp",
        )


def _apply(connection: psycopg.Connection, migration: Migration) -> bool:
    """Apply one migration; False if somebody else did it in the meantime."""
    with connection.transaction():
        _lock_bookkeeping(connection)
        query = f"select 1 from {_TABLE} where version = %s"
        if connection.execute(query, [migration.version]).fetchone():
            return False
        # What the last migration set (search_path, role) does not leak into this one.
        connection.execute("reset all")
        try:
            _run_script(connection, migration.text)
        except psycopg.Error as error:
            raise LocalStackError(_describe(migration, error), "Mend the file and run it again") from error
        if connection.info.transaction_status != TransactionStatus.INTRANS:
            raise LocalStackError(
                f"migration {migration.version}_{migration.name} ends the transaction it runs in",
                "Take 'commit' out of the file",
            )
        connection.execute(
            f"insert into {_TABLE} (version, name, statements) values (%s, %s, %s)",
            [migration.version, migration.name, [migration.text]],
        )
    return True


def _describe(migration: Migration, error: psycopg.Error) -> str:
    """Name the file, the line where PostgreSQL points to one, and its words."""
    position = error.diag.statement_position
    line = f", line {migration.text.count(chr(10), 0, int(position) - 1) + 1}" if position else ""
    words = (error.diag.message_primary or str(error)).strip()
    return f"migration {migration.version}_{migration.name}.sql{line}: {words}"
