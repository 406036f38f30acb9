"""Elements of an agency's XML by their names. The namespace does not count: some agencies leave it out."""

from collections.abc import Iterator
from typing import Any

from newsroom.intake.html import local_name


def within(element: Any, *names: str) -> Iterator[Any]:
    """Yields the descendants of an element that bear one of `names` (in small letters), in their order."""
    wanted = set(names)
    for inner in element.iterdescendants():
        if local_name(inner) in wanted:
            yield inner


def first(element: Any, *names: str) -> Any:
    """Returns the first such descendant, None if there is none."""
    return next(within(element, *names), None)


def children(element: Any, name: str) -> list[Any]:
    """Returns the children of that name."""
    return [child for child in element if local_name(child) == name]


def words(element: Any) -> str:
    """Returns all words within an element on one line; empty for None."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def attribute(element: Any, name: str) -> str:
    """Returns an attribute; empty if the element has none, or there is no element."""
    return "" if element is None else (element.get(name) or "").strip()


def language_of(element: Any) -> str:
    """Returns the `xml:lang` that holds for an element: its own, or that of the nearest one around it."""
    while element is not None:
        if tag := element.get("{http://www.w3.org/XML/1998/namespace}lang"):
            return str(tag)
        element = element.getparent()
    return ""
