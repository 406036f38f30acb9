"""`noticias connector` as an operator starts and stops it."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from noticias.local.stack import StackAddresses
from tests.stack import NOTICIAS


@contextmanager
def connector(home: Path, *arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [str(NOTICIAS), "connector", *arguments],
        env=os.environ | {"NOTICIAS_HOME": str(home)} | variables,
        cwd=home,  # no .env of the checkout is read
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_it_says_where_it_is_serves_and_ends_cleanly(stack_addresses: StackAddresses, tmp_path: Path) -> None:
    assert stack_addresses.service_role_key is not None
    addresses = {
        "PREFECT_API_URL": stack_addresses.prefect_api_url or "",
        "SUPABASE_URL": stack_addresses.supabase_url or "",
        "SUPABASE_SERVICE_ROLE_KEY": stack_addresses.service_role_key.get_secret_value(),
    }
    with connector(tmp_path, "--port", "0", **addresses) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Connector's door on http://127.0.0.1:"), process.stderr
        url = line.split(" on ")[1].strip()
        health = httpx.get(f"{url}/health", timeout=30)
        detailed = httpx.get(f"{url}/health/detailed", timeout=30)
        metrics = httpx.get(f"{url}/metrics", timeout=30)
        process.send_signal(signal.SIGTERM)
        out, errors = process.communicate(timeout=60)

    assert health.status_code == 200
    assert detailed.json()["checks"]["supabase"]["status"] == "pass"
    assert 'pipeline_dependency_up{dependency="supabase"} 1.0' in metrics.text
    assert 'pipeline_dependency_up{dependency="prefect"} 1.0' in metrics.text
    assert (process.returncode, out, errors) == (0, "", "")
    assert not (tmp_path / "postgres").exists(), "no server of its own was needed"


def test_a_door_to_the_network_needs_a_token(tmp_path: Path) -> None:
    with connector(tmp_path, "--host", "0.0.0.0") as process:
        _, errors = process.communicate(timeout=60)

    assert process.returncode == 2
    assert "NOTICIAS_CONNECTOR_TOKEN" in errors
    assert len(errors.splitlines()) == 1


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with connector(tmp_path, "--port", str(port)) as process:
            _, errors = process.communicate(timeout=60)

    assert process.returncode == 1
    assert errors.strip() == (
        f"noticias: cannot listen on 127.0.0.1:{port}: Address already in use; "
        "choose another with --host and --port"
    )
    assert not (tmp_path / "postgres").exists(), "no server is started for nothing"
