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
        **_ids(guardado),
        conteos=guardado.conteos,
    )
    return Completed(name="Duplicado", message=f"{_name(resultado)}, sin cambios", data=resultado)


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
        **_ids(guardado),
        decision=reading.triaje.decision,
        conteos=guardado.conteos,
        advertencias=reading.advertencias(),
        tokens=reading.tokens(),
        costo_usd=reading.costo_usd(),
    )
    return Completed(name=estado, message=_describe(resultado), data=resultado)


def _ids(guardado: Guardado) -> dict[str, Any]:
    return guardado.model_dump(include={"articulo_id", "documento_id", "fragmento_id"})


def _name(resultado: Resultado) -> str:
    if resultado.articulo_id is not None:
        return f"artículo {resultado.articulo_id}"
    return f"fragmento {resultado.fragmento_id} del documento {resultado.documento_id}"


def _describe(resultado: Resultado) -> str:
    conteos = resultado.conteos
    if resultado.estado != "Completed":
        return _name(resultado)
    return (
        f"{_name(resultado)}: {conteos.hechos} hechos, {conteos.entidades} entidades, "
        f"{conteos.citas_textuales} citas, {conteos.datos_cuantitativos} datos, "
        f"{conteos.relaciones} relaciones"
    )
