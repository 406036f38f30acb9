"""How an extraction is written to the tables in memory, and read back with names beside the ids."""

from typing import Any

from newsroom.models.resultado import Payload
from newsroom.store.memory_checks import Row
from newsroom.store.memory_entidades import settle_links
from newsroom.store.memory_tables import ItemRef, Tables, now

_PROVENANCE = ("modelo", "prompt", "huella_prompt")


def write_extraction(tables: Tables, item: ItemRef, payload: Payload, huella_contenido: str) -> None:
    """Stores everything that was found in an item; `payload` has passed its checks."""
    procedencia = payload["procedencia"]
    entidades = _write_entidades(tables, item, payload)
    hechos = _write_hechos(tables, item, payload)
    made_by = _made_by(procedencia, "citas_y_datos")
    for cita in payload.get("citas_textuales") or []:
        columns = {
            "id_local": cita["id"],
            "cita": cita["cita"],
            "entidad_emisora_id": entidades.get(cita.get("entidad_id")),
            "hecho_contexto_id": hechos.get(cita.get("hecho_id")),
            "fecha_cita": cita.get("fecha"),
            "contexto": cita.get("contexto"),
            "relevancia": cita.get("relevancia") or 3,
        }
        tables.insert("citas_textuales", {**item.columns(), **columns, **_place(cita), **made_by})
    for dato in payload.get("datos_cuantitativos") or []:
        tables.insert("datos_cuantitativos", {**item.columns(), **_dato(dato, hechos), **made_by})
    _write_relaciones(tables, item, payload, entidades, hechos)
    for stage, used in (procedencia.get("etapas") or {}).items():
        spent = {"huella_contenido": huella_contenido, "etapa": stage, "motor": procedencia.get("motor")}
        columns = {**spent, **used, "flow_run_id": procedencia.get("flow_run_id")}
        tables.insert("consumo_etapas", {**item.columns(), **columns, "fecha": now()})


def read_extraction(tables: Tables, item: ItemRef) -> dict[str, Any]:
    """Returns everything found in an item, with the names that ids stand for; the rows are not copied."""
    hechos = list(tables.of_item("hechos", item))
    facts = {row["id"]: row["contenido"] for row in hechos}
    names = {row["id"]: row["nombre"] for row in tables.copies("entidades")}
    relations = {
        "hecho_entidad": {"hecho": ("hecho_id", facts), "entidad": ("entidad_id", names)},
        "hecho_relacionado": {
            "hecho_origen": ("hecho_origen_id", facts),
            "hecho_destino": ("hecho_destino_id", facts),
        },
        "entidad_relacion": {
            "entidad_origen": ("entidad_origen_id", names),
            "entidad_destino": ("entidad_destino_id", names),
        },
        "contradicciones": {
            "hecho_principal": ("hecho_principal_id", facts),
            "hecho_contradictorio": ("hecho_contradictorio_id", facts),
        },
    }

    def read(table: str, labels: dict[str, tuple[str, dict[int, str]]]) -> list[Row]:
        return [
            {**row, **{label: known.get(row[column]) for label, (column, known) in labels.items()}}
            for row in tables.of_item(table, item)
        ]

    emitters = {
        "entidad_emisora": ("entidad_emisora_id", names),
        "hecho_contexto": ("hecho_contexto_id", facts),
    }
    return {
        "hechos": hechos,
        "entidades": [_mentioned(tables, row) for row in tables.of_item(item.mentions, item)],
        "citas_textuales": read("citas_textuales", emitters),
        "datos_cuantitativos": read("datos_cuantitativos", {"hecho": ("hecho_id", facts)}),
        "relaciones": {table: read(table, labels) for table, labels in relations.items()},
        "consumo_etapas": list(tables.of_item("consumo_etapas", item)),
    }


def summarize_articulo(tables: Tables, row: Row) -> dict[str, Any]:
    """Returns a stored article as a line of a list, with its counts."""
    shown = ("titular", "medio", "fecha_publicacion", "estado_procesamiento", "decision")
    conteos = tables.count(ItemRef(articulo_id=row["id"]))
    return {
        "id": row["id"],
        **{key: row.get(key) for key in shown},
        "fecha_procesamiento": row["fecha_procesamiento"],
        "num_hechos": conteos.hechos,
        "num_entidades": conteos.entidades,
        "num_citas": conteos.citas_textuales,
        "num_datos": conteos.datos_cuantitativos,
        "num_relaciones": conteos.relaciones,
    }


def _write_entidades(tables: Tables, item: ItemRef, payload: Payload) -> dict[Any, int]:
    """Returns local id -> id. Several local entidades may be one row: the first mention counts."""
    made_by = _made_by(payload["procedencia"], "elementos")
    ids: dict[Any, int] = {}
    mentions: dict[int, Row] = {}
    for received in settle_links(tables, sorted(payload.get("entidades") or [], key=lambda row: row["id"])):
        row, is_new = tables.upsert_entidad(received, made_by)
        ids[received["id"]] = row["id"]
        mention = {
            "entidad_id": row["id"],
            "nombre_mencionado": received["nombre"],
            "relevancia": received.get("relevancia") or 5,
            "es_nueva": is_new,
            **_place(received),
        }
        earlier = mentions.get(row["id"])
        if earlier is None:
            mentions[row["id"]] = mention
            continue
        earlier["relevancia"] = max(earlier["relevancia"], mention["relevancia"])
        if _position(mention) < _position(earlier):
            earlier |= {"nombre_mencionado": received["nombre"], **_place(received)}
    for mention in mentions.values():
        tables.insert(item.mentions, {**item.columns(), **mention, **made_by})
    return ids


def _write_hechos(tables: Tables, item: ItemRef, payload: Payload) -> dict[Any, int]:
    made_by = _made_by(payload["procedencia"], "elementos")
    ids: dict[Any, int] = {}
    for hecho in sorted(payload.get("hechos") or [], key=lambda hecho: hecho["id"]):
        columns = {
            "id_local": hecho["id"],
            "contenido": hecho["contenido"],
            "fecha": hecho.get("fecha") or {"inicio": None, "fin": None},
            "precision_temporal": hecho.get("precision_temporal"),
            "tipo_hecho": hecho["tipo_hecho"],
            **{key: hecho.get(key) or [] for key in ("pais", "region", "ciudad", "etiquetas")},
            "es_evento_futuro": bool(hecho.get("es_futuro")),
            "estado_programacion": hecho.get("estado_programacion"),
            "importancia": hecho.get("importancia") or 5,
            "importancia_motivos": hecho.get("importancia_motivos"),
            "evaluacion_editorial": "pendiente_revision_editorial",
        }
        row = tables.insert("hechos", {**item.columns(), **columns, **_place(hecho), **made_by})
        ids[hecho["id"]] = row["id"]
        if item.articulo_id is not None:
            posicion = {"hecho_id": row["id"], "posicion": hecho["id"]}
            tables.insert("hecho_articulo", {"articulo_id": item.articulo_id, **posicion})
        if row["es_evento_futuro"]:
            estado = row["estado_programacion"] or "programado"
            columns = {"hecho_id": row["id"], "fecha_programada": row["fecha"], "estado": estado}
            tables.insert("eventos_programados", {**item.columns(), **columns})
    return ids


def _dato(dato: Row, hechos: dict[Any, int]) -> Row:
    periodo = dato.get("periodo") or {}
    kept = (
        "indicador", "categoria", "unidad", "tipo_periodo", "valor_anterior", "variacion_absoluta",
        "variacion_porcentual", "tendencia",
    )  # fmt: skip
    return {
        "id_local": dato["id"],
        "hecho_id": hechos.get(dato.get("hecho_id")),
        **{key: dato.get(key) for key in kept},
        "valor_numerico": dato["valor"],
        "ambito_geografico": dato.get("ambito_geografico") or [],
        "periodo_referencia_inicio": periodo.get("inicio"),
        "periodo_referencia_fin": periodo.get("fin"),
        **_place(dato),
    }


def _write_relaciones(
    tables: Tables, item: ItemRef, payload: Payload, entidades: dict[Any, int], hechos: dict[Any, int]
) -> None:
    """Of duplicates the strongest is kept; an entidad that turns out to be related to itself is not."""
    made_by = _made_by(payload["procedencia"], "relaciones")
    known = {"hecho": hechos, "entidad": entidades}
    strengths = {"hecho_entidad": ("relevancia_en_hecho", 5), "contradicciones": ("grado", 3)}
    for table, rows in (payload.get("relaciones") or {}).items():
        strength, default = strengths.get(table, ("fuerza_relacion", 5))
        unique: dict[tuple[Any, ...], Row] = {}
        for row in rows or []:
            ends = {
                key: known[key.split("_")[0]][value]
                for key, value in sorted(row.items())
                if key.endswith("_id")
            }
            stored = {**row, **ends, strength: row.get(strength) or default}
            key = (*ends.values(), row.get("tipo_relacion") or row.get("tipo"))
            if table == "entidad_relacion" and len(set(ends.values())) == 1:
                continue
            if key not in unique or unique[key][strength] < stored[strength]:
                unique[key] = stored
        for row in unique.values():
            tables.insert(table, {**item.columns(), **row, **made_by})


def _mentioned(tables: Tables, mention: Row) -> Row:
    entidad = tables.find("entidades", id=mention["entidad_id"]) or {}
    shown = ("id", "nombre", "tipo", "alias", "descripcion", "fecha_nacimiento", "fecha_disolucion")
    seen = ("nombre_mencionado", "relevancia", "es_nueva", "offset_inicio", "offset_fin")
    return {key: entidad[key] for key in shown} | {key: mention[key] for key in seen}


def _made_by(procedencia: Row, etapa: str) -> Row:
    stage = (procedencia.get("etapas") or {}).get(etapa) or {}
    columns = {key: stage.get(key) for key in _PROVENANCE}
    return {
        "motor": procedencia.get("motor"),
        **columns,
        "modelo": columns["modelo"] or "",
        "flow_run_id": procedencia.get("flow_run_id"),
    }


def _place(row: Row) -> Row:
    return {"offset_inicio": row.get("offset_inicio"), "offset_fin": row.get("offset_fin")}


def _position(mention: Row) -> float:
    start = mention["offset_inicio"]
    return float("inf") if start is None else start
