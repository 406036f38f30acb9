"""What was read, what failed and what it cost: counted over stored rows by the SQL function `metricas`."""

from pydantic import Field

from newsroom.models.base import Frozen


class MetricasEtapa(Frozen):
    """One stage with one engine and model: how often it ran and what it used. Times are in seconds."""

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
    """One class of error: how many items failed for good with it, and how many of those are still open."""

    clase_error: str
    total: int
    abiertos: int


class MetricasArticulo(Frozen):
    """What one stored article used, as mean and median over all; 0 without any. Tokens are in plus out."""

    tokens_media: float = 0
    tokens_mediana: float = 0
    costo_usd_media: float = 0
    costo_usd_mediana: float = 0


class Metricas(Frozen):
    """Totals since the database was made.

    `tiempo_total_procesamiento` is the sum of the seconds that the stages took. Stages overlap, so less time
    than that went by. `sin_precio` counts the times that a stage used tokens of a model without a known
    price. `costo_usd` does not include those.
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
