"""What the pages name exists: paths, links, commands and their options, make targets, settings, headings."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from newsroom.settings import Settings
from noticias.cli import app

PROJECT = Path(__file__).parents[2]
PAGES = sorted(
    str(path.relative_to(PROJECT))
    for path in [
        PROJECT / "README.md",
        PROJECT / "deployments/README.md",
        PROJECT / "examples/README.md",
        *(PROJECT / "docs").glob("*.md"),
    ]
)
TOP_LEVEL = r"noticias|flows|tasks|runs|newsroom|deployments|tests|docs|examples|\.ci"
# A place for a name that the reader chooses.
PATTERNS = {"newsroom/prompts/NAME.v1.jinja"}
# A setting that Prefect reads itself.
PREFECTS_OWN = {"PREFECT_API_KEY"}

_FENCED = re.compile(r"^```.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`]+)`")
_PATH = re.compile(rf"(?<![\w./$-])((?:{TOP_LEVEL})/[\w./*-]*)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"(?:^|[;&(]\s*|\.venv/bin/)noticias ([a-z][\w-]*)([^;]*)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")
_SETTING = re.compile(r"\b(?:NOTICIAS|GROQ|SUPABASE)_[A-Z_]+\b")
_CITED = re.compile(r'docs/design\.md, "([^"]+)"')


@cache
def read(page: str) -> str:
    return (PROJECT / page).read_text(encoding="utf-8")


def code_lines(page: str) -> Iterator[str]:
    """Yields each line of the fenced blocks, and each code span on one line."""
    for block in _FENCED.findall(read(page)):
        yield from block.splitlines()
    for span in _SPAN.findall(_FENCED.sub("", read(page))):
        yield " ".join(span.split())


def anchors(text: str) -> set[str]:
    """Returns the names by which GitHub's pages link to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands() -> dict[str, set[str]]:
    """Returns the options of each command of `noticias`."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    return {
        name: {option for parameter in command.params for option in parameter.opts}
        for name, command in group.commands.items()
    }


def variables() -> set[str]:
    """Returns the environment variables from which the settings are read."""
    names = set()
    for field in Settings.model_fields.values():
        alias = field.validation_alias
        names |= {alias} if isinstance(alias, str) else {str(name) for name in getattr(alias, "choices", ())}
    return names


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_exists(page: str) -> None:
    named = {path.rstrip(".") for path in _PATH.findall(read(page))} - PATTERNS
    missing = [path for path in sorted(named) if not any(PROJECT.glob(path.rstrip("/")))]
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file_and_a_heading(page: str) -> None:
    broken = []
    for target in _LINK.findall(_FENCED.sub("", read(page))):
        if target.startswith("http"):
            continue
        path, _, heading = target.partition("#")
        file = (PROJECT / page).parent / path if path else PROJECT / page
        if not file.exists() or (heading and heading not in anchors(file.read_text(encoding="utf-8"))):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_that_a_page_names_exists(page: str) -> None:
    known = commands()
    wrong = []
    for line in code_lines(page):
        for command, rest in _COMMAND.findall(line):
            if command not in known:
                wrong.append(f"noticias {command}")
            else:
                wrong += [f"{command} {name}" for name in _OPTION.findall(rest) if name not in known[command]]
        # An option named by itself, as in a table.
        if line.startswith("--") and not any(line.split()[0] in options for options in known.values()):
            wrong.append(line)
    assert wrong == []


def test_the_pages_name_every_command() -> None:
    named = {command for line in code_lines("README.md") for command, _ in _COMMAND.findall(line)}
    assert set(commands()) - named == set()


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_and_module_that_a_page_names_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))
    wrong = []
    for line in code_lines(page):
        wrong += [name for name in re.findall(r"(?:^|[;&]\s*)make ([a-z]+)", line) if name not in targets]
        for module in re.findall(rf"python -m ((?:{TOP_LEVEL})[\w.]+)", line):
            path = PROJECT / module.replace(".", "/")
            if not (path / "__main__.py").is_file() and not path.with_suffix(".py").is_file():
                wrong.append(module)
    assert wrong == []


@pytest.mark.parametrize("page", [*PAGES, ".env.example"])
def test_every_setting_that_a_page_names_exists(page: str) -> None:
    assert set(_SETTING.findall(read(page))) - variables() == set()


def test_the_readme_and_the_example_name_every_setting() -> None:
    assert "NOTICIAS_HOME" in variables()
    first_cells = re.findall(r"^\| (`[^|]*) \|", read("README.md"), re.MULTILINE)
    in_table = set(re.findall(r"`([A-Z]+_[A-Z_]+)`", " ".join(first_cells)))
    in_example = set(re.findall(r"^#?([A-Z_]+)=", read(".env.example"), re.MULTILINE))
    assert in_table == in_example == variables() | PREFECTS_OWN


def test_the_readme_names_every_top_level_folder() -> None:
    table = read("README.md").partition("## Where things are")[2].partition("## Terms")[0]
    named = set(re.findall(r"^\| `(\w+)/`", table, re.MULTILINE))
    wheel = tomllib.loads(read("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert named == {*wheel["packages"], "tests", "docs", "examples"}


def test_every_name_of_a_module_that_a_docstring_points_to_exists() -> None:
    pointers, wrong = 0, []
    for path in (PROJECT / "newsroom").rglob("*.py"):
        for module, name in re.findall(r"see `(\w+)\.(\w+)`", path.read_text(encoding="utf-8")):
            pointers += 1
            target = path.with_name(f"{module}.py")
            words = target.read_text(encoding="utf-8") if target.is_file() else ""
            if not re.search(rf"^(?:(?:async )?def |class )?{name}\b", words, re.MULTILINE):
                wrong.append(f"{path.name}: {module}.{name}")
    assert pointers
    assert wrong == []


def test_every_heading_of_the_design_that_the_code_cites_exists() -> None:
    headings = set(re.findall(r"^## (.+)$", read("docs/design.md"), re.MULTILINE))
    cited: set[str] = set()
    for folder in ("noticias", "flows", "tasks", "runs", "newsroom", "tests", "deployments"):
        for suffix in ("*.py", "*.sql"):
            for path in (PROJECT / folder).rglob(suffix):
                if path != Path(__file__):
                    cited |= set(_CITED.findall(" ".join(path.read_text(encoding="utf-8").split())))
    cited |= set(_CITED.findall(read("pyproject.toml")))
    assert cited
    assert cited - headings == set()
