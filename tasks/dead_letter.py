"""What is left of a run that failed for good: a row in `pipeline_errores`, written by the flow's hook."""

from datetime import UTC, datetime, timedelta
from typing import Any

from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow
from prefect.logging import get_logger

from newsroom.errors import NewsroomError, TransientError
from newsroom.models.articulo import Articulo
from tasks import _runtime

RETRY_AFTER = timedelta(minutes=15)


async def record_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Stores the failed item with stage, error, tries and the time of the next try (Prefect's on_failure).

    If the database is away too, the run's own record keeps the input: its parameters.
    """
    failure = state.data if isinstance(state.data, BaseException) else RuntimeError(state.message or "")
    entrada = flow_run.parameters.get("articulo")
    if isinstance(entrada, Articulo):
        articulo = entrada
    elif isinstance(entrada, dict):
        articulo = Articulo.model_validate(entrada)
    else:
        return
    payload = _describe(failure, articulo, str(flow_run.id))
    try:
        await _runtime.store().record_error(payload)
    except NewsroomError as exc:
        get_logger("newsroom").error(
            "the failure could not be stored either (%s); see the run's parameters", exc
        )


def _describe(failure: BaseException, articulo: Articulo, flow_run_id: str) -> dict[str, Any]:
    transient = isinstance(failure, TransientError)
    wait = timedelta(seconds=getattr(failure, "retry_after_s", 0)) or RETRY_AFTER
    return {
        "flow_run_id": flow_run_id,
        "etapa": getattr(failure, "stage", "") or "flujo",
        "clase_error": type(failure).__name__,
        "mensaje": str(failure)[:2000],
        "transitorio": transient,
        "intentos": getattr(failure, "attempts", 1) or 1,
        "identidad": articulo.identidad,
        "entrada": articulo.model_dump(mode="json"),
        "proximo_intento": (datetime.now(UTC) + wait).isoformat() if transient else None,
    }
