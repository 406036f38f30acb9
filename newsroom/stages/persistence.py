"""Stage `persist`: puts everything about an item into one payload for one remote call and one transaction.

It builds the payloads and sends nothing: the store does. It decides nothing about their content.
"""

from collections.abc import Sequence
from typing import Any

from newsroom.models.articulo import Articulo
from newsroom.models.documento import Documento, FichaDocumento
from newsroom.models.extraccion import Consumo, Hecho
from newsroom.models.fragmento import Fragmento
from newsroom.models.reading import Reading
from newsroom.models.resultado import Payload
from newsroom.models.vocabulario import Decision, EstadoProcesamiento

DEFAULT_IMPORTANCE = 5


def build_articulo_payload(
    articulo: Articulo, reading: Reading, motor: str, flow_run_id: str | None
) -> Payload:
    """Returns the argument of `insertar_articulo_completo`: JSON values under the function's keys."""
    discarded = reading.triaje.decision is Decision.DESCARTAR
    estado = EstadoProcesamiento.DESCARTADO if discarded else EstadoProcesamiento.COMPLETADO
    metadata = articulo.model_dump(mode="json")
    metadata |= {
        "identidad": articulo.identidad,
        "huella_contenido": articulo.huella_contenido,
        "idioma": reading.preparado.idioma,
        "texto_traducido": reading.traduccion.texto_traducido,
        "resumen": None,
        "categorias_asignadas": list(reading.triaje.temas),
        "puntuacion_relevancia": _out_of_ten(reading.triaje.puntuacion_total),
        "estado_procesamiento": estado.value,
        "triaje": reading.triaje.model_dump(mode="json", exclude={"consumo", "advertencias"}),
        "advertencias": list(reading.advertencias()),
    }
    return {"articulo_metadata": metadata, **build_extraction(reading, motor, flow_run_id)}


def build_documento(ficha: FichaDocumento, huella_documento: str | None) -> Payload:
    """Returns `documento` as the SQL functions take it.

    Args:
        ficha: what is known about the document.
        huella_documento: the hash of the whole text; None if the sender does not know it.
    """
    return {
        "identidad": ficha.identidad,
        "huella_contenido": huella_documento or ficha.fingerprint_with(),
        **ficha.model_dump(
            mode="json",
            include={"titulo", "autor", "fecha_publicacion", "tipo_documento", "storage_path", "metadata"},
        ),
    }


def build_documento_payload(documento: Documento, fragmentos: Sequence[Fragmento]) -> Payload:
    """Returns the argument of `completar_documento`: the document, and the place of each fragment in it."""
    whole = fragmentos[0].huella_documento if fragmentos else None
    return {
        # The same document as in the fragments' payloads, so that their order of arrival changes nothing.
        "documento": build_documento(fragmentos[0].ficha if fragmentos else documento, whole),
        "fragmentos": [
            {
                "identidad": fragmento.identidad,
                "huella_contenido": fragmento.huella_contenido,
                **fragmento.place(),
            }
            for fragmento in fragmentos
        ],
    }


def build_fragmento_payload(
    fragmento: Fragmento, reading: Reading, motor: str, flow_run_id: str | None
) -> Payload:
    """Returns the argument of `insertar_fragmento_completo`: JSON values under the function's keys."""
    row = {
        "identidad": fragmento.identidad,
        "huella_contenido": fragmento.huella_contenido,
        **fragmento.place(),
        "contenido": fragmento.texto_original,
        "texto_traducido": reading.traduccion.texto_traducido,
        "triaje": reading.triaje.model_dump(mode="json", exclude={"consumo", "advertencias"}),
        "advertencias": list(reading.advertencias()),
        "metadata": {"id_fragmento": fragmento.id_fragmento, **fragmento.metadata_adicional},
    }
    return {
        "documento": build_documento(fragmento.ficha, fragmento.huella_documento),
        "fragmento": row,
        **build_extraction(reading, motor, flow_run_id),
    }


def build_extraction(reading: Reading, motor: str, flow_run_id: str | None) -> Payload:
    """Returns the part of the payload that articles and fragments share."""
    elementos, citas_y_datos, relaciones = reading.elementos, reading.citas_y_datos, reading.relaciones
    importance = {item.hecho_id: item for item in relaciones.importancias}
    return {
        "procedencia": {
            "flow_run_id": flow_run_id,
            "motor": motor,
            "etapas": {stage: _provenance(consumo) for stage, consumo in reading.consumos().items()},
        },
        "entidades": [
            {**entidad.model_dump(mode="json"), "db_id": reading.enlaces.db_ids.get(entidad.id)}
            for entidad in elementos.entidades
        ],
        "hechos": [_hecho(hecho, importance.get(hecho.id)) for hecho in elementos.hechos],
        "citas_textuales": [cita.model_dump(mode="json") for cita in citas_y_datos.citas_textuales],
        # A Decimal travels as a string of its digits, which PostgreSQL reads as the same number.
        "datos_cuantitativos": [dato.model_dump(mode="json") for dato in citas_y_datos.datos_cuantitativos],
        "relaciones": relaciones.model_dump(mode="json", exclude={"consumo", "advertencias", "importancias"}),
    }


def _hecho(hecho: Hecho, importance: Any) -> dict[str, Any]:
    return {
        **hecho.model_dump(mode="json"),
        "importancia": importance.importancia if importance else DEFAULT_IMPORTANCE,
        "importancia_motivos": importance.motivos if importance else None,
    }


def _provenance(consumo: Consumo) -> dict[str, Any]:
    return consumo.model_dump(mode="json")


def _out_of_ten(total: int) -> int:
    """Returns the 5 to 25 points of triage on the scale 0 to 10 of `articulos.puntuacion_relevancia`."""
    return round((total - 5) / 2)
