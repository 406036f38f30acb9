"""How a model's JSON schema makes a form that a journalist can fill in (Prefect's, at a deployment's "Run").

Prefect keeps schemas in a database type that forgets the order of keys, and goes by `position`. It shows the
schema's description, which pydantic takes from the docstring. For what may be null it offers a choice between
two types; it takes null for any field that is neither required nor has a default, so that need not be said.
"""

from typing import Any

Schema = dict[str, Any]


def make_form(schema: Schema) -> None:
    """Orders the fields as the model lists them and makes optional ones simple lines that may stay empty.

    To be used as `json_schema_extra` of a model. What the docstring says to programmers is left out.
    """
    schema.pop("description", None)
    for position, field in enumerate(schema["properties"].values()):
        field["position"] = position
        kinds = field.get("anyOf", ())
        if len(kinds) == 2 and kinds[1] == {"type": "null"} and "$ref" not in kinds[0]:
            del field["anyOf"], field["default"]
            field.update(kinds[0])
