"""Stage `relations`: how hechos and entidades are related, and how much each hecho matters.

The model refers to elements only by the ids of earlier stages. A relation with an unknown id is dropped. The
hechos are asked about in windows of neighbours, so that no question outgrows a model's context. Therefore the
stage cannot find relations between hechos of different windows of a very long text.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

from newsroom.engines.base import Engine
from newsroom.models.articulo import fold_word
from newsroom.models.extraccion import (
    CitasYDatos,
    Contradiccion,
    Elementos,
    EntidadRelacion,
    Hecho,
    HechoEntidad,
    HechoRelacionado,
    Importancia,
    Relaciones,
)
from newsroom.models.item import Item
from newsroom.models.vocabulario import RelacionEntidades, RelacionHechos, TipoEntidad
from newsroom.stages.answers import Answer, clamp
from newsroom.stages.asking import RELATIONS, add_consumption, ask, build_material
from newsroom.stages.days import parse_days

WINDOW = 60
WINDOW_CHARS = 12_000
_BETWEEN_PEOPLE = {RelacionEntidades.CASADO_CON, RelacionEntidades.FAMILIAR_DE}
_OF_A_PERSON = {RelacionEntidades.EMPLEADO_DE}

T = TypeVar("T", bound=BaseModel)


def cut_windows(elementos: Elementos, size: int = WINDOW) -> list[Elementos]:
    """Returns the elements in windows: neighbouring hechos, with the entidades that they name.

    A window holds at most `size` hechos, with at most WINDOW_CHARS characters together; a single longer hecho
    is a window of its own. So one question fits a model's context, however long the text is.
    """
    if not elementos.hechos:
        return []
    spans = list(_window_spans([len(hecho.contenido) for hecho in elementos.hechos], size))
    if len(spans) == 1 and len(elementos.entidades) <= 2 * size:
        return [elementos]
    names = [
        (entidad, [fold_word(name) for name in (entidad.nombre, *entidad.alias)])
        for entidad in elementos.entidades
    ]
    windows = []
    for start, end in spans:
        hechos = elementos.hechos[start:end]
        words = fold_word(" ".join(hecho.contenido for hecho in hechos))
        entidades = tuple(entidad for entidad, forms in names if any(form in words for form in forms))
        windows.append(Elementos(hechos=hechos, entidades=entidades))
    return windows


def _window_spans(lengths: list[int], size: int) -> Iterator[tuple[int, int]]:
    start, used = 0, 0
    for place, length in enumerate(lengths):
        if place > start and (place - start == size or used + length > WINDOW_CHARS):
            yield start, place
            start, used = place, 0
        used += length
    yield start, len(lengths)


async def relate(
    engine: Engine, item: Item, idioma: str, elementos: Elementos, citas_y_datos: CitasYDatos
) -> Relaciones:
    """Returns the relations among `elementos` (one window) and the importance of each hecho."""
    shown = {hecho.id for hecho in elementos.hechos}
    nearby = CitasYDatos(
        citas_textuales=tuple(c for c in citas_y_datos.citas_textuales if c.hecho_id in shown),
        datos_cuantitativos=tuple(d for d in citas_y_datos.datos_cuantitativos if d.hecho_id in shown),
    )
    material = build_material(item, "", idioma, elementos, nearby)
    answer, consumo = await ask(engine, RELATIONS, material)
    return resolve_relaciones(answer, elementos).model_copy(update={"consumo": consumo})


def resolve_relaciones(answer: Answer, elementos: Elementos) -> Relaciones:
    """Returns the relations of an answer whose elements exist and whose dates and kinds allow them. Pure."""
    judge = _Judge(elementos, list(answer.problems))
    items = answer.items
    return Relaciones(
        hecho_entidad=judge.keep(items.get("hecho_entidad", []), judge.hecho_entidad, _key_hecho_entidad),
        hecho_relacionado=judge.keep(
            items.get("hecho_relacionado", []), judge.hecho_relacionado, _key_hecho_relacionado
        ),
        entidad_relacion=judge.keep(
            items.get("entidad_relacion", []), judge.entidad_relacion, _key_entidad_relacion
        ),
        contradicciones=judge.keep(items.get("contradicciones", []), judge.contradiccion, _key_contradiccion),
        importancias=judge.keep(items.get("importancias", []), judge.importancia, lambda i: i.hecho_id),
        advertencias=tuple(judge.dropped),
    )


def _key_hecho_entidad(relation: HechoEntidad) -> Hashable:
    return relation.hecho_id, relation.entidad_id, relation.tipo_relacion


def _key_hecho_relacionado(relation: HechoRelacionado) -> Hashable:
    return relation.hecho_origen_id, relation.hecho_destino_id, relation.tipo_relacion


def _key_entidad_relacion(relation: EntidadRelacion) -> Hashable:
    return relation.entidad_origen_id, relation.entidad_destino_id, relation.tipo_relacion


def _key_contradiccion(relation: Contradiccion) -> Hashable:
    return frozenset((relation.hecho_principal_id, relation.hecho_contradictorio_id)), relation.tipo


class _Judge:
    """Turns what a model said into relations between known elements. `dropped` says why the rest is not."""

    def __init__(self, elementos: Elementos, dropped: list[str]) -> None:
        self.dropped = dropped
        self._hechos = {hecho.id: hecho for hecho in elementos.hechos}
        self._entidades = {entidad.id: entidad for entidad in elementos.entidades}

    def keep(
        self, said: Sequence[Any], judge: Callable[[Any], T | str], key: Callable[[T], Hashable]
    ) -> tuple[T, ...]:
        kept: dict[Hashable, T] = {}
        for item in said:
            relation = judge(item)
            if isinstance(relation, str):
                self.dropped.append(relation)
            else:
                kept.setdefault(key(relation), relation)
        return tuple(kept.values())

    def _missing(self, what: str, hechos: Iterable[int] = (), entidades: Iterable[int] = ()) -> str | None:
        for number in hechos:
            if number not in self._hechos:
                return f"{what} con el hecho {number}, que no existe"
        for number in entidades:
            if number not in self._entidades:
                return f"{what} con la entidad {number}, que no existe"
        return None

    def hecho_entidad(self, said: Any) -> HechoEntidad | str:
        return self._missing("hecho_entidad", [said.hecho_id], [said.entidad_id]) or HechoEntidad(
            hecho_id=said.hecho_id,
            entidad_id=said.entidad_id,
            tipo_relacion=said.tipo_relacion,
            relevancia_en_hecho=clamp(said.relevancia_en_hecho, 1, 10) or 5,
        )

    def hecho_relacionado(self, said: Any) -> HechoRelacionado | str:
        pair = said.hecho_origen_id, said.hecho_destino_id
        if missing := self._missing("hecho_relacionado", pair):
            return missing
        if pair[0] == pair[1]:
            return f"hecho_relacionado del hecho {pair[0]} consigo mismo"
        if self._against_time(said.tipo_relacion, self._hechos[pair[0]], self._hechos[pair[1]]):
            kind = said.tipo_relacion.value
            return f"hecho_relacionado {pair[0]}-{pair[1]}: «{kind}» contra el orden de las fechas"
        return HechoRelacionado(
            hecho_origen_id=pair[0],
            hecho_destino_id=pair[1],
            tipo_relacion=said.tipo_relacion,
            fuerza_relacion=clamp(said.fuerza_relacion, 1, 10) or 5,
            descripcion_relacion=said.descripcion_relacion,
        )

    @staticmethod
    def _against_time(tipo: RelacionHechos, origin: Hecho, destination: Hecho) -> bool:
        if tipo is RelacionHechos.CAUSA:
            earlier, later = origin, destination
        elif tipo in (RelacionHechos.CONSECUENCIA, RelacionHechos.RESPUESTA_A, RelacionHechos.SEGUIMIENTO_DE):
            earlier, later = destination, origin
        else:
            return False
        begun, over = earlier.fecha.inicio, later.fecha.fin or later.fecha.inicio
        return begun is not None and over is not None and begun > over

    def entidad_relacion(self, said: Any) -> EntidadRelacion | str:
        pair = said.entidad_origen_id, said.entidad_destino_id
        if missing := self._missing("entidad_relacion", (), pair):
            return missing
        if pair[0] == pair[1]:
            return f"entidad_relacion de la entidad {pair[0]} consigo misma"
        kinds = [self._entidades[number].tipo for number in pair]
        people = [kind is TipoEntidad.PERSONA for kind in kinds]
        if (said.tipo_relacion in _BETWEEN_PEOPLE and not all(people)) or (
            said.tipo_relacion in _OF_A_PERSON and not people[0]
        ):
            return f"entidad_relacion «{said.tipo_relacion.value}» entre {kinds[0].value} y {kinds[1].value}"
        first, last = parse_days(said.fecha_inicio, said.fecha_fin)
        return EntidadRelacion(
            entidad_origen_id=pair[0],
            entidad_destino_id=pair[1],
            tipo_relacion=said.tipo_relacion,
            descripcion=said.descripcion,
            fecha_inicio=first,
            fecha_fin=last,
            fuerza_relacion=clamp(said.fuerza_relacion, 1, 10) or 5,
        )

    def contradiccion(self, said: Any) -> Contradiccion | str:
        pair = said.hecho_principal_id, said.hecho_contradictorio_id
        if missing := self._missing("contradicción", pair):
            return missing
        if pair[0] == pair[1]:
            return f"contradicción del hecho {pair[0]} consigo mismo"
        return Contradiccion(
            hecho_principal_id=pair[0],
            hecho_contradictorio_id=pair[1],
            tipo=said.tipo,
            grado=clamp(said.grado, 1, 5) or 3,
            descripcion=said.descripcion,
        )

    def importancia(self, said: Any) -> Importancia | str:
        return self._missing("importancia", [said.hecho_id]) or Importancia(
            hecho_id=said.hecho_id,
            importancia=clamp(said.importancia, 1, 10) or 5,
            motivos=said.motivos,
        )


def merge_relaciones(parts: Iterable[Relaciones]) -> Relaciones:
    """Returns the relations of all windows. A relation that two windows found is in it once."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]

    def united(name: str, key: Callable[[Any], Hashable]) -> tuple[Any, ...]:
        kept: dict[Hashable, Any] = {}
        for relation in (relation for part in parts for relation in getattr(part, name)):
            kept.setdefault(key(relation), relation)
        return tuple(kept.values())

    return Relaciones(
        hecho_entidad=united("hecho_entidad", _key_hecho_entidad),
        hecho_relacionado=united("hecho_relacionado", _key_hecho_relacionado),
        entidad_relacion=united("entidad_relacion", _key_entidad_relacion),
        contradicciones=united("contradicciones", _key_contradiccion),
        importancias=united("importancias", lambda i: i.hecho_id),
        consumo=add_consumption([part.consumo for part in parts]),
        advertencias=tuple(warning for part in parts for warning in part.advertencias),
    )
