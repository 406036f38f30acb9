"""A small gold article as in a file, and what an engine might find in it."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from newsroom.evaluation.gold import Gold, read_gold
from newsroom.models.extraccion import CitaTextual, DatoCuantitativo, Entidad, Fecha, Hecho
from newsroom.models.vocabulario import CategoriaDato, TipoEntidad, TipoHecho
from tests.factories import raw_articulo

TEXTO = (
    "La ministra Ana Rey anunció el lunes un plan de 50 millones de euros. «No habrá recortes», dijo Rey.\n"
    "El sindicato CCT rechazó el plan y convocó una huelga para el 20 de mayo. Cerró 12 escuelas."
)


def annotation(**changes: Any) -> dict[str, Any]:
    return {
        "articulo": raw_articulo(
            url="https://gold.ejemplo/a", titular="Plan de la ministra", contenido_texto=TEXTO
        ),
        "decision": ["PROCESAR", "CONSIDERAR"],
        "tipo_articulo": "NOTICIA",
        "entidades": [
            {"nombre": "Ana Rey", "tipo": "PERSONA", "menciones": ["Ana Rey", "Rey"]},
            {"nombre": "CCT", "tipo": "ORGANIZACION", "menciones": ["CCT"]},
        ],
        "hechos": [
            {
                "contenido": "La ministra Ana Rey anunció un plan de 50 millones de euros",
                "pasaje": "La ministra Ana Rey anunció el lunes un plan de 50 millones de euros.",
                "fecha": "2024-05-13",
                "tipo_hecho": "ANUNCIO",
                "entidades": ["Ana Rey"],
            },
            {
                "contenido": "El sindicato CCT rechazó el plan",
                "pasaje": "El sindicato CCT rechazó el plan y convocó una huelga para el 20 de mayo.",
                "fecha": None,
                "tipo_hecho": "DECLARACION",
                "entidades": ["CCT"],
            },
            {
                "contenido": "El sindicato CCT convocó una huelga para el 20 de mayo",
                "pasaje": "El sindicato CCT rechazó el plan y convocó una huelga para el 20 de mayo.",
                "fecha": {"inicio": "2024-05-20", "fin": None},
                "tipo_hecho": "EVENTO",
                "entidades": ["CCT"],
            },
        ],
        "citas": [{"cita": "No habrá recortes", "emisor": "Ana Rey"}],
        "datos": [
            {
                "valor": 50000000,
                "unidad": "euros",
                "pasaje": "50 millones de euros",
                "indicador": "plan",
                "hecho": 1,
            },
            {"valor": 12, "unidad": "escuelas", "pasaje": "12 escuelas", "indicador": "escuelas cerradas"},
        ],
        "relaciones": {
            "entidad_relacion": [{"origen": "CCT", "destino": "Ana Rey", "tipo": "opositor_a"}],
            "hecho_relacionado": [{"origen": 2, "destino": 1, "tipo": "respuesta_a"}],
        },
    } | changes


def write(folder: Path, name: str = "01-prueba", **changes: Any) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(annotation(**changes), allow_unicode=True), encoding="utf-8")
    return path


def gold(folder: Path, **changes: Any) -> Gold:
    return read_gold(write(folder, **changes))


def place(words: str) -> dict[str, int]:
    start = TEXTO.index(words)
    return {"offset_inicio": start, "offset_fin": start + len(words)}


def entidad(nombre: str, tipo: TipoEntidad = TipoEntidad.PERSONA, *alias: str, number: int = 1) -> Entidad:
    return Entidad(id=number, nombre=nombre, tipo=tipo, alias=alias, offset_inicio=0, offset_fin=1)


def hecho(words: str, contenido: str = "algo", number: int = 1, fecha: Fecha | None = None) -> Hecho:
    return Hecho(
        id=number, contenido=contenido, tipo_hecho=TipoHecho.SUCESO, fecha=fecha or Fecha(), **place(words)
    )


def cita(words: str, speaker: int | None = None) -> CitaTextual:
    return CitaTextual(id=1, cita=words, entidad_id=speaker, **place(words))


def dato(valor: str, unidad: str, words: str) -> DatoCuantitativo:
    return DatoCuantitativo(
        id=1,
        indicador="algo",
        categoria=CategoriaDato.OTRO,
        valor=Decimal(valor),
        unidad=unidad,
        **place(words),
    )


def moment(day: int, month: int = 5) -> datetime:
    return datetime(2024, month, day, tzinfo=UTC)
