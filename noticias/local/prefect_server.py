"""The Prefect server of the local stack, and the settings that every Prefect client process needs.

The numbers were measured on PostgreSQL. A recorder and a persister that work in batches halve the server's
CPU time for each flow run. Prefect's own defaults are in brackets. ~/.prefect is neither read nor written.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import certifi

from noticias.local.files import ensure_directory, write_private
from noticias.local.ports import LOOPBACK
from noticias.local.servers import ServerPlan, base_environment, python_module

SERVER_SETTINGS = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "200",  # [1]
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",  # [5] s, how late the UI may be
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_BATCH_SIZE": "200",  # [20]
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "2",  # [5] s
    # [memory] loses its leases when the server is started again, and the slots are never free again.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    "PREFECT_SERVER_CONCURRENCY_MAXIMUM_CONCURRENCY_SLOT_WAIT_SECONDS": "0.2",  # [30]
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",  # [events]
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": "2592000",  # [90] 30 days, in seconds
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P2D",  # [7 days] most of the database is events
}

# No statistics are sent, neither by the server nor by the SDK, which obeys DO_NOT_TRACK only.
_NO_TELEMETRY = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}


def plan_prefect_server(home: Path, database_url: str, *, port: int, database: str) -> ServerPlan:
    """Returns how the Prefect server is started.

    Args:
        home: NOTICIAS_HOME.
        database_url: the URI of its PostgreSQL database, with password.
        port: the preferred port.
        database: the name of the PostgreSQL process.
    """
    return ServerPlan(
        name="prefect",
        title="the Prefect server",
        folder=home / "run" / "prefect",
        log=home / "logs" / "prefect.log",
        command=python_module("prefect", "--no-prompt", "server", "start"),
        environment=lambda chosen: _server_environment(home, database_url, chosen),
        health_path="/api/health",
        preferred_port=port,
        database=database,
        start_timeout_s=180.0,
    )


def prefect_addresses(port: int) -> tuple[str, str]:
    """Returns the URLs of API and UI of the server on `port`."""
    return f"http://{LOOPBACK}:{port}/api", f"http://{LOOPBACK}:{port}"


def _server_environment(home: Path, database_url: str, port: int) -> Mapping[str, str]:
    tuning = {name: value for name, value in os.environ.items() if name.startswith("PREFECT_SERVER_")}
    api_url, ui_url = prefect_addresses(port)
    _free_leases(home)
    return {
        **base_environment(),
        **SERVER_SETTINGS,
        **tuning,
        **_NO_TELEMETRY,
        "PREFECT_HOME": str(ensure_directory(home / "prefect")),
        "PREFECT_API_URL": api_url,
        "PREFECT_SERVER_API_HOST": LOOPBACK,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": _asyncpg_url(database_url),
        # [*] lets any page in the user's browser read and start flow runs.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"{ui_url},http://localhost:{port}",
    }


def _free_leases(home: Path) -> None:
    # A server is about to start, so none runs: if there is a lock, its server was killed. Prefect believes
    # that the lock is held as long as that process can be seen, even as a zombie. Until then every run of a
    # deployment with a concurrency limit would wait (found by make chaos).
    (home / "prefect" / "concurrency_leases" / "expirations.lock").unlink(missing_ok=True)


def _asyncpg_url(database_url: str) -> str:
    """Returns a libpq URI in SQLAlchemy's form, with asyncpg's word for a connection without encryption."""
    scheme, rest = database_url.split("://", 1)
    return f"{scheme}+asyncpg://{rest.replace('sslmode=disable', 'ssl=disable')}"


def client_environment(
    api_url: str, home: Path, *, own_server: bool = True, log_json: bool = False
) -> dict[str, str]:
    """Returns the variables that a process must have before it imports Prefect.

    For an http URL it also writes one small file to `home`.

    Args:
        api_url: the API that the process uses.
        home: NOTICIAS_HOME. Prefect's files and the results of the stages go there.
        own_server: whether it is the API of the local stack. Nothing is assumed about another one.
        log_json: whether the logs of runs go to standard error as JSON, one line each.
    """
    home = home.absolute()
    variables = {
        "PREFECT_API_URL": api_url,
        "PREFECT_HOME": str(ensure_directory(home / "prefect")),
        "PREFECT_LOCAL_STORAGE_PATH": str(ensure_directory(home / "results")),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",  # never a hidden SQLite server
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",  # [180] s: a dead run is noticed sooner
        "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",  # one request for each client
        # The server answers 500 while its own PostgreSQL is away. Without these retries, a restart of either
        # ends every run. The waits double from 2 s: six of them are two minutes.
        "PREFECT_CLIENT_RETRY_EXTRA_CODES": "500",
        "PREFECT_CLIENT_MAX_RETRIES": "6",  # [5]
        "PREFECT_LOGGING_EXTRA_LOGGERS": "newsroom",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",  # newsroom logs outside of runs too
        # Runs log to the API, and the UI shows that. The console is for the command's own output.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": os.environ.get(
            "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL"
        ),
        **_NO_TELEMETRY,
    }
    if log_json:
        # Each line has flow_run_id, flow_run_name and task_name, for a program that collects logs.
        variables["PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER"] = "json"
        variables["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "INFO"
    if own_server:
        variables["PREFECT_CLIENT_CSRF_SUPPORT_ENABLED"] = "false"  # off in the server: one request less
    if api_url.startswith("http://"):
        variables["PREFECT_API_SSL_CERT_FILE"] = str(_one_certificate(home))
    return variables


def _one_certificate(home: Path) -> Path:
    """Returns a file with a single certificate.

    Prefect loads the certificate file for every client object, for http too. That takes 28 ms of CPU time
    with all certificates of certifi, 0.6 ms with one (measured, Prefect 3.8.8). For http it makes no
    difference.
    """
    path = home / "one-certificate.pem"
    if not path.exists():
        everything = Path(certifi.where()).read_text(encoding="ascii")
        write_private(path, "".join(everything.partition("-----END CERTIFICATE-----")[:2]) + "\n")
    return path
