"""Finds lasting ties between entidades: «X, presidente de Y», «filial de Y», «esposa de Z»."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from newsroom.engines.local.appositions import find_appositions, is_medium, tie_to
from newsroom.engines.local.told import Told
from newsroom.language.lists import groups, lowered
from newsroom.models.extraccion import Elementos, Entidad
from newsroom.models.respuestas import EntidadRelacionRespuesta
from newsroom.models.vocabulario import RelacionEntidades, TipoEntidad
from newsroom.tokens import strip_accents

_BODIES = (TipoEntidad.ORGANIZACION, TipoEntidad.INSTITUCION)
_GAP_TOKENS = 7
_MODIFIERS = 3
_PORTFOLIO_HEADS = ("ministerio", "secretaria", "viceministerio")
_BETWEEN_PEOPLE = (RelacionEntidades.CASADO_CON, RelacionEntidades.FAMILIAR_DE)


@cache
def _phrases() -> list[tuple[tuple[str, ...], RelacionEntidades]]:
    pairs = [
        (tuple(strip_accents(phrase).split()), RelacionEntidades(kind))
        for kind, phrases in groups("relaciones", "vinculos").items()
        for phrase in phrases
    ]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def find_links(told: Sequence[Told], elementos: Elementos) -> list[EntidadRelacionRespuesta]:
    """Returns the ties that hechos or descriptions state, each once. It leaves out doubtful ones."""
    found: dict[tuple[int, int, RelacionEntidades], EntidadRelacionRespuesta] = {}
    apposed = (_link(one, other, kind, words) for one, other, kind, words in find_appositions(told))
    for link in (*_in_hechos(told), *_in_descriptions(elementos), *apposed):
        if link.entidad_origen_id != link.entidad_destino_id:
            found.setdefault((link.entidad_origen_id, link.entidad_destino_id, link.tipo_relacion), link)
    return list(found.values())


def _in_hechos(told: Sequence[Told]) -> Iterable[EntidadRelacionRespuesta]:
    for tale in told:
        for (_, end, one), (start, stop, other) in zip(tale.named, tale.named[1:], strict=False):
            if not 0 < start - end <= _GAP_TOKENS:
                continue
            between = tuple(tale.tokens.loose[end:start])
            kind = _stated(between)
            if kind is not None and _fits(kind, one, other):
                text = tale.tokens.text[tale.tokens.starts[end] : tale.tokens.ends[stop - 1]].strip(" ,(")
                yield _link(one, other, kind, text)


def _stated(between: tuple[str, ...]) -> RelacionEntidades | None:
    """Returns the tie that the words between two names state. They must be little more than its phrase."""
    words = tuple(
        word for word in between if word not in (",", "(", "el", "la", "los", "las", "actual", "ex")
    )
    for phrase, kind in _phrases():
        spare = _MODIFIERS if kind in _BETWEEN_PEOPLE else 1
        if words[: len(phrase)] == phrase and len(words) - len(phrase) <= spare:
            return kind
        # «hijo del» counts as «hijo de».
        if phrase[-1] == "de" and words[: len(phrase)] == (*phrase[:-1], "del"):
            return kind if len(words) - len(phrase) < spare + 1 else None
    return None


def _fits(kind: RelacionEntidades, one: Entidad, other: Entidad) -> bool:
    people = (one.tipo is TipoEntidad.PERSONA, other.tipo is TipoEntidad.PERSONA)
    if kind in _BETWEEN_PEOPLE:
        return all(people)
    if kind is RelacionEntidades.SUBSIDIARIA_DE:
        return one.tipo in _BODIES and other.tipo in _BODIES
    if kind is RelacionEntidades.MIEMBRO_DE:
        return people[0] and other.tipo in _BODIES
    actors = (TipoEntidad.PERSONA, *_BODIES)
    return one.tipo in actors and other.tipo in actors


def _in_descriptions(elementos: Elementos) -> Iterable[EntidadRelacionRespuesta]:
    """Yields the tie of a person to the body in their description, such as «presidente de la CGT»."""
    bodies = [
        (f" {strip_accents(form)} ", entidad)
        for entidad in elementos.entidades
        if entidad.tipo in _BODIES
        for form in (entidad.nombre, *entidad.alias)
    ]
    bodies.sort(key=lambda pair: -len(pair[0]))
    for person in elementos.entidades:
        if person.tipo is not TipoEntidad.PERSONA or not person.descripcion:
            continue
        text = f" {strip_accents(person.descripcion)} "
        body = next((entidad for form, entidad in bodies if form in text), None) or _portfolio(text, bodies)
        kind = _office_tie(person.descripcion) or _side_tie(person.descripcion, body)
        if body is not None and kind is not None:
            yield _link(person, body, kind, person.descripcion)


def _side_tie(descripcion: str, body: Entidad | None) -> RelacionEntidades | None:
    """Returns the tie that «(PRN)» or «de la consultora Sur» at the end of a description states."""
    if body is None or is_medium(body) or descripcion.lower().startswith("ex"):
        return None
    if descripcion.endswith(")"):
        return RelacionEntidades.MIEMBRO_DE if body.tipo is TipoEntidad.ORGANIZACION else None
    tail = re.search(r"(?:^| )(?:del?)(?: la| el| los| las)? ([A-ZÁÉÍÓÚÑ].*)$", descripcion)
    if tail is None or strip_accents(tail[1]) not in {strip_accents(n) for n in (body.nombre, *body.alias)}:
        return None
    return tie_to(set(descripcion.lower().split()[:1]), body)


def _portfolio(text: str, bodies: Sequence[tuple[str, Entidad]]) -> Entidad | None:
    """Returns the Ministerio de Salud for a «ministra de Salud», if the text names it."""
    words = text.split()
    field = " ".join(words[2:]) if len(words) > 2 and words[0].startswith(("ministr", "secretari")) else ""
    names = {f" {head} {words[1]} {field} " for head in _PORTFOLIO_HEADS} if field else set()
    return next((entidad for form, entidad in bodies if form in names), None)


def _office_tie(descripcion: str) -> RelacionEntidades | None:
    words = descripcion.lower().split()
    if words[0].startswith("ex"):
        return None
    for size in (2, 1):
        office = " ".join(words[:size])
        if office in lowered("relaciones", "cargos_miembro"):
            return RelacionEntidades.MIEMBRO_DE
        if office in lowered("relaciones", "cargos_empleado"):
            return RelacionEntidades.EMPLEADO_DE
    return None


def _link(one: Entidad, other: Entidad, kind: RelacionEntidades, text: str) -> EntidadRelacionRespuesta:
    return EntidadRelacionRespuesta(
        entidad_origen_id=one.id,
        entidad_destino_id=other.id,
        tipo_relacion=kind,
        descripcion=text[:200] or None,
        fecha_inicio=None,
        fecha_fin=None,
        fuerza_relacion=7,
    )
