"""How a run ends: its result (ids and counts) and the name of its final state."""

from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed

from newsroom.models.item import Item
from newsroom.models.reading import Reading
from newsroom.models.resultado import Guardado, Resultado
from newsroom.models.vocabulario import Decision


def stored_before(item: Item, guardado: Guardado) -> State[Any]:
    """Returns the final state of an item that is stored already: nothing was asked, nothing changed."""
    resultado = Resultado(
        estado="Duplicado",
        identidad=item.identidad,
        articulo_id=guardado.articulo_id,
        conteos=guardado.conteos,
    )
    return Completed(
        name="Duplicado", message=f"artículo {guardado.articulo_id}, sin cambios", data=resultado
    )


def finish(item: Item, reading: Reading, guardado: Guardado) -> State[Any]:
    """Returns the final state of an item that was read: Completed, Descartado, or Duplicado if outrun."""
    estado = "Completed"
    if reading.triaje.decision is Decision.DESCARTAR:
        estado = "Descartado"
    elif guardado.resultado == "sin_cambios":
        estado = "Duplicado"
    resultado = Resultado(
        estado=estado,
        identidad=item.identidad,
        articulo_id=guardado.articulo_id,
        decision=reading.triaje.decision,
        conteos=guardado.conteos,
        advertencias=reading.advertencias(),
        tokens=reading.tokens(),
        costo_usd=reading.costo_usd(),
    )
    return Completed(name=estado, message=_describe(resultado), data=resultado)


def _describe(resultado: Resultado) -> str:
    conteos = resultado.conteos
    if resultado.estado != "Completed":
        return f"artículo {resultado.articulo_id}"
    return (
        f"artículo {resultado.articulo_id}: {conteos.hechos} hechos, {conteos.entidades} entidades, "
        f"{conteos.citas_textuales} citas, {conteos.datos_cuantitativos} datos, "
        f"{conteos.relaciones} relaciones"
    )
