"""Secrets are planted, articles read well and badly, and all that is left is searched for them."""

import json
import subprocess
import threading
import uuid
from collections.abc import Iterable
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr

from noticias.local.database import NEWSROOM_DATABASE, PREFECT_DATABASE
from noticias.local.postgres import PostgresServer
from noticias.local.stack import StackAddresses
from tests.contract.groq_reactions import Refusal
from tests.contract.groq_server import GroqServer
from tests.program.test_cli import article
from tests.stack import run_noticias
from tests.waiting import wait_until

KEY = f"gsk_planted_{uuid.uuid4().hex}"
LOGIN = f"door_{uuid.uuid4().hex}"


@pytest.fixture(scope="module")
def secrets(stack_addresses: StackAddresses) -> dict[str, str]:
    """What must be found nowhere, by what it is."""
    key = stack_addresses.service_role_key
    assert isinstance(key, SecretStr)
    passwords = (stack_addresses.home / "postgres" / "passwords").glob("[!.]*")
    return {
        "the key of Groq": KEY,
        "the connector's token": LOGIN,
        "the service role's key": key.get_secret_value(),
        "the secret of its tokens": (stack_addresses.home / "secrets" / "jwt_secret").read_text().strip(),
        **{f"the password of {path.name}": path.read_text().strip() for path in passwords},
    }


def read(home: Path, groq: str, path: Path, arguments: set[str]) -> "subprocess.CompletedProcess[str]":
    """Has a file read; every command line that is there meanwhile is added to `arguments`."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            for process in psutil.process_iter():
                try:
                    arguments.add(" ".join(process.cmdline()))
                except psutil.Error:
                    continue

    looking = threading.Thread(target=look)
    looking.start()
    try:
        return run_noticias(
            home,
            "process",
            path,
            "--json",
            NOTICIAS_ENGINE="groq",
            GROQ_API_KEY=KEY,
            GROQ_BASE_URL=groq,
            NOTICIAS_CONNECTOR_TOKEN=LOGIN,
            NOTICIAS_LOG_JSON="1",
            PREFECT_LOGGING_LEVEL="DEBUG",
        )
    finally:
        over.set()
        looking.join()


def everything_in(server: PostgresServer, database: str) -> Iterable[tuple[str, str]]:
    """Yields each row of each table as text, with its table."""
    with psycopg.connect(server.dsn(database)) as connection:
        tables = connection.execute(
            "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
            "where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table in tables:
            rows = sql.SQL("select t::text from {} t").format(sql.Identifier(schema, table))
            for (row,) in connection.execute(rows):
                yield f"{database}.{table}", row


def test_secrets_are_found_nowhere(
    tmp_path: Path, stack_addresses: StackAddresses, secrets: dict[str, str]
) -> None:
    home = stack_addresses.home
    arguments: set[str] = set()
    said: list[tuple[str, str]] = []
    failures = (
        None,
        Refusal(401, f"Incorrect API key provided: {KEY}", code="invalid_api_key"),
        Refusal(400, f"echo of Authorization: Bearer {KEY}", code=KEY),
    )
    for number, answer in enumerate(failures):
        path = tmp_path / f"{number}.jsonl"
        # A text of its own: an answer that was given before is not asked for again.
        url = f"https://ejemplo.test/{uuid.uuid4().hex}"
        path.write_text(json.dumps(article(url=url, titular=f"El Congreso aprueba {url}")))
        with GroqServer(answer) as groq:
            done = read(home, groq.base_url, path, arguments)
            assert groq.requests
        assert done.returncode == (0 if answer is None else 1), done.stderr
        said += [("standard output", done.stdout), ("standard error", done.stderr)]

    server = PostgresServer(home / "postgres")
    rows = [*everything_in(server, NEWSROOM_DATABASE), *wait_for_logs(server)]
    files = [
        (str(path), path.read_bytes().decode("utf-8", "replace"))
        for path in home.rglob("*")
        if path.is_file() and not path.is_relative_to(home / "postgres") and path.parent != home / "secrets"
    ]
    assert files
    lines = [("a command line", line) for line in arguments]
    found = {
        (name, place)
        for place, text in [*said, *lines, *rows, *files]
        for name, secret in secrets.items()
        if secret in text
    }
    assert found == set()
    assert any("noticias process" in line for line in arguments), "the search saw the command itself"


def wait_for_logs(server: PostgresServer) -> list[tuple[str, str]]:
    """Returns Prefect's rows, once the last run's failure stands in them."""
    rows: list[tuple[str, str]] = []

    def are_there() -> bool:
        rows[:] = everything_in(server, PREFECT_DATABASE)
        tables = {table for table, row in rows if "EngineRefused" in row}
        return {f"{PREFECT_DATABASE}.log", f"{PREFECT_DATABASE}.flow_run_state"} <= tables

    wait_until(are_there, what="the failure in Prefect's tables", poll_s=0.1)
    return rows


def test_the_search_finds_what_is_there(stack_addresses: StackAddresses, secrets: dict[str, str]) -> None:
    with psycopg.connect(
        PostgresServer(stack_addresses.home / "postgres").dsn(NEWSROOM_DATABASE)
    ) as connection:
        connection.execute("create table public.planted as select %s::text as x", [KEY])
        connection.commit()
        try:
            rows = list(everything_in(PostgresServer(stack_addresses.home / "postgres"), NEWSROOM_DATABASE))
            assert any(secrets["the key of Groq"] in row for _, row in rows)
        finally:
            connection.execute("drop table public.planted")
