"""A full payload in the form that the store sends, and changes to it."""

import copy
from typing import Any

from tests.factories import raw_articulo
from tests.integration.extraction import TEXTO, Payload, extraction


def article(identidad: str = "https://medio.example/1", huella: str = "h1", **metadata: Any) -> Payload:
    """Returns a whole payload of insertar_articulo_completo."""
    return {
        "articulo_metadata": {
            **raw_articulo(
                url=identidad,
                tipo_medio="televisión",
                fecha_publicacion="2024-05-06T08:00:00+02:00",
                contenido_texto=TEXTO,
            ),
            "identidad": identidad,
            "huella_contenido": huella,
            "storage_path": None,
            "fuente": "rastreador",
            "medio_url_principal": "https://medio.example",
            "autor": None,
            "idioma": "es",
            "seccion": "Economía",
            "etiquetas_fuente": ["economía", "trabajo"],
            "es_opinion": False,
            "es_oficial": True,
            "fecha_recopilacion": None,
            "contenido_html": None,
            "metadata": {"autor_twitter": None, "n": 1},
            "texto_traducido": None,
            "resumen": None,
            "categorias_asignadas": [],
            "puntuacion_relevancia": None,
            "estado_procesamiento": "completado",
            "triaje": {"exclusion": None, "decision": "PROCESAR", "puntuacion_total": 20},
            "advertencias": ["una cita no está en el texto"],
            **metadata,
        },
        **extraction(),
    }


def document(identidad: str = "ley-1", huella: str = "d1", **fields: Any) -> Payload:
    return {
        "identidad": identidad,
        "huella_contenido": huella,
        "titulo": "Ley del salario",
        "autor": "Cortes Generales",
        "fecha_publicacion": "2024-01-02",
        "tipo_documento": "ley",
        "storage_path": None,
        "metadata": {"boe": "A-1"},
        **fields,
    }


def fragment(indice: int = 0, huella: str = "f1", identidad: str | None = None, **fields: Any) -> Payload:
    """Returns a whole payload of insertar_fragmento_completo. `fields` may override its `documento`."""
    documento = fields.pop("documento", document())
    return {
        "documento": documento,
        "fragmento": {
            "identidad": identidad or f"ley-1#{indice}",
            "huella_contenido": huella,
            "indice_secuencial": indice,
            "titulo_seccion": f"Artículo {indice + 1}",
            "contenido": TEXTO,
            "num_pagina_inicio": 1,
            "num_pagina_fin": 2,
            "offset_inicio": indice * len(TEXTO),
            "offset_fin": (indice + 1) * len(TEXTO),
            "triaje": {"decision": "CONSIDERAR"},
            "advertencias": [],
            "metadata": {},
            **fields,
        },
        **extraction(),
    }


def discarded(identidad: str = "https://medio.example/futbol") -> Payload:
    """Returns what is stored of an article that triage discarded."""
    payload = article(
        identidad,
        estado_procesamiento="descartado",
        triaje={"exclusion": "deportes", "decision": "DESCARTAR", "puntuacion_total": 6},
    )
    etapas = payload["procedencia"]["etapas"]
    return {
        "articulo_metadata": payload["articulo_metadata"],
        "procedencia": {**payload["procedencia"], "etapas": {"triaje": etapas["triaje"]}},
        "entidades": [],
        "hechos": [],
        "citas_textuales": [],
        "datos_cuantitativos": [],
        "relaciones": {
            "hecho_entidad": [],
            "hecho_relacionado": [],
            "entidad_relacion": [],
            "contradicciones": [],
        },
    }


def changed(payload: Payload, path: str, value: Any) -> Payload:
    """Returns a copy of `payload` with the place `path` (as in `hechos.0.fecha`) set to `value`."""
    result = copy.deepcopy(payload)
    *parents, last = path.split(".")
    place: Any = result
    for key in parents:
        place = place[int(key) if isinstance(place, list) else key]
    place[int(last) if isinstance(place, list) else last] = value
    return result
