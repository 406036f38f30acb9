"""What a store asks for to link: candidates by keys. The choice among them is newsroom.linking's."""

from collections.abc import Sequence
from typing import Any

from newsroom.errors import StoreRejected
from newsroom.linking.searching import search_keys
from newsroom.models.extraccion import Entidad

MAX_CANDIDATES = 100
"""Most rows looked at for one entidad. If more share a key with it, only a row of exactly its name counts."""


def describe_wanted(entidades: Sequence[Entidad]) -> list[dict[str, Any]]:
    """Returns the argument of `buscar_candidatos_entidades`."""
    return [
        {
            "id": entidad.id,
            "nombre": entidad.nombre,
            "tipo": entidad.tipo.value,
            "claves": search_keys(entidad.tipo, (entidad.nombre, entidad.alias)),
        }
        for entidad in entidades
    ]


def check_threshold(threshold: float) -> None:
    """Refuses a threshold that is not a number from 0 to 1.

    Raises:
        StoreRejected: the threshold is out of range.
    """
    if not 0 <= threshold <= 1:
        raise StoreRejected(f"the threshold is {threshold}, not a number from 0 to 1", code="22023")
