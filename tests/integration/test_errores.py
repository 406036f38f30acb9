"""registrar_error, resolver_error, listar_errores: dead letters."""

from typing import Any

import psycopg
import pytest

from tests.integration.conftest import Database, Row, call, call_rows
from tests.integration.extraction import FLOW_RUN
from tests.integration.payloads import article
from tests.integration.test_concurrencia import at_once

Connection = psycopg.Connection[Row]
OTHER_RUN = "0e7b5a50-8a53-4d0e-9a7e-6f1c2f1b7a12"


def failure(**fields: Any) -> dict[str, Any]:
    return {
        "flow_run_id": FLOW_RUN,
        "etapa": "triage",
        "clase_error": "EngineUnavailable",
        "mensaje": "503 «Service Unavailable» {'error': 'x'}",
        "transitorio": True,
        "intentos": 4,
        "identidad": "https://medio.example/1",
        "entrada": {"titular": "T", "anidado": {"x": [1, None]}},
        "proximo_intento": "2030-01-01T00:00:00Z",
        **fields,
    }


def record(connection: Connection, **fields: Any) -> int:
    answer = call(connection, "registrar_error", datos_json=failure(**fields))
    assert set(answer) == {"id"}
    return int(answer["id"])


def open_errors(database: Database, everything: bool = False) -> list[dict[str, Any]]:
    return [row[0] for row in database.rows("select to_jsonb(e) from listar_errores(%s) e", not everything)]


def test_an_error_holds_all_that_is_needed_to_run_the_item_again(
    database: Database, service: Connection
) -> None:
    number = record(service)
    (row,) = open_errors(database)
    assert row["id"] == number
    same = set(failure()) - {"proximo_intento"}
    assert {key: row[key] for key in same} == {key: failure()[key] for key in same}
    assert (row["estado"], row["severidad"]) == ("en_reintentos", "media")
    assert row["historial"][0]["mensaje"] == failure()["mensaje"]


def test_what_is_not_transient_asks_for_a_person(database: Database, service: Connection) -> None:
    record(service, transitorio=False, proximo_intento=None)
    assert open_errors(database)[0]["estado"] == "intervencion_requerida"


def test_the_next_failure_of_an_item_updates_its_row(database: Database, service: Connection) -> None:
    first = record(service)
    second = record(
        service,
        flow_run_id=OTHER_RUN,
        etapa="elements",
        clase_error="MalformedOutput",
        mensaje="otro",
        intentos=2,
        entrada=None,
        proximo_intento=None,
    )
    assert second == first
    (row,) = open_errors(database)
    assert (row["etapa"], row["clase_error"], row["mensaje"], row["intentos"]) == (
        "elements",
        "MalformedOutput",
        "otro",
        6,
    )
    assert row["entrada"] == failure()["entrada"]
    assert [(entry["etapa"], entry["intentos"]) for entry in row["historial"]] == [
        ("triage", 4),
        ("elements", 2),
    ]


def test_the_same_failure_told_twice_counts_once(database: Database, service: Connection) -> None:
    record(service)
    record(service)
    (row,) = open_errors(database)
    assert (row["intentos"], len(row["historial"])) == (4, 1)


def test_the_history_keeps_the_last_50(database: Database, service: Connection) -> None:
    for number in range(53):
        record(service, flow_run_id=None, intentos=1, mensaje=f"n.º {number}")
    (row,) = open_errors(database)
    assert row["intentos"] == 53
    assert [entry["mensaje"] for entry in row["historial"]] == [f"n.º {number}" for number in range(3, 53)]


def test_items_without_identity_have_a_row_each(database: Database, service: Connection) -> None:
    assert record(service, identidad=None) != record(service, identidad=None)
    assert len(open_errors(database)) == 2


def test_a_resolved_error_is_history_and_the_next_one_is_new(database: Database, service: Connection) -> None:
    first = record(service)
    call(service, "resolver_error", identidad=failure()["identidad"], resolucion="reintentado")
    assert open_errors(database) == []
    (row,) = open_errors(database, everything=True)
    assert (row["estado"], row["resolucion"], row["proximo_intento"]) == ("resuelto", "reintentado", None)
    assert row["fecha_resolucion"] is not None
    assert record(service, flow_run_id=OTHER_RUN) != first
    call(service, "resolver_error", identidad=failure()["identidad"], resolucion="descartado")
    assert [row["estado"] for row in open_errors(database, everything=True)] == ["descartado", "resuelto"]


def test_resolving_what_is_not_there_changes_nothing(database: Database, service: Connection) -> None:
    record(service)
    call(service, "resolver_error", identidad="otra", resolucion="x")
    assert len(open_errors(database)) == 1


def test_the_list_is_newest_first_and_bounded(service: Connection) -> None:
    ids = [record(service, identidad=f"i{number}") for number in range(5)]
    assert [row[0] for row in call_rows(service, "listar_errores", limite=3)] == ids[:1:-1]
    assert call_rows(service, "listar_errores", limite=-1) == []


@pytest.mark.parametrize("key", ["etapa", "clase_error", "mensaje", "transitorio"])
def test_what_must_be_there(service: Connection, key: str) -> None:
    with pytest.raises(psycopg.errors.NotNullViolation):
        record(service, **{key: None})


def test_an_error_of_any_input_is_kept(database: Database, service: Connection) -> None:
    record(service, entrada=article())
    assert open_errors(database)[0]["entrada"] == article()


def test_many_failures_of_one_item_at_once_leave_one_row(database: Database) -> None:
    runs = [f"{FLOW_RUN[:-2]}{number:02d}" for number in range(20)]
    ids = at_once(database, lambda connection, run: record(connection, flow_run_id=run), runs)
    assert len(set(ids)) == 1
    (row,) = open_errors(database)
    assert (row["intentos"], len(row["historial"])) == (80, 20)
