"""An article and what a model answers about it; one invented item in every list."""

import json
from typing import Any

from newsroom.models.articulo import Articulo

TEXTO = (
    "El Congreso de Chile aprobó el martes la reforma de pensiones por 68 votos a 47. "
    "La ministra de Hacienda, Rosa Peralta, celebró el resultado en Valparaíso.\n"
    "“Es un día histórico para el país”, dijo Peralta. El costo será de 1.200 millones de dólares."
)


def article(number: int = 1, **fields: Any) -> Articulo:
    return Articulo.model_validate(
        {
            "url": f"https://ejemplo.test/{number}",
            "medio": "El Diario",
            "pais_publicacion": "Chile",
            "tipo_medio": "diario",
            "titular": f"El Congreso aprueba la reforma {number}",
            "fecha_publicacion": "2024-05-15T10:00:00Z",
            "contenido_texto": TEXTO,
            **fields,
        }
    )


def triage(score: int = 4, exclusion: str | None = None) -> str:
    scores = (
        "relevancia_geografica", "relevancia_tematica", "densidad_factual", "complejidad_relacional",
        "valor_informativo",
    )  # fmt: skip
    return json.dumps(
        {
            "exclusion": exclusion,
            "tipo_articulo": "NOTICIA",
            "paises": ["Chile"],
            "temas": ["política"],
            **dict.fromkeys(scores, score),
            "justificacion": "Cambio legal.",
            "elementos_clave": ["reforma"],
        }
    )


def _hecho(number: int, contenido: str, pasaje: str) -> dict[str, Any]:
    return {
        "id": number,
        "contenido": contenido,
        "pasaje": pasaje,
        "fecha": {"inicio": "2024-05-14", "fin": "2024-05-14"},
        "precision_temporal": "dia",
        "tipo_hecho": "NORMATIVA",
        "pais": ["Chile"],
        "region": [],
        "ciudad": [],
        "etiquetas": [],
        "es_futuro": False,
        "estado_programacion": None,
    }


def _entidad(number: int, nombre: str, tipo: str) -> dict[str, Any]:
    return {
        "id": number,
        "nombre": nombre,
        "tipo": tipo,
        "alias": [],
        "descripcion": None,
        "fecha_nacimiento": None,
        "fecha_disolucion": None,
        "relevancia": 7,
    }


ELEMENTS = json.dumps(
    {
        "hechos": [
            _hecho(
                1,
                "El Congreso de Chile aprobó la reforma de pensiones",
                "El Congreso de Chile aprobó el martes la reforma de pensiones por 68 votos a 47.",
            ),
            _hecho(2, "El Senado rechazó el presupuesto", "El Senado rechazó el presupuesto."),
        ],
        "entidades": [
            _entidad(1, "Congreso de Chile", "INSTITUCION"),
            _entidad(2, "Rosa Peralta", "PERSONA"),
            _entidad(3, "Pedro Inventado", "PERSONA"),
        ],
    }
)


def _dato(number: int, valor: float, pasaje: str) -> dict[str, Any]:
    return {
        "id": number,
        "hecho_id": 1,
        "indicador": "costo de la reforma",
        "categoria": "presupuestario",
        "valor": valor,
        "unidad": "dólares",
        "pasaje": pasaje,
        "ambito_geografico": [],
        "periodo": {"inicio": None, "fin": None},
        "tipo_periodo": None,
        "valor_anterior": None,
        "variacion_absoluta": None,
        "variacion_porcentual": None,
        "tendencia": None,
    }


def _cita(number: int, cita: str, entidad_id: int) -> dict[str, Any]:
    return {
        "id": number,
        "cita": cita,
        "entidad_id": entidad_id,
        "hecho_id": 1,
        "fecha": None,
        "contexto": None,
        "relevancia": 4,
    }


QUOTES_AND_FIGURES = json.dumps(
    {
        "citas_textuales": [
            _cita(1, "Es un día histórico para el país", 2),
            _cita(2, "Nunca dije estas palabras", 2),
        ],
        "datos_cuantitativos": [
            _dato(1, 1_200_000_000, "El costo será de 1.200 millones de dólares."),
            _dato(2, 77, "77 heridos"),
        ],
    }
)

RELATIONS = json.dumps(
    {
        "hecho_entidad": [
            {"hecho_id": 1, "entidad_id": 1, "tipo_relacion": "protagonista", "relevancia_en_hecho": 9},
            {"hecho_id": 1, "entidad_id": 99, "tipo_relacion": "mencionado", "relevancia_en_hecho": 1},
        ],
        "hecho_relacionado": [],
        "entidad_relacion": [],
        "contradicciones": [],
        "importancias": [{"hecho_id": 1, "importancia": 8, "motivos": "ley nacional"}],
    }
)

ANSWERS: dict[str, Any] = {
    "triaje": triage(),
    "elementos": ELEMENTS,
    "citas_y_datos": QUOTES_AND_FIGURES,
    "relaciones": RELATIONS,
}
