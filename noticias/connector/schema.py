"""What the OpenAPI document says beyond what FastAPI reads off the endpoints."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from newsroom.models.articulo import MIN_CONTENT_CHARS
from newsroom.models.vocabulario import TipoMedio
from noticias.connector import shapes
from noticias.connector.bodies import MAX_BODY_BYTES
from noticias.connector.items import ARTICULO, KINDS, Kind

Responses = dict[int | str, dict[str, Any]]

UNAUTHORIZED: Responses = {401: {"model": shapes.HttpError, "description": "El token falta o es otro"}}
METRICS: Responses = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
NOT_FOUND: Responses = {404: {"model": shapes.HttpError, "description": "No hay tal trabajo"}}
UNAVAILABLE: Responses = {
    503: {
        "model": shapes.ServiceUnavailable,
        "description": "Prefect o la base de datos no responden: repítase más tarde",
        "headers": {"Retry-After": {"schema": {"type": "string", "pattern": "^[0-9]{1,4}$"}}},
    }
}
REFUSALS_OF_A_BODY: Responses = {
    202: {"description": "Aceptado: es, o ya era, una ejecución de Prefect"},
    400: {
        "model": shapes.ValidationRefusal,
        "description": "Rechazado para siempre; detalles dice el campo",
    },
    408: {"model": shapes.HttpError, "description": "El cuerpo no llegó entero"},
    413: {"model": shapes.HttpError, "description": f"El cuerpo pasa de {MAX_BODY_BYTES} bytes"},
    415: {"model": shapes.HttpError, "description": "El cuerpo no es application/json"},
    **UNAUTHORIZED,
    **UNAVAILABLE,
}


# What another tool wrote, as newsroom.intake reads it.
_OTHER_SHAPE = {
    "headline": "El Congreso aprueba la reforma",
    "link": "https://ejemplo.test/reforma",
    "published_at": "Wed, 15 May 2024 10:00:00 +0000",
    "body": "El Congreso de Chile aprobó el martes la reforma de pensiones por 68 votos a 47.",
}

_EXAMPLES: dict[str, dict[str, Any]] = {
    "articulo": {
        "medio": "El Diario",
        "pais_publicacion": "Chile",
        "tipo_medio": "diario",
        "titular": "El Congreso aprueba la reforma",
        "fecha_publicacion": "2024-05-15T10:00:00Z",
        "url": "https://ejemplo.test/reforma",
        "contenido_texto": "El Congreso de Chile aprobó el martes la reforma de pensiones por 68 votos a 47.",
    },
    "fragmento": {
        "id_fragmento": "ley-21735-007",
        "id_articulo_fuente": "ley-21735",
        "orden_en_articulo": 7,
        "texto_original": "Artículo 7.- El aporte del empleador será de 7 por ciento de la remuneración.",
    },
}

_REF = "#/components/schemas/{model}"


def request_body(kind: Kind) -> dict[str, Any]:
    """Returns the OpenAPI description of the body: the item itself, or an object with it as its only key.

    An article may also be an object of any other tool; no schema can list those.
    """
    item = {"$ref": _REF.format(model=kind.model.__name__)}
    wrapped = {
        "type": "object",
        "properties": {kind.parameter: item},
        "required": [kind.parameter],
        "additionalProperties": False,
    }
    forms: list[dict[str, Any]] = [item, wrapped]
    examples = {"minimo": {"value": _EXAMPLES[kind.parameter]}}
    if kind is ARTICULO:
        forms.append({"type": "object", "description": "De otra herramienta, con sus propias claves"})
        examples["otra_herramienta"] = {"value": _OTHER_SHAPE}
    content = {"application/json": {"schema": {"anyOf": forms}, "examples": examples}}
    return {"requestBody": {"required": True, "content": content}}


def install(app: FastAPI) -> None:
    """Adds the items' schemas to the application's OpenAPI document, and removes FastAPI's 422 from it."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]


def _describe(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
    for kind in KINDS.values():
        schemas.update(_schemas_of(kind))
    return document


def _schemas_of(kind: Kind) -> dict[str, Any]:
    own = kind.model.model_json_schema(ref_template=_REF)
    others: dict[str, Any] = own.pop("$defs", {})
    if kind is ARTICULO:
        own["properties"]["contenido_texto"]["minLength"] = MIN_CONTENT_CHARS
    if kind is ARTICULO:
        # Any other word is taken too, and kept in metadata.
        own["properties"]["tipo_medio"] = {
            "type": "string",
            "title": "Tipo de medio",
            "examples": [*TipoMedio],
        }
    return {kind.model.__name__: own, **others}
