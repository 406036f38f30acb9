"""Servers that tests share, each started once for the whole run and only if a test asks for it."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg import sql

from noticias.local.database import NEWSROOM_DATABASE, apply_migrations, ensure_databases
from noticias.local.postgres import PostgresServer
from noticias.local.stack import Ports, StackAddresses, open_stack

PROJECT = Path(__file__).parents[1]
ANY_PORTS = Ports(prefect=0, rest=0, database=0)
NOTICIAS = Path(sys.executable).with_name("noticias")


def run_noticias(
    home: Path, *arguments: str | Path, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Runs the command as a person does, on the servers of `home`; servers that run already are used."""
    ports = {f"NOTICIAS_{name}_PORT": "0" for name in ("DB", "REST", "PREFECT")}
    return subprocess.run(
        [str(NOTICIAS), *map(str, arguments)],
        env=os.environ | ports | {"NOTICIAS_HOME": str(home)} | environment,
        cwd=home,  # no .env of the checkout is read
        input=stdin,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A running embedded PostgreSQL with the stack's databases and roles, and no migration applied."""
    server = PostgresServer(tmp_path_factory.mktemp("postgres"))
    server.start()
    try:
        ensure_databases(server)
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def migrated_server(postgres_server: PostgresServer) -> PostgresServer:
    """The same server, with every migration applied to the database `noticias`."""
    apply_migrations(postgres_server.dsn(NEWSROOM_DATABASE))
    return postgres_server


@pytest.fixture
def make_database(postgres_server: PostgresServer) -> Iterator[Callable[[str], str]]:
    """Returns a function that makes a database for the test alone and returns its DSN.

    The function's argument is the database to copy: "template0" is empty, "noticias" has the migrations of
    migrated_server.
    """
    made: list[str] = []

    def make(template: str = "template0") -> str:
        name = f"prueba_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(postgres_server.dsn(), autocommit=True) as connection:
            statement = sql.SQL("create database {} template {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        made.append(name)
        return postgres_server.dsn(name)

    yield make
    with psycopg.connect(postgres_server.dsn(), autocommit=True) as connection:
        for name in made:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def stack_addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackAddresses]:
    """The addresses of a whole local stack: database, REST server and Prefect server."""
    with open_stack(tmp_path_factory.mktemp("stack") / "home", ports=ANY_PORTS) as addresses:
        yield addresses


class Command:
    """Another process that uses the stack of `home` until it is told to leave, or is killed."""

    PROGRAM = """
import sys
from pathlib import Path
from noticias.local.stack import Ports, open_stack
with open_stack(Path(sys.argv[1]), set(sys.argv[2].split(",")), ports=Ports(0, 0, 0)) as addresses:
    print(addresses.model_dump_json(), flush=True)
    sys.stdin.read()
"""

    def __init__(self, home: Path, need: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", self.PROGRAM, str(home), need],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=PROJECT,
            start_new_session=True,
        )

    def wait_until_up(self) -> StackAddresses:
        """Returns the addresses that the command got, with the secrets masked."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError(self._process.communicate()[1].decode())
        return StackAddresses.model_validate_json(line)

    def leave(self) -> None:
        """Lets the command end in order, and waits for it."""
        self._process.communicate(timeout=60)
        assert self._process.returncode == 0

    def interrupt(self) -> None:
        """Does what Ctrl-C in a terminal does to the command's process group, and waits for its end."""
        os.killpg(self._process.pid, signal.SIGINT)
        self._process.communicate(timeout=60)

    def kill(self) -> None:
        """Kills the command without a chance to clean up."""
        self._process.kill()
        self._process.communicate(timeout=10)


@contextmanager
def another_command(home: Path, need: str) -> Iterator[Command]:
    """Runs a Command during the block, and kills it at the end if it still runs."""
    command = Command(home, need)
    try:
        yield command
    finally:
        command.kill()


def processes_under(folder: Path) -> list[psutil.Process]:
    """Returns the live processes whose working folder is `folder` or beneath it."""
    found = []
    for process in psutil.process_iter():
        try:
            if Path(process.cwd()).is_relative_to(folder.resolve()):
                found.append(process)
        except psutil.Error:
            continue
    return found
