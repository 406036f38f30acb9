"""What would be read of a file, without storing it: shape, items, and where each field comes from."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from newsroom.inputs import Problem
from newsroom.intake.articles import Draft, Shapes, read_drafts
from newsroom.models.articulo import Articulo

SHOWN = 2
"""How many articles are shown whole."""

FIELDS = (
    "titular", "fecha_publicacion", "medio", "pais_publicacion", "tipo_medio", "url", "autor", "idioma",
    "seccion", "etiquetas_fuente", "fecha_recopilacion", "contenido_texto",
)  # fmt: skip
"""The fields that are counted, in the order in which they are shown."""


@dataclass
class Inspection:
    """What a file holds.

    `said` and `derived` count, for each field, the articles in which the source says it and those in which it
    follows from the rest. In all others it is missing.
    """

    file: str
    shapes: Counter[str] = field(default_factory=Counter)
    articulos: int = 0
    said: Counter[str] = field(default_factory=Counter)
    derived: Counter[str] = field(default_factory=Counter)
    first: list[Articulo] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def missing(self, name: str) -> int:
        """Returns in how many articles a field is null."""
        return self.articulos - self.said[name] - self.derived[name]


def inspect_file(path: Path, shapes: Shapes) -> Inspection:
    """Returns what the file at `path` holds. Nothing is stored, and no engine is asked."""
    found = Inspection(str(path))
    for draft in read_drafts(path, shapes):
        item = draft.build() if isinstance(draft, Draft) else draft
        if isinstance(item, Problem):
            found.problems.append(item)
        elif isinstance(draft, Draft):
            _count(item, draft.shape, found)
    return found


def _count(articulo: Articulo, shape: str, found: Inspection) -> None:
    found.shapes[shape] += 1
    found.articulos += 1
    for name in FIELDS:
        if name in articulo.derivado:
            found.derived[name] += 1
        elif getattr(articulo, name) not in (None, [], ""):
            found.said[name] += 1
    if len(found.first) < SHOWN:
        found.first.append(articulo)
