import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import httpx
import jwt
import psutil
import psycopg
import pytest

from noticias.local.errors import LocalStackError
from noticias.local.prefect_server import client_environment, plan_prefect_server
from noticias.local.processes import find_by_folder, wait_until
from noticias.local.stack import Ports, StackAddresses, open_stack
from tests.stack import ANY_PORTS, another_command, processes_under


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One NOTICIAS_HOME for the tests of the database alone; each leaves it stopped."""
    return tmp_path_factory.mktemp("home") / "noticias home ñ"


@pytest.fixture(autouse=True)
def nothing_left(home: Path) -> Iterator[None]:
    yield
    assert processes_under(home) == []


def dsn_of(addresses: StackAddresses) -> str:
    assert addresses.database_dsn is not None
    return addresses.database_dsn.get_secret_value()


def query(addresses: StackAddresses, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn_of(addresses), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def server_pids(home: Path) -> set[int]:
    return {process.pid for process in processes_under(home)}


def test_stack_runs_in_the_block_and_data_stays(home: Path) -> None:
    steps: list[str] = []
    with open_stack(home, {"database"}, ports=ANY_PORTS, on_step=steps.append) as addresses:
        query(addresses, "create table public.kept as select 42 as answer")
        assert addresses.prefect_api_url is addresses.supabase_url is None
    assert server_pids(home) == set()
    with open_stack(home, {"database"}, ports=ANY_PORTS) as addresses:
        assert query(addresses, "select answer from public.kept") == [(42,)]
    assert steps == ["Starting PostgreSQL", "Applying migrations", "Stopping the servers"]


def test_nothing_needed_touches_nothing(tmp_path: Path) -> None:
    with open_stack(tmp_path / "none", set()) as addresses:
        assert addresses.database_dsn is None
    assert not (tmp_path / "none").exists()


def test_last_command_out_stops_the_servers(home: Path) -> None:
    with another_command(home, "database") as first, another_command(home, "database") as second:
        first.wait_until_up()
        second.wait_until_up()
        before = server_pids(home)
        first.leave()
        assert server_pids(home) & before
        with open_stack(home, {"database"}, ports=ANY_PORTS) as addresses:
            assert query(addresses, "select 1") == [(1,)]
        assert find_by_folder(home / "postgres" / "cluster")
        second.leave()


def test_ctrl_c_in_one_command_leaves_the_servers_to_the_other(home: Path) -> None:
    with another_command(home, "database") as command:
        command.wait_until_up()
        with open_stack(home, {"database"}, ports=ANY_PORTS) as addresses:
            before = server_pids(home)
            command.interrupt()
            assert query(addresses, "select 1") == [(1,)]
            assert server_pids(home) & before


def test_ctrl_c_in_the_only_command_stops_the_servers(home: Path) -> None:
    with another_command(home, "database") as command:
        command.wait_until_up()
        command.interrupt()
        assert server_pids(home) == set()


def test_servers_of_a_killed_command_are_joined_and_stopped(home: Path) -> None:
    with another_command(home, "database") as command:
        command.wait_until_up()
        command.kill()
    left = server_pids(home)
    assert left
    with open_stack(home, {"database"}, ports=ANY_PORTS) as addresses:
        assert query(addresses, "select 1") == [(1,)]
        assert left & server_pids(home)


def test_killed_database_comes_back_on_its_port(home: Path) -> None:
    with another_command(home, "database") as command:
        command.wait_until_up()
        with open_stack(home, {"database"}, ports=ANY_PORTS) as addresses:
            before = dsn_of(addresses)
            query(addresses, "create table public.marks as select 'á' as mark")
        kill_postmaster(home)
        with open_stack(home, {"database"}, ports=ANY_PORTS) as addresses:
            assert dsn_of(addresses) == before
            assert query(addresses, "select mark from public.marks") == [("á",)]
        command.leave()


def kill_postmaster(home: Path) -> None:
    pid = int((home / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not psutil.pid_exists(pid) or is_zombie(pid), 10)


def is_zombie(pid: int) -> bool:
    return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def test_unreadable_state_is_no_obstacle(home: Path) -> None:
    with open_stack(home, {"database"}, ports=ANY_PORTS):
        pass
    (home / "stack.json").write_text('{"servers": {"prefect": {"pid": "none"')
    with open_stack(home, {"database"}, ports=ANY_PORTS) as addresses:
        assert query(addresses, "select 1") == [(1,)]


def test_error_in_the_block_stops_the_servers_too(home: Path) -> None:
    with pytest.raises(KeyboardInterrupt), open_stack(home, {"database"}, ports=ANY_PORTS):
        raise KeyboardInterrupt
    assert server_pids(home) == set()


def test_client_environment_for_a_server_of_others_assumes_nothing(tmp_path: Path) -> None:
    variables = client_environment("https://api.prefect.example/api", tmp_path, own_server=False)
    assert "PREFECT_API_SSL_CERT_FILE" not in variables
    assert "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED" not in variables
    assert variables["PREFECT_HOME"].startswith(str(tmp_path))


def test_client_environment_writes_one_certificate(tmp_path: Path) -> None:
    variables = client_environment("http://127.0.0.1:4200/api", tmp_path)
    text = Path(variables["PREFECT_API_SSL_CERT_FILE"]).read_text()
    assert text.count("BEGIN CERTIFICATE") == text.count("END CERTIFICATE") == 1


def test_whole_stack(tmp_path: Path) -> None:
    """One long test, because every start of the Prefect server takes its ten seconds."""
    home = tmp_path / "whole"
    with another_command(home, "rest,prefect") as command, socket.create_server(("127.0.0.1", 0)) as taken:
        ports = Ports(prefect=taken.getsockname()[1], rest=0, database=0)
        with open_stack(home, ports=ports) as addresses:
            theirs = command.wait_until_up()
            assert theirs.prefect_api_url == addresses.prefect_api_url
            assert theirs.supabase_url == addresses.supabase_url
            check_addresses(addresses)
            check_secrets(home, addresses)
        command.kill()

    kill_postmaster(home)
    with open_stack(home, ports=ANY_PORTS) as again:
        # Port and database are what they were, and the servers that lost their database were started anew.
        assert again.prefect_api_url == addresses.prefect_api_url
        check_addresses(again)
        assert query_prefect(again, "flows") == ["kept"]
    assert processes_under(home) == []
    assert not (home / "stack.json").exists()


def check_addresses(addresses: StackAddresses) -> None:
    with httpx.Client(verify=False) as client:
        assert client.get(f"{addresses.prefect_api_url}/health").json() is True
        assert client.get(f"{addresses.prefect_ui_url}/").status_code == 200
        assert client.get(f"{addresses.supabase_url}/health").status_code == 200
        client.post(f"{addresses.prefect_api_url}/flows/", json={"name": "kept"}).raise_for_status()
        foreign = client.options(
            f"{addresses.prefect_api_url}/flows/",
            headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
        )
        assert "access-control-allow-origin" not in foreign.headers


def query_prefect(addresses: StackAddresses, kind: str) -> list[str]:
    with httpx.Client(verify=False) as client:
        answer = client.post(f"{addresses.prefect_api_url}/{kind}/filter", json={})
        return [item["name"] for item in answer.raise_for_status().json()]


def check_secrets(home: Path, addresses: StackAddresses) -> None:
    assert addresses.service_role_key is not None
    key = addresses.service_role_key.get_secret_value()
    secret = (home / "secrets" / "jwt_secret").read_text()
    assert jwt.decode(key, secret, algorithms=["HS256"])["role"] == "service_role"

    kept = [*(home / "secrets").iterdir(), *(home / "postgres" / "passwords").iterdir(), home / "stack.json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    secrets = [key, secret, *(path.read_text() for path in kept if path.parent.name == "passwords")]
    secrets = [text for text in secrets if text]
    shown = [" ".join(process.cmdline()) for process in processes_under(home)]
    shown += [path.read_text() for path in (home / "logs").iterdir()]
    shown += [
        (home / "stack.json").read_text(),
        (home / "postgres" / "server.log").read_text(),
        repr(addresses),
    ]
    assert len(secrets) == 5
    assert [text for text in shown for word in secrets if word in text] == []


def test_a_database_that_dies_while_the_stack_starts_is_one_line(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_server: object) -> None:
        kill_postmaster(home)
        raise psycopg.OperationalError("connection refused")

    with open_stack(home, {"database"}, ports=ANY_PORTS) as addresses:
        monkeypatch.setattr("noticias.local.stack.ensure_databases", die)
        with (
            pytest.raises(LocalStackError, match="went away while the stack was starting"),
            open_stack(home, {"database"}, ports=ANY_PORTS),
        ):
            raise AssertionError("it came up")
        monkeypatch.undo()
        with open_stack(home, {"database"}, ports=ANY_PORTS):
            assert query(addresses, "select 1") == [(1,)]


def test_a_lock_that_a_killed_server_left_is_gone_before_the_next_starts(tmp_path: Path) -> None:
    plan = plan_prefect_server(tmp_path, "postgresql://prefect@127.0.0.1/prefect", port=0, database="x")
    lock = tmp_path / "prefect" / "concurrency_leases" / "expirations.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text(str(os.getpid()))

    told = plan.environment(4200)

    assert Path(told["PREFECT_HOME"]) / "concurrency_leases" == lock.parent
    assert not lock.exists()
