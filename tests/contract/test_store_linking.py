"""Linking through the store: one row for one entidad under any spelling, two rows for two."""

import asyncio
from collections.abc import Sequence

import pytest

from newsroom.models.extraccion import Elementos, Entidad
from newsroom.models.resultado import Guardado
from newsroom.models.vocabulario import TipoEntidad
from newsroom.stages.linking import link_entidades
from newsroom.store.base import Store
from tests.contract.test_store_entidades import named
from tests.unit.test_linking_pairs import ALL, Pair, are_one

THRESHOLD = 0.85
Wanted = tuple[str, str]


async def read_and_store(
    store: Store, identidad: str, *wanted: Wanted, alias: Sequence[str] = ()
) -> Guardado:
    """Link and store an article that names these (nombre, tipo) as the flow does; `alias` is the first's."""
    entidades = tuple(
        Entidad(
            id=number,
            nombre=nombre,
            tipo=TipoEntidad(tipo),
            alias=tuple(alias) if number == 1 else (),
            offset_inicio=0,
            offset_fin=1,
        )
        for number, (nombre, tipo) in enumerate(wanted, start=1)
    )
    enlaces = await asyncio.to_thread(link_entidades, store, Elementos(entidades=entidades), THRESHOLD)
    payload = named(*wanted, identidad=identidad)
    for row in payload["entidades"]:
        row["db_id"] = enlaces.db_ids.get(row["id"])
    payload["entidades"][0]["alias"] = list(alias)
    return await store.persist_articulo(payload)


async def count(store: Store) -> int:
    return int((await store.summarize())["entidades"])


SAMPLE = [pair for pair in ALL if pair.same == are_one(pair)][::4]


@pytest.mark.parametrize("pair", SAMPLE, ids=lambda pair: f"{pair.tipo.value} {pair.a} | {pair.b}")
async def test_two_articles_leave_one_row_for_one_entidad_and_two_for_two(store: Store, pair: Pair) -> None:
    for number, nombre in enumerate((pair.a, pair.b)):
        await read_and_store(store, f"a{number}", (nombre, pair.tipo.value))
    assert await count(store) == (1 if pair.same else 2)


async def test_every_spelling_becomes_an_alias_of_the_one_row(store: Store) -> None:
    spellings = [
        "Dina Boluarte", "la presidenta Dina Boluarte", "Dina Ercilia Boluarte Zegarra", "DINA BOLUARTE",
    ]  # fmt: skip
    for number, nombre in enumerate(spellings):
        await read_and_store(store, f"a{number}", (nombre, "PERSONA"))
    read = await store.read_articulo(len(spellings))
    assert read is not None
    (row,) = read["entidades"]
    assert row["nombre"] == "Dina Boluarte"
    assert row["alias"] == ["la presidenta Dina Boluarte", "Dina Ercilia Boluarte Zegarra"]


async def test_two_entidades_of_one_article_are_never_linked_to_one_row(store: Store) -> None:
    await read_and_store(store, "a", ("Juan Pérez", "PERSONA"))
    stored = await read_and_store(
        store, "b", ("Juan Pérez García", "PERSONA"), ("Juan Pérez López", "PERSONA")
    )
    assert (stored.conteos.entidades, stored.entidades_nuevas) == (2, 2)
    assert await count(store) == 3
    stored = await read_and_store(store, "c", ("Juan Pérez", "PERSONA"), ("Juan Pérez Ruiz", "PERSONA"))
    assert (stored.conteos.entidades, stored.entidades_nuevas) == (2, 1)


LINKED_APART = [
    # (nombre, has a link to row 1 "Juan Pérez") of one article, and how many rows it names, how many new.
    ([("Juan Pérez García", True), ("Juan Pérez", False)], 2, 1),
    ([("Juan Pérez", False), ("Juan Pérez García", True)], 2, 1),
    ([("Juan Pérez García", True), ("Juan Pérez López", True)], 2, 2),
    ([("Juan Pérez García", True), ("JUAN PEREZ", True), ("Juan Pérez", False)], 2, 1),
    ([("Juan Pérez García", True), ("JUAN PEREZ GARCIA", True)], 1, 0),
    ([("Juan Pérez García", True), ("Ana Ruiz", False)], 2, 1),
]


@pytest.mark.parametrize(("names", "rows", "new"), LINKED_APART)
async def test_a_link_that_would_make_one_row_of_two_is_not_followed(
    store: Store, names: list[tuple[str, bool]], rows: int, new: int
) -> None:
    await store.persist_articulo(named(("Juan Pérez", "PERSONA"), identidad="a"))
    payload = named(*((nombre, "PERSONA") for nombre, _ in names), identidad="b")
    for row, (_, linked) in zip(payload["entidades"], names, strict=True):
        row["db_id"] = 1 if linked else None
    stored = await store.persist_articulo(payload)
    assert (stored.conteos.entidades, stored.entidades_nuevas) == (rows, new)


async def test_a_stated_alias_links_what_the_names_alone_do_not(store: Store) -> None:
    await read_and_store(store, "a", ("Instituto Nacional Electoral", "INSTITUCION"), alias=["INE"])
    await read_and_store(store, "b", ("INE", "INSTITUCION"))
    assert await count(store) == 2
    await read_and_store(store, "c", ("Luiz Inácio Lula da Silva", "PERSONA"), alias=["Lula da Silva"])
    await read_and_store(store, "d", ("Lula da Silva", "PERSONA"))
    assert await count(store) == 3


async def test_what_fits_two_rows_is_linked_to_neither(store: Store) -> None:
    await read_and_store(store, "a", ("Juan Pérez García", "PERSONA"))
    await read_and_store(store, "b", ("Juan Pérez López", "PERSONA"))
    await read_and_store(store, "c", ("Juan Pérez", "PERSONA"))
    assert await count(store) == 3


async def test_more_namesakes_than_are_looked_at_link_nobody(store: Store) -> None:
    payload = named(*((f"Ana Ruiz {letter}{other}o", "PERSONA") for letter in "BCDFGLMNPRSTVZ" for other in
                     ("a", "e", "o", "u", "ama", "ela", "ora", "uta", "ina")), identidad="a")  # fmt: skip
    assert len(payload["entidades"]) > 100
    await store.persist_articulo(payload)
    before = await count(store)
    stored = await read_and_store(store, "b", ("Ana Ruiz", "PERSONA"))
    assert stored.entidades_nuevas == 1
    stored = await read_and_store(store, "c", ("Ana Ruiz", "PERSONA"))
    assert stored.entidades_nuevas == 0
    assert await count(store) == before + 1
