"""Reads a model's answer leniently: what is certain is repaired, and the rest is judged item by item.

Repaired: a code fence, a trailing comma, an enumerated value in another case or accent, a number or a
boolean as a string, an empty string for null, one value for a list of one, a date such as 14/05/2024,
a score outside its scale. One bad item never costs the items beside it.
"""

import types
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from newsroom.engines.base import Completion
from newsroom.errors import MalformedOutput
from newsroom.json_reading import find_object
from newsroom.models.articulo import fold_word
from newsroom.models.respuestas import FechaRespuesta

_TRUE = {"true", "si", "1", "verdadero"}
_FALSE = {"false", "no", "0", "falso"}


@dataclass
class Answer:
    """The valid items of an answer, by the name of their list, and what was wrong with the others.

    A list that the answer does not have is not in `items`. An answer without any list is no answer.
    """

    single: BaseModel | None = None
    items: dict[str, list[Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_answer(model: type[BaseModel], completion: Completion) -> Answer:
    """Returns the valid items of a completion. Items that its correction repaired are among them.

    Raises:
        MalformedOutput: the answer is no JSON object, or a part is missing without which it is useless.
    """
    answer = _judge(model, find_object(completion.text))
    if completion.correction is not None:
        try:
            corrected = _judge(model, find_object(completion.correction))
        except MalformedOutput:
            corrected = Answer()
        _merge(answer, corrected)
    if answer.single is None and not answer.items:
        raise MalformedOutput(
            f"la respuesta no vale: {'; '.join(answer.problems)[:300]}",
            tuple(answer.problems),
            completion.text,
        )
    return answer


def find_problems(model: type[BaseModel], text: str) -> tuple[str, ...]:
    """Returns what is wrong with an answer, one line for each problem, worded for the model that gave it."""
    try:
        return tuple(_judge(model, find_object(text)).problems)
    except MalformedOutput as exc:
        return exc.problems


def _judge(model: type[BaseModel], data: dict[str, Any]) -> Answer:
    lists = _list_fields(model)
    answer = Answer()
    if not lists:
        item, problem = coerce(model, data)
        answer.single = item
        answer.problems.extend([problem] if problem else [])
        return answer
    for name, item_model in lists.items():
        if name not in data:
            answer.problems.append(f"{name}: falta la lista")
            continue
        raw_items = [] if data[name] is None else data[name]
        if not isinstance(raw_items, list):
            answer.problems.append(f"{name}: debe ser una lista")
            continue
        answer.items[name] = []
        for position, raw in enumerate(raw_items, start=1):
            item, problem = coerce(item_model, raw)
            if item is not None:
                answer.items[name].append(item)
            else:
                answer.problems.append(f"{name}, {_label(raw, position)}: {problem}")
    return answer


def _label(raw: Any, position: int) -> str:
    if isinstance(raw, dict) and isinstance(raw.get("id"), int | str):
        return f"id {str(raw['id'])[:20]}"
    return f"elemento {position}"


def _merge(answer: Answer, corrected: Answer) -> None:
    """Adds the items that the correction repaired, and removes their problems: only a loss is a warning."""
    if answer.single is None and corrected.single is not None:
        answer.single, answer.problems = corrected.single, []
    for name, items in corrected.items.items():
        if name not in answer.items:
            answer.problems = [p for p in answer.problems if not p.startswith(f"{name}: ")]
        known = answer.items.setdefault(name, [])
        taken = {item.id for item in known if hasattr(item, "id")}
        for item in items:
            if getattr(item, "id", None) not in taken and item not in known:
                known.append(item)
                _strike(answer.problems, name, item)


def _strike(problems: list[str], name: str, item: Any) -> None:
    # Relations have no ids. The correction gives them in the order in which they were refused.
    label = f"{name}, id {item.id}: " if hasattr(item, "id") else f"{name}, elemento "
    mended = next((problem for problem in problems if problem.startswith(label)), None)
    if mended is not None:
        problems.remove(mended)


def _list_fields(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    lists: dict[str, type[BaseModel]] = {}
    for name, info in model.model_fields.items():
        if get_origin(info.annotation) is list:
            (inner,) = get_args(info.annotation)
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                lists[name] = inner
    return lists


def coerce(model: type[BaseModel], raw: Any) -> tuple[Any, str]:
    """Returns the item as `model` and "", or None and what is wrong with it."""
    if not isinstance(raw, dict):
        return None, "debe ser un objeto"
    values: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        values[name] = _repair(info.annotation, raw.get(name))
    try:
        return model.model_validate(values), ""
    except ValidationError as exc:
        error = exc.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in error["loc"])
        return None, f"{place}: {_explain(model, error, values)}"


def _explain(model: type[BaseModel], error: Any, values: dict[str, Any]) -> str:
    name = str(error["loc"][0]) if error["loc"] else ""
    value = values.get(name)
    if value is None:
        return "falta"
    enum = _enum_of(model.model_fields[name].annotation) if name in model.model_fields else None
    if enum is not None:
        return f"«{str(value)[:40]}» no está en la lista ({', '.join(enum)})"
    return str(error["msg"])[:120]


def _options(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, types.UnionType):
        return get_args(annotation)
    return (annotation,)


def _enum_of(annotation: Any) -> type[StrEnum] | None:
    for option in _options(annotation):
        if isinstance(option, type) and issubclass(option, StrEnum):
            return option
    return None


def _repair(annotation: Any, value: Any) -> Any:
    options = _options(annotation)
    nullable = type(None) in options
    if isinstance(value, str):
        value = value.strip()
        if nullable and fold_word(value) in ("", "null", "none", "n/a"):
            return None
    kind = next(option for option in options if option is not type(None))
    return _repair_kind(kind, value)


def _repair_kind(kind: Any, value: Any) -> Any:
    if get_origin(kind) is list:
        return _repair_list(value)
    if kind is FechaRespuesta:
        return _repair_dates(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum) and isinstance(value, str):
        folded = fold_word(value).replace(" ", "_")
        return next((member for member in kind if fold_word(member.value) == folded), value)
    if kind is bool:
        return _repair_bool(value)
    if kind in (int, float):
        return _repair_number(kind, value)
    return value


def _repair_list(value: Any) -> Any:
    if value is None or value == "":
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [item for item in value if item is not None and item != ""]
    return value


def _repair_dates(value: Any) -> Any:
    if value is None:
        return {"inicio": None, "fin": None}
    if isinstance(value, str):
        return {"inicio": value or None, "fin": value or None}
    if isinstance(value, dict):
        return {edge: value.get(edge) or None for edge in ("inicio", "fin")}
    return value


def _repair_bool(value: Any) -> Any:
    if value is None:
        return False
    word = fold_word(str(value))
    return True if word in _TRUE else False if word in _FALSE else value


def _repair_number(kind: type, value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = float(value.replace(" ", "").replace(",", ".")) if kind is float else int(value)
        except ValueError:
            return value
    if kind is int and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def clamp(value: int | None, low: int, high: int) -> int | None:
    """Returns `value`, moved into `low..high` if it lies outside; None stays None."""
    return None if value is None else min(max(value, low), high)
