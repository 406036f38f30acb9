"""Everything that can be found in one text, in the form in which the stages give it to the store."""

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
    """Returns the offsets of `words` in TEXTO."""
    start = TEXTO.index(words)
    return {"offset_inicio": start, "offset_fin": start + len(words)}


def extraction() -> Payload:
    """Returns one of everything: 3 hechos, 4 entidades, 1 cita, 2 datos, 2 + 1 + 1 + 1 relaciones."""
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
