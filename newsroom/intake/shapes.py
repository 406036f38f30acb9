"""Which tool wrote a record, and which key is which field of an `Articulo`: tables, one YAML a shape.

The tables lie in `shapes/`. An editor's own lie in `NOTICIAS_HOME/shapes`, or `--shape FILE.yaml` names one.
`docs/intake.md` says what stands in one.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from newsroom.errors import InvalidInput
from newsroom.intake.paths import depth, find
from newsroom.intake.values import fold, says_nothing

FOLDER = Path(__file__).parent / "shapes"
Reading = Literal[
    "text", "html", "parts", "line", "first", "names", "words", "outlet", "address", "country", "language",
    "flag", "date", "as_is",
]  # fmt: skip

READINGS: dict[str, Reading] = {
    "contenido_texto": "text",
    "contenido_html": "text",
    "titular": "line",
    "medio": "outlet",
    "pais_publicacion": "country",
    "tipo_medio": "line",
    "url": "address",
    "medio_url_principal": "line",
    "seccion": "line",
    "fuente": "line",
    "storage_path": "line",
    "autor": "names",
    "etiquetas_fuente": "words",
    "idioma": "language",
    "es_opinion": "flag",
    "es_oficial": "flag",
    "fecha_publicacion": "date",
    "fecha_recopilacion": "date",
    "metadata": "as_is",
}
"""The fields of an `Articulo`, and how a value of each is read unless a table says otherwise."""


class Source(BaseModel):
    """Where a field's value stands: the first path that holds something, and how it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paths: tuple[str, ...] = Field(alias="from", min_length=1)
    reading: Reading | None = Field(default=None, alias="as")

    @field_validator("paths", mode="before")
    @classmethod
    def _one_or_many(cls, paths: Any) -> Any:
        return (paths,) if isinstance(paths, str) else paths


class Shape(BaseModel):
    """How one tool writes an article.

    A record has this shape if it has all keys of one of the lists in `recognised_by`, and a value under at
    least one of them. Of several shapes that fit, the one with the longest list is taken.

    `items` is the path to the list of records where they come in an envelope (JSON Feed), and `envelope` are
    the fields that the envelope says for all of them. A record without that list is itself one of the items.
    `listed_under` is the field that the key of a list says: Fundus puts the articles of an outlet under its
    name. What no field takes goes to `metadata`, except the keys in `leave_out`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    says: str
    recognised_by: tuple[tuple[str, ...], ...]
    items: str | None = None
    envelope: dict[str, Source] = {}
    listed_under: str | None = None
    fields: dict[str, Source]
    constants: dict[str, Any] = {}
    leave_out: tuple[str, ...] = ()

    @field_validator("fields", "envelope", mode="before")
    @classmethod
    def _short_forms(cls, fields: Any) -> Any:
        if not isinstance(fields, dict):
            return fields
        unknown = [name for name in fields if name not in READINGS]
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: no field of an article; there are {', '.join(READINGS)}")
        return {
            name: {"from": source} if isinstance(source, str | list) else source
            for name, source in fields.items()
        }

    def fits(self, record: Mapping[str, Any]) -> int:
        """Returns how many keys prove that `record` has this shape; 0 if it has not.

        `title.rendered` counts as two, because it proves more than `title`.
        """
        proofs = (keys for keys in self.recognised_by if _has(record, keys))
        return max((sum(map(depth, keys)) for keys in proofs), default=0)

    def with_fields(self, fields: Mapping[str, str]) -> "Shape":
        """Returns the shape with these paths (field -> path) before its own for the same fields.

        Raises:
            InvalidInput: there is no such field.
        """
        for name in fields:
            if name not in READINGS:
                raise InvalidInput(
                    f"--map {name}: no field of an article; say one of {', '.join(READINGS)}", name
                )
        given = {name: self._with_path(name, path) for name, path in fields.items()}
        return self.model_copy(update={"fields": {**self.fields, **given}})

    def _with_path(self, name: str, path: str) -> Source:
        own = self.fields.get(name)
        # Nobody says with --map whether a text is HTML; plain text is read as it stands either way.
        reading = own.reading if own is not None else "html" if name == "contenido_texto" else None
        paths = (path, *(own.paths if own is not None else ()))
        return Source.model_validate({"from": paths, "as": reading})


@cache
def shipped_shapes() -> tuple[Shape, ...]:
    """Returns the shapes of the tables that come with this program."""
    return tuple(read_shape(path) for path in sorted(FOLDER.glob("*.yaml")))


def shipped_shape(name: str) -> Shape:
    """Returns the shape of that name which comes with this program."""
    return next(shape for shape in shipped_shapes() if shape.name == name)


def read_shape(path: Path) -> Shape:
    """Returns the shape of one table.

    Raises:
        InvalidInput: the file cannot be read, or is no table of a shape; in one line.
    """
    try:
        return Shape.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except OSError as exc:
        raise InvalidInput(f"{path}: cannot be read: {exc.strerror}", "shape") from exc
    except yaml.YAMLError as exc:
        raise InvalidInput(f"{path}: not YAML: {' '.join(str(exc).split())[:200]}", "shape") from exc
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{path}: {where}: {first['msg'].removeprefix('Value error, ')}", "shape") from exc


def _has(record: Mapping[str, Any], keys: tuple[str, ...]) -> bool:
    # A key with null under it proves as much of the tool that wrote it. But one must say something.
    found = [find(record, key) for key in keys]
    return all(
        value is not None or key in record for key, value in zip(keys, found, strict=True)
    ) and not all(says_nothing(value) for value in found)


def recognise(record: Mapping[str, Any], shapes: Iterable[Shape]) -> Shape | None:
    """Returns the shape that the record's keys prove best; None if none does."""
    fitting = [(shape.fits(record), shape) for shape in shapes]
    best = max(fitting, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] else None


def filled_keys(record: Mapping[str, Any]) -> list[str]:
    """Returns the keys under which the record says something."""
    return [str(key) for key, value in record.items() if not says_nothing(value)]


def fold_keys(record: Mapping[str, Any], keep: Iterable[str] = ()) -> dict[str, Any]:
    """Returns a record with its keys in small letters without accents: `fecha_de_publicacion`.

    The keys in `keep` stay as they are written, and of two that become the same the first counts.
    """
    kept = set(keep)
    folded: dict[str, Any] = {}
    for key, value in record.items():
        name = key if key in kept else re.sub(r"[\s.-]+", "_", fold(str(key)))
        folded.setdefault(name, value)
    return folded
