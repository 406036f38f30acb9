"""buscar_entidad_similar and buscar_entidades_similares: the right entidad, found through an index."""

import random
from typing import Any

import psycopg
import pytest

from tests.integration.conftest import Database, Row, call_rows
from tests.integration.test_articulo import store
from tests.integration.test_entidades import entidad, naming

Connection = psycopg.Connection[Row]

SYLLABLES = (
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "jar",
    "len",
    "mir",
    "nos",
    "pue",
    "quin",
    "ro",
    "sal",
    "tez",
    "vi",
    "zu",
)
THRESHOLDS = (0.7, 0.4)


def search(
    connection: Connection, nombre: str, tipo: str = "PERSONA", **options: float
) -> list[tuple[str, float]]:
    rows = call_rows(
        connection, "buscar_entidad_similar", nombre_busqueda=nombre, tipo_entidad=tipo, **options
    )
    return [(row[1], round(row[3], 3)) for row in rows]


def link(connection: Connection, *entidades: dict[str, Any], **options: float) -> dict[int, str]:
    rows = call_rows(connection, "buscar_entidades_similares", entidades=list(entidades), **options)
    return {row[0]: row[2] for row in rows}


@pytest.fixture
def known(service: Connection) -> Connection:
    store(
        service,
        naming(
            entidad(1, "Pedro Sánchez", alias=["Sánchez", "P. Sánchez"]),
            entidad(2, "Andrés Manuel López Obrador", alias=["AMLO", "López Obrador", "el presidente"]),
            entidad(3, "Claudia Sheinbaum", alias=["el presidente"]),
            entidad(4, "Partido Socialista Obrero Español", "ORGANIZACION", alias=["PSOE"]),
            entidad(5, "Ministerio de Hacienda", "INSTITUCION", alias=["Hacienda"]),
            entidad(6, "محمد بن سلمان"),
        ),
    )
    return service


@pytest.mark.parametrize(
    ("nombre", "tipo", "expected"),
    [
        ("Pedro Sanchez", "PERSONA", "Pedro Sánchez"),
        ("PEDRO SÁNCHEZ", "PERSONA", "Pedro Sánchez"),
        ("Pedro Sanches", "PERSONA", "Pedro Sánchez"),
        ("PSOE", "ORGANIZACION", "Partido Socialista Obrero Español"),
        ("Psoe", "ORGANIZACION", "Partido Socialista Obrero Español"),
        ("Lopez Obrador", "PERSONA", "Andrés Manuel López Obrador"),
        ("AMLO", "PERSONA", "Andrés Manuel López Obrador"),
        ("hacienda", "INSTITUCION", "Ministerio de Hacienda"),
        ("محمد بن سلمان", "PERSONA", "محمد بن سلمان"),
    ],
)
def test_finds_by_name_and_by_alias(known: Connection, nombre: str, tipo: str, expected: str) -> None:
    assert search(known, nombre, tipo)[0][0] == expected
    assert link(known, {"id": 7, "nombre": nombre, "tipo": tipo}) == {7: expected}


@pytest.mark.parametrize(
    ("nombre", "tipo"),
    [
        ("Pedro Sánchez", "LUGAR"),
        ("Mariano Rajoy", "PERSONA"),
        ("PP", "ORGANIZACION"),
        ("???", "PERSONA"),
        ("", "PERSONA"),
        ("Pedro Sánchez", "NINGUNO"),
    ],
)
def test_finds_nothing_where_there_is_nothing(known: Connection, nombre: str, tipo: str) -> None:
    assert search(known, nombre, tipo) == []
    assert link(known, {"id": 1, "nombre": nombre, "tipo": tipo}) == {}


def test_a_person_is_not_linked_by_a_surname_or_by_an_alias_of_two(known: Connection) -> None:
    # Both are shown to a person. Neither identifies an entidad.
    assert search(known, "Sánchez") == [("Pedro Sánchez", 1.0)]
    assert sorted(search(known, "el presidente")) == [
        ("Andrés Manuel López Obrador", 1.0),
        ("Claudia Sheinbaum", 1.0),
    ]
    assert (
        link(
            known,
            {"id": 1, "nombre": "Sánchez", "tipo": "PERSONA"},
            {"id": 2, "nombre": "el presidente", "tipo": "PERSONA"},
        )
        == {}
    )


def test_scores_and_threshold(known: Connection) -> None:
    assert search(known, "Pedro Sanchez") == [("Pedro Sánchez", 1.0)]
    ((_, score),) = search(known, "Pedro Sanchis", umbral_similitud=0.1)[:1]
    assert 0.5 < score < 1
    assert search(known, "Pedro Sanchis", umbral_similitud=score - 0.001)
    assert search(known, "Pedro Sanchis", umbral_similitud=score + 0.001) == []


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_that_is_none_is_raised(known: Connection, threshold: float) -> None:
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        search(known, "Ana", umbral_similitud=threshold)


def test_the_batch_answers_each_with_its_own(known: Connection) -> None:
    entidades = [
        {"id": 10, "db_id": None, "nombre": "Pedro Sanches", "tipo": "PERSONA", "alias": ["x"]},
        {"id": 11, "nombre": "Nadie Conocido", "tipo": "PERSONA", "alias": None},
        {"id": 12, "nombre": "PSOE", "tipo": "ORGANIZACION"},
        {"id": 13, "nombre": "Pedro Sánchez", "tipo": "PERSONA"},
    ]
    rows = call_rows(known, "buscar_entidades_similares", entidades=entidades)
    assert [(row[0], row[2], row[3]) for row in rows] == [
        (10, "Pedro Sánchez", "PERSONA"),
        (12, "Partido Socialista Obrero Español", "ORGANIZACION"),
        (13, "Pedro Sánchez", "PERSONA"),
    ]
    assert call_rows(known, "buscar_entidades_similares", entidades=[]) == []


def test_merged_entidades_answer_with_the_one_they_were_merged_into(
    database: Database, known: Connection
) -> None:
    database.owner.execute(
        "update entidades set fusionada_en_id = (select id from entidades where nombre like 'Andrés%') "
        "where nombre like 'Claudia%'"
    )
    assert search(known, "Claudia Sheinbaum") == [("Andrés Manuel López Obrador", 1.0)]
    assert link(known, {"id": 1, "nombre": "Claudia Sheinbaun", "tipo": "PERSONA"}) == {
        1: "Andrés Manuel López Obrador"
    }


@pytest.fixture(params=["different", "alike"])
def crowd(request: pytest.FixtureRequest, database: Database) -> Database:
    """3,000 random names, a third with an alias; or as many names that differ only in their numbers."""
    dice = random.Random(11)

    def word() -> str:
        return "".join(dice.choices(SYLLABLES, k=dice.randint(2, 4)))

    def name(number: int) -> str:
        if request.param == "alike":
            return f"Persona {number * 7919 % 100_003} Número {number}"
        return f"{word()} {word()} {word()}"

    rows = [(name(n), [f"{word()} {word()}"] if n % 3 == 0 else []) for n in range(3_000)]
    with database.owner.cursor() as cursor:
        cursor.executemany(
            "insert into entidades (nombre, tipo, alias, motor, modelo) values (%s, 'PERSONA', %s, 'x', '') "
            "on conflict do nothing",
            rows,
        )
    database.owner.execute("vacuum analyze entidades")
    return database


def test_search_uses_the_indexes_and_misses_nothing(crowd: Database) -> None:
    scans = "select idx_scan from pg_stat_user_indexes where indexrelname = %s"
    reads = "select seq_scan from pg_stat_user_tables where relname = 'entidades'"
    names = [row[0] for row in crowd.rows("select nombre from entidades order by random() limit 10")]

    crowd.owner.execute("select pg_stat_force_next_flush()")
    before = [crowd.value(reads)] + [
        crowd.value(scans, f"entidades_{what}_trgm_idx") for what in ("nombre", "alias")
    ]
    found = {}
    for threshold in THRESHOLDS:
        # A new session makes its own plans, for any name and threshold.
        service = crowd.as_role("service_role")
        # The default of PostgreSQL. The local stack's 1.1 makes an index look better.
        service.execute("set random_page_cost = 4")
        for nombre in names:
            rows = call_rows(
                service,
                "buscar_entidad_similar",
                nombre_busqueda=nombre[1:] + "s",
                tipo_entidad="PERSONA",
                umbral_similitud=threshold,
            )
            found[nombre, threshold] = [row[3] for row in rows]
        service.execute("select pg_stat_force_next_flush()")
    after = [crowd.value(reads)] + [
        crowd.value(scans, f"entidades_{what}_trgm_idx") for what in ("nombre", "alias")
    ]
    assert after[0] == before[0]
    assert [late - early for late, early in zip(after[1:], before[1:], strict=True)] == [20, 20]

    for (nombre, threshold), scores in found.items():
        assert scores == pytest.approx(best_scores(crowd, nombre[1:] + "s", threshold), abs=1e-6)


def best_scores(database: Database, nombre: str, threshold: float) -> list[float]:
    """Returns the five best scores by reading the whole table."""
    rows = database.rows(
        """
        select max(score)::float
        from (
          select e.id, extensions.similarity(n, interno.normalizar_nombre(%s)) as score
          from entidades e
          cross join unnest(
            e.nombre_normalizado || string_to_array(btrim(e.alias_normalizado, '|'), '|')
          ) as n
        ) as x
        where score >= %s::real group by id order by 1 desc limit 5
        """,
        nombre,
        threshold,
    )
    return [row[0] for row in rows]


def test_explain_shows_the_trigram_index(database: Database) -> None:
    for condition, index in (
        ("nombre_normalizado operator(extensions.%%) %s", "entidades_nombre_trgm_idx"),
        ("alias_normalizado operator(extensions.%%>) %s", "entidades_alias_trgm_idx"),
    ):
        database.owner.execute("set enable_seqscan = off")
        plan = database.rows(f"explain select id from entidades where {condition}", "pedro sanchez")
        assert index in "\n".join(row[0] for row in plan)
