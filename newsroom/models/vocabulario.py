"""Every enumerated value of the wire and the database, with exactly its stored spelling.

The lists come from the old system: from its prompts and its schema. The database checks the same lists.
"""

from enum import StrEnum


class TipoMedio(StrEnum):
    """Kind of outlet (`articulos.tipo_medio`)."""

    DIARIO = "diario"
    AGENCIA = "agencia"
    TELEVISIÓN = "televisión"
    RADIO = "radio"
    DIGITAL = "digital"
    OFICIAL = "oficial"
    BLOG = "blog"
    OTRO = "otro"


class TipoDocumento(StrEnum):
    """Kind of long document (`documentos_extensos.tipo_documento`)."""

    LIBRO = "libro"
    PAPER = "paper"
    LEY = "ley"
    TRATADO = "tratado"
    INFORME = "informe"
    MANUAL = "manual"
    OTRO = "otro"


class Exclusion(StrEnum):
    """The eight topics of the triage guide for which an article is discarded, whatever its score."""

    SUCESOS_COTIDIANOS = "sucesos_cotidianos"
    DEPORTES = "deportes"
    ENTRETENIMIENTO = "entretenimiento"
    ECONOMIA_RUTINARIA = "economia_rutinaria"
    CIENCIA_TECNOLOGIA = "ciencia_tecnologia"
    ESTILO_DE_VIDA = "estilo_de_vida"
    PROMOCIONAL = "promocional"
    PSEUDOCIENCIA = "pseudociencia"


class SinContenido(StrEnum):
    """What code finds in place of an article, stored where an excluded topic is. No model is asked for it."""

    SIN_CONTENIDO = "sin_contenido"


class TipoArticulo(StrEnum):
    """Journalistic genre."""

    NOTICIA = "NOTICIA"
    ENTREVISTA = "ENTREVISTA"
    OPINIÓN = "OPINIÓN"
    ANÁLISIS = "ANÁLISIS"
    CRÓNICA = "CRÓNICA"
    REPORTAJE = "REPORTAJE"


class Decision(StrEnum):
    """The decision of triage. It is computed from the scores, never taken from the model."""

    PROCESAR = "PROCESAR"
    CONSIDERAR = "CONSIDERAR"
    DESCARTAR = "DESCARTAR"


class TipoHecho(StrEnum):
    """Kind of hecho."""

    SUCESO = "SUCESO"
    ANUNCIO = "ANUNCIO"
    DECLARACION = "DECLARACION"
    BIOGRAFIA = "BIOGRAFIA"
    CONCEPTO = "CONCEPTO"
    NORMATIVA = "NORMATIVA"
    EVENTO = "EVENTO"


class PrecisionTemporal(StrEnum):
    """How precisely a hecho is dated."""

    EXACTA = "exacta"
    DIA = "dia"
    SEMANA = "semana"
    MES = "mes"
    TRIMESTRE = "trimestre"
    AÑO = "año"
    DECADA = "decada"
    PERIODO = "periodo"


class EstadoProgramacion(StrEnum):
    """State of a hecho in the future."""

    PROGRAMADO = "programado"
    CONFIRMADO = "confirmado"
    CANCELADO = "cancelado"
    MODIFICADO = "modificado"


class TipoEntidad(StrEnum):
    """Kind of entidad."""

    PERSONA = "PERSONA"
    ORGANIZACION = "ORGANIZACION"
    INSTITUCION = "INSTITUCION"
    LUGAR = "LUGAR"
    EVENTO = "EVENTO"
    NORMATIVA = "NORMATIVA"
    CONCEPTO = "CONCEPTO"


class RolEnHecho(StrEnum):
    """What an entidad does in a hecho (`hecho_entidad.tipo_relacion`)."""

    PROTAGONISTA = "protagonista"
    MENCIONADO = "mencionado"
    AFECTADO = "afectado"
    DECLARANTE = "declarante"
    UBICACION = "ubicacion"
    CONTEXTO = "contexto"
    VICTIMA = "victima"
    AGRESOR = "agresor"
    ORGANIZADOR = "organizador"
    PARTICIPANTE = "participante"
    OTRO = "otro"


class RelacionHechos(StrEnum):
    """What the origin hecho is to the destination hecho."""

    CAUSA = "causa"
    CONSECUENCIA = "consecuencia"
    CONTEXTO_HISTORICO = "contexto_historico"
    RESPUESTA_A = "respuesta_a"
    ACLARACION_DE = "aclaracion_de"
    VERSION_ALTERNATIVA = "version_alternativa"
    SEGUIMIENTO_DE = "seguimiento_de"


class RelacionEntidades(StrEnum):
    """What the origin entidad is to the destination entidad."""

    MIEMBRO_DE = "miembro_de"
    SUBSIDIARIA_DE = "subsidiaria_de"
    ALIADO_CON = "aliado_con"
    OPOSITOR_A = "opositor_a"
    SUCESOR_DE = "sucesor_de"
    PREDECESOR_DE = "predecesor_de"
    CASADO_CON = "casado_con"
    FAMILIAR_DE = "familiar_de"
    EMPLEADO_DE = "empleado_de"


class TipoContradiccion(StrEnum):
    """What two hechos disagree about."""

    FECHA = "fecha"
    CONTENIDO = "contenido"
    ENTIDADES = "entidades"
    UBICACION = "ubicacion"
    VALOR = "valor"
    COMPLETA = "completa"


class CategoriaDato(StrEnum):
    """Subject area of a figure."""

    ECONÓMICO = "económico"
    DEMOGRÁFICO = "demográfico"
    ELECTORAL = "electoral"
    SOCIAL = "social"
    PRESUPUESTARIO = "presupuestario"
    SANITARIO = "sanitario"
    AMBIENTAL = "ambiental"
    CONFLICTO = "conflicto"
    OTRO = "otro"


class TipoPeriodo(StrEnum):
    """Span that a figure covers."""

    ANUAL = "anual"
    TRIMESTRAL = "trimestral"
    MENSUAL = "mensual"
    SEMANAL = "semanal"
    DIARIO = "diario"
    PUNTUAL = "puntual"
    ACUMULADO = "acumulado"


class Tendencia(StrEnum):
    """Direction in which a figure moves."""

    AUMENTO = "aumento"
    DISMINUCIÓN = "disminución"
    ESTABLE = "estable"


class EstadoProcesamiento(StrEnum):
    """`articulos.estado_procesamiento` as this system writes it."""

    COMPLETADO = "completado"
    DESCARTADO = "descartado"
