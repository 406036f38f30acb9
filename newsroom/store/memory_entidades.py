"""The entidades of the store in memory: which row an entidad of an item is, and what editors do with rows."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from newsroom.linking.choosing import Candidato, Candidatos
from newsroom.models.extraccion import Entidad
from newsroom.names import link_keys, normalize_nombre
from newsroom.store.linking import MAX_CANDIDATES, describe_wanted
from newsroom.store.memory_checks import Row
from newsroom.store.memory_tables import Tables


def find_candidates(tables: Tables, entidades: Sequence[Entidad]) -> dict[int, Candidatos]:
    """Returns what `buscar_candidatos_entidades` answers."""
    rows = [(row, link_keys_of(row)) for row in tables.each("entidades")]
    return {wanted["id"]: _find(tables, rows, wanted) for wanted in describe_wanted(entidades)}


def settle_links(tables: Tables, entidades: Sequence[Row]) -> list[Row]:
    """Returns the received entidades without the links that would make one row of two: destinos_entidades."""
    places = [(_own(tables, received), _linked(tables, received)) for received in entidades]
    names = [(received["tipo"], normalize_nombre(received["nombre"])) for received in entidades]

    def is_sole(at: int) -> bool:
        return not any(
            names[other] != names[at] and places[at][1] in places[other] for other in range(len(places))
        )

    return [
        received if places[at][1] is None or is_sole(at) else {**received, "db_id": None}
        for at, received in enumerate(entidades)
    ]


def root_of(tables: Tables, row: Row) -> Row | None:
    """Returns the row that this one was merged into at last; None if the merges run in a circle."""
    seen: set[int] = set()
    while row["fusionada_en_id"] is not None:
        if row["id"] in seen:
            return None
        seen.add(row["id"])
        target = tables.find("entidades", id=row["fusionada_en_id"])
        assert target is not None
        row = target
    return row


def _own(tables: Tables, received: Row) -> Any:
    """The row that has this name (the one it was merged into), or the name itself where none has."""
    key = normalize_nombre(received["nombre"])
    row = tables.find("entidades", tipo=received["tipo"], nombre_normalizado=key)
    root = None if row is None else root_of(tables, row)
    return (received["tipo"], key) if root is None else root["id"]


def _linked(tables: Tables, received: Row) -> int | None:
    row = tables.find("entidades", id=received.get("db_id"), tipo=received["tipo"])
    root = None if row is None else root_of(tables, row)
    return None if root is None else int(root["id"])


def _find(tables: Tables, rows: list[tuple[Row, frozenset[str]]], wanted: Row) -> Candidatos:
    key, keys = normalize_nombre(wanted["nombre"]), frozenset(wanted["claves"])
    found: dict[int, tuple[bool, int]] = {}
    for row, own in rows:
        if row["tipo"] != wanted["tipo"]:
            continue
        exact = row["nombre_normalizado"] == key
        points = sum(1 if shared.startswith("p=") else 10 for shared in own & keys)
        root = root_of(tables, row) if exact or points else None
        if root is not None:
            before = found.get(root["id"], (False, 0))
            found[root["id"]] = (exact or before[0], max(points, before[1]))
    best = sorted(found, key=lambda row_id: (not found[row_id][0], -found[row_id][1], row_id))
    filas = (_candidate(tables, row_id, found[row_id][0]) for row_id in best[:MAX_CANDIDATES])
    return Candidatos(tuple(filas), len(best) <= MAX_CANDIDATES)


def _candidate(tables: Tables, row_id: int, exact: bool) -> Candidato:
    row = tables.find("entidades", id=row_id)
    assert row is not None
    merged = {name for other in merged_into(tables, row_id) for name in (other["nombre"], *other["alias"])}
    return Candidato(row_id, row["nombre"], (*row["alias"], *sorted(merged)), exact)


def merged_into(tables: Tables, row_id: int) -> Iterator[Row]:
    """Yields the rows that were merged into this one directly."""
    return (row for row in tables.each("entidades") if row["fusionada_en_id"] == row_id)


def link_keys_of(row: Row) -> frozenset[str]:
    """Returns the column claves_enlace of a row."""
    return _keys(row["nombre"], tuple(row["alias"]))


@lru_cache(maxsize=20_000)
def _keys(nombre: str, alias: tuple[str, ...]) -> frozenset[str]:
    return link_keys((nombre, *alias))
