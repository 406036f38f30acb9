"""What the store guarantees for entidades: one row for each name, linked by likeness."""

import asyncio
from typing import Any

import pytest

from newsroom.errors import StoreRejected
from newsroom.models.extraccion import Entidad
from newsroom.models.resultado import Payload
from newsroom.models.vocabulario import TipoEntidad
from newsroom.store.base import Store
from tests.integration.payloads import discarded


def entidad(nombre: str, tipo: TipoEntidad = TipoEntidad.PERSONA, ident: int = 1) -> Entidad:
    return Entidad(id=ident, nombre=nombre, tipo=tipo, offset_inicio=0, offset_fin=len(nombre))


def named(*names: tuple[str, str], identidad: str = "a", huella: str = "h1", **fields: Any) -> Payload:
    """Return an article in which only these (nombre, tipo) were found."""
    payload = discarded(identidad)
    payload["articulo_metadata"] |= {"huella_contenido": huella, "estado_procesamiento": "completado"}
    payload["entidades"] = [
        {"id": number, "nombre": nombre, "tipo": tipo, "alias": [], **fields}
        for number, (nombre, tipo) in enumerate(names, start=1)
    ]
    return payload


async def test_one_entidad_however_its_name_is_written(store: Store) -> None:
    spellings = ["Pedro Sánchez", "PEDRO SANCHEZ", "pedro  sánchez", "Pedro Sa\u0301nchez", "«Pedro Sánchez»"]
    for number, spelling in enumerate(spellings):
        await store.persist_articulo(named((spelling, "PERSONA"), identidad=f"a{number}"))
    assert (await store.summarize())["entidades"] == 1
    again = await store.persist_articulo(named(("Pedro Sánchez", "LUGAR"), identidad="otro"))
    assert again.entidades_nuevas == 1
    assert (await store.summarize())["entidades"] == 2


async def test_two_names_of_one_item_that_are_one_entidad_count_once(store: Store) -> None:
    payload = named(
        ("Banco de España", "INSTITUCION"), ("BANCO DE ESPANA", "INSTITUCION"), ("UE", "INSTITUCION")
    )
    payload["relaciones"]["entidad_relacion"] = [
        {
            "entidad_origen_id": 1,
            "entidad_destino_id": 2,
            "tipo_relacion": "aliado_con",
            "fuerza_relacion": 3,
        },
        {
            "entidad_origen_id": 1,
            "entidad_destino_id": 3,
            "tipo_relacion": "miembro_de",
            "fuerza_relacion": 3,
        },
        {
            "entidad_origen_id": 2,
            "entidad_destino_id": 3,
            "tipo_relacion": "miembro_de",
            "fuerza_relacion": 9,
        },
    ]
    stored = await store.persist_articulo(payload)
    assert (stored.conteos.entidades, stored.entidades_nuevas) == (2, 2)
    # Related to itself is left out, said twice is one row: the stronger.
    assert stored.conteos.entidad_relacion == 1
    read = await store.read_articulo(1)
    assert read is not None
    assert read["relaciones"]["entidad_relacion"][0]["fuerza_relacion"] == 9


async def test_a_linked_entidad_is_the_row_it_was_linked_to_and_its_name_becomes_an_alias(
    store: Store,
) -> None:
    await store.persist_articulo(named(("Pedro Sánchez Pérez-Castejón", "PERSONA"), identidad="a"))
    linked = named(("Pedro Sánchez", "PERSONA"), identidad="b", db_id=1)
    stored = await store.persist_articulo(linked)
    assert (stored.entidades_nuevas, stored.conteos.entidades) == (0, 1)
    assert (await store.summarize())["entidades"] == 1
    read = await store.read_articulo(2)
    assert read is not None
    assert read["entidades"][0]["nombre"] == "Pedro Sánchez Pérez-Castejón"
    assert read["entidades"][0]["nombre_mencionado"] == "Pedro Sánchez"
    assert read["entidades"][0]["alias"] == ["Pedro Sánchez"]


@pytest.mark.parametrize(("db_id", "tipo"), [(999, "PERSONA"), (1, "LUGAR")])
async def test_a_link_that_leads_nowhere_is_no_link(store: Store, db_id: int, tipo: str) -> None:
    await store.persist_articulo(named(("Pedro Sánchez", "PERSONA"), identidad="a"))
    stored = await store.persist_articulo(named(("Otro", tipo), identidad="b", db_id=db_id))
    assert stored.entidades_nuevas == 1


async def test_what_an_entidad_lacks_is_filled_in_and_what_it_has_stays(store: Store) -> None:
    first = named(("Ana Ruiz", "PERSONA"), identidad="a", descripcion=None, fecha_nacimiento="1970-01-02")
    await store.persist_articulo(first)
    second = named(
        ("ANA RUIZ", "PERSONA"), identidad="b", descripcion="jueza", fecha_nacimiento="1999-09-09",
        metadata={"pais": "España"},
    )  # fmt: skip
    await store.persist_articulo(second)
    read = await store.read_articulo(2)
    assert read is not None
    (row,) = read["entidades"]
    assert (row["descripcion"], row["fecha_nacimiento"]) == ("jueza", "1970-01-02")


async def test_many_articles_at_once_leave_each_entidad_once(store: Store) -> None:
    names = [("Pedro Sánchez", "PERSONA"), ("Madrid", "LUGAR"), ("OTAN", "ORGANIZACION"), ("Bogotá", "LUGAR")]
    payloads = [
        named(*(names[number % 4 :] + names[: number % 4]), identidad=f"a{number}") for number in range(24)
    ]
    stored = await asyncio.gather(*(store.persist_articulo(payload) for payload in payloads))
    assert sum(item.entidades_nuevas for item in stored) == 4
    assert len({item.articulo_id for item in stored}) == 24
    sizes = await store.summarize()
    assert (sizes["articulos"], sizes["entidades"], sizes["entidad_articulo"]) == (24, 4, 96)


LINKS = [
    # Wanted, threshold, found: (nombre, tipo) of the row or None.
    ("pedro sanchez", TipoEntidad.PERSONA, 0.85, "Pedro Sánchez"),
    ("Pedro Sánchez Pérez-Castejón", TipoEntidad.PERSONA, 0.85, "Pedro Sánchez"),
    ("el presidente Pedro Sánchez", TipoEntidad.PERSONA, 0.85, "Pedro Sánchez"),
    ("Pedro Sanches", TipoEntidad.PERSONA, 0.5, None),
    ("Pedro Sánchez", TipoEntidad.LUGAR, 0.1, None),
    ("OTAN", TipoEntidad.ORGANIZACION, 0.85, "Organización del Tratado del Atlántico Norte"),
    ("Alexander Lukashenka", TipoEntidad.PERSONA, 0.85, "Alexander Lukashenko"),
    ("Alexander Lukashenka", TipoEntidad.PERSONA, 1.0, None),
    # A surname alone is an alias that many people share.
    ("Ruiz", TipoEntidad.PERSONA, 0.85, None),
    ("Banco Central", TipoEntidad.INSTITUCION, 0.85, None),
    ("Banco Central de Chile", TipoEntidad.INSTITUCION, 0.85, "Banco Central de Chile"),
    ("Banco Central chileno", TipoEntidad.INSTITUCION, 0.85, "Banco Central de Chile"),
    ("xyz", TipoEntidad.PERSONA, 0.1, None),
    ("...", TipoEntidad.PERSONA, 0.85, None),
]


@pytest.fixture
async def linked_store(store: Store) -> Store:
    payload = named(
        ("Pedro Sánchez", "PERSONA"),
        ("Organización del Tratado del Atlántico Norte", "ORGANIZACION"),
        ("Ana Ruiz", "PERSONA"),
        ("Banco Central de Chile", "INSTITUCION"),
        ("Banco Central del Perú", "INSTITUCION"),
        ("Alexander Lukashenko", "PERSONA"),
    )
    aliases = [[], ["OTAN"], ["Ruiz"], ["Banco Central"], ["Banco Central"], []]
    for row, alias in zip(payload["entidades"], aliases, strict=True):
        row["alias"] = alias
    await store.persist_articulo(payload)
    return store


@pytest.mark.parametrize(("nombre", "tipo", "threshold", "expected"), LINKS)
async def test_an_entidad_is_linked_to_what_it_resembles(
    linked_store: Store, nombre: str, tipo: TipoEntidad, threshold: float, expected: str | None
) -> None:
    wanted = [entidad(nombre, tipo, ident=7)]
    found = await asyncio.to_thread(linked_store.link_entidades, wanted, threshold)
    read = await linked_store.read_articulo(1)
    assert read is not None
    ids = {row["nombre"]: row["id"] for row in read["entidades"]}
    assert found == ({7: ids[expected]} if expected else {})


async def test_all_entidades_are_linked_in_one_call(linked_store: Store) -> None:
    wanted = [
        entidad("Pedro Sánchez", ident=3),
        entidad("Nadie Conocido", ident=4),
        entidad("OTAN", TipoEntidad.ORGANIZACION, ident=9),
        entidad("PEDRO SANCHEZ", ident=11),
    ]
    found = await asyncio.to_thread(linked_store.link_entidades, wanted, 0.85)
    assert set(found) == {3, 9, 11}
    assert found[3] == found[11]
    assert linked_store.link_entidades([], 0.85) == {}


@pytest.mark.parametrize("threshold", [-0.1, 1.5])
async def test_a_threshold_that_is_none_is_refused(store: Store, threshold: float) -> None:
    with pytest.raises(StoreRejected) as caught:
        await asyncio.to_thread(store.link_entidades, [entidad("Ana")], threshold)
    assert caught.value.code == "22023"
