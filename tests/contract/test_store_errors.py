"""What the store guarantees for items that failed for good."""

from typing import Any

import pytest

from newsroom.errors import StoreRejected
from newsroom.models.resultado import Payload
from newsroom.store.base import Store
from tests.integration.payloads import article

URL = "https://medio.example/1"


def failure(identidad: str = URL, flow_run: int = 1, **fields: Any) -> Payload:
    return {
        "flow_run_id": f"00000000-0000-4000-8000-{flow_run:012d}",
        "etapa": "elementos",
        "clase_error": "EngineUnavailable",
        "mensaje": "sin respuesta",
        "transitorio": True,
        "intentos": 3,
        "identidad": identidad,
        "entrada": {"titular": "ñ", "n": [1, None]},
        "proximo_intento": None,
        **fields,
    }


async def test_a_failure_is_one_open_row_for_each_item(store: Store) -> None:
    first = await store.record_error(failure())
    other = await store.record_error(failure("otro", transitorio=False))
    assert await store.record_error(failure(flow_run=2, etapa="relaciones", intentos=2)) == first
    rows = await store.list_errors()
    assert [row["id"] for row in rows] == [other, first]
    row = rows[1]
    assert (row["etapa"], row["intentos"], len(row["historial"])) == ("relaciones", 5, 2)
    assert [line["etapa"] for line in row["historial"]] == ["elementos", "relaciones"]
    assert row["entrada"] == {"titular": "ñ", "n": [1, None]}
    assert (row["estado"], rows[0]["estado"]) == ("en_reintentos", "intervencion_requerida")


async def test_a_failure_told_twice_by_one_run_counts_once(store: Store) -> None:
    await store.record_error(failure())
    await store.record_error(failure())
    (row,) = await store.list_errors()
    assert (row["intentos"], len(row["historial"])) == (3, 1)


async def test_a_resolved_failure_is_closed_and_the_next_one_is_new(store: Store) -> None:
    first = await store.record_error(failure())
    await store.resolve_error(URL, "revisado")
    await store.resolve_error(URL, "otra vez")
    await store.resolve_error("nada", "revisado")
    assert await store.list_errors() == []
    (row,) = await store.list_errors(only_pending=False)
    assert (row["id"], row["estado"], row["resolucion"]) == (first, "resuelto", "revisado")
    assert await store.record_error(failure()) != first
    await store.resolve_error(URL, "descartado")
    rows = await store.list_errors(only_pending=False, limit=1)
    assert [row["estado"] for row in rows] == ["descartado"]


async def test_storing_the_item_closes_its_failure(store: Store) -> None:
    for expected in ("insertado", "sin_cambios"):
        await store.record_error(failure())
        assert (await store.persist_articulo(article())).resultado == expected
        assert await store.list_errors() == []


async def test_finding_the_item_stored_closes_its_failure_if_that_is_asked_for(store: Store) -> None:
    await store.persist_articulo(article())
    await store.record_error(failure())
    assert await store.find_articulo(URL, "h1") is not None
    assert await store.find_articulo(URL, "h2", close_error=True) is None
    assert len(await store.list_errors()) == 1
    assert await store.find_articulo(URL, "h1", close_error=True) is not None
    assert await store.list_errors() == []


@pytest.mark.parametrize("key", ["etapa", "clase_error", "mensaje", "transitorio"])
async def test_a_failure_without_its_cause_is_refused(store: Store, key: str) -> None:
    with pytest.raises(StoreRejected) as caught:
        await store.record_error({**failure(), key: None})
    assert caught.value.code == "23502"
    assert await store.list_errors() == []
