"""What functions return and how it arrives: every shape of result, and pages of rows."""

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
create type public.t_animo as enum ('triste', 'feliz');
create domain public.t_corto as text check (char_length(value) < 9);
create table public.t_fila (id int, nombre text, nota numeric);
create function public.t_entero() returns int language sql as 'select 7';
create function public.t_nulo() returns text language sql as 'select null::text';
create function public.t_texto() returns text language sql as $$ select 'a "b" ñ 🙂' || chr(10) $$;
create function public.t_animo_de() returns public.t_animo language sql
  as $$ select 'feliz'::public.t_animo $$;
create function public.t_dominio() returns public.t_corto language sql
  as $$ select 'corto'::public.t_corto $$;
create function public.t_lista() returns int[] language sql as 'select array[1,null,3]';
create function public.t_json() returns json language sql
  as $$ select '{"b": 1, "a" :[1.50, 2e3], "b": 2}'::json $$;
create function public.t_jsonb() returns jsonb language sql as $$ select '{"b": 1, "a": [1.50]}'::jsonb $$;
create function public.t_json_nulo() returns json language sql as $$ select 'null'::json $$;
create function public.t_numero() returns numeric language sql
  as 'select 12345678901234567890.12345678901234567890';
create function public.t_fecha() returns date language sql as $$ select '2024-05-06'::date $$;
create function public.t_rango() returns int4range language sql as 'select int4range(1, 5)';
create function public.t_uuid() returns uuid language sql
  as $$ select '0e7b5a50-8a53-4d0e-9a7e-6f1c2f1b7a11'::uuid $$;
create function public.t_vacia() returns void language plpgsql as 'begin end';
create function public.t_vacia_estable() returns void language plpgsql stable
  as $$ begin raise exception 'llamada' using errcode = 'PT418'; end $$;
create function public.t_enteros() returns setof int language sql as 'select generate_series(1, 3)';
create function public.t_ninguno() returns setof int language sql as 'select 1 where false';
create function public.t_columnas() returns table (a text, b int) language sql
  as $$ values ('x', 1), ('y', null) $$;
create function public.t_columna() returns table (a text) language sql as $$ values ('A') $$;
create function public.t_filas() returns setof public.t_fila language sql
  as $$ values (1, 'uno', 1.10), (2, 'dos', null) $$;
create function public.t_fila_de() returns public.t_fila language sql as $$ select 1, 'uno', 1.10 $$;
create function public.t_fila_nula() returns public.t_fila language sql
  as $$ select 1, 'x', 1.0 where false $$;
create function public.t_registro() returns record language plpgsql as $$ begin return row(1, 'x'); end $$;
create function public.t_registros() returns setof record language sql
  as $$ select 1 as f1, 'x'::text as f2 $$;
create function public.t_salida(out a int, out b text) language sql as $$ select 1, 'x' $$;
create function public.t_una_salida(out a int) language sql as 'select 1';
create function public.t_entra_y_sale(inout a int) language sql as 'select a + 1';
create function public.t_zona() returns timestamptz language sql
  as $$ select '2024-05-06T07:08:09.123Z'::timestamptz $$;
"""
DROP = "drop table public.t_fila; drop type public.t_animo; drop domain public.t_corto"


@pytest.fixture(scope="module", autouse=True)
def functions(contract_database: ContractDatabase) -> Iterator[None]:
    with functions_for_tests(contract_database, "t_", FUNCTIONS, DROP):
        yield


# Function, the body byte for byte, and Content-Range.
SHAPES = [
    ("t_entero", "7", "0-0/*"),
    ("t_nulo", "null", "0-0/*"),
    ("t_texto", json.dumps('a "b" ñ 🙂\n', ensure_ascii=False), "0-0/*"),
    ("t_animo_de", '"feliz"', "0-0/*"),
    ("t_dominio", '"corto"', "0-0/*"),
    ("t_lista", "[1,null,3]", "0-0/*"),
    ("t_json", '{"b": 1, "a" :[1.50, 2e3], "b": 2}', "0-0/*"),
    ("t_jsonb", '{"a": [1.50], "b": 1}', "0-0/*"),
    ("t_json_nulo", "null", "0-0/*"),
    ("t_numero", "12345678901234567890.12345678901234567890", "0-0/*"),
    ("t_fecha", '"2024-05-06"', "0-0/*"),
    ("t_rango", '"[1,5)"', "0-0/*"),
    ("t_uuid", '"0e7b5a50-8a53-4d0e-9a7e-6f1c2f1b7a11"', "0-0/*"),
    ("t_zona", '"2024-05-06T07:08:09.123+00:00"', "0-0/*"),
    ("t_enteros", "[1, 2, 3]", "0-2/*"),
    ("t_ninguno", "[]", "*/*"),
    ("t_columnas", '[{"a":"x","b":1}, \n {"a":"y","b":null}]', "0-1/*"),
    ("t_columna", '[{"a":"A"}]', "0-0/*"),
    ("t_filas", '[{"id":1,"nombre":"uno","nota":1.10}, \n {"id":2,"nombre":"dos","nota":null}]', "0-1/*"),
    ("t_fila_de", '{"id":1,"nombre":"uno","nota":1.10}', "0-0/*"),
    ("t_fila_nula", '{"id":null,"nombre":null,"nota":null}', "0-0/*"),
    ("t_registro", '{"f1":1,"f2":"x"}', "0-0/*"),
    ("t_registros", '[{"f1":1,"f2":"x"}]', "0-0/*"),
    ("t_salida", '{"a":1,"b":"x"}', "0-0/*"),
    ("t_una_salida", '{"a":1}', "0-0/*"),
]


@pytest.mark.parametrize(("function", "body", "content_range"), SHAPES)
def test_a_result_arrives_as_postgresql_wrote_it(
    client: httpx.Client, function: str, body: str, content_range: str
) -> None:
    answer = client.post(f"/rpc/{function}", json={})
    assert (answer.status_code, answer.text) == (200, body)
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["content-range"] == content_range


def test_nothing_is_204_without_body_and_type(client: httpx.Client) -> None:
    answer = client.post("/rpc/t_vacia", json={})
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-type" not in answer.headers


def test_a_stable_function_that_returns_nothing_is_called_all_the_same(client: httpx.Client) -> None:
    answer = client.post("/rpc/t_vacia_estable", json={})
    assert (answer.status_code, answer.json()["message"]) == (418, "llamada")


def test_an_inout_parameter_is_argument_and_column(client: httpx.Client) -> None:
    assert client.post("/rpc/t_entra_y_sale", json={"a": 1}).text == '{"a":2}'


# Function, query, the body byte for byte, and Content-Range.
PAGES = [
    ("t_enteros", "limit=2", "[1, 2]", "0-1/*"),
    ("t_enteros", "offset=1", "[2, 3]", "1-2/*"),
    ("t_enteros", "limit=1&offset=2", "[3]", "2-2/*"),
    ("t_enteros", "limit=9", "[1, 2, 3]", "0-2/*"),
    ("t_enteros", "limit=1&limit=2", "[1, 2]", "0-1/*"),
    ("t_enteros", "limit=5&offset=7", "[]", "*/*"),
    ("t_enteros", "limit=0", "[]", "*/*"),
    ("t_enteros", "limit=-1&offset=1", "[]", "*/*"),
    ("t_filas", "limit=1&offset=1", '[{"id":2,"nombre":"dos","nota":null}]', "1-1/*"),
    ("t_columnas", "limit=1", '[{"a":"x","b":1}]', "0-0/*"),
    ("t_entero", "limit=1", "7", "0-0/*"),
    ("t_entero", "limit=1&offset=1", "null", "1-1/*"),
]


@pytest.mark.parametrize(("function", "query", "body", "content_range"), PAGES)
def test_limit_and_offset_choose_the_rows(
    client: httpx.Client, function: str, query: str, body: str, content_range: str
) -> None:
    answer = client.post(f"/rpc/{function}?{query}", json={})
    assert (answer.status_code, answer.text) == (200, body)
    assert answer.headers["content-range"] == content_range


@pytest.mark.parametrize("query", ["limit=-1", "limit=0&offset=1", "limit=-3&offset=2"])
def test_a_limit_below_zero_is_416(client: httpx.Client, query: str) -> None:
    answer = client.post(f"/rpc/t_enteros?{query}", json={})
    assert answer.status_code == 416
    assert answer.json() == {
        "code": "PGRST103",
        "message": "Requested range not satisfiable",
        "details": "Limit should be greater than or equal to zero.",
        "hint": None,
    }


def test_the_header_range_changes_nothing_for_post(client: httpx.Client) -> None:
    answer = client.post("/rpc/t_enteros", json={}, headers={"Range-Unit": "items", "Range": "0-0"})
    assert (answer.status_code, answer.text) == (200, "[1, 2, 3]")


ONE = "application/vnd.pgrst.object+json"


def test_a_page_of_one_row_is_an_object_when_that_is_asked_for(client: httpx.Client) -> None:
    answer = client.post("/rpc/t_filas?limit=1", json={}, headers={"Accept": ONE})
    assert (answer.status_code, answer.text) == (200, '{"id":1,"nombre":"uno","nota":1.10}')


def test_one_row_is_an_object_when_that_is_asked_for(client: httpx.Client) -> None:
    answer = client.post("/rpc/t_columna", json={}, headers={"Accept": ONE})
    assert (answer.status_code, answer.text) == (200, '{"a":"A"}')
    assert answer.headers["content-type"] == f"{ONE}; charset=utf-8"


@pytest.mark.parametrize(("function", "rows"), [("t_filas", 2), ("t_ninguno", 0)])
def test_not_one_row_is_406_when_an_object_is_asked_for(
    client: httpx.Client, function: str, rows: int
) -> None:
    answer = client.post(f"/rpc/{function}", json={}, headers={"Accept": ONE})
    assert answer.status_code == 406
    assert answer.json() == {
        "code": "PGRST116",
        "message": "Cannot coerce the result to a single JSON object",
        "details": f"The result contains {rows} rows",
        "hint": None,
    }


def test_supabase_py_reads_the_shapes(rest: RunningRest) -> None:
    http = httpx.Client(trust_env=False)
    supabase = create_client(rest.url, make_token(), ClientOptions(httpx_client=http))
    expected: dict[str, Any] = {
        "t_entero": 7,
        "t_nulo": None,
        "t_vacia": [],
        "t_lista": [1, None, 3],
        "t_columna": [{"a": "A"}],
        "t_fila_de": {"id": 1, "nombre": "uno", "nota": 1.1},
        "t_ninguno": [],
    }
    with http:
        assert {name: supabase.rpc(name).execute().data for name in expected} == expected
        assert supabase.rpc("t_columna").single().execute().data == {"a": "A"}
        assert supabase.rpc("t_enteros").limit(2).execute().data == [1, 2]
        assert supabase.rpc("t_enteros").limit(1).offset(1).execute().data == [2]
        assert supabase.rpc("t_enteros").range(1, 5).execute().data == [2, 3]
        one = supabase.rpc("t_enteros").limit(1).maybe_single().execute()
        assert one is not None
        assert one.data == 1


@pytest.mark.parametrize("body", ["x" * 3_000_000], ids=["3 MB"])
def test_a_large_result_arrives_whole(
    client: httpx.Client, contract_database: ContractDatabase, body: str
) -> None:
    contract_database.execute("create function public.t_eco(v text) returns text language sql as 'select v'")
    assert client.post("/rpc/t_eco", json={"v": body}).json() == body
