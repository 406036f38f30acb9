"""Finds values in a record by a path.

title.rendered                    the key `rendered` of the object under `title`
authors[].name                    the names of all authors, as a list
items[0].url                      the first item's address
headlines[role=main].value        the values of the headlines whose `role` is `main`, as a list
@graph[articleBody]               the objects of the list that say something under `articleBody`
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from newsroom.intake.values import says_nothing

_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]*)\]")


def find(record: Any, path: str) -> Any:
    """Returns the value at `path`, None if there is none. A path through the items of a list gives a list.

    A key that is written with dots itself (`og.title`) is found as it is written.
    """
    if isinstance(record, Mapping) and path in record:
        return record[path]
    steps = _steps(path)
    return _follow(record, steps) if steps else None


def top_key(path: str) -> str:
    """Returns the first key of a path."""
    return next(iter(_steps(path)), path)


def depth(path: str) -> int:
    """Returns how many keys a path goes through: 2 for `title.rendered`."""
    return len(_steps(path))


def _steps(path: str) -> list[str]:
    """Returns the keys of a path; what stood between brackets begins with `[`."""
    return [key or f"[{inside}" for key, inside in _STEP.findall(path)]


def _follow(value: Any, steps: list[str]) -> Any:
    for position, step in enumerate(steps):
        inside = step[1:]
        if not step.startswith("["):
            value = value.get(step) if isinstance(value, Mapping) else None
        elif inside.isdecimal():
            at = int(inside)
            value = value[at] if isinstance(value, list) and at < len(value) else None
        else:
            inner = (_follow(item, steps[position + 1 :]) for item in _choose(value, inside))
            return [item for item in inner if item is not None]
        if value is None:
            return None
    return value


def _choose(value: Any, condition: str) -> Iterator[Any]:
    """Yields the items of a list that a condition allows: none, a key that is filled, or a key's value."""
    key, sign, wanted = condition.partition("=")
    for item in value if isinstance(value, list) else [] if value is None else [value]:
        if not key:
            yield item
        elif isinstance(item, Mapping):
            found = item.get(key)
            if str(found).casefold() == wanted.casefold() if sign else not says_nothing(found):
                yield item
