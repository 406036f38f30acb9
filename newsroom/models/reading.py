"""`Reading`: everything that the stages found in an item, before and after it is stored."""

from decimal import Decimal

from newsroom.models.base import Frozen
from newsroom.models.extraccion import (
    CitasYDatos,
    Consumo,
    Elementos,
    Enlaces,
    Relaciones,
    Traduccion,
    Triaje,
)
from newsroom.models.preparado import Preparado
from newsroom.models.resultado import Conteos


class Reading(Frozen):
    """The answers of all stages. Those of stages that did not run (in a discarded article) are empty."""

    preparado: Preparado
    triaje: Triaje
    traduccion: Traduccion = Traduccion()
    elementos: Elementos = Elementos()
    enlaces: Enlaces = Enlaces()
    citas_y_datos: CitasYDatos = CitasYDatos()
    relaciones: Relaciones = Relaciones()

    def consumos(self) -> dict[str, Consumo]:
        """Returns what each stage used that asked a model, by the stage's name."""
        stages = {
            "triaje": self.triaje.consumo,
            "traduccion": self.traduccion.consumo,
            "elementos": self.elementos.consumo,
            "citas_y_datos": self.citas_y_datos.consumo,
            "relaciones": self.relaciones.consumo,
        }
        return {stage: consumo for stage, consumo in stages.items() if consumo.modelo}

    def tokens(self) -> dict[str, int]:
        """Returns the tokens of all stages: entrada, salida, cache, and the number of requests."""
        used = self.consumos().values()
        return {
            "entrada": sum(consumo.tokens_entrada for consumo in used),
            "salida": sum(consumo.tokens_salida for consumo in used),
            "cache": sum(consumo.tokens_cache for consumo in used),
            "peticiones": sum(consumo.peticiones for consumo in used),
        }

    def costo_usd(self) -> float | None:
        """Returns the cost of all stages in US dollars; None if no model has a known price."""
        costs = [consumo.costo_usd for consumo in self.consumos().values() if consumo.costo_usd is not None]
        return float(sum(costs, start=Decimal(0))) if costs else None

    def advertencias(self) -> tuple[str, ...]:
        """Returns the warnings of all stages, in the order of the stages."""
        return (
            *self.preparado.advertencias,
            *self.triaje.advertencias,
            *self.traduccion.advertencias,
            *self.elementos.advertencias,
            *self.citas_y_datos.advertencias,
            *self.relaciones.advertencias,
        )

    def conteos(self) -> Conteos:
        """Returns how many items of each kind were found."""
        return Conteos(
            hechos=len(self.elementos.hechos),
            entidades=len(self.elementos.entidades),
            citas_textuales=len(self.citas_y_datos.citas_textuales),
            datos_cuantitativos=len(self.citas_y_datos.datos_cuantitativos),
            hecho_entidad=len(self.relaciones.hecho_entidad),
            hecho_relacionado=len(self.relaciones.hecho_relacionado),
            entidad_relacion=len(self.relaciones.entidad_relacion),
            contradicciones=len(self.relaciones.contradicciones),
        )
