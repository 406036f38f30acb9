"""What PostgreSQL's errors become: status by SQLSTATE, words untouched."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from psycopg import sql

from tests.contract.store_fixtures import ContractDatabase, functions_for_tests

FUNCTIONS = """
create table public.v_cosas (
  id int primary key, padre int references public.v_cosas deferrable, n int not null check (n > 0));
grant all on public.v_cosas to service_role;
create function public.v_lanza(codigo text, mensaje text default 'ay', detalle text default null,
  pista text default null) returns void language plpgsql as $$
begin
  raise exception using errcode = codigo, message = mensaje, detail = coalesce(detalle, ''),
    hint = coalesce(pista, '');
end $$;
create function public.v_lanza_simple(codigo text) returns void language plpgsql as $$
begin raise exception using errcode = codigo, message = 'a secas'; end $$;
create function public.v_inserta(id int, padre int, n int) returns void language sql
  as 'insert into public.v_cosas values (id, padre, n)';
create function public.v_inserta_estable(id int) returns void language plpgsql stable
  as 'begin perform public.v_inserta(id, null, 1); end';
create function public.v_inserta_y_falla(id int) returns void language plpgsql as $$
begin insert into public.v_cosas values (id, null, 1); raise exception 'no'; end $$;
create function public.v_divide(a int, b int) returns int language sql as 'select a / b';
create function public.v_no_existe() returns void language plpgsql as 'begin perform no_existe(); end';
create function public.v_sin_tabla() returns void language plpgsql as 'begin perform 1 from no_existe; end';
create function public.v_lenta() returns void language sql set statement_timeout = '50ms'
  as 'select pg_sleep(30)';
create function public.v_diferida() returns void language plpgsql as $$
begin set constraints all deferred; insert into public.v_cosas values (70, 71, 1); end $$;
"""


@pytest.fixture(scope="module", autouse=True)
def functions(contract_database: ContractDatabase) -> Iterator[None]:
    with functions_for_tests(contract_database, "v_", FUNCTIONS, "drop table public.v_cosas"):
        yield


STATUS = {
    503: "08000 08003 08006 53000 53100 53200 53300 57P01",
    500: "09000 21000 25000 25001 2D000 38000 39000 3B000 40001 40P01 40003 53400 54000 54001 55000 55P03 "
    "57000 57014 57P02 57P03 58000 58030 F0000 HV000 P0000 P0002 P0003 P0004 XX000 XX001 42P17",
    403: "0L000 0P000 28000 28P01 42501",
    409: "23503 23505",
    405: "25006",
    404: "42883 42P01",
    400: "22000 22003 22012 22023 22P02 22P05 23000 23502 23514 23P01 42601 42703 42804 42P10 44000 P0001 "
    "3F000 0A000 ZZ999",
    418: "PT418",
    299: "PT299",
}


@pytest.mark.parametrize(
    ("code", "status"), [(code, status) for status, codes in STATUS.items() for code in codes.split()]
)
def test_a_sqlstate_has_its_status_and_keeps_its_words(client: httpx.Client, code: str, status: int) -> None:
    body = {"codigo": code, "mensaje": 'ay "ñ"', "detalle": "un detalle", "pista": "una pista"}
    answer = client.post("/rpc/v_lanza", json=body)
    assert answer.status_code == status
    assert answer.json() == {"code": code, "message": 'ay "ñ"', "details": "un detalle", "hint": "una pista"}
    assert list(answer.json()) == ["code", "message", "details", "hint"]
    assert answer.headers["proxy-status"] == f"PostgREST; error={code}"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert ("retry-after" in answer.headers) == (status == 503)


def test_an_error_without_detail_and_hint_has_nulls(client: httpx.Client) -> None:
    answer = client.post("/rpc/v_lanza_simple", json={"codigo": "P0001"})
    assert answer.json() == {"code": "P0001", "message": "a secas", "details": None, "hint": None}


@pytest.mark.parametrize(
    ("code", "message", "status"),
    [
        ("21000", "UPDATE requires a WHERE clause", 400),
        ("22023", 'role "x" does not exist', 401),
        ("PTxyz", "no", 500),
        ("PT099", "no", 500),
    ],
)
def test_statuses_that_hang_on_more_than_the_class(
    client: httpx.Client, code: str, message: str, status: int
) -> None:
    if code == "PTxyz":
        code = "PTXYZ"
    answer = client.post("/rpc/v_lanza", json={"codigo": code, "mensaje": message})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("function", "body", "status", "code"),
    [
        ("v_inserta", {"id": 1, "padre": None, "n": None}, 400, "23502"),
        ("v_inserta", {"id": 1, "padre": None, "n": 0}, 400, "23514"),
        ("v_inserta", {"id": 1, "padre": 99, "n": 1}, 409, "23503"),
        ("v_divide", {"a": 1, "b": 0}, 400, "22012"),
        ("v_no_existe", {}, 404, "42883"),
        ("v_sin_tabla", {}, 404, "42P01"),
        ("v_lenta", {}, 500, "57014"),
        ("v_inserta_estable", {"id": 1}, 405, "25006"),
        ("v_diferida", {}, 409, "23503"),
    ],
)
def test_real_errors_and_nothing_is_left(
    client: httpx.Client, contract_database: ContractDatabase,
    function: str, body: dict[str, Any], status: int, code: str,
) -> None:  # fmt: skip
    answer = client.post(f"/rpc/{function}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert contract_database.value("select count(*) from v_cosas") == 0


def test_a_failed_function_leaves_nothing_and_the_next_call_works(
    client: httpx.Client, contract_database: ContractDatabase
) -> None:
    assert client.post("/rpc/v_inserta_y_falla", json={"id": 5}).status_code == 400
    assert contract_database.value("select count(*) from v_cosas") == 0
    assert client.post("/rpc/v_inserta", json={"id": 5, "padre": None, "n": 1}).status_code == 204
    # Committed before the answer: another connection sees it at once.
    assert contract_database.execute("delete from v_cosas returning id") == [(5,)]
    answer = client.post("/rpc/v_inserta", json={"id": 5, "padre": 5, "n": 1})
    assert answer.status_code == 204
    again = client.post("/rpc/v_inserta", json={"id": 5, "padre": 5, "n": 1})
    assert (again.status_code, again.json()["details"]) == (409, "Key (id)=(5) already exists.")
    contract_database.execute("delete from v_cosas")


def test_messages_name_identifiers_as_they_are(
    client: httpx.Client, contract_database: ContractDatabase
) -> None:
    name = sql.Identifier('v_"raro"').as_string(None)
    contract_database.execute(f"create function public.{name}() returns int language sql as 'select 1 / 0'")
    assert client.post('/rpc/v_"raro"', json={}).json()["message"] == "division by zero"
