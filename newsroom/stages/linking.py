"""Stage `linking`: which entidades does the database know already? One call for all; no engine."""

from newsroom.models.extraccion import Elementos, Enlaces
from newsroom.store.base import Store


def link_entidades(store: Store, elementos: Elementos, threshold: float) -> Enlaces:
    """Returns the database's id of each entidad that it knows beyond doubt (the rules: newsroom.linking).

    Two entidades of one text are never made one: of two spellings of the same nombre the first keeps the row,
    which the other finds by its name. It blocks; it is meant for a task runner's thread.
    """
    if not elementos.entidades:
        return Enlaces()
    found = store.link_entidades(elementos.entidades, threshold)
    db_ids: dict[int, int] = {}
    taken: set[int] = set()
    for entidad in elementos.entidades:
        db_id = found.get(entidad.id)
        if db_id is not None and db_id not in taken:
            db_ids[entidad.id] = db_id
            taken.add(db_id)
    return Enlaces(db_ids=db_ids)
