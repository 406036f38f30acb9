"""The answer that a model is asked for, stage by stage: flat items, every field required, null if unknown.

The prompts show these shapes to the model. The stages in `newsroom/stages` read the answers leniently, item
by item. They look each item up in the text and turn it into a model of `extraccion.py`. Sums, decisions and
offsets are not asked for, because code computes them better. `pasaje` is the verbatim passage that proves an
item.
"""

from newsroom.models.base import Frozen
from newsroom.models.vocabulario import (
    CategoriaDato,
    EstadoProgramacion,
    Exclusion,
    PrecisionTemporal,
    RelacionEntidades,
    RelacionHechos,
    RolEnHecho,
    Tendencia,
    TipoArticulo,
    TipoContradiccion,
    TipoEntidad,
    TipoHecho,
    TipoPeriodo,
)


class RespuestaTriaje(Frozen):
    """Answer of stage `triaje`. Each of the five scores is 1 to 5."""

    exclusion: Exclusion | None
    tipo_articulo: TipoArticulo
    paises: list[str]
    temas: list[str]
    relevancia_geografica: int
    relevancia_tematica: int
    densidad_factual: int
    complejidad_relacional: int
    valor_informativo: int
    justificacion: str
    elementos_clave: list[str]


class RespuestaTraduccion(Frozen):
    """Answer of stage `traduccion`."""

    texto: str


class FechaRespuesta(Frozen):
    """ISO dates (YYYY-MM-DD, or with time); null if the text does not say."""

    inicio: str | None
    fin: str | None


class HechoRespuesta(Frozen):
    """A hecho as the model states it."""

    id: int
    contenido: str
    pasaje: str
    fecha: FechaRespuesta
    precision_temporal: PrecisionTemporal | None
    tipo_hecho: TipoHecho
    pais: list[str]
    region: list[str]
    ciudad: list[str]
    etiquetas: list[str]
    es_futuro: bool
    estado_programacion: EstadoProgramacion | None


class EntidadRespuesta(Frozen):
    """An entidad as the model states it. `nombre` and `alias` are written as in the text."""

    id: int
    nombre: str
    tipo: TipoEntidad
    alias: list[str]
    descripcion: str | None
    fecha_nacimiento: str | None
    fecha_disolucion: str | None
    relevancia: int | None


class RespuestaElementos(Frozen):
    """Answer of stage `elementos`."""

    hechos: list[HechoRespuesta]
    entidades: list[EntidadRespuesta]


class CitaRespuesta(Frozen):
    """A verbatim quotation. `entidad_id` is the speaker."""

    id: int
    cita: str
    entidad_id: int | None
    hecho_id: int | None
    fecha: str | None
    contexto: str | None
    relevancia: int | None


class DatoRespuesta(Frozen):
    """A figure. `valor` is a plain number (50 millones is 50000000); `pasaje` is the words that hold it."""

    id: int
    hecho_id: int | None
    indicador: str
    categoria: CategoriaDato
    valor: float
    unidad: str
    pasaje: str
    ambito_geografico: list[str]
    periodo: FechaRespuesta
    tipo_periodo: TipoPeriodo | None
    valor_anterior: float | None
    variacion_absoluta: float | None
    variacion_porcentual: float | None
    tendencia: Tendencia | None


class RespuestaCitasYDatos(Frozen):
    """Answer of stage `citas_y_datos`."""

    citas_textuales: list[CitaRespuesta]
    datos_cuantitativos: list[DatoRespuesta]


class HechoEntidadRespuesta(Frozen):
    """The part of an entidad in a hecho. Its relevancia is 1 to 10."""

    hecho_id: int
    entidad_id: int
    tipo_relacion: RolEnHecho
    relevancia_en_hecho: int


class HechoRelacionadoRespuesta(Frozen):
    """A relation between two hechos. Its fuerza is 1 to 10."""

    hecho_origen_id: int
    hecho_destino_id: int
    tipo_relacion: RelacionHechos
    fuerza_relacion: int
    descripcion_relacion: str | None


class EntidadRelacionRespuesta(Frozen):
    """A relation between two entidades. Its fuerza is 1 to 10."""

    entidad_origen_id: int
    entidad_destino_id: int
    tipo_relacion: RelacionEntidades
    descripcion: str | None
    fecha_inicio: str | None
    fecha_fin: str | None
    fuerza_relacion: int


class ContradiccionRespuesta(Frozen):
    """Two hechos that cannot both be true. The grado of the contradiction is 1 to 5."""

    hecho_principal_id: int
    hecho_contradictorio_id: int
    tipo: TipoContradiccion
    grado: int
    descripcion: str | None


class ImportanciaRespuesta(Frozen):
    """The importance of a hecho, 1 to 10, and the reasons."""

    hecho_id: int
    importancia: int
    motivos: str | None


class RespuestaRelaciones(Frozen):
    """Answer of stage `relaciones`."""

    hecho_entidad: list[HechoEntidadRespuesta]
    hecho_relacionado: list[HechoRelacionadoRespuesta]
    entidad_relacion: list[EntidadRelacionRespuesta]
    contradicciones: list[ContradiccionRespuesta]
    importancias: list[ImportanciaRespuesta]
