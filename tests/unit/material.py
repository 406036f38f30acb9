"""What several unit tests build: an item, pieces, and a model's answers."""

import json
from datetime import UTC, datetime
from typing import Any

from newsroom.engines.base import Completion
from newsroom.models.extraccion import Elementos, Entidad, Hecho
from newsroom.models.item import Item
from newsroom.models.preparado import Trozo
from newsroom.models.vocabulario import TipoEntidad, TipoHecho
from tests.factories import TEXTO


def item(contenido: str = TEXTO, **changes: Any) -> Item:
    return Item(
        **{
            "identidad": "i",
            "huella_contenido": "h",
            "titular": "Titular",
            "medio": "El Faro",
            "pais_publicacion": "Chile",
            "fecha_publicacion": datetime(2024, 5, 15, tzinfo=UTC),
            "contenido": contenido,
            **changes,
        }
    )


def whole(texto: str = TEXTO) -> Trozo:
    return Trozo(indice=0, offset_inicio=0, offset_fin=len(texto), texto=texto)


def completion(answer: Any, correction: Any = None) -> Completion:
    return Completion(
        text=json.dumps(answer),
        model="guion",
        correction=None if correction is None else json.dumps(correction),
    )


def said_triaje(score: int = 4, **changes: Any) -> dict[str, Any]:
    scores = (
        "relevancia_geografica",
        "relevancia_tematica",
        "densidad_factual",
        "complejidad_relacional",
        "valor_informativo",
    )
    return {
        "exclusion": None,
        "tipo_articulo": "NOTICIA",
        "paises": ["Chile"],
        "temas": ["agua"],
        **dict.fromkeys(scores, score),
        "justificacion": "Ley nacional.",
        "elementos_clave": [],
        **changes,
    }


def said_hecho(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "contenido": "El Senado aprobó la ley de aguas",
        "pasaje": "El Senado aprobó la ley de aguas por 29 votos contra 14",
        "fecha": {"inicio": "2024-05-15", "fin": "2024-05-15"},
        "precision_temporal": "dia",
        "tipo_hecho": "NORMATIVA",
        "pais": ["Chile"],
        "region": [],
        "ciudad": [],
        "etiquetas": ["agua"],
        "es_futuro": False,
        "estado_programacion": None,
        **changes,
    }


def said_entidad(number: int = 1, nombre: str = "Marcela Undurraga", **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "nombre": nombre,
        "tipo": "PERSONA",
        "alias": [],
        "descripcion": None,
        "fecha_nacimiento": None,
        "fecha_disolucion": None,
        "relevancia": 8,
        **changes,
    }


def said_cita(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "cita": "No sobra el agua",
        "entidad_id": 1,
        "hecho_id": 1,
        "fecha": None,
        "contexto": None,
        "relevancia": 4,
        **changes,
    }


def said_dato(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "hecho_id": 1,
        "indicador": "votos a favor",
        "categoria": "electoral",
        "valor": 29,
        "unidad": "votos",
        "pasaje": "por 29 votos contra 14",
        "ambito_geografico": [],
        "periodo": {"inicio": None, "fin": None},
        "tipo_periodo": None,
        "valor_anterior": None,
        "variacion_absoluta": None,
        "variacion_porcentual": None,
        "tendencia": None,
        **changes,
    }


def relaciones(**lists: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("hecho_entidad", "hecho_relacionado", "entidad_relacion", "contradicciones", "importancias")
    return {name: lists.get(name, []) for name in names}


def hecho(number: int, contenido: str = "", **changes: Any) -> Hecho:
    values: dict[str, Any] = {
        "id": number,
        "contenido": contenido or f"Hecho {number}",
        "tipo_hecho": TipoHecho.SUCESO,
        "offset_inicio": 0,
        "offset_fin": 10,
        **changes,
    }
    return Hecho(**values)


def entidad(number: int, nombre: str = "", **changes: Any) -> Entidad:
    values: dict[str, Any] = {
        "id": number,
        "nombre": nombre or f"Persona {number}",
        "tipo": TipoEntidad.PERSONA,
        "offset_inicio": 0,
        "offset_fin": 10,
        **changes,
    }
    return Entidad(**values)


def elementos(hechos: int = 2, entidades: int = 2) -> Elementos:
    return Elementos(
        hechos=tuple(hecho(number) for number in range(1, hechos + 1)),
        entidades=tuple(entidad(number) for number in range(1, entidades + 1)),
    )
