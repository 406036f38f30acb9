"""Entidades: one row for each (tipo, normalized nombre), however an article spells the name."""

from typing import Any

import psycopg
import pytest

from tests.integration.conftest import Database, Row, call
from tests.integration.extraction import Payload
from tests.integration.payloads import article
from tests.integration.test_articulo import store

Connection = psycopg.Connection[Row]


def entidad(number: int, nombre: str, tipo: str = "PERSONA", **fields: Any) -> Payload:
    return {"id": number, "nombre": nombre, "tipo": tipo, "alias": [], **fields}


def naming(*entidades: Payload, identidad: str = "https://medio.example/1", huella: str = "h1") -> Payload:
    """Returns an article that holds these entidades and nothing else."""
    payload = article(identidad, huella)
    return {
        "articulo_metadata": payload["articulo_metadata"],
        "procedencia": payload["procedencia"],
        "entidades": list(entidades),
    }


def mentions(database: Database) -> list[Row]:
    return database.rows(
        "select entidad_id, nombre_mencionado, es_nueva from entidad_articulo order by articulo_id, 1"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pedro Sánchez", "PEDRO  SANCHEZ"),
        ("Pedro Sánchez", "Pedro Sa\u0301nchez"),
        ("Pedro Sánchez", "Pedro\u00a0Sánchez\u200b"),
        ("EE. UU.", "EE.UU."),
        ("«La Vanguardia»", "“La Vanguardia”"),
        ("Peña Nieto", "Pena-Nieto"),
        ("ПУТИН", "путин"),
        ("\ud55c\uad6d", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
        ("Ministerio de Hacienda", "ＭＩＮＩＳＴＥＲＩＯ de Hacienda"),
        ("O'Higgins", "O’Higgins"),
    ],
)
def test_spellings_of_one_name(database: Database, one: str, other: str) -> None:
    normalized = database.rows("select interno.normalizar_nombre(x) from unnest(%s::text[]) x", [one, other])
    assert normalized[0] == normalized[1]


@pytest.mark.parametrize(("one", "other"), [("محمد", "علي"), ("C++", "C#"), ("???", "!!!"), ("Ana", "Ana 2")])
def test_names_that_must_stay_apart(database: Database, one: str, other: str) -> None:
    normalized = database.rows("select interno.normalizar_nombre(x) from unnest(%s::text[]) x", [one, other])
    assert normalized[0] != normalized[1]
    assert all(text for (text,) in normalized)


def test_normalizing_twice_changes_nothing_more(database: Database) -> None:
    # Every character of Unicode's basic plane that text can hold, in names of 40 characters.
    left = database.rows("""
        with nombres as (
          select string_agg(chr(n), '' order by n) as nombre
          from generate_series(1, 65535) n where n not between 55296 and 57343 group by n / 40
        )
        select nombre from nombres
        where interno.normalizar_nombre(nombre)
            <> interno.normalizar_nombre(interno.normalizar_nombre(nombre))
          and char_length(interno.normalizar_nombre(nombre)) < 300
    """)
    assert left == []


def test_a_name_of_the_greatest_length_fits_the_index(service: Connection) -> None:
    # U+FDFA becomes 18 characters under NFKC.
    for nombre in ("\ufdfa" * 300, "\U0001f600" * 300, "ñ" * 300):
        answer = store(service, naming(entidad(1, nombre), identidad=nombre[:3]))
        assert answer["num_entidades_nuevas"] == 1


def test_local_entidades_that_are_one_become_one(database: Database, service: Connection) -> None:
    payload = article()
    payload["entidades"][1] = entidad(
        2, "PEDRO SANCHEZ", descripcion="otro", alias=["Perro Xanxe"], relevancia=4
    )
    answer = store(service, payload)
    assert (answer["num_entidades_procesadas"], answer["num_entidades_nuevas"]) == (3, 3)
    assert answer["num_rel_ee_insertadas"] == 0  # it would relate the entidad to itself
    assert database.rows(
        "select nombre, descripcion, alias, relevancia from entidades where tipo = 'PERSONA'"
    ) == [("Pedro Sánchez", "presidente", ["Perro Xanxe", "Sánchez"], 9)]


def test_the_same_name_under_another_tipo_is_another(service: Connection) -> None:
    answer = store(service, naming(entidad(1, "Santiago"), entidad(2, "Santiago", "LUGAR")))
    assert answer["num_entidades_nuevas"] == 2


def test_aliases_are_united_and_what_is_known_is_not_overwritten(
    database: Database, service: Connection
) -> None:
    store(
        service,
        naming(entidad(1, "Pedro Sánchez", alias=["Sánchez", "P. Sánchez"], descripcion="presidente")),
    )
    answer = store(
        service,
        naming(
            entidad(
                1,
                "pedro sanchez",
                alias=["SANCHEZ", "El Guapo", "Pedro Sánchez"],
                descripcion="otra cosa",
                fecha_nacimiento="1972-02-29",
                metadata={"cargo": "presidente"},
            ),
            identidad="https://medio.example/2",
        ),
    )
    assert (answer["num_entidades_procesadas"], answer["num_entidades_nuevas"]) == (1, 0)
    assert database.rows(
        "select nombre, alias, descripcion, fecha_nacimiento::text, metadata from entidades"
    ) == [
        (
            "Pedro Sánchez",
            ["P. Sánchez", "Sánchez", "El Guapo"],
            "presidente",
            "1972-02-29",
            {"cargo": "presidente"},
        )
    ]
    assert [row[2] for row in mentions(database)] == [True, False]


def test_a_known_entidad_that_nothing_is_new_about_is_not_touched(
    database: Database, service: Connection
) -> None:
    known = entidad(1, "España", "LUGAR", alias=["Reino de España"])
    store(service, naming(known))
    before = database.rows("select ctid::text, xmin::text, fecha_actualizacion from entidades")
    store(service, naming(known, identidad="https://medio.example/2"))
    assert database.rows("select ctid::text, xmin::text, fecha_actualizacion from entidades") == before


def test_a_link_wins_over_the_name(database: Database, service: Connection) -> None:
    store(service, naming(entidad(1, "Andrés Manuel López Obrador")))
    db_id = database.value("select id from entidades")
    answer = store(service, naming(entidad(1, "AMLO", db_id=db_id), identidad="https://medio.example/2"))
    assert answer["num_entidades_nuevas"] == 0
    assert database.rows("select nombre, alias from entidades") == [("Andrés Manuel López Obrador", ["AMLO"])]
    assert [row[0] for row in mentions(database)] == [db_id, db_id]


def test_a_link_to_nothing_or_to_another_tipo_is_ignored(database: Database, service: Connection) -> None:
    store(service, naming(entidad(1, "Madrid", "LUGAR")))
    madrid = database.value("select id from entidades")
    answer = store(
        service,
        naming(
            entidad(1, "Ana Pérez", db_id=madrid),
            entidad(2, "Luis Gil", db_id=999_999),
            identidad="https://medio.example/2",
        ),
    )
    assert answer["num_entidades_nuevas"] == 2
    assert database.rows("select nombre, tipo from entidades order by nombre") == [
        ("Ana Pérez", "PERSONA"),
        ("Luis Gil", "PERSONA"),
        ("Madrid", "LUGAR"),
    ]


@pytest.fixture
def merged(database: Database, service: Connection) -> dict[str, int]:
    """Three names, merged in a chain: Ana C. -> Ana B. -> Ana A."""
    store(service, naming(entidad(1, "Ana A."), entidad(2, "Ana B."), entidad(3, "Ana C.")))
    ids = {nombre: number for number, nombre in database.rows("select id, nombre from entidades")}
    for source, target in (("Ana C.", "Ana B."), ("Ana B.", "Ana A.")):
        database.owner.execute(
            "update entidades set fusionada_en_id = %s where id = %s", [ids[target], ids[source]]
        )
    return ids


def test_merged_entidades_are_followed(
    database: Database, service: Connection, merged: dict[str, int]
) -> None:
    by_name = naming(entidad(1, "ana c", alias=["Anita"]), identidad="https://medio.example/2")
    by_link = naming(entidad(1, "Ana D.", db_id=merged["Ana C."]), identidad="https://medio.example/3")
    for payload in (by_name, by_link):
        assert store(service, payload)["num_entidades_nuevas"] == 0
    assert [row[0] for row in mentions(database)][3:] == [merged["Ana A."]] * 2
    assert database.rows("select nombre, alias from entidades where alias <> '{}'") == [
        ("Ana A.", ["Anita", "ana c", "Ana D."])
    ]


def test_a_merge_may_cross_tipos(database: Database, service: Connection) -> None:
    store(
        service,
        naming(entidad(1, "Banco Central", "ORGANIZACION"), entidad(2, "Banco de España", "INSTITUCION")),
    )
    database.owner.execute(
        "update entidades set fusionada_en_id = (select id from entidades where tipo = 'INSTITUCION') "
        "where tipo = 'ORGANIZACION'"
    )
    again = naming(entidad(1, "banco central", "ORGANIZACION"), identidad="https://medio.example/2")
    assert store(service, again)["num_entidades_nuevas"] == 0
    assert database.rows(
        "select e.nombre from entidad_articulo m join entidades e on e.id = m.entidad_id "
        "where m.nombre_mencionado = 'banco central'"
    ) == [("Banco de España",)]


def test_a_circle_of_merges_ends(database: Database, service: Connection, merged: dict[str, int]) -> None:
    database.owner.execute(
        "update entidades set fusionada_en_id = %s where id = %s", [merged["Ana C."], merged["Ana A."]]
    )
    answer = store(service, naming(entidad(1, "Ana B."), identidad="https://medio.example/2"))
    assert (answer["num_entidades_procesadas"], answer["num_entidades_nuevas"]) == (1, 0)
    searched = [{"id": 1, "nombre": "Ana B", "tipo": "PERSONA"}]
    assert call(service, "buscar_candidatos_entidades", entidades=searched) == []


def test_an_entidad_in_use_cannot_be_deleted(database: Database, service: Connection) -> None:
    store(service, naming(entidad(1, "Ana")))
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        database.owner.execute("delete from entidades")
