"""The gold set: articles with what a careful reader finds in them. Each article is one YAML file.

A file is checked when it is read. Every `pasaje`, mention and `cita` must stand in the article's text. Every
reference by name or number must refer to something in the same file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from newsroom.errors import InvalidInput
from newsroom.grounding import SourceText, Span
from newsroom.models.articulo import Articulo
from newsroom.models.vocabulario import (
    Decision,
    RelacionEntidades,
    RelacionHechos,
    TipoArticulo,
    TipoEntidad,
    TipoHecho,
)


class _Annotation(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FechaEsperada(_Annotation):
    """The days between which a date must lie, both included. An open end is null."""

    inicio: date | None = None
    fin: date | None = None


class EntidadEsperada(_Annotation):
    """An entidad that a reader would want. `menciones` are its names as the text writes them."""

    nombre: str = Field(min_length=1)
    tipo: TipoEntidad
    menciones: tuple[str, ...] = Field(min_length=1)


class HechoEsperado(_Annotation):
    """A hecho, the words that prove it, and when it happens. `entidades` are names from this file."""

    contenido: str = Field(min_length=1)
    pasaje: str = Field(min_length=1)
    fecha: FechaEsperada | None = None
    tipo_hecho: TipoHecho
    entidades: tuple[str, ...] = ()

    @field_validator("fecha", mode="before")
    @classmethod
    def _one_day(cls, value: Any) -> Any:
        return {"inicio": value, "fin": value} if isinstance(value, date | str) else value


class CitaEsperada(_Annotation):
    """A verbatim quotation. `emisor` is null if the text does not say who speaks."""

    cita: str = Field(min_length=1)
    emisor: str | None = None


class DatoEsperado(_Annotation):
    """A figure. `hecho` is the position, from 1, of the hecho that it belongs to."""

    valor: Decimal
    unidad: str = Field(min_length=1)
    pasaje: str = Field(min_length=1)
    indicador: str = Field(min_length=1)
    hecho: int | None = None


class RelacionEntidadesEsperada(_Annotation):
    """What one entidad is to another. Both are given by name."""

    origen: str
    destino: str
    tipo: RelacionEntidades


class RelacionHechosEsperada(_Annotation):
    """What one hecho is to another. Both are given by position, from 1."""

    origen: int
    destino: int
    tipo: RelacionHechos


class RelacionesEsperadas(_Annotation):
    """The relations that the text states."""

    entidad_relacion: tuple[RelacionEntidadesEsperada, ...] = ()
    hecho_relacionado: tuple[RelacionHechosEsperada, ...] = ()


class Anotacion(_Annotation):
    """One gold file as it is written."""

    articulo: Articulo
    decision: tuple[Decision, ...] = Field(min_length=1)
    tipo_articulo: TipoArticulo
    entidades: tuple[EntidadEsperada, ...] = ()
    hechos: tuple[HechoEsperado, ...] = ()
    citas: tuple[CitaEsperada, ...] = ()
    datos: tuple[DatoEsperado, ...] = ()
    relaciones: RelacionesEsperadas = RelacionesEsperadas()


@dataclass(frozen=True)
class Gold:
    """A gold article. `nombre` is its file's name without the ending, `esperado` the file's content."""

    nombre: str
    esperado: Anotacion

    @property
    def texto(self) -> str:
        """The article's text. All offsets point into it."""
        return self.esperado.articulo.contenido_texto

    @cached_property
    def source(self) -> SourceText:
        """The text, indexed for searching."""
        return SourceText(self.texto)

    @property
    def is_wanted(self) -> bool:
        """Whether one of the accepted decisions keeps the article. Only then is its extraction scored."""
        return any(decision is not Decision.DESCARTAR for decision in self.esperado.decision)

    def locate(self, pasaje: str) -> Span:
        """Returns the first place of a checked passage or quotation.

        Raises:
            LookupError: the text does not have it, so it was never checked.
        """
        span = _find(self.source, pasaje)
        if span is None:
            raise LookupError(f"{self.nombre}: not in the text: {pasaje[:60]!r}")
        return span

    def locate_dato(self, dato: DatoEsperado) -> Span:
        """Returns the place of a figure's passage: the one within its hecho, if there is one."""
        if dato.hecho is not None:
            around = self.locate(self.esperado.hechos[dato.hecho - 1].pasaje)
            start = self.texto.find(dato.pasaje, around.offset_inicio, around.offset_fin)
            if start >= 0:
                return Span(start, start + len(dato.pasaje))
        return self.locate(dato.pasaje)


def _find(source: SourceText, words: str) -> Span | None:
    """Returns the place of the words, exactly as they are or else folded; None if they are not there.

    The exact search comes first because `find_quote` never finds words without a letter, such as a figure.
    """
    start = source.text.find(words)
    return Span(start, start + len(words)) if start >= 0 else source.find_quote(words)


def read_gold_set(folder: Path) -> list[Gold]:
    """Returns the gold articles of a folder, in the order of their files' names.

    Raises:
        InvalidInput: there is no such folder, it has no file, or a file is wrong. The message names the file
            and the field.
    """
    if not folder.is_dir():
        raise InvalidInput(
            f"{folder}: no such folder; --gold names a folder of gold articles (.yaml)", "gold"
        )
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise InvalidInput(f"{folder}: no .yaml file in this folder; --gold names a folder of them", "gold")
    golds = [read_gold(file) for file in files]
    seen: dict[str, str] = {}
    for gold in golds:
        other = seen.setdefault(gold.esperado.articulo.identidad, gold.nombre)
        if other != gold.nombre:
            raise InvalidInput(
                f"{folder}: {other} and {gold.nombre} are the same article; remove one of them", "articulo"
            )
    return golds


def read_gold(path: Path) -> Gold:
    """Returns one gold article.

    Raises:
        InvalidInput: the file is no YAML, lacks a field, or claims something that its text does not have.
    """
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        raise InvalidInput(f"{path}: not readable as YAML: {' '.join(str(exc).split())[:200]}") from exc
    if not isinstance(data, dict):
        raise InvalidInput(f"{path}: a gold article is a mapping with articulo, decision, entidades ...")
    try:
        gold = Gold(path.stem, Anotacion.model_validate(data))
    except ValidationError as exc:
        error = exc.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in error["loc"])
        raise InvalidInput(f"{path}: {place}: {error['msg']}", place) from exc
    for field, problem in _find_problems(gold):
        raise InvalidInput(f"{path}: {field}: {problem}", field)
    return gold


def _find_problems(gold: Gold) -> Iterator[tuple[str, str]]:
    for field, words in _claims(gold.esperado):
        if _find(gold.source, words) is None:
            yield field, f"does not stand in the text: {words[:80]!r}"
    yield from _find_loose_ends(gold.esperado)


def _claims(esperado: Anotacion) -> Iterator[tuple[str, str]]:
    for i, entidad in enumerate(esperado.entidades):
        yield from ((f"entidades.{i}.menciones", mention) for mention in entidad.menciones)
    yield from ((f"hechos.{i}.pasaje", hecho.pasaje) for i, hecho in enumerate(esperado.hechos))
    yield from ((f"citas.{i}.cita", cita.cita) for i, cita in enumerate(esperado.citas))
    yield from ((f"datos.{i}.pasaje", dato.pasaje) for i, dato in enumerate(esperado.datos))


def _find_loose_ends(esperado: Anotacion) -> Iterator[tuple[str, str]]:
    """Yields the references to entidades and hechos that the file does not have."""
    names = {entidad.nombre for entidad in esperado.entidades}
    named = [
        *((f"hechos.{i}.entidades", name) for i, h in enumerate(esperado.hechos) for name in h.entidades),
        *((f"citas.{i}.emisor", c.emisor) for i, c in enumerate(esperado.citas) if c.emisor is not None),
    ]
    for i, relation in enumerate(esperado.relaciones.entidad_relacion):
        named += [(f"relaciones.entidad_relacion.{i}", name) for name in (relation.origen, relation.destino)]
    for field, name in named:
        if name not in names:
            yield field, f"no entidad of this file is called {name!r}"
    numbered = [(f"datos.{i}.hecho", d.hecho) for i, d in enumerate(esperado.datos) if d.hecho is not None]
    for i, link in enumerate(esperado.relaciones.hecho_relacionado):
        numbered += [(f"relaciones.hecho_relacionado.{i}", end) for end in (link.origen, link.destino)]
    for field, number in numbered:
        if not 1 <= number <= len(esperado.hechos):
            yield field, f"there is no hecho {number}; this file has {len(esperado.hechos)}"
