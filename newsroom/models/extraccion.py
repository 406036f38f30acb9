"""What the stages find in a text. The keys are those of the prompts and of the SQL functions.

Local ids (`id`, `hecho_id`, `entidad_id`) count from 1 within one item. Offsets are Python string
indexes, half-open, into the item's text exactly as stored (`articulos.contenido_texto`).
"""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from newsroom.models.base import Frozen, Moment
from newsroom.models.vocabulario import (
    CategoriaDato,
    Decision,
    EstadoProgramacion,
    Exclusion,
    PrecisionTemporal,
    RelacionEntidades,
    RelacionHechos,
    RolEnHecho,
    SinContenido,
    Tendencia,
    TipoArticulo,
    TipoContradiccion,
    TipoEntidad,
    TipoHecho,
    TipoPeriodo,
)


class Consumo(Frozen):
    """What a stage used, and what produced its answer. It is stored beside the stage's rows.

    `modelo` is empty if no model was asked. Times are in seconds. Tokens are as the vendor counts them.
    """

    modelo: str = ""
    prompt: str = ""
    huella_prompt: str = ""
    parametros: dict[str, Any] = Field(default_factory=dict)
    peticiones: int = 0
    tokens_entrada: int = 0
    tokens_salida: int = 0
    tokens_cache: int = 0
    segundos: float = 0.0
    costo_usd: Decimal | None = None


class StageResult(Frozen):
    """Base of every stage's answer: what it used, and what it dropped and why (in Spanish, for editors)."""

    consumo: Consumo = Consumo()
    advertencias: tuple[str, ...] = ()


class Fecha(Frozen):
    """When something happens. A single day has `inicio` equal to `fin`; an open end is null."""

    inicio: Moment | None = None
    fin: Moment | None = None


class Periodo(Frozen):
    """The days that a figure covers, both included."""

    inicio: date | None = None
    fin: date | None = None


class Located(Frozen):
    """Something that stands in the text at `offset_inicio:offset_fin`."""

    offset_inicio: int = Field(ge=0)
    offset_fin: int = Field(ge=1)


class Puntuaciones(Frozen):
    """The five criteria of triage, 1 (none) to 5 (very high) each."""

    relevancia_geografica: int = Field(ge=1, le=5)
    relevancia_tematica: int = Field(ge=1, le=5)
    densidad_factual: int = Field(ge=1, le=5)
    complejidad_relacional: int = Field(ge=1, le=5)
    valor_informativo: int = Field(ge=1, le=5)

    @property
    def total(self) -> int:
        """The sum, 5 to 25."""
        return (
            self.relevancia_geografica
            + self.relevancia_tematica
            + self.densidad_factual
            + self.complejidad_relacional
            + self.valor_informativo
        )


class Triaje(StageResult):
    """Whether an article is worth reading on; `puntuacion_total` and `decision` are computed in code."""

    exclusion: Exclusion | SinContenido | None
    tipo_articulo: TipoArticulo
    puntuaciones: Puntuaciones
    puntuacion_total: int = Field(ge=5, le=25)
    decision: Decision
    paises: tuple[str, ...] = ()
    temas: tuple[str, ...] = ()
    justificacion: str = ""
    elementos_clave: tuple[str, ...] = ()


class Hecho(Located):
    """Something that happened, was said, decided or announced. The offsets are of the proving passage."""

    id: int = Field(ge=1)
    contenido: str = Field(min_length=1)
    fecha: Fecha = Fecha()
    precision_temporal: PrecisionTemporal | None = None
    tipo_hecho: TipoHecho
    pais: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    ciudad: tuple[str, ...] = ()
    etiquetas: tuple[str, ...] = ()
    es_futuro: bool = False
    estado_programacion: EstadoProgramacion | None = None


class Entidad(Located):
    """A person, institution, place and so on. The offsets are of its first mention."""

    id: int = Field(ge=1)
    nombre: str = Field(min_length=1)
    tipo: TipoEntidad
    alias: tuple[str, ...] = ()
    descripcion: str | None = None
    fecha_nacimiento: date | None = None
    fecha_disolucion: date | None = None
    relevancia: int | None = Field(default=None, ge=1, le=10)


class Elementos(StageResult):
    """The hechos and entidades of a text."""

    hechos: tuple[Hecho, ...] = ()
    entidades: tuple[Entidad, ...] = ()


class Atribucion(Located):
    """The words that attribute a quotation to its speaker: «dijo Ana Rey», at these offsets."""


class CitaTextual(Located):
    """Words that stand in the text verbatim: `cita` always equals `texto[offset_inicio:offset_fin]`.

    `atribucion` is null exactly where `entidad_id` is.
    """

    id: int = Field(ge=1)
    cita: str = Field(min_length=1)
    entidad_id: int | None = None
    hecho_id: int | None = None
    fecha: Moment | None = None
    contexto: str | None = None
    atribucion: Atribucion | None = None
    relevancia: int = Field(default=3, ge=1, le=5)


class DatoCuantitativo(Located):
    """A figure. The offsets are of the number in the text, and `valor` is its value."""

    id: int = Field(ge=1)
    hecho_id: int | None = None
    indicador: str = Field(min_length=3)
    categoria: CategoriaDato
    valor: Decimal
    unidad: str = Field(min_length=1)
    ambito_geografico: tuple[str, ...] = ()
    periodo: Periodo = Periodo()
    tipo_periodo: TipoPeriodo | None = None
    valor_anterior: Decimal | None = None
    variacion_absoluta: Decimal | None = None
    variacion_porcentual: Decimal | None = None
    tendencia: Tendencia | None = None


class CitasYDatos(StageResult):
    """The verbatim quotations and the figures of a text."""

    citas_textuales: tuple[CitaTextual, ...] = ()
    datos_cuantitativos: tuple[DatoCuantitativo, ...] = ()


class HechoEntidad(Frozen):
    """The part that an entidad has in a hecho."""

    hecho_id: int
    entidad_id: int
    tipo_relacion: RolEnHecho
    relevancia_en_hecho: int = Field(default=5, ge=1, le=10)


class HechoRelacionado(Frozen):
    """What the origin hecho is to the destination hecho."""

    hecho_origen_id: int
    hecho_destino_id: int
    tipo_relacion: RelacionHechos
    fuerza_relacion: int = Field(default=5, ge=1, le=10)
    descripcion_relacion: str | None = None


class EntidadRelacion(Frozen):
    """What the origin entidad is to the destination entidad."""

    entidad_origen_id: int
    entidad_destino_id: int
    tipo_relacion: RelacionEntidades
    descripcion: str | None = None
    fecha_inicio: date | None = None
    fecha_fin: date | None = None
    fuerza_relacion: int = Field(default=5, ge=1, le=10)


class Contradiccion(Frozen):
    """Two hechos of one text that cannot both be true."""

    hecho_principal_id: int
    hecho_contradictorio_id: int
    tipo: TipoContradiccion
    grado: int = Field(default=3, ge=1, le=5)
    descripcion: str | None = None


class Importancia(Frozen):
    """How much a hecho matters, 1 to 10, and the reasons."""

    hecho_id: int
    importancia: int = Field(ge=1, le=10)
    motivos: str | None = None


class Relaciones(StageResult):
    """The relations among the elements of a text."""

    hecho_entidad: tuple[HechoEntidad, ...] = ()
    hecho_relacionado: tuple[HechoRelacionado, ...] = ()
    entidad_relacion: tuple[EntidadRelacion, ...] = ()
    contradicciones: tuple[Contradiccion, ...] = ()
    importancias: tuple[Importancia, ...] = ()


class Enlaces(StageResult):
    """The entidades that the database knows already: local id -> `entidades.id`."""

    db_ids: dict[int, int] = Field(default_factory=dict)


class Traduccion(StageResult):
    """The item in Spanish. The text is null if it is Spanish already or the engine cannot translate."""

    texto_traducido: str | None = None
