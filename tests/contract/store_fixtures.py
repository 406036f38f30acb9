"""The real REST server on the real database, for the tests of the REST server and of the store.

conftest.py makes the fixtures known. PostgreSQL is the one of tests/stack.py. The REST server has a database
of its own on it, a copy of the newsroom's.
"""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import jwt
import psycopg
import pytest
from psycopg import sql

from newsroom.store.supabase import SupabaseStore
from noticias.local.database import NEWSROOM_DATABASE, REST_ROLE
from noticias.local.postgres import PostgresServer
from tests.database import NewsroomDatabase

PROJECT = Path(__file__).parents[2]
SECRET = "un-secreto-de-pruebas-con-mas-de-32-letras"
OTHER_SECRET = "otro-secreto-distinto-con-mas-de-32-letras"
DATABASE = "contrato"


def make_token(role: str | None = "service_role", secret: str = SECRET, **claims: Any) -> str:
    """Return a signed token; without a role if that is None."""
    payload = claims if role is None else {"role": role, **claims}
    return jwt.encode(payload, secret, algorithm="HS256")


@dataclass(frozen=True)
class RunningRest:
    """A REST server process, the database behind it and what it wrote to its log."""

    url: str
    process: subprocess.Popen[str]
    log: Path
    dsn: str

    def client(self, token: str | None = None, **headers: str) -> httpx.Client:
        """Return an HTTP client that authenticates with `token` (the service role's unless given)."""
        token = make_token() if token is None else token
        return httpx.Client(
            base_url=f"{self.url}/rest/v1",
            headers={"Authorization": f"Bearer {token}", **headers},
            trust_env=False,
            verify=False,
            timeout=30,
        )

    def stop(self) -> int:
        """End it as the stack does, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


@contextmanager
def running_rest(dsn: str, log: Path, **settings: str) -> Iterator[RunningRest]:
    """Run `python -m noticias.local.rest` for the block, on a port that the system picks.

    `dsn` is that of role authenticator. `settings` are more of the NOTICIAS_REST_ variables.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(PROJECT),
        "NOTICIAS_REST_DSN": dsn,
        "NOTICIAS_REST_JWT_SECRET": SECRET,
        "NOTICIAS_REST_PORT": "0",
        **{f"NOTICIAS_REST_{name.upper()}": value for name, value in settings.items()},
    }
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "noticias.local.rest"],
            env=environment,
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("rest on "), log.read_text()
        yield RunningRest(line.split()[-1], process, log, dsn)
    finally:
        process.kill()
        process.communicate()


@dataclass(frozen=True)
class ContractDatabase(NewsroomDatabase):
    """The REST server's database, for tests that look behind it."""

    rest_dsn: str


DROP_FUNCTIONS = """
do $$ declare f record; begin
  for f in select oid::regprocedure as name from pg_proc
    where pronamespace = 'public'::regnamespace and left(proname, 2) = '{prefix}'
  loop execute 'drop routine ' || f.name; end loop;
end $$;
"""


@contextmanager
def functions_for_tests(
    database: ContractDatabase, prefix: str, create: str, drop: str = ""
) -> Iterator[None]:
    """Have the functions of the script `create`, whose names begin with `prefix` (two characters)."""
    database.execute(create)
    yield
    database.execute(DROP_FUNCTIONS.format(prefix=prefix) + drop)


@pytest.fixture(scope="session")
def contract_database(migrated_server: PostgresServer) -> Iterator[ContractDatabase]:
    """A copy of the migrated database."""
    name, template = sql.Identifier(DATABASE), sql.Identifier(NEWSROOM_DATABASE)
    with psycopg.connect(migrated_server.dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template {}").format(name, template))
    yield ContractDatabase(migrated_server.dsn(DATABASE), migrated_server.dsn(DATABASE, REST_ROLE))
    with psycopg.connect(migrated_server.dsn(), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(name))


@pytest.fixture(scope="session")
def rest(
    contract_database: ContractDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningRest]:
    """The REST server in front of contract_database, one for the whole run."""
    log = tmp_path_factory.mktemp("rest") / "rest.log"
    with running_rest(contract_database.rest_dsn, log) as rest:
        yield rest
        assert rest.process.poll() is None, log.read_text()


@pytest.fixture
def client(rest: RunningRest) -> Iterator[httpx.Client]:
    """An HTTP client of the REST server with the service role's key."""
    with rest.client() as client:
        yield client


@pytest.fixture
async def store(rest: RunningRest, contract_database: ContractDatabase) -> AsyncIterator[SupabaseStore]:
    """The real store, through the real SDK, REST server and database, which is empty."""
    contract_database.empty()
    store = SupabaseStore(rest.url, make_token())
    yield store
    await store.close()
