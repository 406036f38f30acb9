"""Stage `relaciones`: who does what in each hecho, how hechos are related, how much each one matters."""

from datetime import date

from newsroom.engines.base import Material
from newsroom.engines.local.contradictions import find_contradictions
from newsroom.engines.local.importance import rate_hecho
from newsroom.engines.local.links import find_links
from newsroom.engines.local.roles import find_all_roles
from newsroom.engines.local.sequence import relate_hechos
from newsroom.engines.local.told import Told, read_hechos
from newsroom.models.extraccion import CitasYDatos, Elementos
from newsroom.models.respuestas import (
    ImportanciaRespuesta,
    RespuestaRelaciones,
)


def answer_relations(material: Material) -> RespuestaRelaciones:
    """Returns the relations among the elements of `material`, with their ids."""
    elementos = material.elementos or Elementos()
    found = material.citas_y_datos or CitasYDatos()
    told = read_hechos(elementos)
    today = material.published_on
    return RespuestaRelaciones(
        hecho_entidad=find_all_roles(told, found),
        hecho_relacionado=relate_hechos(told),
        entidad_relacion=find_links(told, elementos),
        contradicciones=find_contradictions(told, found),
        importancias=[_rate(tale, found, today) for tale in told],
    )


def _rate(told: Told, found: CitasYDatos, today: date | None) -> ImportanciaRespuesta:
    datos = [dato for dato in found.datos_cuantitativos if dato.hecho_id == told.hecho.id]
    rating = rate_hecho(told.hecho, [entidad for _, _, entidad in told.named], datos, today)
    return ImportanciaRespuesta(hecho_id=told.hecho.id, importancia=rating.grade, motivos=rating.reasons)
