"""Compares the database at the end with what was offered and what is true, article by article."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.chaos.articles import MARK, Planned

# Warnings and dead letters quote what was dropped. Nobody takes them for fact.
_TELLING = {"pipeline_errores"}


@dataclass
class Found:
    """What stands in the database of the offered articles.

    Attributes:
        stored, discarded, lost: numbers of articles.
        dead: the same, each with its class of error and its stage.
        waiting: the same, of articles that a door has taken and has not read yet.
        twice: what is stored more than once.
        false: what is stored and not true, by kind.
        missing: what is true, was told by the model, and is not stored.
    """

    stored: set[int] = field(default_factory=set)
    discarded: set[int] = field(default_factory=set)
    dead: dict[int, str] = field(default_factory=dict)
    lost: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    twice: list[str] = field(default_factory=list)
    false: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)


def look(dsn: str, offered: Sequence[Planned], waiting: Set[str] = frozenset()) -> Found:
    """Returns what became of the offered articles; `waiting` are the urls that still wait at a door."""
    found = Found()
    with psycopg.connect(dsn, row_factory=dict_row, autocommit=True) as connection:
        tables = _read_tables(connection)
        _find_marks(connection, found)
    rows = Counter(row["identidad"] for row in tables["articulos"])
    articles = {row["identidad"]: row for row in tables["articulos"]}
    letters = {row["identidad"]: row for row in tables["pipeline_errores"]}
    found.twice += [f"articulo {url} ×{times}" for url, times in rows.items() if times > 1]
    names = Counter((row["tipo"], row["nombre_normalizado"]) for row in tables["entidades"])
    found.twice += [f"entidad {key} ×{times}" for key, times in names.items() if times > 1]
    for plan in offered:
        article, letter = articles.get(plan.url), letters.get(plan.url)
        if article is None:
            if letter is None and plan.url in waiting:
                found.waiting.add(plan.number)
            elif letter is None:
                found.lost.add(plan.number)
            else:
                found.dead[plan.number] = f"{letter['clase_error']} in {letter['etapa']}"
        elif plan.worthless:
            found.discarded.add(plan.number)
        else:
            found.stored.add(plan.number)
            _compare(plan, article["id"], tables, found)
    return found


def _read_tables(connection: psycopg.Connection[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    queries = {
        "articulos": "select id, identidad, decision from articulos",
        "hechos": "select id, articulo_id, contenido from hechos",
        "citas": "select c.articulo_id, c.cita, e.nombre from citas_textuales c"
        " left join entidades e on e.id = c.entidad_emisora_id",
        "datos": "select articulo_id, valor_numerico, unidad from datos_cuantitativos",
        "menciones": "select articulo_id, entidad_id, nombre_mencionado from entidad_articulo",
        "partes": "select h.articulo_id, h.contenido, m.nombre_mencionado from hecho_entidad p"
        " join hechos h on h.id = p.hecho_id"
        " left join entidad_articulo m on m.entidad_id = p.entidad_id and m.articulo_id = h.articulo_id",
        "entidades": "select tipo, nombre_normalizado from entidades where fusionada_en_id is null",
        "pipeline_errores": "select identidad, clase_error, etapa from pipeline_errores"
        " where estado not in ('resuelto', 'descartado')",
    }
    return {name: connection.execute(query.encode()).fetchall() for name, query in queries.items()}


def _find_marks(connection: psycopg.Connection[dict[str, Any]], found: Found) -> None:
    """Looks for the word that stands in every invention, in every column of every table."""
    for row in connection.execute("select tablename from pg_tables where schemaname = 'public'").fetchall():
        table = row["tablename"]
        if table in _TELLING:
            continue
        query = f"select count(*) as n from {table} t where (to_jsonb(t) - 'advertencias')::text like %s"
        marked = connection.execute(query.encode(), [f"%{MARK}%"]).fetchone()
        if marked is not None and marked["n"]:
            found.false[f"'{MARK}' in {table}"] += marked["n"]


def _compare(plan: Planned, articulo_id: int, tables: dict[str, list[dict[str, Any]]], found: Found) -> None:
    def column(table: str, *names: str) -> list[Any]:
        rows = (row for row in tables[table] if row["articulo_id"] == articulo_id)
        return [tuple(row[name] for name in names) if len(names) > 1 else row[names[0]] for row in rows]

    contents = [contenido for contenido, _ in plan.hechos]
    # If the passage of a hecho says something else, the passage itself is stored as the hecho.
    passages = {pasaje for _, pasaje in plan.hechos}
    entidades = [nombre for nombre, _ in plan.entidades]
    pairs = [(contents[h], entidades[e]) for h, e in plan.pairs]
    person = plan.entidades[1][0]
    checks: list[tuple[str, list[Any], list[Any], set[Any]]] = [
        ("hechos", column("hechos", "contenido"), contents, passages),
        ("citas", column("citas", "cita", "nombre"), [(plan.cita, person)], set()),
        ("datos", column("datos", "valor_numerico", "unidad"), [(v, u) for v, _, u, _ in plan.datos], set()),
        ("entidades", column("menciones", "nombre_mencionado"), entidades, set()),
        ("ids", column("partes", "contenido", "nombre_mencionado"), pairs, set()),
    ]
    for kind, stored, true, harmless in checks:
        counted = Counter(stored)
        found.false[kind] += sum(
            n for item, n in counted.items() if item not in true and item not in harmless
        )
        found.twice += [f"{kind} of {plan.url}: {item} ×{n}" for item, n in counted.items() if n > 1]
        found.missing += [f"{kind} of {plan.url}: {item}" for item in true if item not in counted]
