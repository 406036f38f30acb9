"""Makes a pydantic model into the JSON schema that Groq's strict mode takes.

Strict mode refuses a schema unless every object is closed and requires all its properties. It cannot choose
between two kinds of object in one place. It ignores or refuses bounds, patterns and formats, so they are left
out here and checked on the answer. The schema is part of the prompt and every token of it costs money, so
everything is inlined and has no descriptions. The prompt says what a field means.
"""

from functools import cache
from typing import Any

from pydantic import BaseModel

_SCALARS = frozenset({"string", "number", "integer", "boolean", "null"})
_SUPPORTED = frozenset({"type", "enum", "const", "anyOf", "$ref", "properties", "items", "description"})
# Dropped on purpose. A keyword in neither set is refused, so that a new one cannot pass unnoticed.
_DROPPED = frozenset(
    {
        "title", "default", "examples", "deprecated", "required", "additionalProperties", "$defs",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
        "minLength", "maxLength", "pattern", "format", "minItems", "maxItems", "uniqueItems",
    }
)  # fmt: skip


@cache
def strict_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Returns the strict-mode schema of `model`. All callers share the same dict, so do not change it.

    Raises:
        ValueError: the model holds something that strict mode cannot express: a union of objects, free keys,
            a tuple, a value of any type, or itself.
    """
    schema = model.model_json_schema()
    return _convert(schema, schema.get("$defs", {}), (), model.__name__)


def _convert(node: dict[str, Any], defs: dict[str, Any], seen: tuple[str, ...], where: str) -> dict[str, Any]:
    unknown = node.keys() - _SUPPORTED - _DROPPED
    if unknown:
        raise ValueError(f"{where}: strict mode has no {', '.join(sorted(unknown))}")
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        if name in seen:
            raise ValueError(f"{where}: {name} holds itself; inlining it would never end")
        return _convert(defs[name], defs, (*seen, name), where)
    if "anyOf" in node:
        return _union([_convert(option, defs, seen, where) for option in node["anyOf"]], where)
    if node.get("type") == "object":
        return _object(node, defs, seen, where)
    if node.get("type") == "array":
        if "items" not in node:
            raise ValueError(f"{where}: a list needs the type of its items")
        return {"type": "array", "items": _convert(node["items"], defs, seen, f"{where}[]")}
    if node.get("type") not in _SCALARS:
        raise ValueError(f"{where}: no type; strict mode needs one for every value")
    if "const" in node:
        return {"type": node["type"], "enum": [node["const"]]}
    return {key: node[key] for key in ("type", "enum") if key in node}


def _object(node: dict[str, Any], defs: dict[str, Any], seen: tuple[str, ...], where: str) -> dict[str, Any]:
    properties = node.get("properties")
    if properties is None or node.get("additionalProperties"):
        raise ValueError(f"{where}: an object with free keys; strict mode needs the name of every key")
    return {
        "type": "object",
        "properties": {
            name: _convert(value, defs, seen, f"{where}.{name}") for name, value in properties.items()
        },
        "required": list(properties),
        "additionalProperties": False,
    }


def _union(options: list[dict[str, Any]], where: str) -> dict[str, Any]:
    """Returns one schema with several types, because strict mode works most reliably without `anyOf`."""
    null = {"type": "null"}
    others = [option for option in options if option != null]
    nullable = len(others) < len(options)
    if len(others) == 1:
        return _nullable(others[0]) if nullable else others[0]
    if any(option["type"] not in _SCALARS or "enum" in option for option in others):
        raise ValueError(f"{where}: a union of objects, lists or enumerations; make it one flat object")
    return {"type": [option["type"] for option in others] + (["null"] if nullable else [])}


def _nullable(option: dict[str, Any]) -> dict[str, Any]:
    kind = option["type"]
    merged = {**option, "type": [*kind, "null"] if isinstance(kind, list) else [kind, "null"]}
    if "enum" in option:
        merged["enum"] = [*option["enum"], None]
    return merged
