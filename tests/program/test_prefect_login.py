"""The program against a Prefect server with a password that it does not have, has wrong, or has."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from noticias.local.ports import choose_port
from tests.stack import PROJECT, run_noticias
from tests.waiting import wait_until

LOGIN = "redaccion:a-long-random-word"
REFUSED = r"Prefect refuses the login \(401\): set PREFECT_API_AUTH_STRING or PREFECT_API_KEY"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real server that asks for a password."""
    home, port = tmp_path_factory.mktemp("prefect"), choose_port(0)
    given = {
        "PREFECT_HOME": str(home), "PREFECT_SERVER_API_AUTH_STRING": LOGIN, "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home}/prefect.db",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }  # fmt: skip
    command = [sys.executable, "-m", "prefect", "server", "start", "--no-services", "--port", str(port)]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, env=os.environ | given, cwd=home, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}/api"

    def answers() -> bool:
        try:
            return httpx.get(f"{url}/health", trust_env=False).is_success
        except httpx.TransportError:
            return False

    try:
        wait_until(answers, what="the Prefect server")
        yield url
    finally:
        server.terminate()
        server.wait(30)


def run(
    home: Path, api: str, *arguments: str, login: str | None = None
) -> "subprocess.CompletedProcess[str]":
    """Runs a command that needs no database, with the password `login`."""
    known = {"PREFECT_API_AUTH_STRING": login} if login else {}
    nowhere = {"SUPABASE_URL": "http://127.0.0.1:9", "SUPABASE_SERVICE_ROLE_KEY": "x"}
    return run_noticias(home, *arguments, PREFECT_API_URL=api, **nowhere, **known)


@pytest.mark.parametrize("login", [None, "redaccion:wrong"])
def test_doctor_says_that_the_login_is_refused(tmp_path: Path, api: str, login: str | None) -> None:
    done = run(tmp_path, api, "doctor", login=login)
    assert done.returncode == 1
    assert re.search(rf"^✗ Prefect API: {api} → {REFUSED}$", done.stdout, re.MULTILINE)


def test_doctor_is_content_with_the_password(tmp_path: Path, api: str) -> None:
    done = run(tmp_path, api, "doctor", login=LOGIN)
    assert f"✓ Prefect API: {api}\n" in done.stdout


def test_process_names_the_login_and_not_another_try(tmp_path: Path, api: str) -> None:
    done = run(tmp_path, api, "process", str(PROJECT / "examples" / "01-ley-de-aguas-chile.json"))
    assert done.returncode == 1
    assert re.search(REFUSED, done.stderr)
    assert "again" not in done.stderr
    assert "Traceback" not in done.stderr


def test_limits_name_the_login(tmp_path: Path, api: str) -> None:
    done = run(tmp_path, api, "limits")
    assert done.returncode == 1
    assert re.fullmatch(rf"noticias: {REFUSED}\n", done.stderr)
    assert run(tmp_path, api, "limits", login=LOGIN).returncode == 0
