"""Relates hechos to each other: by their first words, as reactions to the lead, and by their dates.

The lead is the first hecho, because a news text tells the news first and the reactions after it. Precision
comes first: a relation needs words or dates that show it.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cache
from itertools import pairwise

from newsroom.engines.local.told import Told
from newsroom.language.lists import groups, lowered
from newsroom.models.respuestas import HechoRelacionadoRespuesta
from newsroom.models.vocabulario import RelacionHechos, TipoHecho
from newsroom.tokens import strip_accents

_NEIGHBOUR_CHARS = 600
_SAID_STRENGTH, _READ_STRENGTH = 6, 4
_LONG_BEFORE = timedelta(days=30)


def relate_hechos(told: Sequence[Told]) -> list[HechoRelacionadoRespuesta]:
    """Returns the relations between the hechos of a text, one for each pair."""
    found: dict[tuple[int, int], HechoRelacionadoRespuesta] = {}
    for relation in (*_by_words(told), *_by_reaction(told), *_by_time(told)):
        found.setdefault((relation.hecho_origen_id, relation.hecho_destino_id), relation)
    return list(found.values())


@cache
def _connectives() -> tuple[tuple[str, RelacionHechos], ...]:
    pairs = [
        (strip_accents(phrase), RelacionHechos(kind))
        for kind, phrases in groups("relaciones", "conectivos").items()
        for phrase in phrases
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _by_words(told: Sequence[Told]) -> Iterator[HechoRelacionadoRespuesta]:
    """Yields the relation of a hecho to the one before it, if its first words state one."""
    for before, after in pairwise(told):
        stated = _stated_relation(after.hecho.contenido)
        if stated is None or after.hecho.offset_inicio - before.hecho.offset_fin > _NEIGHBOUR_CHARS:
            continue
        kind, words = stated
        yield _relate(after, before, kind, _SAID_STRENGTH, f"Empieza con «{words}»")


def _stated_relation(contenido: str) -> tuple[RelacionHechos, str] | None:
    """Returns the relation that the first words state, and those words; None if they state none."""
    beginning = strip_accents(contenido[:60]).lstrip('«“" ')
    for phrase, kind in _connectives():
        if beginning.startswith(phrase) and not beginning[len(phrase) : len(phrase) + 1].isalnum():
            return kind, contenido.lstrip('«“" ')[: len(phrase)]
    return None


def _by_reaction(told: Sequence[Told]) -> Iterator[HechoRelacionadoRespuesta]:
    """Yields the relations of reactions to the lead, and of a reply or denial to the hecho it answers."""
    for place, tale in enumerate(told):
        main = tale.main_verb()
        if not place or main is None or _same_actor(tale, told[0]):
            continue
        words = tale.tokens.text[tale.tokens.starts[main.first] : tale.tokens.ends[main.last - 1]]
        if main.lemma in lowered("verbos", "replicar"):
            target = told[place - 1]
            if not _same_actor(tale, target):
                yield _relate(tale, target, RelacionHechos.RESPUESTA_A, _READ_STRENGTH, f"Replica: «{words}»")
        elif main.lemma in lowered("verbos", "reaccionar"):
            yield _relate(tale, told[0], RelacionHechos.RESPUESTA_A, _READ_STRENGTH, f"Reacciona: «{words}»")


def _same_actor(one: Told, other: Told) -> bool:
    """Returns whether `one` has no subject or that of `other`. Then it is no reaction to it."""
    subjects = []
    for tale in (one, other):
        first = tale.subject()
        subjects.append(next((e.id for start, _, e in tale.named if start == first), None))
    return subjects[0] is None or subjects[0] == subjects[1]


def _by_time(told: Sequence[Told]) -> Iterator[HechoRelacionadoRespuesta]:
    """Yields the relations to the lead of what happened long before it, as its background."""
    lead = told[0] if told else None
    if lead is None or lead.hecho.fecha.inicio is None:
        return
    for tale in told[1:]:
        over = tale.hecho.fecha.fin
        says = tale.hecho.tipo_hecho in (TipoHecho.DECLARACION, TipoHecho.BIOGRAFIA)
        if over is not None and lead.hecho.fecha.inicio - over >= _LONG_BEFORE and not says:
            yield _relate(
                tale, lead, RelacionHechos.CONTEXTO_HISTORICO, _READ_STRENGTH, f"Anterior: {over.date()}"
            )


def _relate(
    origin: Told, target: Told, kind: RelacionHechos, strength: int, why: str
) -> HechoRelacionadoRespuesta:
    return HechoRelacionadoRespuesta(
        hecho_origen_id=origin.hecho.id,
        hecho_destino_id=target.hecho.id,
        tipo_relacion=kind,
        fuerza_relacion=strength,
        descripcion_relacion=why,
    )
