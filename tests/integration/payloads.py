"""A full payload in the form that the store sends, and changes to it."""

import copy
from typing import Any

Payload = dict[str, Any]

FLOW_RUN = "0e7b5a50-8a53-4d0e-9a7e-6f1c2f1b7a11"

TEXTO = (
    "El presidente Pedro Sánchez anunció el 5 de mayo de 2024 en Madrid que el Gobierno "
    "«subirá el salario mínimo».\n\n"
    "El PIB creció un 3,5 % y el paro bajó. La oposición, en cambio, sostiene que el PIB cayó. "
    "El 10 de junio de 2030 se celebrará la cumbre de Bogotá."
)
CITA = "subirá el salario mínimo"


def stage(tokens: int = 100) -> Payload:
    return {
        "modelo": "openai/gpt-oss-120b",
        "prompt": "elements.v1",
        "huella_prompt": "f00d",
        "parametros": {"temperature": 0},
        "tokens_entrada": tokens,
        "tokens_salida": 20,
        "tokens_cache": 10,
        "costo_usd": 0.00125,
        "segundos": 1.5,
    }


def place(words: str) -> Payload:
    """Return the offsets of `words` in TEXTO."""
    start = TEXTO.index(words)
    return {"offset_inicio": start, "offset_fin": start + len(words)}


def extraction() -> Payload:
    """Return all that an item may hold: 3 hechos, 4 entidades, 1 cita, 2 datos, 2 + 1 + 1 + 1 relaciones."""
    return {
        "procedencia": {
            "flow_run_id": FLOW_RUN,
            "motor": "groq",
            "etapas": {
                "triaje": stage(50),
                "elementos": stage(),
                "citas_y_datos": {**stage(), "prompt": "quotes.v1"},
                "relaciones": {**stage(), "prompt": "relations.v1"},
            },
        },
        "entidades": [
            {
                "id": 1,
                "db_id": None,
                "nombre": "Pedro Sánchez",
                "tipo": "PERSONA",
                "descripcion": "presidente",
                "alias": ["Sánchez"],
                "fecha_nacimiento": "1972-02-29",
                "fecha_disolucion": None,
                "relevancia": 9,
                "metadata": None,
                **place("Pedro Sánchez"),
            },
            {
                "id": 2,
                "db_id": None,
                "nombre": "Gobierno",
                "tipo": "INSTITUCION",
                "descripcion": None,
                "alias": [],
                "fecha_nacimiento": None,
                "fecha_disolucion": None,
                "relevancia": None,
                "metadata": {"pais": "España"},
                **place("Gobierno"),
            },
            {
                "id": 3,
                "db_id": None,
                "nombre": "Madrid",
                "tipo": "LUGAR",
                "descripcion": None,
                "alias": None,
                "fecha_nacimiento": None,
                "fecha_disolucion": None,
                "relevancia": 3,
                "metadata": None,
                "offset_inicio": None,
                "offset_fin": None,
            },
            {
                "id": 4,
                "db_id": None,
                "nombre": "Bogotá",
                "tipo": "LUGAR",
                "descripcion": None,
                "alias": [],
                "fecha_nacimiento": None,
                "fecha_disolucion": None,
                "relevancia": 3,
                "metadata": None,
                **place("Bogotá"),
            },
        ],
        "hechos": [
            {
                "id": 1,
                "contenido": "Sánchez anunció que subirá el salario mínimo.",
                "fecha": {"inicio": "2024-05-05", "fin": "2024-05-05"},
                "precision_temporal": "dia",
                "tipo_hecho": "ANUNCIO",
                "pais": ["España"],
                "region": ["Madrid"],
                "ciudad": ["Madrid"],
                "etiquetas": ["salario"],
                "es_futuro": False,
                "estado_programacion": None,
                "importancia": 8,
                "importancia_motivos": "lo dice el presidente",
                **place("El presidente Pedro Sánchez anunció"),
            },
            {
                "id": 2,
                "contenido": "El PIB creció un 3,5 %.",
                "fecha": {"inicio": None, "fin": None},
                "precision_temporal": None,
                "tipo_hecho": "SUCESO",
                "pais": [],
                "region": [],
                "ciudad": [],
                "etiquetas": [],
                "es_futuro": False,
                "estado_programacion": None,
                "importancia": None,
                "importancia_motivos": None,
                **place("El PIB creció un 3,5 %"),
            },
            {
                "id": 3,
                "contenido": "Se celebrará la cumbre de Bogotá.",
                "fecha": {"inicio": "2030-06-10T09:00:00-05:00", "fin": "2030-06-12T18:00:00-05:00"},
                "precision_temporal": "dia",
                "tipo_hecho": "EVENTO",
                "pais": ["Colombia"],
                "region": [],
                "ciudad": ["Bogotá"],
                "etiquetas": [],
                "es_futuro": True,
                "estado_programacion": "confirmado",
                "importancia": 6,
                "importancia_motivos": None,
                **place("se celebrará la cumbre de Bogotá"),
            },
        ],
        "citas_textuales": [
            {
                "id": 1,
                "cita": CITA,
                "entidad_id": 1,
                "hecho_id": 1,
                "fecha": "2024-05-05",
                "contexto": "anuncio",
                "relevancia": 5,
                **place(CITA),
            },
        ],
        "datos_cuantitativos": [
            {
                "id": 1,
                "hecho_id": 2,
                "indicador": "Crecimiento del PIB",
                "categoria": "económico",
                "valor": 3.5,
                "unidad": "porcentaje",
                "ambito_geografico": ["España"],
                "periodo": {"inicio": "2024-01-01", "fin": "2024-03-31"},
                "tipo_periodo": "trimestral",
                "valor_anterior": 3.1,
                "variacion_absoluta": 0.4,
                "variacion_porcentual": None,
                "tendencia": "aumento",
                **place("3,5"),
            },
            {
                "id": 2,
                "hecho_id": None,
                "indicador": "Año de la cumbre",
                "categoria": "otro",
                "valor": 2030,
                "unidad": "año",
                "ambito_geografico": [],
                "periodo": None,
                "tipo_periodo": None,
                "valor_anterior": None,
                "variacion_absoluta": None,
                "variacion_porcentual": None,
                "tendencia": None,
                **place("2030"),
            },
        ],
        "relaciones": {
            "hecho_entidad": [
                {"hecho_id": 1, "entidad_id": 1, "tipo_relacion": "declarante", "relevancia_en_hecho": 10},
                {"hecho_id": 3, "entidad_id": 4, "tipo_relacion": "ubicacion", "relevancia_en_hecho": None},
            ],
            "hecho_relacionado": [
                {
                    "hecho_origen_id": 2,
                    "hecho_destino_id": 1,
                    "tipo_relacion": "causa",
                    "fuerza_relacion": 6,
                    "descripcion_relacion": "crece la economía",
                },
            ],
            "entidad_relacion": [
                {
                    "entidad_origen_id": 1,
                    "entidad_destino_id": 2,
                    "tipo_relacion": "miembro_de",
                    "descripcion": "lo preside",
                    "fecha_inicio": "2018-06-02",
                    "fecha_fin": None,
                    "fuerza_relacion": 9,
                },
            ],
            "contradicciones": [
                {
                    "hecho_principal_id": 1,
                    "hecho_contradictorio_id": 2,
                    "tipo": "valor",
                    "grado": 2,
                    "descripcion": "no casan",
                },
            ],
        },
    }


def article(identidad: str = "https://medio.example/1", huella: str = "h1", **metadata: Any) -> Payload:
    """Return a whole payload of insertar_articulo_completo."""
    return {
        "articulo_metadata": {
            "identidad": identidad,
            "huella_contenido": huella,
            "url": identidad,
            "storage_path": None,
            "fuente": "rastreador",
            "medio": "El Diario",
            "medio_url_principal": "https://medio.example",
            "pais_publicacion": "España",
            "tipo_medio": "televisión",
            "titular": "Sube el salario mínimo",
            "fecha_publicacion": "2024-05-06T08:00:00+02:00",
            "autor": None,
            "idioma": "es",
            "seccion": "Economía",
            "etiquetas_fuente": ["economía", "trabajo"],
            "es_opinion": False,
            "es_oficial": True,
            "fecha_recopilacion": None,
            "contenido_texto": TEXTO,
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
    """Return a whole payload of insertar_fragmento_completo; `documento` may be overridden in `fields`."""
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
    """Return what is stored of an article that triage discarded."""
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
    """Return a copy of `payload` with the place `path` (as in `hechos.0.fecha`) set to `value`."""
    result = copy.deepcopy(payload)
    *parents, last = path.split(".")
    place: Any = result
    for key in parents:
        place = place[int(key) if isinstance(place, list) else key]
    place[int(last) if isinstance(place, list) else last] = value
    return result
