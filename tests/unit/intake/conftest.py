"""Reads bytes as a file of some name, as `noticias process` does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from newsroom.inputs import Problem
from newsroom.intake.articles import Shapes, read_articulos
from newsroom.models.articulo import Articulo


@dataclass
class Read:
    articulos: list[Articulo] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def articulo(self) -> Articulo:
        assert self.problems == []
        assert len(self.articulos) == 1
        return self.articulos[0]

    @property
    def problem(self) -> str:
        assert self.articulos == []
        assert len(self.problems) == 1
        return self.problems[0].message


Reader = Callable[..., Read]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    def read_file(name: str, body: bytes | str, shapes: Shapes | None = None) -> Read:
        path = tmp_path / name
        path.write_bytes(body.encode() if isinstance(body, str) else body)
        found = Read()
        for item in read_articulos([path], shapes):
            assert "\n" not in str(item) if isinstance(item, Problem) else True
            (found.problems if isinstance(item, Problem) else found.articulos).append(item)  # type: ignore[arg-type]
        return found

    return read_file
