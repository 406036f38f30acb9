"""Articles a second through `insertar_articulo_completo` over a hand-written INSERT of the same rows."""

import copy
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from tests.bench.bench import Bench
from tests.integration.payloads import article

ROWS = {"hechos": 14, "entidades": 12, "citas_textuales": 6, "datos_cuantitativos": 8}
RELATIONS = 10
COUNT = 60
SESSIONS = 32


def make_payload(number: int) -> dict[str, Any]:
    """Returns a payload of 50 rows: hechos, entidades, citas, datos and hecho_entidad."""
    payload = copy.deepcopy(article(f"https://bench.example/{number}"))
    for name, count in ROWS.items():
        model = payload[name][0]
        payload[name] = [{**copy.deepcopy(model), "id": n + 1} for n in range(count)]
    for n, entidad in enumerate(payload["entidades"]):
        entidad["nombre"] = f"Entidad {n} del artículo {number % 7}"
        entidad["alias"] = []
    for n, hecho in enumerate(payload["hechos"]):
        hecho["contenido"] = f"Hecho {n} del artículo {number}"
    for n, cita in enumerate(payload["citas_textuales"]):
        cita |= {"entidad_id": 1, "hecho_id": 1, "relevancia": n % 5 + 1, "contexto": f"contexto {n}"}
    for n, dato in enumerate(payload["datos_cuantitativos"]):
        dato |= {"hecho_id": 1, "indicador": f"indicador {n}"}
    roles = ("protagonista", "mencionado")
    payload["relaciones"] = {
        "hecho_entidad": [
            {"hecho_id": n + 1, "entidad_id": n + 1, "tipo_relacion": roles[n % 2], "relevancia_en_hecho": 5}
            for n in range(RELATIONS)
        ],
        "hecho_relacionado": [],
        "entidad_relacion": [],
        "contradicciones": [],
    }
    return payload


def through_function(connection: psycopg.Connection[Any], first: int) -> float:
    """Returns articles a second through the function."""
    payloads = [Jsonb(make_payload(first + n)) for n in range(COUNT)]
    begun = time.perf_counter()
    for payload in payloads:
        connection.execute("select public.insertar_articulo_completo(%s)", (payload,))
    return COUNT / (time.perf_counter() - begun)


def by_hand(connection: psycopg.Connection[Any], first: int) -> float:
    """Returns articles a second by copying the rows of stored articles, one INSERT a table and article.

    It copies the rows that the function wrote before to a new article. Columns, indexes and constraints are
    the same; there is no check, search or JSON on the way.
    """
    done = connection.execute(
        "select id from public.articulos where identidad like 'https://bench.example/%%' "
        "order by id limit %s",
        (COUNT,),
    ).fetchall()
    statements = _copy_statements(connection)
    begun = time.perf_counter()
    for number, (old,) in enumerate(done):
        with connection.transaction():
            for statement in statements:
                connection.execute(statement, {"old": old, "name": f"mano-{first + number}"})
    return len(done) / (time.perf_counter() - begun)


def _copy_statements(connection: psycopg.Connection[Any]) -> list[str]:
    statements = [_copy_article(connection)]
    new = "(select id from public.articulos where identidad = %(name)s)"
    for table in ("hechos", "citas_textuales", "datos_cuantitativos", "entidad_articulo", "hecho_articulo"):
        columns = _columns(connection, table)
        values = [new if column == "articulo_id" else f"t.{column}" for column in columns]
        if table in ("citas_textuales", "datos_cuantitativos", "hecho_articulo"):
            key = "hecho_contexto_id" if table == "citas_textuales" else "hecho_id"
            target = (
                f"(select h.id from public.hechos h where h.articulo_id = {new} and h.id_local = "
                f"(select o.id_local from public.hechos o where o.id = t.{key}))"
            )
            values = [
                target if column == key else value for column, value in zip(columns, values, strict=True)
            ]
        statements.append(
            f"insert into public.{table} ({', '.join(columns)}) select {', '.join(values)} "
            f"from public.{table} t where t.articulo_id = %(old)s"
        )
    columns = _columns(connection, "hecho_entidad")
    values = ["n.id" if column == "hecho_id" else f"r.{column}" for column in columns]
    statements.append(
        f"insert into public.hecho_entidad ({', '.join(columns)}) select {', '.join(values)} "
        "from public.hecho_entidad r join public.hechos o on o.id = r.hecho_id and o.articulo_id = %(old)s "
        f"join public.hechos n on n.id_local = o.id_local and n.articulo_id = {new}"
    )
    return statements


def _copy_article(connection: psycopg.Connection[Any]) -> str:
    columns = _columns(connection, "articulos")
    new = {"identidad": "%(name)s", "url": "%(name)s", "storage_path": "null"}
    values = [new.get(column, column) for column in columns]
    return (
        f"insert into public.articulos ({', '.join(columns)}) select {', '.join(values)} "
        "from public.articulos where id = %(old)s"
    )


def _columns(connection: psycopg.Connection[Any], table: str) -> list[str]:
    rows = connection.execute(
        "select column_name from information_schema.columns where table_schema = 'public' "
        "and table_name = %s and is_identity = 'NO' and is_generated = 'NEVER' and column_name <> 'id' "
        "order by ordinal_position",
        (table,),
    ).fetchall()
    return [name for (name,) in rows]


def at_once(bench: Bench, dsn: str, first: int, sessions: int) -> tuple[float, float]:
    """Returns articles a second through the function, and articles a second of PostgreSQL's CPU.

    A session plans each statement of the functions anew five times, then keeps the plan. PostgREST's sessions
    live long, so each session stores six articles before the measurement.
    """
    numbers = range(first, first + COUNT * 4)
    warming = [Jsonb(make_payload(first + len(numbers) + n)) for n in range(6 * sessions)]
    payloads = [Jsonb(make_payload(number)) for number in numbers]
    with ExitStack() as hold:
        lines = [hold.enter_context(psycopg.connect(dsn, autocommit=True)) for _ in range(sessions)]

        def store(session: int, given: list[Jsonb]) -> None:
            for payload in given[session::sessions]:
                lines[session].execute("select public.insertar_articulo_completo(%s)", (payload,))

        with ThreadPoolExecutor(sessions) as pool:
            list(pool.map(lambda session: store(session, warming), range(sessions)))
            # Read while the sessions are open: the CPU time of an ended session is counted some time later.
            before = bench.server_cpu()["postgres"]
            begun = time.perf_counter()
            list(pool.map(lambda session: store(session, payloads), range(sessions)))
            seconds = time.perf_counter() - begun
        cpu = bench.server_cpu()["postgres"] - before
    return len(numbers) / seconds, len(numbers) / cpu


def measure_storing(bench: Bench) -> None:
    """Adds the lines of section 6."""
    given = bench.addresses.database_dsn
    assert given is not None
    dsn = given.get_secret_value()
    with psycopg.connect(dsn, autocommit=True) as connection:
        through_function(connection, 0)
        function, hand = [], []
        for turn in range(1, 4):
            function.append(through_function(connection, turn * COUNT))
            hand.append(by_hand(connection, turn * COUNT))
    rate, by_hand_rate = statistics.median(function), statistics.median(hand)
    ratio = rate / by_hand_rate
    bench.add(
        "6", "articles a second: function over hand-written INSERT", f"{ratio:.2f}", ">= 0.5", ratio >= 0.5
    )
    bench.add("6", "articles a second through the function, 50 rows each", f"{rate:.0f}")
    # In turns, as above, because the machine's speed changes from one second to the next.
    rates, of_cpu = [], []
    for turn in range(1, 4):
        one, many = (at_once(bench, dsn, 100_000 * turn + 1_000 * n, n) for n in (1, SESSIONS))
        rates.append(many[0] / one[0])
        of_cpu.append(many[1] / one[1])
    ratio = statistics.median(of_cpu)
    what = f"articles a second of PostgreSQL's CPU: {SESSIONS} at once over one"
    bench.add("6", what, f"{ratio:.2f}", ">= 0.9", ratio >= 0.9)
    bench.add("6", f"articles a second: {SESSIONS} at once over one", f"{statistics.median(rates):.2f}")
