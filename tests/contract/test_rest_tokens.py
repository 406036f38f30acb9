"""Who asks: tokens, roles, and what the session is told."""

import base64
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest

from tests.contract.store_fixtures import (
    OTHER_SECRET,
    SECRET,
    ContractDatabase,
    RunningRest,
    functions_for_tests,
    make_token,
)

FUNCTIONS = """
create function public.w_quien() returns json language sql stable as $$
  select json_build_object('role', current_user, 'session', session_user,
    'claims', current_setting('request.jwt.claims')::json, 'method', current_setting('request.method'),
    'path', current_setting('request.path'), 'headers', current_setting('request.headers')::json,
    'cookies', current_setting('request.cookies')::json, 'search_path', current_setting('search_path'),
    'read_only', current_setting('transaction_read_only')) $$;
create function public.w_ajuste() returns text language sql as $$ select current_setting('DateStyle') $$;
"""


@pytest.fixture(scope="module", autouse=True)
def functions(contract_database: ContractDatabase) -> Iterator[None]:
    with functions_for_tests(contract_database, "w_", FUNCTIONS):
        yield


def test_the_session_knows_who_asks(rest: RunningRest) -> None:
    token = make_token(sub="x-1", texto="ñ'\"")
    with rest.client(token, Cookie="a=1; b=2", **{"X-Otro": "y"}) as client:
        answer = client.post("/rpc/w_quien?", json={}).json()
    assert (answer["role"], answer["session"]) == ("service_role", "authenticator")
    assert answer["claims"] == {"role": "service_role", "sub": "x-1", "texto": "ñ'\""}
    assert (answer["method"], answer["path"]) == ("POST", "/rpc/w_quien")
    assert answer["headers"]["x-otro"] == "y"
    assert answer["headers"]["authorization"] == f"Bearer {token}"
    assert answer["cookies"] == {"a": "1", "b": "2"}
    assert answer["search_path"] == '"public", "extensions"'
    assert answer["read_only"] == "on"


def test_settings_of_a_role_hold_for_its_requests(
    rest: RunningRest, contract_database: ContractDatabase, client: httpx.Client
) -> None:
    before = client.post("/rpc/w_ajuste").json()
    contract_database.execute("alter role anon set DateStyle = 'German, DMY'")
    try:
        with rest.client("") as anonymous:
            assert anonymous.post("/rpc/w_ajuste", headers={"Authorization": ""}).json() == "German, DMY"
        assert client.post("/rpc/w_ajuste").json() == before != "German, DMY"
    finally:
        contract_database.execute("alter role anon reset DateStyle")


def unsigned() -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part({'role': 'service_role'})}."


def at(seconds: int) -> int:
    return int(time.time()) + seconds


NO_KEY = "No suitable key or wrong key type"
TOKENS: list[tuple[str, str, str, str]] = [
    ("expired", make_token(exp=at(-60)), "PGRST303", "JWT expired"),
    ("not yet", make_token(nbf=at(86_400)), "PGRST303", "JWT not yet valid"),
    ("future", make_token(iat=at(86_400)), "PGRST303", "JWT issued at future"),
    ("exp no number", make_token(exp="mañana"), "PGRST303", "The JWT 'exp' claim must be a number"),
    ("exp a fraction", make_token(exp=at(60) + 0.5), "PGRST303", "JWT expired"),
    ("other key", make_token(secret=OTHER_SECRET), "PGRST301", NO_KEY),
    ("other algorithm", jwt.encode({"role": "anon"}, SECRET * 2, algorithm="HS512"), "PGRST301", NO_KEY),
    ("tampered", make_token()[:-4] + "AAAA", "PGRST301", NO_KEY),
    ("no algorithm", unsigned(), "PGRST301", "Wrong or unsupported encoding algorithm"),
    ("two parts", "a.b", "PGRST301", "Expected 3 parts in JWT; got 2"),
    ("one part", "sb_secret_abc", "PGRST301", "Expected 3 parts in JWT; got 1"),
    ("no base64", "á.b.c", "PGRST301", "JWT cryptographic operation failed"),
    ("claims a list", jwt.PyJWS().encode(b"[1]", SECRET), "PGRST303", "Parsing claims failed"),
    ("NUL in the role", make_token("a\x00b"), "PGRST303", "Parsing claims failed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("token", "code", "message"), [case[1:] for case in TOKENS], ids=[c[0] for c in TOKENS]
)
@pytest.mark.parametrize("path", ["/rpc/w_quien", "/rpc/no_such_function?select=a"])
def test_a_bad_token_is_401_before_anything_else(
    rest: RunningRest, path: str, token: str, code: str, message: str
) -> None:
    with rest.client() as client:
        answer = client.post(path, json={}, headers={b"Authorization": f"Bearer {token}".encode()})
    assert answer.status_code == 401
    assert (answer.json()["code"], answer.json()["message"]) == (code, message)
    assert answer.headers["www-authenticate"] == (
        f'Bearer error="invalid_token", error_description="{message}"'
    )


@pytest.mark.parametrize(
    "claims", [{"exp": -20}, {"exp": 3600}, {"nbf": 20}, {"iat": 20}, {"exp": None}, {"aud": "x"}]
)
def test_times_are_allowed_30_seconds(rest: RunningRest, claims: dict[str, Any]) -> None:
    values: dict[str, Any] = {
        key: at(value) if isinstance(value, int) else value for key, value in claims.items()
    }
    with rest.client(make_token(**values)) as client:
        assert client.post("/rpc/w_quien", json={}).json()["role"] == "service_role"


@pytest.mark.parametrize("header", ["", "Basic eDp5", "Bearer", "token x"])
def test_without_a_token_one_is_anonymous(client: httpx.Client, header: str) -> None:
    answer = client.post("/rpc/w_quien", json={}, headers={"Authorization": header})
    if header == "Bearer":
        assert answer.json()["message"] == "Empty JWT is sent in Authorization header"
    else:
        assert (answer.json()["role"], answer.json()["claims"]) == ("anon", {"role": "anon"})


def test_the_scheme_may_be_written_in_any_case(client: httpx.Client) -> None:
    answer = client.post("/rpc/w_quien", json={}, headers={"Authorization": f"bEaReR {make_token()}"})
    assert answer.json()["role"] == "service_role"


def test_a_token_without_role_is_anonymous_and_keeps_its_claims(rest: RunningRest) -> None:
    with rest.client(make_token(None, sub="x")) as client:
        answer = client.post("/rpc/w_quien", json={}).json()
    assert (answer["role"], answer["claims"]) == ("anon", {"role": "anon", "sub": "x"})


def test_an_unknown_role_is_401(rest: RunningRest) -> None:
    with rest.client(make_token("nadie")) as client:
        answer = client.post("/rpc/w_quien", json={})
    assert (answer.status_code, answer.json()["code"]) == (401, "22023")
    assert answer.json()["message"] == 'role "nadie" does not exist'


@pytest.mark.parametrize("role", ["postgres", "pg_read_all_data", "authenticator'; reset role; --"])
def test_a_role_that_authenticator_does_not_have_is_refused(rest: RunningRest, role: str) -> None:
    with rest.client(make_token(role)) as client:
        answer = client.post("/rpc/w_quien", json={})
    assert answer.status_code in {401, 403}
    assert answer.json()["code"] in {"42501", "22023"}


OWN = ["resumen_base", "nivel_migraciones", "listar_articulos"]


@pytest.mark.parametrize("function", OWN)
def test_anon_and_authenticated_may_do_nothing(rest: RunningRest, function: str) -> None:
    with rest.client(make_token("authenticated")) as client:
        answer = client.post(f"/rpc/{function}", json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "42501")
        anonymous = client.post(f"/rpc/{function}", json={}, headers={"Authorization": ""})
    assert (anonymous.status_code, anonymous.json()["code"]) == (401, "42501")
    assert anonymous.headers["www-authenticate"] == "Bearer"
    with rest.client() as client:
        assert client.post(f"/rpc/{function}", json={}).status_code == 200
