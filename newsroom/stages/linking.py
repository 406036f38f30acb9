"""Stage `linking`: asks the database, in one call, which of the entidades it knows already. No engine.

It links only what the rules of `newsroom.linking` hold for certain. It never merges entidades of one text.
"""

from newsroom.models.extraccion import Elementos, Enlaces
from newsroom.store.base import Store


def link_entidades(store: Store, elementos: Elementos, threshold: float) -> Enlaces:
    """Returns the database's id of each entidad that it knows for certain.

    If two spellings of one nombre are in the text, only the first gets the id here. The other one reaches the
    same row by its name, when it is stored. This blocks; it is meant for a task runner's thread.

    Args:
        threshold: how alike two spellings of a foreign surname must be to be one, 0 to 1; 1 switches it off.

    Raises:
        StoreUnavailable, StoreRejected: as the store raises them.
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
