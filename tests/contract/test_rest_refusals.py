"""What the REST server does not serve, and bodies that are too large."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from supabase import ClientOptions, create_client

from tests.contract.store_fixtures import (
    ContractDatabase,
    RunningRest,
    functions_for_tests,
    make_token,
    running_rest,
)

FUNCTIONS = """
create function public.x_nada() returns text language sql as $$ select 'nada' $$;
create function public.x_largo(v text) returns int language sql as 'select length(v)';
create function public.x_compone() returns text language sql
  as $$ select set_config('response.status', '201', true) $$;
create function public.x_compone_error() returns void language plpgsql
  as $$ begin raise sqlstate 'PGRST' using message = '{}', detail = '{}'; end $$;
create function public.x_variadica(variadic a text[]) returns int language sql as 'select cardinality(a)';
create function public.x_sin_nombre(json) returns text language sql as $$ select $1 ->> 'x' $$;
create function public.x_doble(a int) returns text language sql as $$ select 'int' $$;
create function public.x_doble(a text) returns text language sql as $$ select 'text' $$;
create function public.x_aislada() returns text language sql
  set default_transaction_isolation = 'serializable' as $$ select current_setting('transaction_isolation') $$;
"""


@pytest.fixture(scope="module", autouse=True)
def functions(contract_database: ContractDatabase) -> Iterator[None]:
    with functions_for_tests(contract_database, "x_", FUNCTIONS):
        yield


def assert_refused(answer: httpx.Response, what: str) -> None:
    assert answer.status_code == 501
    assert answer.json() == {
        "code": "REST1",
        "message": f"The local REST server does not support {what}",
        "details": None,
        "hint": "Only POST /rest/v1/rpc/<function> is answered here. Use a Supabase project for more.",
    }
    assert answer.headers["proxy-status"] == "PostgREST; error=REST1"


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "DELETE", "PUT", "PATCH", "PROPFIND"])
def test_other_methods_are_refused(client: httpx.Client, method: str) -> None:
    assert_refused(client.request(method, "/rpc/x_nada"), f"{method} /rest/v1/rpc/x_nada")


@pytest.mark.parametrize("path", ["/articulos", "/", "/rpc/", "/rpc/x_nada/", "/rpc/a/b", "/a/b/c"])
def test_other_paths_are_refused(client: httpx.Client, path: str) -> None:
    assert_refused(client.post(path), f"POST /rest/v1{path}")


def test_other_services_of_a_project_are_refused(rest: RunningRest) -> None:
    assert_refused(httpx.get(f"{rest.url}/auth/v1/user", trust_env=False), "GET /auth/v1/user")


def test_head_is_refused_without_a_body(client: httpx.Client) -> None:
    answer = client.head("/rpc/x_nada")
    assert (answer.status_code, answer.content) == (501, b"")


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("select=role", "the query parameter select"),
        ("order=a.desc", "the query parameter order"),
        ("columns=a", "the query parameter columns"),
        ("a=eq.x", "the query parameter a"),
        ("limit=1&or=(a.eq.1)", "the query parameter or"),
        ("limit=x", "limit=x"),
        ("limit=1.5", "limit=1.5"),
        ("offset=-1", "offset=-1"),
        ("offset=", "offset="),
        ("limit=" + "9" * 19, "limit=" + "9" * 19),
    ],
)
def test_other_queries_are_refused(client: httpx.Client, query: str, what: str) -> None:
    assert_refused(client.post(f"/rpc/x_nada?{query}", json={}), what)


@pytest.mark.parametrize(
    ("headers", "what"),
    [
        ({"Accept": "text/csv"}, "answers in text/csv"),
        ({"Accept": "image/png"}, "answers in image/png"),
        (
            {"Accept": "application/vnd.pgrst.array+json;nulls=stripped"},
            "answers in application/vnd.pgrst.array+json;nulls=stripped",
        ),
        ({"Prefer": "count=exact"}, "the preference count=exact"),
        ({"Prefer": "timezone=Europe/Madrid"}, "the preference timezone=Europe/Madrid"),
        ({"Content-Type": "text/csv"}, "bodies in text/csv"),
        ({"Content-Type": "text/html; charset=utf-8"}, "bodies in text/html"),
        ({"Content-Profile": "interno"}, "the schema interno"),
    ],
)
def test_other_headers_are_refused(client: httpx.Client, headers: dict[str, str], what: str) -> None:
    assert_refused(client.post("/rpc/x_nada", headers=headers), what)


@pytest.mark.parametrize("body", ["[]", '[{"v": "a"}, {"v": "b"}]', "null", '"x"', "17"])
def test_bodies_that_are_no_object_are_refused(client: httpx.Client, body: str) -> None:
    answer = client.post("/rpc/x_largo", content=body, headers={"Content-Type": "application/json"})
    assert_refused(answer, "a body that is not a JSON object")


@pytest.mark.parametrize(
    ("function", "body", "what"),
    [
        ("x_variadica", {"a": ["x"]}, "variadic functions (x_variadica)"),
        ("x_sin_nombre", {"x": "todo"}, "parameters without a name (x_sin_nombre)"),
        ("x_doble", {"a": 1}, "several functions of one name (x_doble)"),
        ("x_aislada", {}, "functions that set default_transaction_isolation (x_aislada)"),
        ("x_compone", {}, "functions that set response.headers or response.status"),
        ("x_compone_error", {}, "errors that a function composes (SQLSTATE PGRST)"),
    ],
)
def test_unusual_functions_are_refused(
    client: httpx.Client, function: str, body: dict[str, object], what: str
) -> None:
    assert_refused(client.post(f"/rpc/{function}", json=body), what)


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "*/*"},
        {"Accept": "application/json"},
        {"Accept-Profile": "public", "Content-Profile": "public"},
        {"Content-Type": "application/json; charset=utf-8"},
    ],
)
def test_what_a_client_may_say_besides_changes_nothing(client: httpx.Client, headers: dict[str, str]) -> None:
    assert client.post("/rpc/x_nada", content=b"{}", headers=headers).status_code == 200


def test_supabase_py_reads_the_refusal(rest: RunningRest) -> None:
    from postgrest import APIError

    with httpx.Client(trust_env=False) as http:
        supabase = create_client(rest.url, make_token(), ClientOptions(httpx_client=http))
        for refused in (
            supabase.rpc("x_largo", {"v": "a"}, get=True),
            supabase.rpc("x_nada", count="exact"),  # type: ignore[arg-type]
            supabase.rpc("x_nada").select("a"),
            supabase.table("articulos").select("*"),
        ):
            with pytest.raises(APIError, match="The local REST server does not support") as error:
                refused.execute()
            assert error.value.code == "REST1"


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
            assert (answer.status_code, answer.json()["code"]) == (413, "REST2")
        assert client.post("/rpc/x_nada", json={}).status_code == 200


def test_the_limit_is_16_mib_unless_set(client: httpx.Client) -> None:
    limit = 16 * 1024 * 1024
    assert client.post("/rpc/x_largo", content=body_of(limit)).json() == limit - 9
    assert client.post("/rpc/x_largo", content=body_of(limit + 1)).status_code == 413
