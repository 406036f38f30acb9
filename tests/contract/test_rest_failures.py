"""What happens when PostgreSQL, the client or the REST server itself goes away in the middle of something."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from noticias.local.database import NEWSROOM_DATABASE, REST_ROLE, ensure_databases
from noticias.local.postgres import PostgresServer
from noticias.local.rest import app as rest_app
from noticias.local.rest.connections import Connections
from tests.contract.store_fixtures import (
    SECRET,
    ContractDatabase,
    RunningRest,
    functions_for_tests,
    make_token,
    running_rest,
)
from tests.waiting import wait_until

FUNCTIONS = """
create table public.y_notas (texto text);
grant all on public.y_notas to service_role;
create function public.y_eco(v int) returns int language sql as 'select v';
create function public.y_espera(segundos float, v int default 0) returns int language plpgsql
  as 'begin perform pg_sleep(segundos); return v; end';
create function public.y_anota_y_espera(texto text, segundos float) returns void language plpgsql as $$
begin insert into public.y_notas values (texto); perform pg_sleep(segundos); end $$;
"""
OF_REST = "from pg_stat_activity where application_name = 'noticias rest' and datname = current_database()"


@pytest.fixture(scope="module", autouse=True)
def functions(contract_database: ContractDatabase) -> Iterator[None]:
    with functions_for_tests(contract_database, "y_", FUNCTIONS, "drop table public.y_notas"):
        yield


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A PostgreSQL that this module may kill; it comes back on the same port."""
    server = PostgresServer(tmp_path_factory.mktemp("mortal"))
    server.start()
    server.preferred_port = server.port
    ensure_databases(server)
    ContractDatabase(server.dsn(NEWSROOM_DATABASE), "").execute(FUNCTIONS)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def own_rest(own_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRest]:
    dsn = own_server.dsn(NEWSROOM_DATABASE, REST_ROLE)
    with running_rest(dsn, tmp_path_factory.mktemp("rest") / "log") as rest:
        yield rest


def health(rest: RunningRest) -> tuple[int, str]:
    answer = httpx.get(f"{rest.url}/health", trust_env=False, timeout=30)
    return answer.status_code, answer.json()["status"]


def activity(database: ContractDatabase, function: str) -> int:
    """Return how many sessions of the REST server are at work on a function."""
    query = f"select count(*) {OF_REST} and state = 'active' and query like %s"
    return int(database.value(query, f"%{function}%"))


def test_while_postgresql_is_down_it_is_503_and_at_once_better_when_it_is_back(
    own_server: PostgresServer, own_rest: RunningRest
) -> None:
    with own_rest.client() as client:
        with ThreadPoolExecutor(5) as threads:
            assert list(threads.map(lambda v: client.post("/rpc/y_eco", json={"v": v}).json(), range(5))) == [
                *range(5)
            ]
        assert health(own_rest) == (200, "ok")
        own_server.stop()
        for _ in range(3):
            answer = client.post("/rpc/y_eco", json={"v": 1})
            assert answer.status_code == 503
            assert answer.json()["code"] == "PGRST000"
            assert answer.json()["message"] == "Database connection error."
            assert "Connection refused" in answer.json()["details"]
            assert answer.headers["retry-after"] == "1"
        assert health(own_rest) == (503, "unavailable")
        own_server.start()
        assert client.post("/rpc/y_eco", json={"v": 2}).json() == 2
        assert health(own_rest) == (200, "ok")


def test_postgresql_killed_in_the_middle_of_a_call(own_server: PostgresServer, own_rest: RunningRest) -> None:
    database = ContractDatabase(own_server.dsn(NEWSROOM_DATABASE), "")
    with own_rest.client() as client, ThreadPoolExecutor(1) as threads:
        call = threads.submit(client.post, "/rpc/y_anota_y_espera", json={"texto": "muere", "segundos": 30})
        wait_until(lambda: activity(database, "y_anota_y_espera") == 1)
        process = own_server.process
        assert process is not None
        os.kill(process.pid, signal.SIGQUIT)  # PostgreSQL's immediate shutdown: as after a crash
        answer = call.result(timeout=30)
        assert answer.status_code in {500, 503}
        assert answer.json()["code"] in {"PGRST001", "57P01", "57P02"}
        wait_until(lambda: not process.is_alive())
        own_server.start()
        assert client.post("/rpc/y_eco", json={"v": 3}).json() == 3
    assert database.value("select count(*) from y_notas") == 0


def test_a_connection_ended_in_the_middle_of_a_call_and_those_ended_while_idle(
    client: httpx.Client, contract_database: ContractDatabase
) -> None:
    terminate = f"select pg_terminate_backend(pid) {OF_REST}"
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(client.post, "/rpc/y_espera", json={"segundos": 30})
        wait_until(lambda: activity(contract_database, "y_espera") == 1)
        contract_database.execute(terminate)
        answer = call.result(timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (503, "57P01")
    assert answer.json()["message"] == "terminating connection due to administrator command"
    assert client.post("/rpc/y_eco", json={"v": 1}).json() == 1
    contract_database.execute(terminate)
    assert client.post("/rpc/y_eco", json={"v": 2}).json() == 2


def test_a_cancelled_call_is_500_57014(client: httpx.Client, contract_database: ContractDatabase) -> None:
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(client.post, "/rpc/y_espera", json={"segundos": 30})
        wait_until(lambda: activity(contract_database, "y_espera") == 1)
        contract_database.execute(f"select pg_cancel_backend(pid) {OF_REST} and state = 'active'")
        answer = call.result(timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (500, "57014")


def test_without_a_free_connection_it_is_504_and_health_stays_good(
    contract_database: ContractDatabase, tmp_path: Path
) -> None:
    dsn = contract_database.rest_dsn
    with (
        running_rest(dsn, tmp_path / "log", pool_size="1", pool_timeout_s="0.2") as rest,
        rest.client() as client,
        ThreadPoolExecutor(1) as threads,
    ):
        call = threads.submit(client.post, "/rpc/y_espera", json={"segundos": 1.5, "v": 7})
        wait_until(lambda: activity(contract_database, "y_espera") == 1)
        answer = client.post("/rpc/y_eco", json={"v": 1})
        assert (answer.status_code, answer.json()["code"]) == (504, "PGRST003")
        assert answer.json()["message"] == "Timed out acquiring connection from connection pool."
        assert health(rest) == (200, "ok")
        assert call.result(timeout=30).json() == 7
        assert client.post("/rpc/y_eco", json={"v": 2}).json() == 2


async def test_fifty_requests_at_once_get_each_its_own_answer(rest: RunningRest) -> None:
    headers = {"Authorization": f"Bearer {make_token()}"}
    async with httpx.AsyncClient(headers=headers, trust_env=False, timeout=60) as client:
        url = f"{rest.url}/rest/v1/rpc/y_espera"
        answers = await asyncio.gather(
            *(client.post(url, json={"segundos": 0.05, "v": number}) for number in range(50))
        )
    assert [answer.json() for answer in answers] == list(range(50))


def raw_request(rest: RunningRest, body: bytes, length: int) -> socket.socket:
    """Return a connection on which a request was begun: `length` bytes announced, `body` sent."""
    parts = urlsplit(rest.url)
    connection = socket.create_connection((parts.hostname or "", parts.port or 0))
    head = (
        "POST /rest/v1/rpc/y_anota_y_espera HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {make_token()}\r\nContent-Length: {length}\r\n\r\n"
    )
    connection.sendall(head.encode() + body)
    return connection


def test_a_client_that_leaves_in_the_middle_of_its_request_has_called_nothing(
    rest: RunningRest, client: httpx.Client, contract_database: ContractDatabase
) -> None:
    body = b'{"texto": "a medias", "segundos": 0}'
    for sent in (0, 5, len(body) - 1):
        raw_request(rest, body[:sent], len(body)).close()
    assert client.post("/rpc/y_eco", json={"v": 1}).json() == 1
    assert contract_database.value("select count(*) from y_notas") == 0
    assert rest.log.read_text() == ""


def test_a_client_that_leaves_before_the_answer_has_called_all_the_same(
    rest: RunningRest, client: httpx.Client, contract_database: ContractDatabase
) -> None:
    body = b'{"texto": "se fue", "segundos": 0.3}'
    connection = raw_request(rest, body, len(body))
    wait_until(lambda: activity(contract_database, "y_anota_y_espera") == 1)
    connection.close()
    wait_until(lambda: contract_database.value("select count(*) from y_notas") == 1)
    assert client.post("/rpc/y_eco", json={"v": 1}).json() == 1
    assert rest.log.read_text() == ""
    contract_database.execute("delete from y_notas")


def test_sigterm_lets_the_request_at_hand_end(contract_database: ContractDatabase, tmp_path: Path) -> None:
    with (
        running_rest(contract_database.rest_dsn, tmp_path / "log") as rest,
        rest.client() as client,
        ThreadPoolExecutor(1) as threads,
    ):
        call = threads.submit(client.post, "/rpc/y_espera", json={"segundos": 0.5, "v": 8})
        wait_until(lambda: activity(contract_database, "y_espera") == 1)
        assert rest.stop() == 0
        assert call.result(timeout=30).json() == 8
        assert rest.log.read_text() == ""


def start(**settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.getcwd()}
    environment |= {f"NOTICIAS_REST_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "noticias.local.rest"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_it_does_not_start_on_a_secret_that_is_too_short_or_without_a_database() -> None:
    short = "corto-" + "x" * 25
    refused = start(dsn="postgresql://x", jwt_secret=short, port="0")
    assert refused.returncode == 2
    assert "NOTICIAS_REST_JWT_SECRET" in refused.stderr
    assert short not in refused.stderr + refused.stdout
    missing = start(jwt_secret=SECRET, port="x")
    assert missing.returncode == 2
    assert "NOTICIAS_REST_DSN" in missing.stderr
    assert "NOTICIAS_REST_PORT" in missing.stderr


def test_a_taken_port_is_named() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = start(dsn="postgresql://x", jwt_secret=SECRET, port=str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert "Address already in use" in refused.stderr


async def test_a_bug_is_500_in_postgrests_form() -> None:
    class NoConnections(Connections):
        def borrow(self):  # type: ignore[no-untyped-def]
            raise RuntimeError("un error nuestro")

    app = rest_app.build_app(NoConnections("postgresql://x"), SECRET)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://rest") as client:
        answer = await client.post("/rest/v1/rpc/y_eco", json={"v": 1})
    assert answer.status_code == 500
    assert answer.json()["code"] == "PGRSTX00"
    assert "un error nuestro" not in answer.text


def test_threads_of_a_client_share_its_connections(rest: RunningRest, client: httpx.Client) -> None:
    barrier = threading.Barrier(8)

    def call(value: int) -> int:
        barrier.wait(timeout=20)
        return int(client.post("/rpc/y_eco", json={"v": value}).json())

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(call, range(8))) == list(range(8))
