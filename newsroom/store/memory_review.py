"""What editors see of the entidades of the store in memory, and how they merge two by hand."""

from typing import Any

from newsroom.errors import StoreRejected
from newsroom.names import similarity
from newsroom.store.memory_checks import Row
from newsroom.store.memory_entidades import link_keys_of, merged_into, root_of
from newsroom.store.memory_tables import Tables

MAX_REVIEWED, MAX_PAIRS, PAIRS_EACH, MIN_SIMILARITY = 5_000, 1_000, 10, 0.6


def list_entidades(tables: Tables, tipo: str | None, limit: int) -> list[Row]:
    """Returns the entidades that most items name, merged ones counted with those they were merged into."""
    roots = {row["id"]: root_of(tables, row) for row in tables.each("entidades")}
    named: dict[str, dict[int, set[int]]] = {"articulo": {}, "fragmento": {}}
    for kind, items in named.items():
        for mention in tables.each(f"entidad_{kind}"):
            root = roots[mention["entidad_id"]]
            if root is not None:
                items.setdefault(root["id"], set()).add(mention[f"{kind}_id"])
    rows = [
        {
            "id": row["id"],
            "nombre": row["nombre"],
            "tipo": row["tipo"],
            "alias": [*row["alias"], *_merged_names(tables, row["id"])],
            "articulos": len(named["articulo"].get(row["id"], ())),
            "fragmentos": len(named["fragmento"].get(row["id"], ())),
        }
        for row in tables.each("entidades")
        if row["fusionada_en_id"] is None and tipo in (None, row["tipo"])
    ]
    rows.sort(key=lambda row: (-row["articulos"] - row["fragmentos"], row["id"]))
    return rows[: max(limit, 0)]


def list_similar(tables: Tables, tipo: str | None, review: int, before: int | None) -> dict[str, Any]:
    """Returns what `listar_entidades_similares` answers."""
    unmerged = (row for row in tables.each("entidades") if row["fusionada_en_id"] is None)
    rows = [row for row in unmerged if tipo in (None, row["tipo"]) and (before is None or row["id"] < before)]
    rows.reverse()
    reviewed = rows[: min(max(review, 1), MAX_REVIEWED)]
    pairs: list[tuple[float, Row, Row]] = []
    for at, row in enumerate(reviewed):
        found = [(similarity(row["nombre_normalizado"], other["nombre_normalizado"]), row, other)
                 for other in rows[at + 1 :] if _resemble(row, other)]  # fmt: skip
        pairs += sorted(found, key=_by_score)[:PAIRS_EACH]
    pairs.sort(key=_by_score)
    return {
        "revisadas": len(reviewed),
        "siguiente": reviewed[-1]["id"] if len(reviewed) < len(rows) else None,
        "pares": [_describe(tables, *pair) for pair in pairs[:MAX_PAIRS]],
    }


def merge(tables: Tables, source: int, target: int) -> Row:
    """Says that `source` is `target`; nothing is moved."""
    old, new = _row(tables, source), _row(tables, target)
    if source == target:
        raise StoreRejected(f"entidad {source} cannot be merged into itself", code="22023")
    if old["fusionada_en_id"] is not None:
        raise StoreRejected(f"entidad {source} is merged into {old['fusionada_en_id']} already", code="22023")
    if new["fusionada_en_id"] is not None:
        words = f"entidad {target} is itself merged into {new['fusionada_en_id']}; merge into that one"
        raise StoreRejected(words, code="22023")
    if old["tipo"] != new["tipo"]:
        words = f"entidad {source} is a {old['tipo']}, entidad {target} a {new['tipo']}"
        raise StoreRejected(words, code="22023")
    old["fusionada_en_id"] = target
    return {"id": source, "nombre": old["nombre"], "fusionada_en_id": target, "fusionada_en": new["nombre"]}


def separate(tables: Tables, entidad_id: int) -> Row:
    """Takes `merge` back."""
    row = _row(tables, entidad_id)
    target = row["fusionada_en_id"]
    if target is None:
        raise StoreRejected(f"entidad {entidad_id} is not merged into another one", code="22023")
    row["fusionada_en_id"] = None
    return {"id": entidad_id, "nombre": row["nombre"], "separada_de_id": target}


def _row(tables: Tables, entidad_id: int) -> Row:
    row = tables.find("entidades", id=entidad_id)
    if row is None:
        raise StoreRejected(f"entidad {entidad_id} does not exist", code="23503")
    return row


def _merged_names(tables: Tables, entidad_id: int) -> list[str]:
    merged = merged_into(tables, entidad_id)
    return sorted({name for row in merged for name in (row["nombre"], *row["alias"])})


def _resemble(row: Row, other: Row) -> bool:
    if row["tipo"] != other["tipo"]:
        return False
    shared = link_keys_of(row) & link_keys_of(other)
    if (row["tipo"] == "PERSONA" and shared) or any(not key.startswith("p=") for key in shared):
        return True
    return similarity(row["nombre_normalizado"], other["nombre_normalizado"]) >= MIN_SIMILARITY


def _by_score(pair: tuple[float, Row, Row]) -> tuple[float, int, int]:
    score, row, other = pair
    return -score, -row["id"], -other["id"]


def _describe(tables: Tables, score: float, row: Row, other: Row) -> Row:
    together = 0
    for kind in ("articulo", "fragmento"):
        items = [{mention[f"{kind}_id"] for mention in tables.each(f"entidad_{kind}")
                  if mention["entidad_id"] == one["id"]} for one in (row, other)]  # fmt: skip
        together += len(items[0] & items[1])
    return {
        "tipo": row["tipo"],
        "score": round(score, 3),
        "id": row["id"],
        "nombre": row["nombre"],
        "alias": list(row["alias"]),
        "otra_id": other["id"],
        "otro_nombre": other["nombre"],
        "otro_alias": list(other["alias"]),
        "items_en_comun": together,
    }
