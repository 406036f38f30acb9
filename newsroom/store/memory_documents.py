"""The documents of the store in memory."""

import copy
from typing import Any

from newsroom.errors import StoreRejected
from newsroom.models.resultado import Payload
from newsroom.store import memory_errors
from newsroom.store.memory_checks import Row, check_values
from newsroom.store.memory_tables import ItemRef, Tables

_PLACE = (
    "indice_secuencial", "titulo_seccion", "num_pagina_inicio", "num_pagina_fin", "offset_inicio",
    "offset_fin",
)  # fmt: skip


def resolve(tables: Tables, payload: Payload) -> int:
    """Returns the id of the payload's document, stored or brought up to date if it has to be."""
    documento = payload.get("documento")
    if isinstance(documento, dict):
        check_values("documento", [documento])
        row = tables.find("documentos_extensos", identidad=documento["identidad"])
        if row is None:
            row = tables.insert("documentos_extensos", {**documento, "procesado": False})
        same = row["huella_contenido"] == documento["huella_contenido"]
        row |= documento
        row["procesado"] = row["procesado"] and same
        return int(row["id"])
    documento_id = payload.get("documento_id")
    if documento_id is None:
        raise StoreRejected("datos_json needs documento or documento_id", code="22023")
    if tables.find("documentos_extensos", id=documento_id) is None:
        raise StoreRejected(f"documento_id {documento_id} does not exist", code="23503")
    return int(documento_id)


def complete(tables: Tables, payload: Payload) -> dict[str, Any]:
    """Ends the reading of a document, as completar_documento does."""
    documento_id = resolve(tables, payload)
    wanted: list[Row] = payload["fragmentos"]
    stored = {row["identidad"]: row for row in fragments_of(tables, documento_id)}
    missing = [
        line["identidad"]
        for line in sorted(wanted, key=lambda line: int(line["indice_secuencial"]))
        if stored.get(line["identidad"], {}).get("huella_contenido") != line["huella_contenido"]
    ]
    removed = 0
    if not missing:
        names = {line["identidad"] for line in wanted}
        for row in [row for row in stored.values() if row["identidad"] not in names]:
            tables.remove_fragmento(row)
            removed += 1
        for line in wanted:
            stored[line["identidad"]] |= {key: line.get(key) for key in _PLACE}
        documento = tables.find("documentos_extensos", id=documento_id)
        assert documento is not None
        memory_errors.discard_old_fragments(tables, documento["identidad"], names)
        documento |= {"procesado": True, "num_fragmentos": len(wanted)}
    return {
        "documento_id": documento_id,
        "procesado": not missing,
        "pendientes": missing,
        "num_fragmentos_eliminados": removed,
    }


def fragments_of(tables: Tables, documento_id: int) -> list[Row]:
    """Returns a document's fragments in their order, to be changed in place."""
    rows = tables.where("fragmentos_extensos", documento_id=documento_id)
    return sorted(rows, key=lambda row: (row["indice_secuencial"], row["id"]))


def list_rows(tables: Tables, limit: int) -> list[Row]:
    """Returns the newest documents."""
    shown = ("id", "titulo", "autor", "tipo_documento", "fecha_publicacion", "procesado", "num_fragmentos")
    newest = tables.copies("documentos_extensos")[::-1][: max(limit, 0)]
    return [
        {**{key: row.get(key) for key in shown}, "num_leidos": len(fragments_of(tables, row["id"]))}
        for row in newest
    ]


def summarize(tables: Tables, documento_id: int, count: Any) -> dict[str, Any] | None:
    """Returns a document and its fragments with their places and counts; None if there is no such document.

    `count` gives the counts of an ItemRef under the SQL functions' names.
    """
    documento = tables.find("documentos_extensos", id=documento_id)
    if documento is None:
        return None
    fragmentos = [
        {
            "id": row["id"],
            **{key: row.get(key) for key in _PLACE},
            "longitud": len(row["contenido"]),
            "advertencias": len(row.get("advertencias") or []),
            **count(ItemRef(documento_id=documento_id, fragmento_id=row["id"])),
        }
        for row in fragments_of(tables, documento_id)
    ]
    return copy.deepcopy({"documento": documento, "fragmentos": fragmentos})
