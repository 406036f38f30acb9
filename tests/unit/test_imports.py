"""No file of the program imports itself by way of others, be it inside a function."""

from graphlib import CycleError, TopologicalSorter

import grimp
import pytest

FLOORS = ("noticias", "flows", "tasks", "runs", "newsroom")


def find_cycle(imports: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as exc:
        cycle: list[str] = exc.args[1]
        return cycle
    return []


def test_there_is_no_import_cycle() -> None:
    # Imports for type checkers alone run no code.
    graph = grimp.build_graph(*FLOORS, cache_dir=None, exclude_type_checking_imports=True)
    imports = {name: set(graph.find_modules_directly_imported_by(name)) for name in graph.modules}
    assert "newsroom.tokens" in imports["newsroom.lexicon.tables"]
    cycle = find_cycle(imports)
    assert not cycle, " -> ".join(reversed(cycle))


@pytest.mark.parametrize(
    ("imports", "cycle"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, set()),
        ({"a": {"b"}, "b": {"a"}}, {"a", "b"}),
        ({"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": {"b"}}, {"b", "c", "d"}),
    ],
)
def test_a_cycle_is_found(imports: dict[str, set[str]], cycle: set[str]) -> None:
    assert set(find_cycle(imports)) == cycle
