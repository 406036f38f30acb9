"""Many sessions at once: nothing lost, nothing twice, no deadlock."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from tests.integration.conftest import Database, Row, call
from tests.integration.extraction import Payload
from tests.integration.payloads import article, document, fragment
from tests.integration.test_articulo import COUNTS, store
from tests.integration.test_entidades import entidad, naming
from tests.integration.test_fragmento import store_fragment

Connection = psycopg.Connection[Row]
WAIT_S = 30.0


def at_once(database: Database, job: Callable[[Connection, Any], Any], arguments: Sequence[Any]) -> list[Any]:
    """Runs job(session, argument) for each argument in a session of its own, all at once."""
    sessions = [database.as_role("service_role") for _ in arguments]
    gate = threading.Barrier(len(sessions), timeout=WAIT_S)

    def run(session: Connection, argument: Any) -> Any:
        gate.wait()
        return job(session, argument)

    with ThreadPoolExecutor(len(sessions)) as pool:
        return list(pool.map(run, sessions, arguments, timeout=WAIT_S * 4))


def until_waiting(database: Database, connection: Connection) -> None:
    """Waits until the session waits for the lock of another one."""
    pid = connection.info.backend_pid
    end = time.monotonic() + WAIT_S
    while not database.value("select exists (select from pg_locks where pid = %s and not granted)", pid):
        assert time.monotonic() < end, "the session never waited"


def test_32_articles_that_share_entidades(database: Database) -> None:
    names = [(f"Persona Número {number}", "PERSONA") for number in range(12)]
    names += [(f"Institución {number}", "INSTITUCION") for number in range(8)]

    def write_three(connection: Connection, number: int) -> list[Any]:
        dice = random.Random(number)
        answers = []
        for round_ in range(3):
            # Each in another order, with another alias: every row is inserted once and updated often.
            shuffled = dice.sample(names, len(names))
            payload = article(f"https://medio.example/{number}/{round_}")
            payload["entidades"] = [
                entidad(i, nombre, tipo, alias=[f"Apodo {number} de {nombre}"])
                for i, (nombre, tipo) in enumerate(shuffled, 1)
            ]
            answers.append(store(connection, payload))
        return answers

    answers = [answer for answers in at_once(database, write_three, range(32)) for answer in answers]

    assert Counter(answer["resultado"] for answer in answers) == {"insertado": 96}
    assert sum(answer["num_entidades_nuevas"] for answer in answers) == len(names)
    assert sorted(database.rows("select nombre, tipo from entidades")) == sorted(names)
    assert database.rows("select distinct cardinality(alias) from entidades") == [(32,)]
    assert database.value("select count(*) from entidad_articulo") == 96 * len(names)
    assert database.value("select count(*) from hechos") == 96 * COUNTS["num_hechos_insertados"]
    deadlocks = "select deadlocks from pg_stat_database where datname = current_database()"
    assert database.value(deadlocks) == 0


def test_20_sessions_store_the_same_article(database: Database) -> None:
    answers = at_once(database, store, [article()] * 20)
    assert Counter(answer["resultado"] for answer in answers) == {"insertado": 1, "sin_cambios": 19}
    assert len({answer["articulo_id"] for answer in answers}) == 1
    assert all({key: answer[key] for key in COUNTS} == COUNTS for answer in answers)
    assert database.value("select count(*) from hechos") == COUNTS["num_hechos_insertados"]


def test_20_sessions_replace_the_same_article(database: Database, service: Connection) -> None:
    store(service, article())
    answers = at_once(database, store, [article(huella=f"h{n % 2 + 2}") for n in range(20)])
    assert set(Counter(answer["resultado"] for answer in answers)) <= {"reemplazado", "sin_cambios"}
    assert database.value("select count(*) from articulos") == 1
    assert {
        table: database.value(f"select count(*) from {table}") for table in ("hechos", "citas_textuales")
    } == {
        "hechos": COUNTS["num_hechos_insertados"],
        "citas_textuales": COUNTS["num_citas_insertadas"],
    }


def test_the_second_waits_for_the_first_and_finds_its_work(database: Database) -> None:
    first, second = database.as_role("service_role"), database.as_role("service_role")
    with ThreadPoolExecutor(1) as pool:
        with first.transaction():
            store(first, article())
            later = pool.submit(store, second, article())
            until_waiting(database, second)
        assert later.result(WAIT_S)["resultado"] == "sin_cambios"


def test_of_two_that_replace_the_same_content_the_second_changes_nothing(database: Database) -> None:
    first, second = database.as_role("service_role"), database.as_role("service_role")
    store(first, article())
    with ThreadPoolExecutor(1) as pool:
        with first.transaction():
            assert store(first, article(huella="h2"))["resultado"] == "reemplazado"
            later = pool.submit(store, second, article(huella="h2"))
            until_waiting(database, second)
        assert later.result(WAIT_S)["resultado"] == "sin_cambios"


def test_the_second_stores_it_if_the_first_rolls_back(database: Database) -> None:
    first, second = database.as_role("service_role"), database.as_role("service_role")
    with ThreadPoolExecutor(1) as pool:
        with first.transaction(force_rollback=True):
            store(first, article())
            later = pool.submit(store, second, article())
            until_waiting(database, second)
        assert later.result(WAIT_S)["resultado"] == "insertado"
    assert database.value("select count(*) from entidades") == COUNTS["num_entidades_nuevas"]


def test_readers_see_the_old_extraction_or_the_new_one(database: Database, service: Connection) -> None:
    answer = store(service, article())
    with database.as_role("service_role") as writer, writer.transaction():
        changed = naming(entidad(1, "Otra"), huella="h2")
        assert store(writer, changed)["resultado"] == "reemplazado"
        read = call(service, "leer_articulo", articulo_id=answer["articulo_id"])
        assert (read["articulo"]["huella_contenido"], len(read["hechos"])) == ("h1", 3)
    read = call(service, "leer_articulo", articulo_id=answer["articulo_id"])
    assert (read["articulo"]["huella_contenido"], len(read["hechos"])) == ("h2", 0)


def test_a_name_that_everybody_knows_holds_nobody_up(database: Database) -> None:
    known = [entidad(1, "España", "LUGAR"), entidad(2, "Gobierno", "INSTITUCION")]
    first, second = database.as_role("service_role"), database.as_role("service_role")
    store(first, naming(*known))
    second.execute("set lock_timeout = '5s'")
    with first.transaction():
        store(first, naming(*known, identidad="https://medio.example/2"))
        # The first one has not committed. If it had locked a row of entidades, the second would fail.
        assert store(second, naming(*known, identidad="https://medio.example/3"))["resultado"] == "insertado"


def test_fragments_of_one_document_side_by_side(database: Database) -> None:
    answers = at_once(database, store_fragment, [fragment(n) for n in range(16)])
    assert Counter(answer["resultado"] for answer in answers) == {"insertado": 16}
    assert len({answer["documento_id"] for answer in answers}) == 1
    assert database.value("select count(*) from documentos_extensos") == 1
    assert database.value("select count(*) from fragmentos_extensos") == 16
    assert database.value("select count(*) from entidades") == COUNTS["num_entidades_nuevas"]


@pytest.mark.parametrize("size", [1, 8])
def test_articles_and_changing_documents_do_not_deadlock(database: Database, size: int) -> None:
    names = [f"Persona {number}" for number in range(30)]

    def entidades(number: int) -> list[Payload]:
        shuffled = random.Random(number).sample(names, len(names))
        return [entidad(i, nombre, alias=[f"A{number} {nombre}"]) for i, nombre in enumerate(shuffled, 1)]

    def write(connection: Connection, number: int) -> str:
        found = {"entidades": entidades(number)}
        if number % 2:
            payload = article(f"https://medio.example/{number % 8}", huella=str(number))
            return str(store(connection, {**payload, **found})["resultado"])
        documento = document(huella=f"d{number % size}", titulo=f"Título {number}")
        return str(
            store_fragment(connection, {**fragment(number, documento=documento), **found})["resultado"]
        )

    assert Counter(at_once(database, write, range(24))) == {"insertado": 16, "reemplazado": 8}
    assert database.value("select count(*) from entidades") == len(names)
