"""An engine that answers from the annotations of the gold set, so it makes no mistake.

The stages check its answers as they check any engine's. What they drop of them they would drop of every
engine's answers. So its scores show what the stages themselves lose.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pydantic import BaseModel

from newsroom.engines.base import Material, Question
from newsroom.engines.scripted import ScriptedEngine
from newsroom.evaluation.gold import FechaEsperada, Gold
from newsroom.evaluation.matching import fold, pair_entidades, pair_hechos
from newsroom.models.articulo import Articulo
from newsroom.models.extraccion import Elementos
from newsroom.models.respuestas import (
    CitaRespuesta,
    DatoRespuesta,
    EntidadRelacionRespuesta,
    EntidadRespuesta,
    FechaRespuesta,
    HechoRelacionadoRespuesta,
    HechoRespuesta,
    RespuestaCitasYDatos,
    RespuestaElementos,
    RespuestaRelaciones,
    RespuestaTraduccion,
    RespuestaTriaje,
)
from newsroom.models.vocabulario import CategoriaDato, Decision

# The value of each of the five scores. The sums, 20, 15 and 10 of 25, lie in the ranges of the decisions.
_SCORE = {Decision.PROCESAR: 4, Decision.CONSIDERAR: 3, Decision.DESCARTAR: 2}
_NO_DATES = FechaRespuesta(inicio=None, fin=None)


def build_perfect_engine(golds: Sequence[Gold]) -> ScriptedEngine:
    """Returns an engine that answers every question about these articles from their annotations.

    It knows an article by its headline and its date. A question about another article raises KeyError.
    """
    known = {_title_and_moment(gold.esperado.articulo): gold for gold in golds}
    answers = {
        "triaje": answer_triage,
        "traduccion": answer_translation,
        "elementos": answer_elements,
        "citas_y_datos": answer_quotes_and_figures,
        "relaciones": answer_relations,
    }

    def answer(question: Question) -> str:
        material = question.material
        gold = known[_title_and_moment(material)]
        return answers[question.stage](gold, material).model_dump_json()

    return ScriptedEngine(dict.fromkeys(answers, answer), model="oro")


def _title_and_moment(item: Articulo | Material) -> tuple[str, datetime | None]:
    return item.titular or "", item.fecha_publicacion


def answer_triage(gold: Gold, material: Material) -> BaseModel:
    """Returns scores whose sum leads to the first of the accepted decisions."""
    score = _SCORE[gold.esperado.decision[0]]
    return RespuestaTriaje(
        exclusion=None,
        tipo_articulo=gold.esperado.tipo_articulo,
        paises=[],
        temas=[],
        relevancia_geografica=score,
        relevancia_tematica=score,
        densidad_factual=score,
        complejidad_relacional=score,
        valor_informativo=score,
        justificacion="",
        elementos_clave=[],
    )


def answer_translation(gold: Gold, material: Material) -> BaseModel:
    """Returns the text unchanged, because translations are not measured."""
    return RespuestaTraduccion(texto=material.texto)


def answer_elements(gold: Gold, material: Material) -> BaseModel:
    """Returns the annotated hechos and entidades that the piece of text in `material` holds."""
    piece = fold(material.texto)
    return RespuestaElementos(
        hechos=[
            HechoRespuesta(
                id=number,
                contenido=hecho.contenido,
                pasaje=hecho.pasaje,
                fecha=_dates(hecho.fecha),
                precision_temporal=None,
                tipo_hecho=hecho.tipo_hecho,
                pais=[],
                region=[],
                ciudad=[],
                etiquetas=[],
                es_futuro=False,
                estado_programacion=None,
            )
            for number, hecho in enumerate(gold.esperado.hechos, start=1)
            if fold(hecho.pasaje) in piece
        ],
        entidades=[
            EntidadRespuesta(
                id=number,
                nombre=entidad.nombre,
                tipo=entidad.tipo,
                alias=[mention for mention in entidad.menciones if mention != entidad.nombre],
                descripcion=None,
                fecha_nacimiento=None,
                fecha_disolucion=None,
                relevancia=None,
            )
            for number, entidad in enumerate(gold.esperado.entidades, start=1)
            if any(fold(mention) in piece for mention in entidad.menciones)
        ],
    )


def _dates(fecha: FechaEsperada | None) -> FechaRespuesta:
    if fecha is None:
        return _NO_DATES
    return FechaRespuesta(inicio=_iso(fecha.inicio), fin=_iso(fecha.fin))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _ids_of_entidades(gold: Gold, elementos: Elementos | None) -> Mapping[str, int]:
    found = elementos.entidades if elementos else ()
    return {gold.esperado.entidades[j].nombre: found[i].id for i, j in pair_entidades(gold, found).items()}


def _ids_of_hechos(gold: Gold, elementos: Elementos | None) -> Mapping[int, int]:
    found = elementos.hechos if elementos else ()
    return {j + 1: found[i].id for i, j in pair_hechos(gold, found).items()}


def answer_quotes_and_figures(gold: Gold, material: Material) -> BaseModel:
    """Returns the annotated quotations and figures that the piece of text in `material` holds.

    They refer to hechos and entidades by the ids that the elements in `material` have.
    """
    piece = fold(material.texto)
    entidades, hechos = _ids_of_entidades(gold, material.elementos), _ids_of_hechos(gold, material.elementos)
    return RespuestaCitasYDatos(
        citas_textuales=[
            CitaRespuesta(
                id=number,
                cita=cita.cita,
                entidad_id=entidades.get(cita.emisor) if cita.emisor else None,
                hecho_id=None,
                fecha=None,
                contexto=None,
                relevancia=None,
            )
            for number, cita in enumerate(gold.esperado.citas, start=1)
            if fold(cita.cita) in piece
        ],
        datos_cuantitativos=[
            DatoRespuesta(
                id=number,
                hecho_id=hechos.get(dato.hecho) if dato.hecho else None,
                indicador=dato.indicador,
                categoria=CategoriaDato.OTRO,
                valor=float(dato.valor),
                unidad=dato.unidad,
                pasaje=dato.pasaje,
                ambito_geografico=[],
                periodo=_NO_DATES,
                tipo_periodo=None,
                valor_anterior=None,
                variacion_absoluta=None,
                variacion_porcentual=None,
                tendencia=None,
            )
            for number, dato in enumerate(gold.esperado.datos, start=1)
            if fold(dato.pasaje) in piece
        ],
    )


def answer_relations(gold: Gold, material: Material) -> BaseModel:
    """Returns the annotated relations whose two ends are among the elements in `material`."""
    entidades, hechos = _ids_of_entidades(gold, material.elementos), _ids_of_hechos(gold, material.elementos)
    relaciones = gold.esperado.relaciones
    return RespuestaRelaciones(
        hecho_entidad=[],
        hecho_relacionado=[
            HechoRelacionadoRespuesta(
                hecho_origen_id=hechos[relation.origen],
                hecho_destino_id=hechos[relation.destino],
                tipo_relacion=relation.tipo,
                fuerza_relacion=5,
                descripcion_relacion=None,
            )
            for relation in relaciones.hecho_relacionado
            if relation.origen in hechos and relation.destino in hechos
        ],
        entidad_relacion=[
            EntidadRelacionRespuesta(
                entidad_origen_id=entidades[relation.origen],
                entidad_destino_id=entidades[relation.destino],
                tipo_relacion=relation.tipo,
                descripcion=None,
                fecha_inicio=None,
                fecha_fin=None,
                fuerza_relacion=5,
            )
            for relation in relaciones.entidad_relacion
            if relation.origen in entidades and relation.destino in entidades
        ],
        contradicciones=[],
        importancias=[],
    )
