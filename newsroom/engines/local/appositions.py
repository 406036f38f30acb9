"""Finds the ties that an apposition states: «Ana Rey, del Partido Verde», «su hermano, Luis Rey»."""

from collections.abc import Iterator, Sequence
from functools import cache

from newsroom.engines.local.told import Told
from newsroom.language.lists import folded, groups, lowered
from newsroom.language.verbs import read_finite
from newsroom.language.word_classes import head_kind, is_office, singular
from newsroom.models.extraccion import Entidad
from newsroom.models.vocabulario import RelacionEntidades, TipoEntidad
from newsroom.tokens import strip_accents, tokenize

Tie = tuple[Entidad, Entidad, RelacionEntidades, str]
"""Origin, destination, kind, and the words that state the tie."""

_BODIES = (TipoEntidad.ORGANIZACION, TipoEntidad.INSTITUCION)
_BETWEEN_PEOPLE = (RelacionEntidades.CASADO_CON, RelacionEntidades.FAMILIAR_DE)
_GAP_TOKENS = 7
_BEFORE_TOKENS = 8


def find_appositions(told: Sequence[Told]) -> Iterator[Tie]:
    """Yields the ties. A possessive refers to a name before it, in the same hecho or in the one before."""
    for place, tale in enumerate(told):
        before = told[place - 1] if place else None
        yield from _of_bodies(tale)
        yield from _of_possessives(tale, before)


def _of_bodies(tale: Told) -> Iterator[Tie]:
    """Yields «la economista Lucía Ruiz, de la consultora Sur», «Ana Rey, portavoz de la Red»."""
    for (first, end, one), (start, stop, other) in zip(tale.named, tale.named[1:], strict=False):
        if one.tipo is not TipoEntidad.PERSONA or other.tipo not in _BODIES or start - end > _GAP_TOKENS:
            continue
        between = tale.tokens.loose[end:start]
        if between == ["("]:
            # «Olmedo (PRN)» and «Rosa Vega (Partido Verde, Sevilla)» sit for a party.
            listed = tale.tokens.loose[stop : stop + 1] in ([")"], [","], ["-"], ["/"])
            if listed and other.tipo is TipoEntidad.ORGANIZACION and not is_medium(other):
                yield (
                    one,
                    other,
                    RelacionEntidades.MIEMBRO_DE,
                    tale.tokens.text[tale.tokens.starts[first] : tale.tokens.ends[stop - 1]],
                )
            continue
        if between[:1] == [","]:
            between = between[1:]
        if not between or any(mark in between for mark in (",", ";", "y", "que", '"', "(", ".")):
            continue
        words = tale.tokens.text[tale.tokens.starts[end] : tale.tokens.ends[stop - 1]].strip(" ,(")
        leading = tale.tokens.verbatim[start - len(between)].lower()
        offices = {office for office in (_office_before(tale, first), _first_word(one)) if office}
        if between[0] in ("de", "del") and not _has_verb(tale, end, start):
            yield one, other, tie_to(offices, other), words
        elif (is_office(leading) or leading in lowered("relaciones", "oficios")) and not _has_verb(
            tale, end, start
        ):
            yield one, other, tie_to({singular(leading)}, other), words


def is_medium(body: Entidad) -> bool:
    """Returns whether a body is a medium or an agency, which a bracket names as the source."""
    names = {strip_accents(name) for name in (body.nombre, *body.alias)}
    return bool(names & folded("relaciones", "medios"))


def _has_verb(tale: Told, first: int, last: int) -> bool:
    words = (tale.tokens.verbatim[i].lower() for i in range(first, last) if tale.tokens.has_letter(i))
    return any(read_finite(word) for word in words)


def _office_before(tale: Told, index: int) -> str | None:
    """Returns the office directly before a name: economista in «la economista Lucía Ruiz»."""
    words = [tale.tokens.verbatim[i].lower() for i in range(max(0, index - 2), index)]
    return next((singular(word) for word in reversed(words) if is_office(word)), None)


def _first_word(person: Entidad) -> str | None:
    return person.descripcion.split()[0].lower() if person.descripcion else None


def tie_to(offices: set[str], body: Entidad) -> RelacionEntidades:
    """Returns the kind of tie between a person and a body.

    A person who holds a public office, sits in a chamber or leads a party is a member. A company employs.
    """
    words = list(tokenize(body.nombre).loose)
    party = words[0] in folded("relaciones", "partidos") and not folded("relaciones", "civiles") & set(words)
    if party or offices & lowered("relaciones", "escanos"):
        return RelacionEntidades.MIEMBRO_DE
    trades = bool(offices & lowered("relaciones", "oficios"))
    if body.tipo is TipoEntidad.INSTITUCION:
        return RelacionEntidades.EMPLEADO_DE if trades else RelacionEntidades.MIEMBRO_DE
    is_company = head_kind(words) is None and bool(offices)
    employed = trades or is_company or bool(offices & lowered("relaciones", "cargos_empleado"))
    return RelacionEntidades.EMPLEADO_DE if employed else RelacionEntidades.MIEMBRO_DE


@cache
def _family() -> dict[str, RelacionEntidades]:
    return {
        phrase.removesuffix(" de"): kind
        for kind in _BETWEEN_PEOPLE
        for phrase in groups("relaciones", "vinculos")[kind.value]
        if phrase.endswith(" de")
    }


def _of_possessives(tale: Told, before: Told | None) -> Iterator[Tie]:
    for first, end, named in tale.named:
        index = _possessive_before(tale, first)
        if index is None:
            continue
        noun = tale.tokens.verbatim[index + 1].lower()
        words = tale.tokens.text[tale.tokens.starts[index] : tale.tokens.ends[end - 1]]
        if named.tipo is TipoEntidad.PERSONA:
            yield from _of_person(tale, before, index, named, noun, words)
        elif named.tipo in _BODIES and noun in ("partido", "movimiento", "sindicato", "organización"):
            owner = _politician(tale, before, index)
            if owner is not None:
                yield owner, named, RelacionEntidades.MIEMBRO_DE, words


def _of_person(
    tale: Told, before: Told | None, index: int, named: Entidad, noun: str, words: str
) -> Iterator[Tie]:
    """Yields the ties of «su hermano, Luis Rey» and «su sucesora» to a person, «su presidenta» to a body."""
    personal = _family().get(noun) or _succession().get(noun)
    if personal is not None:
        owner = _owner(tale, before, index, (TipoEntidad.PERSONA,))
        if owner is not None and owner.id != named.id:
            yield named, owner, personal, words
    elif is_office(noun):
        body = _owner(tale, before, index, _BODIES)
        offices = {singular(noun), *([_first_word(named)] if named.descripcion else [])}
        if body is not None:
            yield named, body, tie_to({office for office in offices if office}, body), words


@cache
def _succession() -> dict[str, RelacionEntidades]:
    after, ahead = RelacionEntidades.SUCESOR_DE, RelacionEntidades.PREDECESOR_DE
    return {
        "sucesor": after, "sucesora": after, "antecesor": ahead, "antecesora": ahead,
        "predecesor": ahead, "predecesora": ahead,
    }  # fmt: skip


def _possessive_before(tale: Told, first: int) -> int | None:
    """Returns the token of «su» in «su director ejecutivo, Mauricio Ruiz», «su esposo, el empresario Rey»."""
    for index in range(first - 2, max(-1, first - _BEFORE_TOKENS), -1):
        if tale.tokens.loose[index] == "su":
            return None if _has_verb(tale, index + 1, first) else index
        if tale.tokens.verbatim[index] in (".", ";", ":", '"') or tale.tokens.loose[index] == "y":
            return None
    return None


def _politician(tale: Told, before: Told | None, index: int) -> Entidad | None:
    """Returns whose party «su partido» is: the first person before who holds an elected office."""
    here = [entidad for first, _, entidad in tale.named if first < index]
    named = [*here, *([entidad for _, _, entidad in before.named] if before is not None else [])]
    people = [entidad for entidad in named if entidad.tipo is TipoEntidad.PERSONA]
    elected = lowered("relaciones", "escanos") | lowered("relaciones", "cargos_miembro")
    return next((e for e in people if _first_word(e) in elected), people[0] if len(people) == 1 else None)


def _owner(tale: Told, before: Told | None, index: int, kinds: tuple[TipoEntidad, ...]) -> Entidad | None:
    """Returns whom «su» at a token refers to: the name before it, else the subject of the hecho before."""
    here = [entidad for first, _, entidad in tale.named if first < index and entidad.tipo in kinds]
    if here:
        return here[0]
    if before is None:
        return None
    subject = before.subject()
    return next((e for first, _, e in before.named if first == subject and e.tipo in kinds), None)
