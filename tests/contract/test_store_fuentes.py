"""What the store guarantees for sources: their state, what is known, what was refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

from newsroom.models.fuente import EstadoFuente
from newsroom.store.base import Store
from tests.integration.payloads import article

URL = "https://medio.example/rss"
MOMENT = datetime(2026, 11, 28, 10, tzinfo=UTC)


def look(**fields: Any) -> dict[str, Any]:
    return {
        "url": URL,
        "etag": '"ñ"',
        "ultima_lectura": MOMENT.isoformat(),
        "ultimo_exito": MOMENT.isoformat(),
        "proxima_lectura": (MOMENT + timedelta(minutes=30)).isoformat(),
        "leidos": 20,
        "nuevos": 3,
        **fields,
    }


async def test_a_source_s_state_is_read_as_it_was_noted(store: Store) -> None:
    assert await store.read_fuentes([URL]) == []
    noted = await store.note_fuente(look())
    assert noted == EstadoFuente(
        url=URL,
        etag='"ñ"',
        ultima_lectura=MOMENT,
        ultimo_exito=MOMENT,
        proxima_lectura=MOMENT + timedelta(minutes=30),
        leidos=20,
        nuevos=3,
        total_nuevos=3,
    )
    assert await store.read_fuentes([URL, "https://otro.example/"]) == [noted]
    assert await store.read_fuentes() == [noted]
    assert await store.read_fuentes([]) == []


async def test_it_says_which_of_many_identities_are_known(store: Store) -> None:
    await store.persist_articulo(article())
    many = [f"https://medio.example/nueva/{number}" for number in range(2_000)]
    assert await store.find_known([*many, "https://medio.example/1"]) == {"https://medio.example/1"}
    assert await store.find_known([]) == set()


async def test_a_refused_entry_is_known_when_it_is_refused_for_good(store: Store) -> None:
    identidad = "https://medio.example/9"
    entry = {"identidad": identidad, "fuente": URL, "motivo": "«503»", "definitivo": False}
    assert await store.note_refused({"entradas": [entry]}) == 1
    assert await store.find_known([identidad]) == set()
    assert await store.note_refused({"entradas": [{**entry, "definitivo": True}]}) == 0
    assert await store.find_known([identidad]) == {identidad}
