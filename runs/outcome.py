"""How a run ends: its result (ids and counts) and the name of its final state."""

from collections import Counter
from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed

from newsroom.errors import IncompleteDocument, QuotaExhausted, TerminalError
from newsroom.models.documento import Documento
from newsroom.models.item import Item
from newsroom.models.outcome import Outcome
from newsroom.models.reading import Reading
from newsroom.models.resultado import Conteos, DocumentoGuardado, Guardado, Resultado
from newsroom.models.vocabulario import Decision
from newsroom.reporting.numbers import counted


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
    """Returns the final state of an item that was read.

    It is Completed, Descartado, or Duplicado if another run stored the same item first.
    """
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


def finish_document(
    documento: Documento, guardado: DocumentoGuardado, outcomes: list[Outcome], reprocesar: bool = False
) -> State[Any]:
    """Returns the final state of a document: Completed, or Duplicado if none of its fragments had to be read.

    With `reprocesar`, no fragment may have failed, even if an earlier reading of it is stored.

    Raises:
        TerminalError: a fragment was refused with it, and no later try can help.
        QuotaExhausted: a fragment was refused with it, and the vendor says when work may go on.
        IncompleteDocument: fragments are missing for another reason; the next run reads only those.
    """
    failed = [outcome for outcome in outcomes if outcome.failure]
    if not guardado.procesado or (reprocesar and failed):
        final = (
            o.error for kind in (TerminalError, QuotaExhausted) for o in failed if isinstance(o.error, kind)
        )
        refusal = next(final, None)
        if refusal is not None:
            raise refusal
        why = failed[0].failure if failed else "no run has stored it"
        count = len(guardado.pendientes) or len(failed)
        missing = counted(count, "fragment is", "fragments are")
        raise IncompleteDocument(f"{missing} missing; the first: {why}")
    results = [outcome.resultado for outcome in outcomes if outcome.resultado]
    costs = [resultado.costo_usd for resultado in results if resultado.costo_usd is not None]
    resultado = Resultado(
        estado="Completed" if results else "Duplicado",
        identidad=documento.identidad,
        documento_id=guardado.documento_id,
        conteos=_add([resultado.conteos for resultado in results]),
        fragmentos=dict(Counter(resultado.estado for resultado in results)),
        tokens=dict(sum((Counter(resultado.tokens) for resultado in results), Counter())),
        costo_usd=sum(costs) if costs else None,
    )
    unchanged = "" if results else ", sin cambios"
    read = counted(len(results), "fragmento leído", "fragmentos leídos")
    message = f"documento {guardado.documento_id}: {read}{unchanged}"
    return Completed(name=resultado.estado, message=message, data=resultado)


def _add(counts: list[Conteos]) -> Conteos:
    names = Conteos.model_fields
    return Conteos(**{name: sum(getattr(conteos, name) for conteos in counts) for name in names})


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
    found = (
        counted(conteos.hechos, "hecho", "hechos"),
        counted(conteos.entidades, "entidad", "entidades"),
        counted(conteos.citas_textuales, "cita", "citas"),
        counted(conteos.datos_cuantitativos, "dato", "datos"),
        counted(conteos.relaciones, "relación", "relaciones"),
    )
    return f"{_name(resultado)}: {', '.join(found)}"
