"""Every stage's answer fits Groq's strict mode. A model that does not fit is refused, not changed."""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ConfigDict, Field

from newsroom.engines.schema import strict_schema
from newsroom.models import respuestas
from newsroom.models.base import Frozen
from newsroom.models.vocabulario import Exclusion

ANSWERS = [
    value
    for name, value in vars(respuestas).items()
    if name.startswith("Respuesta") and isinstance(value, type) and issubclass(value, BaseModel)
]


def nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema and every schema in it."""
    yield schema
    for value in schema.get("properties", {}).values():
        yield from nodes(value)
    if "items" in schema:
        yield from nodes(schema["items"])


def test_there_is_an_answer_for_every_stage() -> None:
    assert {answer.__name__ for answer in ANSWERS} == {
        "RespuestaTriaje",
        "RespuestaTraduccion",
        "RespuestaElementos",
        "RespuestaCitasYDatos",
        "RespuestaRelaciones",
    }


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_stages_schema_keeps_the_rules_of_strict_mode(answer: type[BaseModel]) -> None:
    schema = strict_schema(answer)
    Draft202012Validator.check_schema(schema)
    for node in nodes(schema):
        assert node.keys() <= {"type", "enum", "properties", "required", "additionalProperties", "items"}
        if node["type"] == "object":
            assert node["additionalProperties"] is False
            assert node["required"] == list(node["properties"])
    assert list(schema["properties"]) == list(answer.model_fields)


def example(annotation: Any, *, null: bool) -> Any:
    """Returns a value that the annotation allows. With `null` it is None, if None is allowed."""
    options = get_args(annotation)
    if type(None) in options:
        kind = next(option for option in options if option is not type(None))
        return None if null else example(kind, null=null)
    if getattr(annotation, "__origin__", None) is list:
        return [example(options[0], null=null)]
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return next(iter(annotation)).value
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {name: example(info.annotation, null=null) for name, info in annotation.model_fields.items()}
    return {int: 3, float: 2.5, str: "texto", bool: True}[annotation]


@pytest.mark.parametrize("null", [True, False])
@pytest.mark.parametrize("answer", ANSWERS)
def test_schema_and_model_take_the_same_answers(answer: type[BaseModel], null: bool) -> None:
    validator = Draft202012Validator(strict_schema(answer))
    value = example(answer, null=null)
    assert list(validator.iter_errors(value)) == []
    answer.model_validate(value)
    for name in value:
        missing = {key: other for key, other in value.items() if key != name}
        assert list(validator.iter_errors(missing)) != []
    assert list(validator.iter_errors({**value, "sobra": 1})) != []


def test_a_nullable_enumeration_has_null_among_its_values() -> None:
    schema = strict_schema(respuestas.RespuestaTriaje)
    assert schema["properties"]["exclusion"] == {
        "type": ["string", "null"],
        "enum": [*(member.value for member in Exclusion), None],
    }


class Documented(BaseModel):
    """Words that cost tokens in every request."""

    model_config = ConfigDict(extra="allow")

    name: str = Field(default="x", description="its name", title="N", min_length=1, pattern="^x")
    count: int | None = Field(default=None, ge=1, le=5)
    amount: float | str | None = None
    kind: Literal["a"] = "a"
    kinds: Literal["a", "b"] | None = None
    many: Annotated[list[int], Field(min_length=1, max_length=3)] | None = None


def test_defaults_bounds_and_documentation_are_left_out_and_all_is_required() -> None:
    with pytest.raises(ValueError, match="free keys"):
        strict_schema(Documented)

    class Closed(Documented):
        model_config = ConfigDict(extra="forbid")

    assert strict_schema(Closed) == {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "count": {"type": ["integer", "null"]},
            "amount": {"type": ["number", "string", "null"]},
            "kind": {"type": "string", "enum": ["a"]},
            "kinds": {"type": ["string", "null"], "enum": ["a", "b", None]},
            "many": {"type": ["array", "null"], "items": {"type": "integer"}},
        },
        "required": ["name", "count", "amount", "kind", "kinds", "many"],
        "additionalProperties": False,
    }


class Inner(Frozen):
    value: int


class Other(Frozen):
    value: str


class Node(Frozen):
    children: list["Node"]


def test_a_nullable_object_is_one_object() -> None:
    class Holder(Frozen):
        inner: Inner | None

    inner = strict_schema(Holder)["properties"]["inner"]
    assert inner["type"] == ["object", "null"]
    assert inner["required"] == ["value"]


def build(annotation: Any) -> type[BaseModel]:
    return type("Holder", (Frozen,), {"__annotations__": {"field": annotation}})


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (Inner | Other, "union of objects"),
        (Annotated[Inner | Other, Field()] | None, "union of objects"),
        (list[Inner | Other], "union of objects"),
        (Inner | str, "union of objects"),
        (Exclusion | int, "union of objects, lists or enumerations"),
        (dict[str, int], "free keys"),
        (dict[str, Any], "free keys"),
        (Any, "no type"),
        (list[Any], "no type"),
        (tuple[int, str], "prefixItems"),
        (Node, "holds itself"),
        (Decimal, None),
    ],
)
def test_what_strict_mode_cannot_say_is_refused_by_name(annotation: Any, words: str | None) -> None:
    model = build(annotation)
    if words is None:
        assert strict_schema(model)["properties"]["field"] == {"type": ["number", "string"]}
        return
    with pytest.raises(ValueError, match=words) as caught:
        strict_schema(model)
    assert "Holder.field" in str(caught.value)
