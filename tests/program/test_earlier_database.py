"""A database that an earlier version of this program made: refused with one line that says what to do."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from noticias.deployed import migration_versions
from noticias.local.database import NEWSROOM_DATABASE, REST_ROLE
from noticias.local.postgres import PostgresServer
from noticias.local.stack import open_stack
from tests.contract.store_fixtures import make_token, running_rest
from tests.stack import ANY_PORTS, processes_under, run_noticias

EXAMPLE = Path(__file__).parents[2] / "examples" / "05-inflacion-y-empleo-mexico.json"
EARLIER = ("20261124000100", "20261124001700")
RECORD = "supabase_migrations.schema_migrations"


def make_earlier(dsn: str) -> None:
    """Records the first and the last migration of the earlier version in place of ours."""
    with psycopg.connect(dsn) as connection:
        connection.execute(f"delete from {RECORD}")
        connection.execute(f"insert into {RECORD} (version) select unnest(%s::text[])", [list(EARLIER)])


def look(home: Path) -> dict[str, object]:
    """Returns what is recorded, stored and set in the database of `home`."""
    server = PostgresServer(home / "postgres")
    server.start()
    try:
        with psycopg.connect(server.dsn(NEWSROOM_DATABASE)) as connection:
            questions = {
                "versions": f"select version from {RECORD} order by 1",
                "articulos": "select count(*) from public.articulos",
                "functions": "select count(*), max(oid) from pg_proc",
                # A password that is set again is salted anew.
                "roles": "select rolname, rolpassword from pg_authid order by 1",
                "databases": "select datname from pg_database order by 1",
            }
            return {name: connection.execute(query).fetchall() for name, query in questions.items()}
    finally:
        server.stop()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose database says that an earlier version made it; its servers are stopped."""
    home = tmp_path_factory.mktemp("earlier")
    with open_stack(home, {"database"}, ports=ANY_PORTS) as addresses:
        assert addresses.database_dsn is not None
        make_earlier(addresses.database_dsn.get_secret_value())
    yield home
    assert processes_under(home) == []


def test_it_is_refused_with_what_to_do_and_not_touched(home: Path) -> None:
    before = look(home)
    for command in (("process", EXAMPLE), ("show",)):
        done = run_noticias(home, *command)
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr == (
            f"noticias: the database in {home / 'postgres'} was made by an earlier version of this program "
            f"(migrations {EARLIER[0]} to {EARLIER[1]}). Remove {home / 'postgres'}, or set NOTICIAS_HOME to "
            "another folder, and read the articles again\n"
        )
        # Refused before anything else is started: an own Prefect server would change its database.
        assert not (home / "run").exists()
        assert processes_under(home) == []
    assert look(home) == before


def test_doctor_says_the_same(home: Path) -> None:
    done = run_noticias(home, "doctor")
    assert done.returncode == 1
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("✗ local stack")]
    assert "made by an earlier version of this program (migrations 20261124000100 to 20261124001700)" in line
    assert f"Remove {home / 'postgres'}, or set NOTICIAS_HOME to another folder" in line


def test_what_it_says_helps(home: Path, tmp_path: Path) -> None:
    """On a copy of the home, which the other tests need as it is."""
    other = tmp_path / "home"
    shutil.copytree(home, other, symlinks=True)
    shutil.rmtree(other / "postgres")
    done = run_noticias(other, "show")
    assert done.returncode == 0, done.stderr
    assert look(other)["versions"] == [(version,) for version in migration_versions()]


@pytest.mark.parametrize(
    ("version", "words"),
    [
        (EARLIER[1], "→ an earlier version of this program made it: apply the migrations"),
        ("29990101000000", "→ a later version of this program made it: update the program"),
    ],
)
def test_doctor_says_so_of_a_supabase_project(
    migrated_server: PostgresServer,
    make_database: Callable[[str], str],
    tmp_path: Path,
    version: str,
    words: str,
) -> None:
    dsn = make_database(NEWSROOM_DATABASE)
    with psycopg.connect(dsn) as connection:
        connection.execute(f"delete from {RECORD}")
        connection.execute(f"insert into {RECORD} (version) values (%s)", [version])
    name = psycopg.conninfo.conninfo_to_dict(dsn)["dbname"]
    with running_rest(migrated_server.dsn(str(name), REST_ROLE), tmp_path / "rest.log") as rest:
        done = run_noticias(
            tmp_path,
            "doctor",
            SUPABASE_URL=rest.url,
            SUPABASE_SERVICE_ROLE_KEY=make_token(),
            # Nobody is there: this test is not about Prefect.
            PREFECT_API_URL="http://127.0.0.1:9/api",
        )
    assert done.returncode == 1
    (line,) = [line for line in done.stdout.splitlines() if "database:" in line]
    assert line.startswith("✗ database: http://127.0.0.1:")
    assert f", migrations at {version} {words}" in line
