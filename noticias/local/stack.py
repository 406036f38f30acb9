"""The local stack. The first command starts it, the others use it too, the last one stops it.

Every command holds a shared lock on NOTICIAS_HOME/stack.lock while it uses the stack. The kernel ends this
lock with the command, even after a crash. A command that leaves and finds no other lock stops the servers.
After a crash there is nothing to repair: the next command uses the servers that still run and starts the
others again. stack.json says what runs.
"""

import os
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psycopg
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from newsroom.file_lock import FileLock
from noticias.local.database import (
    NEWSROOM_DATABASE,
    PREFECT_DATABASE,
    PREFECT_ROLE,
    REST_ROLE,
    apply_migrations,
    ensure_databases,
    refuse_earlier_database,
)
from noticias.local.errors import LocalStackError
from noticias.local.files import ensure_directory, explain_lock, locked, write_private
from noticias.local.keys import jwt_secret, service_role_key
from noticias.local.ports import LOOPBACK
from noticias.local.postgres import PostgresServer
from noticias.local.prefect_server import plan_prefect_server, prefect_addresses
from noticias.local.servers import (
    ServerPlan,
    ServerRecord,
    StartingServer,
    base_environment,
    end_server,
    is_usable,
    python_module,
)

Need = Literal["database", "rest", "prefect"]
EVERYTHING: frozenset[Need] = frozenset({"database", "rest", "prefect"})


@dataclass(frozen=True)
class Ports:
    """Preferred ports. Each is taken if it is free; 0 lets the system choose."""

    prefect: int = 4200
    rest: int = 54321
    database: int = 54329


class StackAddresses(BaseModel):
    """Where the stack is reached. What was not asked for is None. Secrets are masked when printed."""

    model_config = ConfigDict(frozen=True)

    home: Path
    database_dsn: SecretStr | None = None
    supabase_url: str | None = None
    service_role_key: SecretStr | None = None
    prefect_api_url: str | None = None
    prefect_ui_url: str | None = None


class StackState(BaseModel):
    """The content of stack.json: the HTTP servers by name, and the port of PostgreSQL."""

    model_config = ConfigDict(frozen=True)

    database_port: int = 0
    servers: dict[str, ServerRecord] = {}


def _say_nothing(_step: str) -> None:
    pass


@contextmanager
def open_stack(
    home: Path,
    need: Set[Need] = EVERYTHING,
    *,
    ports: Ports | None = None,
    on_step: Callable[[str], None] = _say_nothing,
) -> Iterator[StackAddresses]:
    """Returns the addresses of the servers in `need`, which run as long as the block.

    Args:
        home: NOTICIAS_HOME.
        need: what must run. "database" is the newsroom's database with every migration applied; "rest"
            includes it. If it is empty, nothing is started and no file is touched.
        ports: the preferred ports.
        on_step: is told in a few words what is being waited for.

    Raises:
        LocalStackError: something does not start.
    """
    if not need:
        yield StackAddresses(home=home.absolute())
        return
    stack = Stack(home, need, ports=ports or Ports(), on_step=on_step)
    try:
        yield stack.enter()
    finally:
        stack.leave()


class Stack:
    """The use of the stack by one command. open_stack() is the way in."""

    def __init__(self, home: Path, need: Set[Need], *, ports: Ports, on_step: Callable[[str], None]) -> None:
        self.home = _prepare_home(home)
        self.need = set(need) | ({"database"} if "rest" in need else set())
        self.ports = ports
        self._on_step = on_step
        self._state_file = self.home / "stack.json"
        self._lock_file = self.home / "stack.lock"
        with explain_lock(self._lock_file):
            self._use = FileLock(self._lock_file)
        self._state = StackState()
        self._postgres = PostgresServer(self.home / "postgres", port=ports.database)

    def enter(self) -> StackAddresses:
        """Starts what is needed and does not run yet. Returns the addresses.

        Raises:
            LocalStackError: something does not start.
        """
        with explain_lock(self._lock_file):
            self._use.wait_shared(lambda: self._on_step("Waiting for a command that is stopping the servers"))
        # One command at a time looks and starts. The others find it done when it is their turn.
        with self._one_at_a_time():
            self._state = self._read_state()
            try:
                self._start_database()
                self._start_servers()
            except psycopg.OperationalError as exc:
                # PostgreSQL was killed, or stopped by hand, after it was seen running.
                raise LocalStackError(
                    "PostgreSQL went away while the stack was starting",
                    f"Run the command again; see {self._postgres.log}",
                ) from exc
        return self._addresses()

    def leave(self) -> None:
        """Stops the servers if no other command uses them. The stack is not used any more after that."""
        try:
            if self._use.try_exclusive():
                self._stop_everything()
        finally:
            self._use.close()

    def _start_database(self) -> None:
        if not self._postgres.is_running():
            self._on_step("Starting PostgreSQL")
            # After a crash PostgreSQL gets its old port, so that commands still at work reach it again.
            self._postgres.preferred_port = self._state.database_port or self.ports.database
            self._postgres.start()
        if "database" in self.need:
            refuse_earlier_database(self._postgres)
        ensure_databases(self._postgres)
        self._write_state(self._state.model_copy(update={"database_port": self._postgres.port}))

    def _start_servers(self) -> None:
        # Prefect takes longest to start: everything else happens meanwhile.
        starting = [self._launch(self._prefect_plan())] if "prefect" in self.need else []
        if "database" in self.need:
            self._on_step("Applying migrations")
            apply_migrations(self._postgres.dsn(NEWSROOM_DATABASE))
        if "rest" in self.need:
            starting.append(self._launch(self._rest_plan()))
        for server in reversed(starting):
            if server is not None:
                self._on_step(f"Waiting for {server.plan.title}")
                self._remember(server.plan.name, server.wait())

    def _launch(self, plan: ServerPlan) -> StartingServer | None:
        """Returns the server of `plan`, which was just started; None if it runs already."""
        record = self._state.servers.get(plan.name)
        if record and is_usable(plan, record):
            return None
        starting = StartingServer(plan)
        self._remember(plan.name, starting.record)
        return starting

    def _remember(self, name: str, record: ServerRecord) -> None:
        servers = {**self._state.servers, name: record}
        self._write_state(self._state.model_copy(update={"servers": servers}))

    def _prefect_plan(self) -> ServerPlan:
        return plan_prefect_server(
            self.home,
            self._postgres.dsn(PREFECT_DATABASE, PREFECT_ROLE),
            port=self._preferred_port("prefect", self.ports.prefect),
            database=self._database_name(),
        )

    def _rest_plan(self) -> ServerPlan:
        environment = {
            **base_environment(),
            "NOTICIAS_REST_DSN": self._postgres.dsn(NEWSROOM_DATABASE, REST_ROLE),
            "NOTICIAS_REST_JWT_SECRET": jwt_secret(self.home),
            "NOTICIAS_REST_HOST": LOOPBACK,
        }
        return ServerPlan(
            name="rest",
            title="the REST server",
            folder=self.home / "run" / "rest",
            log=self.home / "logs" / "rest.log",
            command=python_module("noticias.local.rest"),
            environment=lambda port: {**environment, "NOTICIAS_REST_PORT": str(port)},
            health_path="/health",
            preferred_port=self._preferred_port("rest", self.ports.rest),
            database=self._database_name(),
            start_timeout_s=60.0,
        )

    def _preferred_port(self, name: str, configured: int) -> int:
        record = self._state.servers.get(name)
        return record.port if record else configured

    def _database_name(self) -> str:
        process = self._postgres.process
        if process is None:
            raise LocalStackError(
                "PostgreSQL ended while the stack was starting", f"See {self._postgres.log}"
            )
        return f"{process.pid}/{process.started}"

    def _addresses(self) -> StackAddresses:
        servers = self._state.servers
        api_url = ui_url = supabase_url = key = dsn = None
        if "prefect" in self.need:
            api_url, ui_url = prefect_addresses(servers["prefect"].port)
        if "rest" in self.need:
            supabase_url = f"http://{LOOPBACK}:{servers['rest'].port}"
            key = SecretStr(service_role_key(self.home))
        if "database" in self.need:
            dsn = SecretStr(self._postgres.dsn(NEWSROOM_DATABASE))
        return StackAddresses(
            home=self.home,
            database_dsn=dsn,
            supabase_url=supabase_url,
            service_role_key=key,
            prefect_api_url=api_url,
            prefect_ui_url=ui_url,
        )

    def _stop_everything(self) -> None:
        self._on_step("Stopping the servers")
        with self._one_at_a_time():
            for name in ("prefect", "rest"):
                end_server(self.home / "run" / name, name)
            self._postgres.stop()
            self._state_file.unlink(missing_ok=True)

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        def say_so() -> None:
            self._on_step("Waiting for a command that is starting the servers")

        with locked(self.home / "start.lock", say_so):
            yield

    def _read_state(self) -> StackState:
        try:
            return StackState.model_validate_json(self._state_file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValidationError):
            # The state of another version says nothing. Its servers are found by their folders and ended.
            return StackState()

    def _write_state(self, state: StackState) -> None:
        self._state = state
        write_private(self._state_file, state.model_dump_json(indent=2))


def _prepare_home(home: Path) -> Path:
    """Makes NOTICIAS_HOME, out of the reach of other users and of git, and returns its absolute path."""
    # The account that PostgreSQL runs as must pass through root's folder (711). Every secret in it is 0600.
    home = ensure_directory(home.absolute(), 0o711 if os.geteuid() == 0 else 0o700)
    ignore = home / ".gitignore"
    if not ignore.exists():
        write_private(ignore, "*\n")
    return home
