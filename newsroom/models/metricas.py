"""What was read, what failed and what it cost: counted over stored rows by the SQL function `metricas`."""

from pydantic import Field

from newsroom.models.base import Frozen


class MetricasEtapa(Frozen):
    """One stage with one engine and model: how often it was run and what that used. Times are seconds."""

    etapa: str
    motor: str
    modelo: str
    ejecuciones: int
    peticiones: int
    tokens_entrada: int
    tokens_salida: int
    tokens_cache: int
    costo_usd: float
    sin_precio: int
    segundos: float


class MetricasErrores(Frozen):
    """One class of error: the items that failed for good with it, and those of them still open."""

    clase_error: str
    total: int
    abiertos: int


class MetricasArticulo(Frozen):
    """What an article that is stored took, tokens in and out, over all articles; 0 where there is none."""

    tokens_media: float = 0
    tokens_mediana: float = 0
    costo_usd_media: float = 0
    costo_usd_mediana: float = 0


class Metricas(Frozen):
    """Totals since the database was made.

    `tiempo_total_procesamiento` is the seconds that stages took, added up (they overlap);
    `sin_precio` how often a stage used tokens of a model whose price is not known: `costo_usd` lacks those.
    """

    articulos_procesados: int
    fragmentos_procesados: int
    descartados: int
    articulos_por_decision: dict[str, int]
    articulos_por_estado: dict[str, int]
    errores: int
    errores_abiertos: int
    errores_por_clase: tuple[MetricasErrores, ...] = ()
    tiempo_total_procesamiento: float
    peticiones: int
    tokens_entrada: int
    tokens_salida: int
    tokens_cache: int
    costo_usd: float
    sin_precio: int
    por_articulo: MetricasArticulo = Field(default_factory=MetricasArticulo)
    etapas: tuple[MetricasEtapa, ...] = ()
