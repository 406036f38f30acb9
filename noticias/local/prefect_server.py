"""The Prefect server of the local stack, and the settings that every Prefect client process needs.

The numbers come from measurements on PostgreSQL (batched recorder and persister halve the server's CPU time
for each flow run). Prefect's own defaults are in brackets. Nothing is read from or written to ~/.prefect.
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
    # [memory] loses its leases, and with them the slots, when the server is started again.
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    "PREFECT_SERVER_CONCURRENCY_MAXIMUM_CONCURRENCY_SLOT_WAIT_SECONDS": "0.2",  # [30]
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",  # [events]
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": "2592000",  # [90] 30 days, in seconds
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P2D",  # [7 days] events are most of the database's bulk
}

# Sent home nowhere: neither the server's statistics nor the SDK's (which minds only DO_NOT_TRACK).
_NO_TELEMETRY = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}


def plan_prefect_server(home: Path, database_url: str, *, port: int, database: str) -> ServerPlan:
    """Return how the Prefect server is started on the PostgreSQL database at `database_url` (with password).

    `port` is the preferred port; `database` names the PostgreSQL process.
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
    """Return the URLs of API and UI of the server on `port`."""
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
        # [*] would let any page in the user's browser read and start flow runs.
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"{ui_url},http://localhost:{port}",
    }


def _free_leases(home: Path) -> None:
    # A server is about to start, so none runs: this lock is one that was killed holding it. Prefect takes
    # it for held while its process is to be seen, be it only as a zombie whose parent has not waited for it;
    # until then every run of a deployment with a concurrency limit would stand still (make chaos).
    (home / "prefect" / "concurrency_leases" / "expirations.lock").unlink(missing_ok=True)


def _asyncpg_url(database_url: str) -> str:
    """Return a libpq URI in SQLAlchemy's form, with asyncpg's word for an unencrypted connection."""
    scheme, rest = database_url.split("://", 1)
    return f"{scheme}+asyncpg://{rest.replace('sslmode=disable', 'ssl=disable')}"


def client_environment(
    api_url: str, home: Path, *, own_server: bool = True, log_json: bool = False
) -> dict[str, str]:
    """Return the variables that a process needs before it imports Prefect to use the API at `api_url`.

    `home` is NOTICIAS_HOME: Prefect's files and the stages' results go there. `own_server` is False for an
    API that is not the local stack's: nothing is assumed of it then. Writes one small file for http URLs.
    """
    home = home.absolute()
    variables = {
        "PREFECT_API_URL": api_url,
        "PREFECT_HOME": str(ensure_directory(home / "prefect")),
        "PREFECT_LOCAL_STORAGE_PATH": str(ensure_directory(home / "results")),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",  # never a hidden SQLite server
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",  # [180] s; a dead run is noticed sooner
        "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",  # one request for each client
        # The server answers 500 while its own PostgreSQL is away; without these a restart of either ends
        # every run. The waits double from 2 s: six of them are two minutes.
        "PREFECT_CLIENT_RETRY_EXTRA_CODES": "500",
        "PREFECT_CLIENT_MAX_RETRIES": "6",  # [5]
        "PREFECT_LOGGING_EXTRA_LOGGERS": "newsroom",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",  # newsroom also logs outside of runs
        # Runs log to the API, where the UI shows them; the console belongs to the command's own output.
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": os.environ.get(
            "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "CRITICAL"
        ),
        **_NO_TELEMETRY,
    }
    if log_json:
        # Each line with flow_run_id, flow_run_name and task_name, on standard error, for a collector.
        variables["PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER"] = "json"
        variables["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"] = "INFO"
    if own_server:
        variables["PREFECT_CLIENT_CSRF_SUPPORT_ENABLED"] = "false"  # the server has it off: one request less
    if api_url.startswith("http://"):
        variables["PREFECT_API_SSL_CERT_FILE"] = str(_one_certificate(home))
    return variables


def _one_certificate(home: Path) -> Path:
    """Return a file with a single certificate.

    Prefect loads the certificate file for every client object, also for plain http: 28 ms of CPU time for all
    the authorities of certifi, 0.6 ms for one (measured, Prefect 3.8.8). On http it decides nothing.
    """
    path = home / "one-certificate.pem"
    if not path.exists():
        everything = Path(certifi.where()).read_text(encoding="ascii")
        write_private(path, "".join(everything.partition("-----END CERTIFICATE-----")[:2]) + "\n")
    return path
