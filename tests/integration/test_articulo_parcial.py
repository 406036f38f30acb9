"""An article of which the source says little: what it does not say is null, and everything else works."""

import psycopg
import pytest

from tests.integration.conftest import Database, Row, call, call_rows
from tests.integration.extraction import Payload
from tests.integration.payloads import article, changed, discarded
from tests.integration.test_articulo import COUNTS, NONE, store

Connection = psycopg.Connection[Row]
UNKNOWN = ("medio", "pais_publicacion", "tipo_medio", "titular", "fecha_publicacion")


def partial(*unknown: str) -> Payload:
    """Returns a payload in which these fields of the article are null."""
    payload = article()
    payload["articulo_metadata"].update(dict.fromkeys(unknown))
    return payload


@pytest.mark.parametrize("unknown", [*[(name,) for name in UNKNOWN], UNKNOWN], ids="+".join)
def test_each_null_is_stored_read_listed_and_found(
    database: Database, service: Connection, unknown: tuple[str, ...]
) -> None:
    sent = partial(*unknown)
    answer = store(service, sent)

    read = call(service, "leer_articulo", articulo_id=answer["articulo_id"])
    known = set(UNKNOWN) - set(unknown)
    assert {name for name in UNKNOWN if read["articulo"][name] is not None} == known
    assert read["conteos"] == COUNTS
    (listed,) = database.rows("select titular, medio, fecha_publicacion, num_hechos from listar_articulos()")
    assert [value is None for value in listed] == [
        *(name in unknown for name in ("titular", "medio", "fecha_publicacion")), False
    ]  # fmt: skip
    (shown,) = database.rows(f"select {', '.join(UNKNOWN)} from tablero.articulos")
    assert {name for name, value in zip(UNKNOWN, shown, strict=True) if value is not None} == known
    meta = sent["articulo_metadata"]
    found = call(
        service, "buscar_articulo",
        identidad=meta["identidad"], huella_contenido=meta["huella_contenido"], cerrar_error=True,
    )  # fmt: skip
    assert found["articulo_id"] == answer["articulo_id"]
    assert store(service, sent)["resultado"] == "sin_cambios"


def test_what_is_absent_is_null_too(database: Database, service: Connection) -> None:
    payload = article()
    for name in (*UNKNOWN, "url", "fuente", "medio_url_principal", "seccion", "etiquetas_fuente", "metadata"):
        del payload["articulo_metadata"][name]
    store(service, payload)
    assert database.rows(f"select {', '.join(UNKNOWN)}, url, metadata from articulos") == [
        (None, None, None, None, None, None, {})
    ]


def test_what_becomes_known_later_replaces_the_null_and_the_reverse(
    database: Database, service: Connection
) -> None:
    first = store(service, partial(*UNKNOWN))
    known = store(service, changed(article(), "articulo_metadata.huella_contenido", "h2"))
    assert (known["resultado"], known["articulo_id"]) == ("reemplazado", first["articulo_id"])
    assert database.value("select num_nonnulls(medio, titular, fecha_publicacion) from articulos") == 3
    again = store(service, partial(*UNKNOWN))
    assert again["resultado"] == "reemplazado"
    assert database.value("select num_nonnulls(medio, titular, fecha_publicacion) from articulos") == 0


def test_a_discarded_shell_is_a_row_with_its_reason(database: Database, service: Connection) -> None:
    payload = discarded()
    payload["articulo_metadata"].update(
        dict.fromkeys(UNKNOWN),
        triaje={"exclusion": "sin_contenido", "decision": "DESCARTAR", "puntuacion_total": 5},
    )
    # No model was asked.
    payload["procedencia"]["etapas"] = {}
    answer = store(service, payload)
    assert {name: answer[name] for name in NONE} == NONE
    assert database.rows("select decision, estado_procesamiento, triaje ->> 'exclusion' from articulos") == [
        ("DESCARTAR", "descartado", "sin_contenido")
    ]
    assert call(service, "metricas")["articulos_por_decision"] == {"DESCARTAR": 1}
    assert database.value("select count(*) from consumo_etapas") == 0


@pytest.mark.parametrize("blank", ["medio", "pais_publicacion", "titular"])
def test_blanks_are_still_refused(service: Connection, blank: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        store(service, article(**{blank: "  "}))


def test_a_list_by_date_shows_what_has_none_at_its_end_and_ties_in_a_fixed_order(
    database: Database, service: Connection
) -> None:
    days = ["2024-05-06", None, "2024-05-07", "2024-05-06", None]
    ids = [
        store(service, article(f"https://medio.example/{n}", fecha_publicacion=day))["articulo_id"]
        for n, day in enumerate(days)
    ]
    query = "select id from articulos order by fecha_publicacion desc nulls last, id desc"
    assert [row[0] for row in database.rows(query)] == [ids[2], ids[3], ids[0], ids[4], ids[1]]
    assert [row[0] for row in call_rows(service, "listar_articulos")] == ids[::-1]


@pytest.mark.parametrize(
    ("where", "index"),
    [("", "articulos_fecha_publicacion_idx"), ("where medio = 'El Faro'", "articulos_medio_idx")],
)
def test_that_order_is_read_off_an_index(database: Database, where: str, index: str) -> None:
    database.rows(
        "select set_config('enable_seqscan', 'off', false), set_config('enable_sort', 'off', false)"
    )
    plan = database.rows(
        f"explain select id from articulos {where} "
        "order by fecha_publicacion desc nulls last, id desc limit 20"
    )
    assert index in str(plan)
    assert "Sort" not in str(plan)
