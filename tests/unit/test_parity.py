"""docs/parity.md names tests that exist, and every one of the old service's defects."""

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


def test_every_defect_has_its_line() -> None:
    text = (PROJECT / "docs/parity.md").read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"^\| D-(\d\d) \|", text, re.MULTILINE)]
    assert numbers == list(range(1, 60))
