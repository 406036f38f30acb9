"""The databases of the local stack, their roles, and the migrations of any newsroom database.

Migrations are recorded where the Supabase CLI records them (supabase_migrations.schema_migrations), so that
both can be used on the same database.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.pq import Conninfo, TransactionStatus

from noticias.deployed import MIGRATIONS
from noticias.local.accounts import find_folder
from noticias.local.errors import LocalStackError
from noticias.local.postgres import PostgresServer

NEWSROOM_DATABASE = "noticias"
PREFECT_DATABASE = "prefect"
REST_ROLE = "authenticator"
PREFECT_ROLE = "prefect"

ROLES_FILE = Path(__file__).with_name("roles.sql")

# Any fixed number. Whoever changes the databases of a server takes this lock first.
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
    """A database compared with a folder of migrations: versions in ascending order.

    `applied` are in both, `pending` in the folder only, `unknown` in the database only: a later or an earlier
    version of this program made the database.
    """

    applied: tuple[str, ...]
    pending: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def earlier(self) -> tuple[str, ...]:
        """The unknown versions that are older than every migration of the folder.

        Migrations are not removed, with one exception: before the first release a baseline with new versions
        replaced all of them.
        """
        known = self.applied + self.pending
        return tuple(version for version in self.unknown if known and version < min(known))


def ensure_databases(server: PostgresServer) -> None:
    """Makes the databases `noticias` and `prefect` and their login roles if they are missing.

    The REST server logs in to `noticias` as the role authenticator. Prefect logs in to `prefect` as the role
    prefect, which owns this database and nothing else. The passwords are server.password(role).

    Args:
        server: it must run.
    """
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        _ensure_role(connection, PREFECT_ROLE, server.password(PREFECT_ROLE))
        _ensure_database(connection, NEWSROOM_DATABASE, "postgres")
        _ensure_database(connection, PREFECT_DATABASE, PREFECT_ROLE)
        # Prefect's server waits for the lock of its leases while its transaction keeps a deployment's
        # concurrency limit locked. If that wait never ended, all runs of the deployment would wait too.
        connection.execute(
            sql.SQL("alter database {} set idle_in_transaction_session_timeout = {}").format(
                sql.Identifier(PREFECT_DATABASE), sql.Literal(FORGOTTEN_TRANSACTION)
            )
        )
        # Roles belong to all databases, schemas to one: the script runs in the newsroom's database.
        with psycopg.connect(server.dsn(NEWSROOM_DATABASE)) as newsroom:
            _run_script(newsroom, ROLES_FILE.read_text(encoding="utf-8"))
        _ensure_role(connection, REST_ROLE, server.password(REST_ROLE))


def refuse_earlier_database(server: PostgresServer) -> None:
    """Raises LocalStackError if an earlier version of this program made the newsroom's database.

    Nothing is changed. A server without that database is fine.

    Args:
        server: it must run.
    """
    with psycopg.connect(server.dsn()) as connection:
        query = "select 1 from pg_database where datname = %s"
        if not connection.execute(query, [NEWSROOM_DATABASE]).fetchone():
            return
    with psycopg.connect(server.dsn(NEWSROOM_DATABASE)) as newsroom:
        status = _compare(newsroom, read_migrations())
    if status.earlier:
        # As root the cluster may lie elsewhere than its passwords.
        folders = dict.fromkeys((server.data_dir, find_folder(server.data_dir)))
        raise LocalStackError(
            f"the database in {server.data_dir} {_describe_earlier(status)}",
            f"Remove {' and '.join(map(str, folders))}, or set NOTICIAS_HOME to another folder, "
            "and read the articles again",
        )


def apply_migrations(dsn: str, directory: Path = MIGRATIONS) -> list[str]:
    """Applies the migrations of `directory` that the database lacks, in order. Returns their versions.

    A migration and the row that records it are one transaction. So it is applied once, whole or not at all,
    even if another program does the same at that moment.

    Raises:
        LocalStackError: a migration failed (file and line are named), or another version of this program made
            the database.
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


def read_migrations(directory: Path = MIGRATIONS) -> list[Migration]:
    """Returns the migrations of `directory`, ordered by version.

    Raises:
        LocalStackError: the name of a file has another form, or two have the same version.
    """
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
    """Returns `dsn` as the variables that psql and pg_dump read (PGHOST, PGPASSWORD, ...).

    So the password need not stand on a command line.
    """
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
    # A password cannot be a parameter of this statement. psycopg quotes it. PostgreSQL does not log it: its
    # log_statement is off.
    connection.execute(sql.SQL("{} role {} login password {}").format(verb, name, sql.Literal(password)))


def _ensure_database(connection: psycopg.Connection, database: str, owner: str) -> None:
    if not connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
        statement = sql.SQL("create database {} owner {}")
        connection.execute(statement.format(sql.Identifier(database), sql.Identifier(owner)))


def _run_script(connection: psycopg.Connection, text: str) -> None:
    """Runs the statements of one SQL file of this repository."""
    connection.execute(text)


def _lock_bookkeeping(connection: psycopg.Connection) -> None:
    # A lock of the transaction: behind a pooler in transaction mode (hosted Supabase) a session cannot hold
    # one.
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
    """Raises LocalStackError for a database of another version, or a migration older than an applied one."""
    if status.earlier:
        raise LocalStackError(
            f"the database {_describe_earlier(status)}",
            "Apply the migrations to an empty database and read the articles again",
        )
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


def _describe_earlier(status: MigrationStatus) -> str:
    first, last = status.earlier[0], status.earlier[-1]
    return f"was made by an earlier version of this program (migrations {first} to {last})"


def _apply(connection: psycopg.Connection, migration: Migration) -> bool:
    """Applies one migration. Returns False if another program did it in the meantime."""
    with connection.transaction():
        _lock_bookkeeping(connection)
        query = f"select 1 from {_TABLE} where version = %s"
        if connection.execute(query, [migration.version]).fetchone():
            return False
        # What the last migration set (search_path, role) must not hold for this one.
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
    """Returns the file, the line if PostgreSQL names a position, and PostgreSQL's words."""
    position = error.diag.statement_position
    line = f", line {migration.text.count(chr(10), 0, int(position) - 1) + 1}" if position else ""
    words = (error.diag.message_primary or str(error)).strip()
    return f"migration {migration.version}_{migration.name}.sql{line}: {words}"
