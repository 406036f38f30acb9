"""Makes a model's JSON schema into a form that a journalist can fill in.

Prefect shows this form at a deployment's "Run". Four things about it decide what is changed here:

- Prefect stores schemas in a database type that forgets the order of keys. It orders fields by `position`.
- It shows the schema's description, which pydantic takes from the docstring.
- For a field that may be null it offers a choice between two types.
- It accepts null for any field that is not required and has no default. So the schema need not say null.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

Schema = dict[str, Any]


def make_choice(values: type[StrEnum]) -> Callable[[Schema], None]:
    """Returns the `json_schema_extra` of an enumerated field that may be null: one list to choose from.

    Null stands in the list, because Prefect compares a null with it too. One of its two UIs then shows a line
    to write in, so the field's description should name the values.
    """

    def choose(field: Schema) -> None:
        del field["anyOf"], field["default"]
        field.update(type="string", enum=[*(value.value for value in values), None])

    return choose


def make_form(schema: Schema) -> None:
    """Orders the fields as the model lists them, and makes each optional one a line that may stay empty.

    For `json_schema_extra` of a model. The docstring, which speaks to programmers, is left out of the form.
    """
    schema.pop("description", None)
    for position, field in enumerate(schema["properties"].values()):
        field["position"] = position
        kinds = field.get("anyOf", ())
        if len(kinds) == 2 and kinds[1] == {"type": "null"} and "$ref" not in kinds[0]:
            del field["anyOf"], field["default"]
            field.update(kinds[0])
