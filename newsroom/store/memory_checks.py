"""What the database refuses, in the order in which it matters: nothing is written before all is checked."""

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from newsroom.errors import StoreRejected
from newsroom.models.base import reject_unstorable
from newsroom.models.resultado import Payload
from newsroom.models.vocabulario import (
    CategoriaDato,
    EstadoProcesamiento,
    EstadoProgramacion,
    PrecisionTemporal,
    RelacionEntidades,
    RelacionHechos,
    RolEnHecho,
    Tendencia,
    TipoContradiccion,
    TipoDocumento,
    TipoEntidad,
    TipoHecho,
    TipoMedio,
    TipoPeriodo,
)

Row = dict[str, Any]

LISTS = ("entidades", "hechos", "citas_textuales", "datos_cuantitativos")
RELATIONS = ("hecho_entidad", "hecho_relacionado", "entidad_relacion", "contradicciones")

_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "articulo_metadata": (
        "identidad", "huella_contenido", "medio", "pais_publicacion", "tipo_medio", "titular",
        "fecha_publicacion", "contenido_texto",
    ),
    "documento": ("identidad", "huella_contenido", "titulo", "tipo_documento"),
    "fragmento": ("identidad", "huella_contenido", "indice_secuencial", "contenido"),
    "entidades": ("id", "nombre", "tipo"),
    "hechos": ("id", "contenido", "tipo_hecho", "offset_inicio", "offset_fin"),
    "citas_textuales": ("id", "cita", "offset_inicio", "offset_fin"),
    "datos_cuantitativos": (
        "id", "indicador", "categoria", "valor", "unidad", "offset_inicio", "offset_fin",
    ),
    "hecho_entidad": ("hecho_id", "entidad_id", "tipo_relacion"),
    "hecho_relacionado": ("hecho_origen_id", "hecho_destino_id", "tipo_relacion"),
    "entidad_relacion": ("entidad_origen_id", "entidad_destino_id", "tipo_relacion"),
    "contradicciones": ("hecho_principal_id", "hecho_contradictorio_id", "tipo"),
    "pipeline_errores": ("etapa", "clase_error", "mensaje", "transitorio"),
}  # fmt: skip

_CHOICES: Mapping[str, Mapping[str, type[StrEnum]]] = {
    "articulo_metadata": {"tipo_medio": TipoMedio, "estado_procesamiento": EstadoProcesamiento},
    "documento": {"tipo_documento": TipoDocumento},
    "entidades": {"tipo": TipoEntidad},
    "hechos": {
        "tipo_hecho": TipoHecho,
        "precision_temporal": PrecisionTemporal,
        "estado_programacion": EstadoProgramacion,
    },
    "datos_cuantitativos": {
        "categoria": CategoriaDato,
        "tipo_periodo": TipoPeriodo,
        "tendencia": Tendencia,
    },
    "hecho_entidad": {"tipo_relacion": RolEnHecho},
    "hecho_relacionado": {"tipo_relacion": RelacionHechos},
    "entidad_relacion": {"tipo_relacion": RelacionEntidades},
    "contradicciones": {"tipo": TipoContradiccion},
}

# The list that each reference points into.
_REFERENCES: Mapping[str, Mapping[str, str]] = {
    "citas_textuales": {"entidad_id": "entidades", "hecho_id": "hechos"},
    "datos_cuantitativos": {"hecho_id": "hechos"},
    "hecho_entidad": {"hecho_id": "hechos", "entidad_id": "entidades"},
    "hecho_relacionado": {"hecho_origen_id": "hechos", "hecho_destino_id": "hechos"},
    "entidad_relacion": {"entidad_origen_id": "entidades", "entidad_destino_id": "entidades"},
    "contradicciones": {"hecho_principal_id": "hechos", "hecho_contradictorio_id": "hechos"},
}

_TO_ITSELF = {
    "hecho_relacionado": ("hecho_origen_id", "hecho_destino_id"),
    "contradicciones": ("hecho_principal_id", "hecho_contradictorio_id"),
}


def through_the_wire(payload: Payload) -> Payload:
    """Returns the payload as the database would read it: a copy that went through JSON.

    Raises:
        StoreRejected: it holds NaN, half of a surrogate pair (invalid_json) or NUL (22P05).
    """
    try:
        copy: Payload = json.loads(json.dumps(payload, ensure_ascii=False, allow_nan=False).encode())
    except ValueError as exc:
        raise StoreRejected(f"the payload cannot be sent as JSON: {exc}", code="invalid_json") from exc
    try:
        reject_unstorable(copy)
    except ValueError as exc:
        raise StoreRejected(f"unsupported Unicode escape sequence: {exc}", code="22P05") from exc
    return copy


def check_form(payload: Payload, objects: tuple[str, ...]) -> None:
    """Raises StoreRejected (22023) unless the objects are there and the lists are lists, null or absent."""
    for key in objects:
        if not isinstance(payload.get(key), dict):
            raise StoreRejected(f"datos_json.{key} is missing or not an object", code="22023")
    for key in LISTS:
        if not isinstance(payload.get(key), list | None):
            raise StoreRejected(f"datos_json.{key} is not an array", code="22023")


def check_values(name: str, rows: Iterable[Row]) -> None:
    """Raises StoreRejected for a value that is null and must not be, or is not one of the allowed ones."""
    for row in rows:
        for field in _REQUIRED.get(name, ()):
            if row.get(field) is None:
                raise StoreRejected(f"{name}: {field} is null", code="23502")
        for field, allowed in _CHOICES.get(name, {}).items():
            value = row.get(field)
            if value is not None and value not in set(allowed):
                raise StoreRejected(f"{name}: {field} is not one of the allowed values", code="23514")


def check_extraction(payload: Payload, texts: tuple[str, ...]) -> None:
    """Raises StoreRejected unless everything found can be stored with the item that holds `texts`."""
    relaciones = payload.get("relaciones") or {}
    lists = {name: payload.get(name) or [] for name in LISTS}
    lists |= {name: relaciones.get(name) or [] for name in RELATIONS}
    for name, rows in lists.items():
        check_values(name, rows)
    for name in LISTS:
        ids = [row["id"] for row in lists[name]]
        if len(set(ids)) < len(ids):
            raise StoreRejected(f"{name}: two have the same id", code="23505")
        _check_places(name, lists[name], texts)
    _check_references(lists)


def _check_places(name: str, rows: list[Row], texts: tuple[str, ...]) -> None:
    longest = max(len(text) for text in texts)
    for row in rows:
        start, end = row.get("offset_inicio"), row.get("offset_fin")
        if start is None or end is None:
            continue
        if not 0 <= start < end <= longest:
            raise StoreRejected(f"{name}: the offsets of id {row['id']} lie beyond the text", code="23514")
        if name == "citas_textuales" and all(text[start:end] != row["cita"] for text in texts):
            words = f"{name}: the cita of id {row['id']} does not stand in the text at its offsets"
            raise StoreRejected(words, code="23514")


def _check_references(lists: Mapping[str, list[Row]]) -> None:
    known = {name: {row["id"] for row in lists[name]} for name in ("entidades", "hechos")}
    for name, fields in _REFERENCES.items():
        for row in lists[name]:
            for field, target in fields.items():
                if row.get(field) is not None and row[field] not in known[target]:
                    words = f"{name}.{field} points to local ids that the payload does not hold: {row[field]}"
                    raise StoreRejected(words, code="23503")
    for name, (origin, destination) in _TO_ITSELF.items():
        if any(row[origin] == row[destination] for row in lists[name]):
            raise StoreRejected(f"{name}: a hecho is related to itself", code="23514")
