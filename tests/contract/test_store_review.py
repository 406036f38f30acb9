"""What the store guarantees to the editor who reviews entidades: lists, pairs, merges."""

import asyncio
from typing import Any

import pytest

from newsroom.errors import StoreRejected
from newsroom.models.extraccion import Entidad
from newsroom.models.vocabulario import TipoEntidad
from newsroom.store.base import Store
from tests.contract.test_store_entidades import named

PAIR_KEYS = {
    "tipo", "score", "id", "nombre", "alias", "otra_id", "otro_nombre", "otro_alias", "items_en_comun",
}  # fmt: skip


async def fill(store: Store) -> dict[str, int]:
    """Store three articles; return the ids of the entidades by nombre."""
    await store.persist_articulo(named(("Juan Pérez", "PERSONA"), ("Chile", "LUGAR"), identidad="a"))
    await store.persist_articulo(
        named(
            ("Juan Pérez García", "PERSONA"),
            ("Chile", "LUGAR"),
            ("Juan García Pérez", "PERSONA"),
            identidad="b",
        )
    )
    await store.persist_articulo(named(("Chile", "LUGAR"), ("Banco de Chile", "ORGANIZACION"), identidad="c"))
    return {row["nombre"]: row["id"] for row in await store.list_entidades(limit=100)}


async def test_entidades_are_listed_by_how_many_items_name_them(store: Store) -> None:
    assert await store.list_entidades() == []
    ids = await fill(store)
    rows = await store.list_entidades()
    assert rows[0]["nombre"] == "Chile"
    assert [row["articulos"] for row in rows] == [3, 1, 1, 1, 1]
    assert rows[0] == {
        "id": ids["Chile"], "nombre": "Chile", "tipo": "LUGAR", "alias": [], "articulos": 3, "fragmentos": 0,
    }  # fmt: skip
    people = await store.list_entidades("PERSONA", 1)
    assert [row["nombre"] for row in people] == ["Juan Pérez"]
    assert await store.list_entidades("NORMATIVA") == []


async def test_similar_entidades_come_in_pairs_of_one_tipo_best_first(store: Store) -> None:
    ids = await fill(store)
    found = await store.list_similar_entidades()
    assert (found["revisadas"], found["siguiente"]) == (5, None)
    assert all(set(pair) == PAIR_KEYS and pair["tipo"] == "PERSONA" for pair in found["pares"])
    pairs = {frozenset((pair["nombre"], pair["otro_nombre"])): pair for pair in found["pares"]}
    assert frozenset(("Juan Pérez", "Juan Pérez García")) in pairs
    together = pairs[frozenset(("Juan Pérez García", "Juan García Pérez"))]
    assert together["items_en_comun"] == 1
    assert {together["id"], together["otra_id"]} == {ids["Juan Pérez García"], ids["Juan García Pérez"]}
    scores = [pair["score"] for pair in found["pares"]]
    assert scores == sorted(scores, reverse=True)
    assert (await store.list_similar_entidades("LUGAR"))["pares"] == []


async def test_similar_entidades_are_paged_from_the_newest_on(store: Store) -> None:
    await fill(store)
    pages: list[dict[str, Any]] = [await store.list_similar_entidades(review=2)]
    while pages[-1]["siguiente"] is not None:
        pages.append(await store.list_similar_entidades(review=2, before=pages[-1]["siguiente"]))
    assert [page["revisadas"] for page in pages] == [2, 2, 1]
    whole = await store.list_similar_entidades()

    def ends(page: dict[str, Any]) -> set[tuple[int, int]]:
        return {(pair["id"], pair["otra_id"]) for pair in page["pares"]}

    assert set.union(*map(ends, pages)) == ends(whole)


async def link(store: Store, nombre: str) -> int | None:
    wanted = [Entidad(id=1, nombre=nombre, tipo=TipoEntidad.PERSONA, offset_inicio=0, offset_fin=1)]
    return (await asyncio.to_thread(store.link_entidades, wanted, 0.85)).get(1)


async def test_a_merge_leads_its_names_to_the_other_row_and_can_be_taken_back(store: Store) -> None:
    ids = await fill(store)
    wrong, right = ids["Juan García Pérez"], ids["Juan Pérez"]
    assert await store.merge_entidades(wrong, right) == {
        "id": wrong, "nombre": "Juan García Pérez", "fusionada_en_id": right, "fusionada_en": "Juan Pérez",
    }  # fmt: skip
    rows = {row["nombre"]: row for row in await store.list_entidades()}
    assert "Juan García Pérez" not in rows
    assert (rows["Juan Pérez"]["articulos"], rows["Juan Pérez"]["alias"]) == (2, ["Juan García Pérez"])
    assert await link(store, "Juan García Pérez") == right
    assert all("Juan García Pérez" not in (pair["nombre"], pair["otro_nombre"])
               for pair in (await store.list_similar_entidades())["pares"])  # fmt: skip
    stored = await store.persist_articulo(named(("Juan García Pérez", "PERSONA"), identidad="d"))
    assert stored.entidades_nuevas == 0
    read = await store.read_articulo(4)
    assert read is not None
    assert [row["id"] for row in read["entidades"]] == [right]

    assert await store.separate_entidad(wrong) == {
        "id": wrong,
        "nombre": "Juan García Pérez",
        "separada_de_id": right,
    }
    assert await link(store, "Juan García Pérez") == wrong
    rows = {row["nombre"]: row for row in await store.list_entidades()}
    # What was stored in between stays where it was put.
    assert (rows["Juan Pérez"]["articulos"], rows["Juan García Pérez"]["articulos"]) == (2, 1)


@pytest.mark.parametrize(
    ("source", "target", "code", "words"),
    [
        ("Juan Pérez", "Juan Pérez", "22023", "itself"),
        ("Juan Pérez", "Chile", "22023", "a PERSONA"),
        ("Juan Pérez", None, "23503", "does not exist"),
        (None, "Juan Pérez", "23503", "does not exist"),
        ("Juan García Pérez", "Juan Pérez", "22023", "already"),
        ("Juan Pérez", "Juan García Pérez", "22023", "merge into that one"),
    ],
)
async def test_a_merge_that_makes_no_sense_is_refused(
    store: Store, source: str | None, target: str | None, code: str, words: str
) -> None:
    ids = await fill(store)
    await store.merge_entidades(ids["Juan García Pérez"], ids["Juan Pérez García"])
    with pytest.raises(StoreRejected, match=words) as caught:
        await store.merge_entidades(ids[source] if source else 999_999, ids[target] if target else 999_999)
    assert caught.value.code == code


@pytest.mark.parametrize(("nombre", "code"), [("Juan Pérez", "22023"), (None, "23503")])
async def test_what_is_not_merged_cannot_be_separated(store: Store, nombre: str | None, code: str) -> None:
    ids = await fill(store)
    with pytest.raises(StoreRejected) as caught:
        await store.separate_entidad(ids[nombre] if nombre else 999_999)
    assert caught.value.code == code


async def test_of_two_merges_that_would_run_in_a_circle_one_is_refused(store: Store) -> None:
    ids = await fill(store)
    one, other = ids["Juan Pérez"], ids["Juan García Pérez"]
    outcomes = await asyncio.gather(
        store.merge_entidades(one, other), store.merge_entidades(other, one), return_exceptions=True
    )
    assert sorted(isinstance(outcome, StoreRejected) for outcome in outcomes) == [False, True]
