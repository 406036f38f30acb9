import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from noticias.local import accounts
from noticias.local.errors import LocalStackError
from noticias.local.ports import choose_port
from noticias.local.postgres import PostgresServer
from noticias.local.processes import ProcessRef, find_by_folder, run_as, wait_until
from tests.stack import PROJECT

needs_setpriv = pytest.mark.skipif(not shutil.which("setpriv"), reason="there is no setpriv here")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give its server another account")


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    server = PostgresServer(tmp_path_factory.mktemp("shared") / "postgres")
    yield server
    server.stop()


@pytest.fixture
def server(shared_server: PostgresServer) -> PostgresServer:
    """A running server; whatever a test does to it, the next one has to be able to start it."""
    shared_server.start()
    return shared_server


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[PostgresServer]:
    """A server that was never started."""
    server = PostgresServer(tmp_path / "postgres")
    yield server
    server.stop()


def query(server: PostgresServer, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def cluster_of(server: PostgresServer) -> Path:
    return accounts.find_folder(server.data_dir) / accounts.CLUSTER


def kill_postmaster(server: PostgresServer) -> None:
    process = server.process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    assert wait_until(lambda: not process.is_alive(), 10)


def test_second_start_joins_and_stop_ends_it(server: PostgresServer) -> None:
    first = server.process
    other = PostgresServer(server.data_dir)
    other.start()
    assert other.process == first
    assert other.dsn() == server.dsn()
    other.stop()
    assert not server.is_running()
    with pytest.raises(LocalStackError, match="not running"):
        server.dsn()


def test_listens_on_loopback_and_asks_for_the_password(server: PostgresServer) -> None:
    process = server.process
    assert process is not None
    listening = [
        c for c in psutil.Process(process.pid).net_connections("inet") if c.status == psutil.CONN_LISTEN
    ]
    assert [c.laddr.ip for c in listening] == ["127.0.0.1"]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.dsn().replace(server.password(), "guess"))


def test_durability_is_left_on(server: PostgresServer) -> None:
    settings = {str(name): value for name, value in query(server, "select name, setting from pg_settings")}
    assert (settings["fsync"], settings["synchronous_commit"], settings["full_page_writes"]) == ("on",) * 3
    assert settings["max_connections"] == "200"


def test_data_survives_a_killed_server_whose_backend_lives_on(server: PostgresServer) -> None:
    query(server, "create table kept as select 42 as answer")
    busy = psycopg.connect(server.dsn())
    pid = busy.info.backend_pid
    # A backend that computes does not look whether its postmaster still lives.
    worker = threading.Thread(target=run_until_cut_off, args=(busy,))
    worker.start()
    assert wait_until(lambda: psutil.Process(pid).cpu_times().user > 0.05, 10)
    kill_postmaster(server)
    assert ProcessRef.of(pid) is not None

    server.start()

    assert ProcessRef.of(pid) is None
    assert query(server, "select answer from kept") == [(42,)]
    worker.join(timeout=10)
    busy.close()


def run_until_cut_off(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.OperationalError):
        connection.execute("select count(*) from generate_series(1, 100000) a, generate_series(1, 100000) b")


def test_pid_file_that_names_a_foreign_process_is_no_obstacle(server: PostgresServer) -> None:
    pid_file = cluster_of(server) / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    kill_postmaster(server)
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert not server.is_running()
    server.start()
    assert query(server, "select 1") == [(1,)]


def test_half_made_cluster_is_thrown_away(new_server: PostgresServer) -> None:
    draft = new_server.data_dir / "draft.abc"
    (draft / "cluster" / "base").mkdir(parents=True)
    (draft / "cluster" / "PG_VERSION").write_text("18\n")
    new_server.start()
    assert query(new_server, "select 1") == [(1,)]
    assert not list(new_server.data_dir.glob("draft.*"))


def test_preferred_port_is_used_if_free_and_passed_over_if_taken(server: PostgresServer) -> None:
    wanted = choose_port(0)
    again = PostgresServer(server.data_dir, port=wanted)
    server.stop()
    again.start()
    assert again.port == wanted
    again.stop()
    with socket.create_server(("127.0.0.1", wanted)):
        again.start()
        assert again.port != wanted
        assert query(again, "select 1") == [(1,)]


def test_other_major_version_is_refused(server: PostgresServer) -> None:
    server.stop()
    version = cluster_of(server) / "PG_VERSION"
    right = version.read_text()
    version.write_text("12\n")
    with pytest.raises(LocalStackError, match="made by PostgreSQL 12"):
        server.start()
    version.write_text(right)


def test_lost_password_is_not_replaced_by_one_that_cannot_work(server: PostgresServer) -> None:
    server.stop()
    kept = server.data_dir / "passwords" / "postgres"
    kept.rename(kept.with_suffix(".moved"))
    with pytest.raises(LocalStackError, match=r"password of .* is gone"):
        server.start()
    kept.with_suffix(".moved").rename(kept)


def test_failure_to_start_quotes_the_log(server: PostgresServer) -> None:
    server.stop()
    settings = cluster_of(server) / "postgresql.conf"
    right = settings.read_text()
    settings.write_text(f"{right}no_such_setting = 1\n")
    with pytest.raises(LocalStackError, match="no_such_setting") as caught:
        server.start()
    settings.write_text(right)
    assert "\n" not in str(caught.value)


def test_passwords_are_private_and_on_no_command_line(server: PostgresServer) -> None:
    folder = server.data_dir / "passwords"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600] * 2
    password = server.password()
    seen = [" ".join(psutil.Process(process.pid).cmdline()) for process in find_by_folder(cluster_of(server))]
    assert seen
    assert not [line for line in seen if password in line]
    assert password not in server.log.read_text()


def test_nothing_of_the_callers_environment_reaches_the_server(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.stop()
    monkeypatch.setenv("PGDATA", "/nowhere")
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("LC_ALL", "es_XX.UTF-8")
    server.start()
    assert query(server, "show server_encoding") == [("UTF8",)]
    assert query(server, "select lower('ÁÉÑ')") == [("áéñ",)]


@needs_root
class TestAsRoot:
    """pytest's folder, in which the servers lie, is closed to others (0700) like a clone under /root."""

    @needs_setpriv
    def test_closed_folder_stays_closed_and_the_server_gets_one_capability(
        self, server: PostgresServer
    ) -> None:
        closed = [
            folder for folder in server.data_dir.parents if stat.S_IMODE(folder.stat().st_mode) == 0o700
        ]
        assert closed
        process = server.process
        assert process is not None
        assert psutil.Process(process.pid).uids().real != 0
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert int(status.split("CapEff:")[1].split()[0], 16).bit_count() == 1

    def test_open_folder_needs_no_capability(self) -> None:
        folder = Path(tempfile.mkdtemp())
        folder.chmod(0o755)
        server = PostgresServer(folder / "postgres")
        try:
            server.start()
            process = server.process
            assert process is not None
            assert psutil.Process(process.pid).uids().real != 0
            assert "CapEff:\t0000000000000000" in Path(f"/proc/{process.pid}/status").read_text()
        finally:
            server.stop()
            shutil.rmtree(folder)

    def test_without_setpriv_programs_and_cluster_move_out(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root = Path(tempfile.mkdtemp())
        root.chmod(0o755)
        monkeypatch.setattr(accounts, "SYSTEM_ROOT", root / "noticias")
        monkeypatch.setenv("PATH", str(tmp_path))
        server = PostgresServer(tmp_path / "postgres")
        try:
            server.start()
            query(server, "create table kept as select 1 as one")
            kill_postmaster(server)
            again = PostgresServer(tmp_path / "postgres")
            again.start()
            assert query(again, "select one from kept") == [(1,)]
            assert cluster_of(again).is_relative_to(root)
        finally:
            server.stop()
            shutil.rmtree(root)

    @needs_setpriv
    def test_ordinary_users_cluster_is_run_as_that_user(self, tmp_path: Path) -> None:
        user = pwd.getpwnam("daemon")
        home = tmp_path / "home"
        home.mkdir(mode=0o700)
        os.chown(home, user.pw_uid, user.pw_gid)
        started = start_as(user, home / "postgres")
        assert (started.returncode, started.stdout) == (0, f"{user.pw_uid}\n"), started.stderr

        server = PostgresServer(home / "postgres")
        try:
            server.start()
            process = server.process
            assert process is not None
            assert psutil.Process(process.pid).uids().real == user.pw_uid
            assert query(server, "select 1") == [(1,)]
        finally:
            server.stop()

    @needs_setpriv
    def test_ordinary_user_is_refused(self, server: PostgresServer) -> None:
        refused = start_as(pwd.getpwnam("daemon"), server.data_dir)
        assert refused.returncode == 1
        assert "LocalStackError" in refused.stderr.splitlines()[-1]


def start_as(user: pwd.struct_passwd, data_dir: Path) -> subprocess.CompletedProcess[str]:
    """Start and stop a server as `user`, who is let read everything so that he can run this Python."""
    program = """
        import sys
        from pathlib import Path
        import psutil
        from noticias.local.postgres import PostgresServer
        server = PostgresServer(Path(sys.argv[1]))
        server.start()
        print(psutil.Process(server.process.pid).uids().real)
        server.stop()
    """
    reader = accounts.accounts_for(user.pw_uid, user.pw_gid)[1]
    command: list[str | Path] = [sys.executable, "-c", textwrap.dedent(program), data_dir]
    return run_as(reader, command, {"PYTHONPATH": str(PROJECT)})
