"""What is stored, and what a run answers: ids and counts, never text."""

from typing import Any

from pydantic import Field

from newsroom.models.base import Frozen
from newsroom.models.vocabulario import Decision


class Conteos(Frozen):
    """How many rows of each kind belong to an item."""

    hechos: int = 0
    entidades: int = 0
    citas_textuales: int = 0
    datos_cuantitativos: int = 0
    hecho_entidad: int = 0
    hecho_relacionado: int = 0
    entidad_relacion: int = 0
    contradicciones: int = 0

    @property
    def relaciones(self) -> int:
        """The number of relations, all four kinds together."""
        return self.hecho_entidad + self.hecho_relacionado + self.entidad_relacion + self.contradicciones


class Guardado(Frozen):
    """The database's answer after storing an item. `resultado` is insertado, reemplazado or sin_cambios."""

    resultado: str
    articulo_id: int | None = None
    documento_id: int | None = None
    fragmento_id: int | None = None
    entidades_nuevas: int = 0
    conteos: Conteos = Conteos()


class DocumentoGuardado(Frozen):
    """The database's answer after a document's fragments were declared complete.

    `pendientes` are the identities of the fragments that are not stored. With any, `procesado` is false.
    """

    documento_id: int
    procesado: bool
    pendientes: tuple[str, ...] = ()
    num_fragmentos_eliminados: int = 0


class Resultado(Frozen):
    """What became of an item: the result of its flow run, readable over Prefect's API.

    `estado` is the name of the run's final state: Completed, Descartado or Duplicado. For a document,
    `fragmentos` counts the fragments by state, and the other numbers are sums over the fragments that this
    run read.
    """

    estado: str
    identidad: str
    articulo_id: int | None = None
    documento_id: int | None = None
    fragmento_id: int | None = None
    decision: Decision | None = None
    conteos: Conteos = Conteos()
    fragmentos: dict[str, int] = Field(default_factory=dict)
    advertencias: tuple[str, ...] = ()
    tokens: dict[str, int] = Field(default_factory=dict)
    costo_usd: float | None = None


Payload = dict[str, Any]
