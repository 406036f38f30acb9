"""What the store guarantees for documents as a whole, and for failed items whose next try is due."""

from typing import Any

from newsroom.models.resultado import Payload
from newsroom.store.base import Store
from tests.contract.test_store_errors import failure
from tests.integration.payloads import fragment


def place(payload: Payload) -> dict[str, Any]:
    fragmento = payload["fragmento"]
    keys = (
        "identidad",
        "huella_contenido",
        "indice_secuencial",
        "titulo_seccion",
        "offset_inicio",
        "offset_fin",
    )
    return {key: fragmento.get(key) for key in keys}


def piece(number: int, **fields: Any) -> Payload:
    payload = fragment()
    payload["fragmento"] |= {
        "identidad": f"doc#{number}",
        "huella_contenido": f"h{number}",
        "indice_secuencial": number,
        **fields,
    }
    return payload


async def test_a_document_is_complete_when_all_its_fragments_are_stored(store: Store) -> None:
    first, second = piece(0), piece(1)
    wanted = {"documento": first["documento"], "fragmentos": [place(first), place(second)]}
    await store.persist_fragmento(first)
    early = await store.complete_documento(wanted)
    assert (early.procesado, early.pendientes) == (False, ("doc#1",))
    await store.persist_fragmento(second)
    done = await store.complete_documento(wanted)
    assert (done.procesado, done.pendientes, done.num_fragmentos_eliminados) == (True, (), 0)
    assert await store.complete_documento(wanted) == done


async def test_fragments_of_older_content_go_and_unchanged_ones_move(store: Store) -> None:
    old, kept, new = piece(0), piece(1), piece(2)
    for payload in (old, kept, new):
        await store.persist_fragmento(payload)
    moved = place(kept) | {"indice_secuencial": 0, "titulo_seccion": "CAPÍTULO I"}
    wanted = {"documento": kept["documento"], "fragmentos": [moved, place(new) | {"indice_secuencial": 1}]}
    done = await store.complete_documento(wanted)
    assert (done.procesado, done.num_fragmentos_eliminados) == (True, 1)

    shown = await store.summarize_documento(done.documento_id)
    assert shown is not None
    assert shown["fragmentos"][0]["titulo_seccion"] == "CAPÍTULO I"
    assert [row["indice_secuencial"] for row in shown["fragmentos"]] == [0, 1]
    assert shown["fragmentos"][0]["longitud"] == len(kept["fragmento"]["contenido"])
    assert shown["fragmentos"][0]["num_hechos_insertados"] == len(kept["hechos"])
    (listed,) = await store.list_documentos()
    assert (listed["num_fragmentos"], listed["num_leidos"], listed["procesado"]) == (2, 2, True)
    assert await store.summarize_documento(done.documento_id + 1000) is None


async def test_failures_of_fragments_that_a_document_no_longer_has_are_discarded(store: Store) -> None:
    here, gone = (f"doc#{letter * 32}-1" for letter in "ab")
    names = (
        here, gone, "doc", "doc#1", f"doc#{'A' * 32}-1", f"doc#x#{'a' * 32}-1", f"otro#{'a' * 32}-1",
    )  # fmt: skip
    for number, identidad in enumerate(names):
        await store.record_error(failure(identidad, flow_run=number))
    kept = piece(0, identidad=here)
    kept["documento"]["identidad"] = "doc"
    wanted = {"documento": kept["documento"], "fragmentos": [place(kept)]}
    await store.complete_documento(wanted)
    assert len(await store.list_errors()) == len(names), (
        "of a document that is not complete all may be needed yet"
    )
    await store.persist_fragmento(kept)
    await store.complete_documento(wanted)

    rows = {row["identidad"]: row["estado"] for row in await store.list_errors(only_pending=False)}
    assert rows.pop(gone) == "descartado"
    assert rows.pop(here) == "resuelto"
    assert set(rows.values()) == {"en_reintentos"}


async def test_a_fragment_is_found_by_identity_and_content(store: Store) -> None:
    guardado = await store.persist_fragmento(piece(0))
    found = await store.find_fragmento("doc#0", "h0")
    assert found is not None
    assert (found.fragmento_id, found.documento_id) == (guardado.fragmento_id, guardado.documento_id)
    assert found.conteos == guardado.conteos
    assert await store.find_fragmento("doc#0", "other") is None


async def test_only_what_is_due_is_listed_and_the_longest_due_comes_first(store: Store) -> None:
    await store.record_error(failure("later", proximo_intento="2999-01-01T00:00:00+00:00"))
    await store.record_error(failure("second", flow_run=2, proximo_intento="2020-02-01T00:00:00+00:00"))
    first = await store.record_error(
        failure("first", flow_run=3, proximo_intento="2020-01-01T00:00:00+00:00")
    )
    await store.record_error(failure("never", flow_run=4, transitorio=False, proximo_intento=None))
    assert [row["identidad"] for row in await store.list_due_errors()] == ["first", "second"]
    row = await store.read_error(first)
    assert row is not None
    assert row["entrada"] == failure()["entrada"]
    assert await store.read_error(first + 1000) is None


async def test_a_second_failure_waits_longer_and_the_tenth_asks_for_a_person(store: Store) -> None:
    for run in range(1, 11):
        await store.record_error(failure(flow_run=run, proximo_intento="2020-01-01T00:00:00+00:00"))
        (row,) = await store.list_errors()
        if run == 1:
            assert len(await store.list_due_errors()) == 1
        else:
            assert await store.list_due_errors() == []
        assert row["estado"] == ("en_reintentos" if run < 10 else "intervencion_requerida")
    assert row["proximo_intento"] is None
