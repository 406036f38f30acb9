"""Writes the dead letter of a run that failed for good, a row in `pipeline_errores`; the flow's hook."""

from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow
from prefect.logging import get_logger
from pydantic import ValidationError

from newsroom.errors import NewsroomError
from newsroom.models.articulo import Articulo
from newsroom.models.documento import Documento
from newsroom.models.fragmento import Fragmento
from newsroom.models.outcome import Received
from runs import runtime
from runs.letters.parked import park
from runs.policy import is_transient, raised

KINDS: dict[str, type[Articulo] | type[Fragmento] | type[Documento]] = {
    "articulo": Articulo,
    "fragmento": Fragmento,
    "documento": Documento,
}
"""The flows' parameters that hold an item, and their models."""

FORCED = "reprocesar"
"""The flows' parameter that makes a run read an item again though it is stored."""

RETRY_AFTER = timedelta(minutes=15)


async def record_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Stores the failed item with stage, error, tries and the time of the next try (Prefect's on_failure).

    If the database is away too, the letter waits in a file until the database is back
    (runs/letters/parked.py).
    """
    failure = raised(state)
    if not isinstance(failure, BaseException):
        failure = RuntimeError(state.message or state.name)
    received = _read_input(flow_run.parameters)
    if received is None:
        return  # invalid input: the run's own message names the fields, and no retry can help
    payload = _describe(failure, received, str(flow_run.id))
    if flow_run.parameters.get(FORCED):
        payload["entrada"][FORCED] = True  # without it the next try would find the item stored and stop
    try:
        await runtime.store().record_error(payload)
    except NewsroomError as exc:
        path = park(payload)
        get_logger("newsroom").error(
            "the dead letter could not be stored (%s); it waits in %s, and `noticias errors` stores it",
            exc,
            path,
        )


def _read_input(parameters: dict[str, Any]) -> Received | None:
    for kind, model in KINDS.items():
        if kind in parameters:
            try:
                return model.model_validate(parameters[kind])
            except ValidationError:
                return None
    return None


def kind_of(received: Received) -> str:
    """Returns the flow parameter that takes the item."""
    return next(kind for kind, model in KINDS.items() if type(received) is model)


def _describe(failure: BaseException, received: Received, flow_run_id: str) -> dict[str, Any]:
    transient = is_transient(failure)
    wait = timedelta(seconds=getattr(failure, "retry_after_s", 0)) or RETRY_AFTER
    return {
        "flow_run_id": flow_run_id,
        "etapa": getattr(failure, "stage", "") or "flujo",
        "clase_error": type(failure).__name__,
        "mensaje": str(failure)[:2000],
        "transitorio": transient,
        "intentos": getattr(failure, "attempts", 1) or 1,
        "identidad": received.identidad,
        # The key is the name of the flow's parameter: it tells the next try which flow to run.
        "entrada": {kind_of(received): received.model_dump(mode="json")},
        "proximo_intento": (datetime.now(UTC) + wait).isoformat() if transient else None,
    }
