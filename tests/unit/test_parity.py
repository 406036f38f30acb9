"""docs/parity.md and docs/reliability.md name only what exists, and every defect of the old service."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PAGES = ("docs/parity.md",)


@pytest.mark.parametrize("page", PAGES)
def test_every_test_that_a_page_names_exists(page: str) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    named = re.findall(r"(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)", text)
    assert named
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (PROJECT / path).is_file()
        or f"def {name}(" not in (PROJECT / path).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_what_proves_the_failure_model_exists() -> None:
    text = (PROJECT / "docs/reliability.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_[a-z0-9_]+)`", text))
    files = set(re.findall(r"`((?:tests|tasks)/[a-z_/]+\.py)`", text))
    defined = {
        name
        for path in (PROJECT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_[a-z0-9_]+)\(", path.read_text(encoding="utf-8"))
    }
    assert len(named) > 20
    assert named - defined == set()
    assert [path for path in files if not (PROJECT / path).is_file()] == []


def test_every_defect_has_its_line() -> None:
    text = (PROJECT / "docs/parity.md").read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"^\| D-(\d\d) \|", text, re.MULTILINE)]
    assert numbers == list(range(1, 60))
