"""Chooses the database row of each entidad of one item. There is none if two rows would do."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from newsroom.linking.comparing import compare_entidades
from newsroom.linking.verdict import Kind
from newsroom.models.extraccion import Entidad


@dataclass(frozen=True, slots=True)
class Candidato:
    """A row that may be the entidad.

    `alias` also holds the names of rows that were merged into it. `es_exacto` says that one of its nombres
    equals the entidad's once both are normalized.
    """

    id: int
    nombre: str
    alias: tuple[str, ...] = ()
    es_exacto: bool = False


@dataclass(frozen=True, slots=True)
class Candidatos:
    """The rows found for one entidad. `completos` is false if there were more than were looked at."""

    filas: tuple[Candidato, ...] = ()
    completos: bool = True


def choose_links(
    entidades: Sequence[Entidad], found: Mapping[int, Candidatos], threshold: float
) -> dict[int, int]:
    """Returns local id -> database id of the entidades that are known for certain.

    A row of exactly the name is chosen. Otherwise the rules decide, and exactly one row must remain.
    Of several entidades that claim one row, only an entidad with the row's name gets it.

    Args:
        entidades: the entidades of one item.
        found: the candidates, by local id.
        threshold: see `comparing.compare_names`.
    """
    chosen: dict[int, int] = {}
    exact: dict[int, int] = {}
    for entidad in entidades:
        candidates = found.get(entidad.id, Candidatos())
        same_name = next((row.id for row in candidates.filas if row.es_exacto), None)
        if same_name is not None:
            exact[entidad.id] = same_name
        else:
            by_rules = _choose(entidad, candidates, threshold)
            if by_rules is not None:
                chosen[entidad.id] = by_rules
    claims = Counter(chosen.values())
    taken = set(exact.values())
    sure = {local: row for local, row in chosen.items() if claims[row] == 1 and row not in taken}
    return exact | sure


def _choose(entidad: Entidad, candidates: Candidatos, threshold: float) -> int | None:
    if not candidates.completos:
        return None
    names = (entidad.nombre, entidad.alias)
    same = [
        row.id
        for row in candidates.filas
        if compare_entidades(entidad.tipo, names, (row.nombre, row.alias), threshold).kind is Kind.SAME
    ]
    return same[0] if len(same) == 1 else None
