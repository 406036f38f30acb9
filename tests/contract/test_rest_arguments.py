"""Which function a request means, and how its arguments get there."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from supabase import ClientOptions, create_client

from tests.contract.store_fixtures import (
    ContractDatabase,
    RunningRest,
    functions_for_tests,
    make_token,
)

FUNCTIONS = """
create schema argumentos;
create function public.u_saluda(nombre text, veces int default 2) returns text language sql
  as $$ select nombre || veces $$;
create function public.u_opcional(a int default 1, b int default 2) returns int language sql
  as 'select a * 10 + b';
create function public.u_obligado(a int, b int) returns text language sql as $$ select a || ',' || b $$;
create function public.u_nada() returns text language sql as $$ select 'nada' $$;
create function public.u_numero(n numeric) returns text language sql as 'select n::text';
create function public.u_entero(n int) returns int language sql as 'select n';
create function public.u_json(j json) returns json language sql as 'select j';
create function public.u_jsonb(j jsonb) returns text language sql as 'select jsonb_typeof(j)';
create function public.u_tipo(j json) returns text language sql as 'select json_typeof(j)';
create function public.u_letra(c char) returns text language sql as 'select c::text';
create function public.u_arreglo(a int[]) returns int language sql as 'select cardinality(a)';
create function public.u_textos(a text[]) returns text[] language sql as 'select a';
create function public."u_Raro ""%s"" {}"("a ""b"" $1 %s" text, "Ñu" int) returns text language sql
  as $$ select $1 || $2 $$;
create procedure public.u_procedimiento() language sql as 'select 1';
create function argumentos.u_oculta() returns int language sql as 'select 1';
"""


@pytest.fixture(scope="module", autouse=True)
def functions(contract_database: ContractDatabase) -> Iterator[None]:
    with functions_for_tests(contract_database, "u_", FUNCTIONS, "drop schema argumentos cascade"):
        yield


LONG_NUMBER = "12345678901234567890.12345678901234567890"

CALLS: list[tuple[str, str, Any]] = [
    # Names and defaults.
    ("u_saluda", '{"nombre": "ana"}', "ana2"),
    ("u_saluda", '{"veces": 3, "nombre": "ana"}', "ana3"),
    ("u_saluda", '{"nombre": "ana", "veces": null}', None),
    ("u_opcional", "{}", 12),
    ("u_opcional", "", 12),
    ("u_opcional", '{"b": 5}', 15),
    ("u_obligado", '{"b": 2, "a": 1}', "1,2"),
    ("u_nada", "{}", "nada"),
    # The body's text is PostgreSQL's to read.
    ("u_numero", '{"n": ' + LONG_NUMBER + "}", LONG_NUMBER),
    ("u_numero", '{"n": 1e400}', "1" + "0" * 400),
    ("u_numero", '{"n": ' + "9" * 5000 + "}", "9" * 5000),
    ("u_entero", '{"n": "5"}', 5),
    ("u_json", '{"j": {"b": 1, "a" : 1.50,  "b": 2}}', {"b": 2, "a": 1.5}),
    ("u_tipo", '{"j": "{}"}', "string"),
    ("u_tipo", '{"j": {}}', "object"),
    ("u_jsonb", '{"j": [1]}', "array"),
    ("u_letra", '{"c": "más de una"}', "más de una"),
    ("u_arreglo", '{"a": [1, 2, 3]}', 3),
    ("u_arreglo", '{"a": "{1,2}"}', 2),
    ("u_textos", '{"a": ["a,b", "{}", "\\"", "", null]}', ["a,b", "{}", '"', "", None]),
    # Quotes, dollars and percent signs in names and values are no SQL.
    ('u_Raro "%s" {}', json.dumps({'a "b" $1 %s': "'; drop table x; -- $1 %s \\", "Ñu": 1}),
     "'; drop table x; -- $1 %s \\1"),
    ("u_saluda", json.dumps({"nombre": "O'Higgins \\ \"ñ\" 🙂\n\t"}), "O'Higgins \\ \"ñ\" 🙂\n\t2"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "body", "expected"), CALLS)
def test_arguments_arrive(client: httpx.Client, function: str, body: str, expected: Any) -> None:
    answer = client.post(
        f"/rpc/{function}", content=body.encode(), headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()) == (200, expected)


def test_json_comes_back_with_its_keys_and_digits(client: httpx.Client) -> None:
    body = '{"j": {"b": 1, "a" : 1.50,  "b": 2}}'
    answer = client.post("/rpc/u_json", content=body, headers={"Content-Type": "application/json"})
    assert answer.text == '{"b": 1, "a" : 1.50,  "b": 2}'


def test_supabase_py_sends_arguments(rest: RunningRest) -> None:
    with httpx.Client(trust_env=False) as http:
        supabase = create_client(rest.url, make_token(), ClientOptions(httpx_client=http))
        assert supabase.rpc("u_saluda", {"nombre": "o'ñ"}).execute().data == "o'ñ2"
        assert supabase.rpc("u_arreglo", {"a": [1, 2]}).execute().data == 2
        assert supabase.rpc("u_json", {"j": {"a": 1}}).execute().data == {"a": 1}


@pytest.mark.parametrize(
    ("function", "body", "called", "searched"),
    [
        ("u_saluda", {"nombr": "ana"}, "u_saluda(nombr)", "u_saluda with parameter nombr"),
        ("u_salud", {"b": "1", "a": "2"}, "u_salud(a, b)", "u_salud with parameters a, b"),
        ("zzzzzzzz", {}, "zzzzzzzz without parameters", "zzzzzzzz without parameters"),
    ],
)
def test_a_wrong_name_or_argument_is_named(
    client: httpx.Client, function: str, body: dict[str, Any], called: str, searched: str
) -> None:
    answer = client.post(f"/rpc/{function}", json=body)
    assert answer.status_code == 404
    assert answer.json() == {
        "code": "PGRST202",
        "message": f"Could not find the function public.{called} in the schema cache",
        "details": f"Searched for the function public.{searched} or with a single unnamed json/jsonb "
        "parameter, but no matches were found in the schema cache.",
        "hint": None,
    }
    assert answer.headers["proxy-status"] == "PostgREST; error=PGRST202"


@pytest.mark.parametrize(
    ("function", "body"),
    [
        ("u_saluda", {}),
        ("u_saluda", {"nombre": "a", "otro": 1}),
        ("u_obligado", {"a": 1}),
        ("u_opcional", {"c": 1}),
        ("u_nada", {"x": 1}),
        ("u_procedimiento", {}),
        ("u_oculta", {}),
        ("pg_sleep", {"": 1}),
        ("u_nada%00", {}),
        ("u_nada'; select 1 --", {}),
    ],
)
def test_what_does_not_fit_is_not_called(client: httpx.Client, function: str, body: dict[str, Any]) -> None:
    answer = client.post(f"/rpc/{function}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "PGRST202")


@pytest.mark.parametrize(
    ("function", "body", "code"),
    [
        ("u_entero", '{"n": 1.5}', "22P02"),
        ("u_entero", '{"n": 3000000000}', "22003"),
        ("u_jsonb", '{"j": "\\u0000"}', "22P05"),
        ("u_saluda", '{"nombre": "\\u0000"}', "22P05"),
    ],
)
def test_values_that_do_not_fit_are_400_in_postgresqls_words(
    client: httpx.Client, function: str, body: str, code: str
) -> None:
    answer = client.post(f"/rpc/{function}", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["message"]


BAD_JSON = [
    b"{", b"{'a': 1}", b'{"a": NaN}', b'{"a": Infinity}', b'{"nombre": "\x00"}', b"\xff\xfe",
    b'{"a": "\xe9"}',
    b'{"nombre": "\\ud83d"}', b'{"nombre": "\\udc00 x"}', b"{} {}", b"\xef\xbb\xbf{}", b"[" * 100_000,
]  # fmt: skip


@pytest.mark.parametrize("body", BAD_JSON, ids=lambda body: repr(body[:24]))
def test_a_body_that_is_not_json_is_400(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/rpc/u_saluda", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert answer.json() == {
        "code": "PGRST102",
        "message": "Empty or invalid json",
        "details": None,
        "hint": None,
    }


def test_a_pair_of_surrogates_is_one_character(client: httpx.Client) -> None:
    body = '{"nombre": "\\ud83d\\ude42 \\\\ud83d"}'
    answer = client.post("/rpc/u_saluda", content=body, headers={"Content-Type": "application/json"})
    assert answer.json() == "🙂 \\ud83d2"


def test_functions_come_and_go_under_a_running_server(
    client: httpx.Client, contract_database: ContractDatabase
) -> None:
    def create(returns: str, body: str) -> None:
        contract_database.execute("drop function if exists public.u_nueva()")
        contract_database.execute(
            f"create function public.u_nueva() returns {returns} language sql as '{body}'"
        )

    assert client.post("/rpc/u_nueva").status_code == 404
    create("int", "select 1")
    assert client.post("/rpc/u_nueva").text == "1"
    create("table (a int)", "select 2")
    assert client.post("/rpc/u_nueva").text == '[{"a":2}]'
    contract_database.execute("drop function public.u_nueva()")
    assert client.post("/rpc/u_nueva").json()["code"] == "PGRST202"
