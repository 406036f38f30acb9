"""Which sources are looked at now, and what is known of each since its last look."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from newsroom.models.fuente import EstadoFuente
from newsroom.sources.schedule import is_due
from newsroom.sources.table import Fuente, read_fuente


@dataclass(frozen=True)
class Due:
    """A source that is looked at now. `estado` is None if it never was; `anew` asks it for everything."""

    fuente: Fuente
    estado: EstadoFuente | None
    anew: bool = False


@dataclass(frozen=True)
class Plan:
    """The sources that are looked at now, and those that fail and are left alone for a while."""

    due: list[Due]
    resting: list[EstadoFuente]


def choose_sources(table: Iterable[Fuente], only: str | None) -> list[Fuente]:
    """Returns the active sources of a table, or the one of the address `only`, whether in the table or not.

    Raises:
        InvalidInput: `only` is no address.
    """
    if only is None:
        return [fuente for fuente in table if fuente.activa]
    wanted = read_fuente(only, "fuente")
    return [next((fuente for fuente in table if fuente.url == wanted.url), wanted)]


def make_plan(
    fuentes: Iterable[Fuente],
    estados: Iterable[EstadoFuente],
    now: datetime,
    *,
    all_of_them: bool,
    anew: bool,
) -> Plan:
    """Returns which sources are looked at now.

    Args:
        fuentes: the sources in question.
        estados: what is known of them.
        now: the moment that counts.
        all_of_them: whether also those are looked at whose time has not come.
        anew: whether they are asked for everything, not only for what is newer.
    """
    known = {estado.url: estado for estado in estados}
    plan = Plan([], [])
    for fuente in fuentes:
        estado = known.get(fuente.url)
        if all_of_them or is_due(estado, now):
            plan.due.append(Due(fuente, estado, anew))
        elif estado is not None and estado.fallos:
            plan.resting.append(estado)
    return plan
