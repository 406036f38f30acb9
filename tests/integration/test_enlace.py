"""Linking and review in the database: few rows are read for each name, through the index of keys."""

import random

import psycopg
import pytest

from newsroom.linking.searching import search_keys
from newsroom.models.vocabulario import TipoEntidad
from newsroom.names import link_keys
from tests.integration.conftest import Database, Row, call
from tests.integration.test_articulo import store
from tests.integration.test_entidades import entidad, naming

Connection = psycopg.Connection[Row]

CROWD = 2_500
GIVEN = (
    "Ana", "Luis", "María", "Juan", "José", "Carmen", "Pedro", "Rosa", "Jorge", "Elena", "Pablo", "Irene",
    "Hugo", "Lucía", "Óscar", "Diego", "Marta", "Raúl", "Sofía", "Iván",
)  # fmt: skip
SURNAMES = (
    "García", "Pérez", "López", "Sánchez", "Díaz", "Torres", "Ruiz", "Vega", "Mora", "Salas", "Bravo",
    "Campos", "Ibarra", "Quispe", "Huamán", "Zapata", "Urrutia", "Echeverría", "Goñi", "Boluarte", "Noboa",
    "Petro",
)  # fmt: skip


def wanted(number: int, nombre: str, tipo: TipoEntidad = TipoEntidad.PERSONA) -> dict[str, object]:
    keys = search_keys(tipo, (nombre, ()))
    return {"id": number, "nombre": nombre, "tipo": tipo.value, "claves": keys}


@pytest.fixture
def crowd(database: Database) -> Database:
    """2,500 people with two surnames, and 300 ministries that share most words."""
    dice = random.Random(7)
    names = {f"{dice.choice(GIVEN)} {dice.choice(SURNAMES)} {dice.choice(SURNAMES)}{number}"
             for number in range(CROWD)}  # fmt: skip
    rows = [(nombre, "PERSONA") for nombre in sorted(names)]
    rows += [(f"Ministerio de Salud de la Provincia de {number}", "INSTITUCION") for number in range(300)]
    database.owner.execute(
        "insert into entidades (nombre, tipo, motor, modelo) "
        "select n, t, 'x', '' from unnest(%s::text[], %s::text[]) as x(n, t)",
        [[nombre for nombre, _ in rows], [tipo for _, tipo in rows]],
    )
    database.owner.execute("vacuum analyze entidades")
    return database


def work(database: Database) -> tuple[int, int]:
    """Returns the scans of the whole table so far, and the rows that were found by an index."""
    database.owner.execute("select pg_stat_force_next_flush()")
    (row,) = database.rows(
        "select seq_scan, coalesce(idx_tup_fetch, 0) from pg_stat_user_tables where relname = 'entidades'"
    )
    return int(row[0]), int(row[1])


def test_candidates_are_found_by_the_index_and_never_by_reading_the_table(crowd: Database) -> None:
    entidades = [wanted(number, f"{GIVEN[number]} {SURNAMES[number]}") for number in range(15)]
    entidades.append(wanted(99, "Ministerio de Salud", TipoEntidad.INSTITUCION))
    before = work(crowd)
    # A new session makes its own plans, with PostgreSQL's defaults.
    service = crowd.as_role("service_role")
    service.execute("set random_page_cost = 4")
    found = call(service, "buscar_candidatos_entidades", entidades=entidades, limite=10)
    service.execute("select pg_stat_force_next_flush()")
    after = work(crowd)
    assert after[0] == before[0]
    local_ids = [row["id_local"] for row in found]
    assert local_ids == sorted(local_ids)
    assert all(len(row["candidatos"]) <= 10 for row in found)
    assert len(found) >= 10
    # No ministry of a province shares all words with it, so no row is looked at.
    assert 99 not in {row["id_local"] for row in found}
    # Much less than sixteen times the table.
    assert after[1] - before[1] < 16 * 600


def test_the_best_candidates_come_first_and_a_cut_is_told(crowd: Database, service: Connection) -> None:
    nombre = crowd.value("select nombre from entidades where tipo = 'PERSONA' order by id limit 1")
    (row,) = call(service, "buscar_candidatos_entidades", entidades=[wanted(1, nombre)], limite=1)
    assert (row["candidatos"][0]["nombre"], row["candidatos"][0]["es_exacto"]) == (nombre, True)
    assert row["completos"] is False
    (row,) = call(service, "buscar_candidatos_entidades", entidades=[wanted(1, "Ana García")])
    assert row["completos"] is (len(row["candidatos"]) < 100)


def test_keys_follow_the_aliases(database: Database, service: Connection) -> None:
    store(service, naming(entidad(1, "Petróleos Mexicanos", "ORGANIZACION", alias=["Pemex"])))
    store(
        service,
        naming(
            entidad(1, "petróleos mexicanos", "ORGANIZACION", alias=["PMX"]),
            identidad="https://medio.example/2",
        ),
    )
    ((nombre, alias, keys),) = database.rows("select nombre, alias, claves_enlace from entidades")
    assert keys == sorted(link_keys([nombre, *alias]))


@pytest.mark.parametrize("entidades", [{}, None])
def test_candidates_of_no_list_are_refused(service: Connection, entidades: object) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="not an array"):
        call(service, "buscar_candidatos_entidades", entidades=entidades)
    assert call(service, "buscar_candidatos_entidades", entidades=[]) == []


def test_merged_rows_answer_with_the_one_they_were_merged_into(
    database: Database, service: Connection
) -> None:
    store(service, naming(entidad(1, "Ana Ruiz"), entidad(2, "Anita Boluarte", alias=["Ani Boluarte"])))
    ids = {nombre: number for number, nombre in database.rows("select id, nombre from entidades")}
    call(service, "fusionar_entidades", origen=ids["Anita Boluarte"], destino=ids["Ana Ruiz"])
    (row,) = call(service, "buscar_candidatos_entidades", entidades=[wanted(1, "Ani Boluarte")])
    assert row["candidatos"] == [
        {
            "id": ids["Ana Ruiz"],
            "nombre": "Ana Ruiz",
            "alias": ["Ani Boluarte", "Anita Boluarte"],
            "es_exacto": False,
        }
    ]


def test_pairs_to_review_are_found_without_comparing_everybody_with_everybody(crowd: Database) -> None:
    before = work(crowd)
    service = crowd.as_role("service_role")
    service.execute("set random_page_cost = 4")
    found = call(service, "listar_entidades_similares", tipo="PERSONA", revisar=100)
    service.execute("select pg_stat_force_next_flush()")
    after = work(crowd)
    assert after[0] == before[0]
    # At most 2 x 200 neighbours of each, read twice. All pairs would be 250,000 rows for these 100.
    assert after[1] - before[1] < 100 * 1_000
    assert 1 <= found["revisadas"] <= 100
    assert found["siguiente"] is not None
    assert 0 < len(found["pares"]) <= 10 * found["revisadas"]


def test_a_review_without_time_looks_at_one_and_says_where_to_go_on(crowd: Database) -> None:
    rows = crowd.rows("select id, otra_id from interno.pares_similares(null, 1000, null, 0)")
    newest = crowd.value("select max(id) from entidades")
    assert {row[0] for row in rows} == {newest}
    assert rows[-1] == (newest, None)
