"""What the REST server does not serve, and bodies that are too large."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.contract.store_fixtures import (
    ContractDatabase,
    RunningRest,
    functions_for_tests,
    running_rest,
)

FUNCTIONS = """
create function public.x_nada() returns text language sql as $$ select 'nada' $$;
create function public.x_largo(v text) returns int language sql as 'select length(v)';
create function public.x_compone() returns text language sql
  as $$ select set_config('response.status', '201', true) $$;
"""


@pytest.fixture(scope="module", autouse=True)
def functions(contract_database: ContractDatabase) -> Iterator[None]:
    with functions_for_tests(contract_database, "x_", FUNCTIONS):
        yield


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "code"),
    [
        ("GET", "/articulos", {}, 501, "GW501"),
        ("POST", "/articulos", {}, 501, "GW501"),
        ("GET", "/", {}, 501, "GW501"),
        ("GET", "/a/b/c", {}, 404, "PGRST125"),
        ("GET", "/rpc/a/b", {}, 404, "PGRST125"),
        ("DELETE", "/rpc/x_nada", {}, 405, "PGRST101"),
        ("PUT", "/rpc/x_nada", {}, 405, "PGRST101"),
        ("OPTIONS", "/rpc/x_nada", {}, 501, "GW501"),
        ("PROPFIND", "/rpc/x_nada", {}, 405, "PGRST117"),
        ("POST", "/rpc/x_nada?select=role", {}, 501, "GW501"),
        ("POST", "/rpc/x_nada?columns=a", {}, 501, "GW501"),
        ("GET", "/rpc/x_nada?limit=1", {}, 501, "GW501"),
        ("GET", "/rpc/x_nada?a=eq.x", {}, 501, "GW501"),
        ("GET", "/rpc/x_nada?a=not.in.(x)", {}, 501, "GW501"),
        ("POST", "/rpc/x_nada", {"Accept": "text/csv"}, 501, "GW501"),
        ("POST", "/rpc/x_nada", {"Accept": "application/vnd.pgrst.array+json;nulls=stripped"}, 501, "GW501"),
        ("POST", "/rpc/x_nada", {"Accept": "image/png"}, 406, "PGRST107"),
        ("POST", "/rpc/x_nada", {"Prefer": "timezone=Europe/Madrid"}, 501, "GW501"),
        ("POST", "/rpc/x_nada", {"Prefer": "handling=strict, max-affected=1"}, 501, "GW501"),
        ("POST", "/rpc/x_nada", {"Content-Type": "text/csv"}, 501, "GW501"),
        ("POST", "/rpc/x_nada", {"Content-Profile": "interno"}, 406, "PGRST106"),
        ("GET", "/rpc/x_nada", {"Accept-Profile": "interno"}, 406, "PGRST106"),
        ("POST", "/rpc/x_compone", {}, 501, "GW501"),
    ],
)
def test_what_is_not_served_is_refused_by_name(
    client: httpx.Client, method: str, path: str, headers: dict[str, str], status: int, code: str
) -> None:
    answer = client.request(method, path, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message", "details", "hint"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "*/*"},
        {"Accept": "text/html, application/json;q=0.9"},
        {"Accept": "application/vnd.pgrst.array+json"},
        {"Accept-Profile": "public", "Content-Profile": "public"},
        {"Prefer": "return=representation, count=planned"},
        {"Content-Type": "application/json; charset=utf-8"},
    ],
)
def test_what_a_client_may_say_besides_changes_nothing(client: httpx.Client, headers: dict[str, str]) -> None:
    assert client.post("/rpc/x_nada", content=b"{}", headers=headers).status_code == 200


def test_other_paths_are_refused(rest: RunningRest) -> None:
    answer = httpx.get(f"{rest.url}/auth/v1/user", trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (501, "GW501")


def body_of(size: int) -> bytes:
    """Return a call of x_largo that is `size` bytes long."""
    frame = json.dumps({"v": ""})
    return json.dumps({"v": "x" * (size - len(frame))}).encode()


def test_a_body_over_the_limit_is_413(contract_database: ContractDatabase, tmp_path: Path) -> None:
    dsn = contract_database.rest_dsn
    with running_rest(dsn, tmp_path / "log", body_limit="100000") as rest, rest.client() as client:
        assert client.post("/rpc/x_largo", content=body_of(100_000)).json() == 100_000 - 9
        for size in (100_001, 350_000, 2_000_000):
            answer = client.post("/rpc/x_largo", content=body_of(size))
            assert (answer.status_code, answer.json()["code"]) == (413, "GW413")
        assert client.post("/rpc/x_nada", json={}).status_code == 200


def test_the_limit_is_16_mib_unless_set(client: httpx.Client) -> None:
    limit = 16 * 1024 * 1024
    assert client.post("/rpc/x_largo", content=body_of(limit)).json() == limit - 9
    assert client.post("/rpc/x_largo", content=body_of(limit + 1)).status_code == 413
