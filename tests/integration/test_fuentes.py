"""leer_fuentes, anotar_fuente, identidades_conocidas, anotar_entradas_rechazadas: the sources."""

from typing import Any

import psycopg

from tests.integration.conftest import Database, Row, call
from tests.integration.extraction import FLOW_RUN
from tests.integration.payloads import article
from tests.integration.test_articulo import store
from tests.integration.test_concurrencia import at_once
from tests.integration.test_errores import OTHER_RUN, record

Connection = psycopg.Connection[Row]
URL = "https://medio.example/rss"


def look(connection: Connection, **fields: Any) -> dict[str, Any]:
    given = {
        "url": URL,
        "etag": '"a"',
        "last_modified": None,
        "ultima_lectura": "2026-11-28T10:00:00+00:00",
        "ultimo_exito": "2026-11-28T10:00:00+00:00",
        "proxima_lectura": "2026-11-28T10:30:00+00:00",
        "fallos": 0,
        "ultimo_error": None,
        "leidos": 20,
        "nuevos": 3,
        "flow_run_id": FLOW_RUN,
        **fields,
    }
    row: dict[str, Any] = call(connection, "anotar_fuente", datos_json=given)
    return row


def refuse(connection: Connection, *identidades: str, **fields: Any) -> int:
    entries = [
        {"identidad": identidad, "fuente": URL, "motivo": "503", "definitivo": False, **fields}
        for identidad in identidades
    ]
    run = fields.pop("flow_run_id", None)
    answer = call(
        connection, "anotar_entradas_rechazadas", datos_json={"flow_run_id": run, "entradas": entries}
    )
    assert set(answer) == {"por_reintentar"}
    return int(answer["por_reintentar"])


def known(connection: Connection, *identidades: str) -> list[str]:
    (row,) = connection.execute("select identidades_conocidas(%s)", [list(identidades)]).fetchall()
    return list(row[0])


def read(connection: Connection, urls: list[str] | None) -> list[dict[str, Any]]:
    (row,) = connection.execute("select leer_fuentes(%s::text[])", [urls]).fetchall()
    return list(row[0])


def test_a_look_is_read_as_it_was_noted(service: Connection) -> None:
    row = look(service)
    assert read(service, [URL, "https://otro.example/"]) == [row]
    assert read(service, ["https://otro.example/"]) == []
    assert read(service, None) == [row]
    assert (row["url"], row["etag"], row["leidos"], row["nuevos"], row["total_nuevos"]) == (
        URL,
        '"a"',
        20,
        3,
        3,
    )
    assert row["proxima_lectura"] == "2026-11-28T10:30:00+00:00"


def test_the_next_look_replaces_it_and_adds_up(service: Connection) -> None:
    look(service)
    row = look(service, etag='"b"', nuevos=2, flow_run_id=OTHER_RUN, proxima_lectura="2026-11-28T11:00:00Z")
    assert (row["etag"], row["nuevos"], row["total_nuevos"]) == ('"b"', 2, 5)


def test_a_look_that_is_noted_twice_counts_once(service: Connection) -> None:
    assert look(service) == look(service)


def test_a_failed_look_keeps_when_the_last_good_one_was_and_what_it_listed(service: Connection) -> None:
    look(service)
    row = look(
        service,
        ultimo_exito=None,
        leidos=None,
        nuevos=0,
        fallos=2,
        ultimo_error="404",
        flow_run_id=OTHER_RUN,
    )
    assert (row["fallos"], row["ultimo_error"], row["leidos"], row["total_nuevos"]) == (2, "404", 20, 3)
    assert row["ultimo_exito"] == "2026-11-28T10:00:00+00:00"


def test_known_is_what_is_stored_refused_for_good_or_a_dead_letter(service: Connection) -> None:
    store(service, article())
    record(service, identidad="letra")
    record(service, identidad="descartada")
    call(service, "resolver_error", identidad="descartada", resolucion="descartado")
    record(service, identidad="resuelta")
    call(service, "resolver_error", identidad="resuelta", resolucion="procesado")
    refuse(service, "definitiva", definitivo=True)
    refuse(service, "pasajera")
    asked = ("https://medio.example/1", "letra", "descartada", "resuelta", "definitiva", "pasajera", "nueva")
    assert sorted(known(service, *asked)) == ["definitiva", "descartada", "https://medio.example/1", "letra"]
    assert known(service) == []


def test_after_five_runs_an_entry_is_refused_for_good(database: Database, service: Connection) -> None:
    runs = [f"{FLOW_RUN[:-1]}{number}" for number in range(5)]
    left = []
    for run in runs:
        refuse(service, "e", flow_run_id=run)
        left.append(refuse(service, "e", flow_run_id=run))  # the same look noted twice counts once
    assert left == [1, 1, 1, 1, 0]
    assert known(service, "e") == ["e"]
    assert database.value("select intentos from entradas_rechazadas") == 5


def test_several_entries_at_once_and_one_twice(database: Database, service: Connection) -> None:
    assert refuse(service, "a", "b", "a", flow_run_id=FLOW_RUN) == 2
    assert refuse(service, "a", definitivo=True, flow_run_id=OTHER_RUN) == 0
    assert refuse(service) == 0
    rows = database.rows("select identidad, definitivo, intentos from entradas_rechazadas order by 1")
    assert rows == [("a", True, 2), ("b", False, 1)]


def test_many_looks_at_once_do_not_deadlock(database: Database) -> None:
    names = [f"e{number}" for number in range(30)]
    runs = [f"{FLOW_RUN[:-2]}{number:02d}" for number in range(12)]

    def note(connection: Connection, run: str) -> int:
        turned = names if int(run[-1]) % 2 else names[::-1]
        look(connection, flow_run_id=run, nuevos=1)
        return refuse(connection, *turned, flow_run_id=run)

    at_once(database, note, runs)
    assert database.value("select total_nuevos from fuentes") == len(runs)
    assert database.rows("select distinct intentos, definitivo from entradas_rechazadas") == [(12, True)]
