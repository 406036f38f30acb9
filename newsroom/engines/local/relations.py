"""Stage `relaciones`: who does what in each hecho, how hechos hang together, what matters."""

from datetime import date
from functools import cache
from itertools import pairwise

from newsroom.engines.base import Material
from newsroom.engines.local.contradictions import find_contradictions
from newsroom.engines.local.importance import rate_hecho
from newsroom.engines.local.links import find_links
from newsroom.engines.local.roles import find_all_roles
from newsroom.engines.local.rules import groups
from newsroom.engines.local.told import Told, read_hechos
from newsroom.models.extraccion import CitasYDatos, Elementos
from newsroom.models.respuestas import (
    HechoRelacionadoRespuesta,
    ImportanciaRespuesta,
    RespuestaRelaciones,
)
from newsroom.models.vocabulario import RelacionHechos
from newsroom.tokens import strip_accents

_NEIGHBOUR_CHARS = 600
_SAID_STRENGTH = 6


def answer_relations(material: Material) -> RespuestaRelaciones:
    """Returns the relations among the elements of `material`; all ids are theirs."""
    elementos = material.elementos or Elementos()
    found = material.citas_y_datos or CitasYDatos()
    told = read_hechos(elementos)
    today = material.published_on
    return RespuestaRelaciones(
        hecho_entidad=find_all_roles(told, found),
        hecho_relacionado=_relate_hechos(told),
        entidad_relacion=find_links(told, elementos),
        contradicciones=find_contradictions(told, found),
        importancias=[_rate(tale, found, today) for tale in told],
    )


@cache
def _connectives() -> tuple[tuple[str, RelacionHechos], ...]:
    pairs = [
        (strip_accents(phrase), RelacionHechos(kind))
        for kind, phrases in groups("relaciones", "conectivos").items()
        for phrase in phrases
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _relate_hechos(told: list[Told]) -> list[HechoRelacionadoRespuesta]:
    """Relates a hecho to the one before it where its first words say how; nothing is guessed."""
    found: list[HechoRelacionadoRespuesta] = []
    for before, after in pairwise(told):
        stated = _stated_relation(after.hecho.contenido)
        if stated is None or after.hecho.offset_inicio - before.hecho.offset_fin > _NEIGHBOUR_CHARS:
            continue
        kind, words = stated
        found.append(
            HechoRelacionadoRespuesta(
                hecho_origen_id=after.hecho.id,
                hecho_destino_id=before.hecho.id,
                tipo_relacion=kind,
                fuerza_relacion=_SAID_STRENGTH,
                descripcion_relacion=f"Empieza con «{words}»",
            )
        )
    return found


def _stated_relation(contenido: str) -> tuple[RelacionHechos, str] | None:
    """Returns the relation that the first words state, and those words."""
    beginning = strip_accents(contenido[:60]).lstrip('«“" ')
    for phrase, kind in _connectives():
        if beginning.startswith(phrase) and not beginning[len(phrase) : len(phrase) + 1].isalnum():
            return kind, contenido.lstrip('«“" ')[: len(phrase)]
    return None


def _rate(told: Told, found: CitasYDatos, today: date | None) -> ImportanciaRespuesta:
    datos = [dato for dato in found.datos_cuantitativos if dato.hecho_id == told.hecho.id]
    rating = rate_hecho(told.hecho, [entidad for _, _, entidad in told.named], datos, today)
    return ImportanciaRespuesta(hecho_id=told.hecho.id, importancia=rating.grade, motivos=rating.reasons)
