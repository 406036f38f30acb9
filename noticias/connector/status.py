"""What a flow run's state means in the old service's words."""

import re
from datetime import datetime, timedelta
from typing import Any

from prefect.client.schemas.objects import FlowRun, State, StateType
from pydantic import ValidationError

from newsroom.inputs import printable
from noticias.connector.items import Kind, Submission, kind_of
from noticias.connector.jobs import Jobs
from noticias.connector.refusals import Unavailable
from noticias.connector.shapes import Job, JobError, Outcome, Progress, Status

_STATUS: dict[StateType, Status] = {
    StateType.SCHEDULED: "pending",
    StateType.PENDING: "pending",
    StateType.PAUSED: "pending",
    StateType.RUNNING: "processing",
    StateType.CANCELLING: "processing",
    StateType.COMPLETED: "completed",
    StateType.FAILED: "failed",
    StateType.CRASHED: "failed",
    StateType.CANCELLED: "failed",
}
_PROGRESS: dict[Status, Progress] = {
    "pending": Progress(percentage=0, message="En espera"),
    "processing": Progress(percentage=50, message="En proceso"),
    "completed": Progress(percentage=100, message="Terminado"),
    "failed": Progress(percentage=0, message="Falló"),
}
# Prefect writes: Flow run encountered an exception: EngineRefused: what went wrong
_EXCEPTION = re.compile(r"exception: (\w{1,80})")
_TIPO = {
    "RateLimited": "groq_api_error",
    "QuotaExhausted": "groq_api_error",
    "EngineUnavailable": "groq_api_error",
    "EngineRefused": "groq_api_error",
    "MalformedOutput": "groq_api_error",
    "StoreUnavailable": "supabase_error",
    "StoreRejected": "supabase_error",
    "InvalidInput": "validation_error",
    "ValidationError": "validation_error",
}
_FASE = {
    "triage": "fase_1_triaje",
    "translation": "fase_1_triaje",
    "elements": "fase_2_extraccion",
    "quotes-and-figures": "fase_3_citas_datos",
    "linking": "fase_4_normalizacion",
    "relations": "fase_4_normalizacion",
    "lookup": "fase_5_persistencia",
    "persist": "fase_5_persistencia",
}
_MAX_WORDS = 300
_MAX_TITULAR = 100


def status_of(state: State[Any] | None) -> Status:
    """Returns pending, processing, completed or failed; a run that has no state yet is pending."""
    return _STATUS[state.type] if state else "pending"


async def describe(jobs: Jobs, run: FlowRun) -> Job:
    """Returns the job as /status shows it: the run, and what the database says is stored of its item."""
    status = status_of(run.state)
    since = _moment(run.state.timestamp if run.state else run.created)
    submission = _sent(run)
    return Job(
        job_id=str(run.id),
        status=status,
        created_at=_moment(run.created),
        updated_at=since,
        progress=_PROGRESS[status],
        result=await _result(jobs, run, submission) if status == "completed" else None,
        error=await _error(jobs, run, since) if status == "failed" else None,
        metadata=_metadata(submission) if submission else {},
    )


async def _result(jobs: Jobs, run: FlowRun, submission: Submission | None) -> Outcome:
    try:
        stored = await jobs.find_stored(submission.item) if submission else None
    except Unavailable:
        stored = None  # the end of the run is known without it
    return Outcome(
        estado=run.state.name or "Completed" if run.state else "Completed",
        articulo_id=stored.articulo_id if stored else None,
        documento_id=stored.documento_id if stored else None,
        fragmento_id=stored.fragmento_id if stored else None,
        tiempo_procesamiento_segundos=_seconds(run.total_run_time),
        elementos_extraidos=stored.conteos.model_dump() if stored else None,
    )


async def _error(jobs: Jobs, run: FlowRun, since: str) -> JobError:
    assert run.state is not None
    lines = (run.state.message or "").strip().splitlines()
    # Only the first line: in a message of pydantic's, the value that was wrong follows.
    words = printable(lines[0][:_MAX_WORDS]) if lines else run.state.name or "Failed"
    found = _EXCEPTION.search(words)
    tipo = _TIPO.get(found[1], "internal_error") if found else "processing_error"
    task = await jobs.read_failed_task(run)
    return JobError(tipo=tipo, mensaje=words, fase=_FASE.get(task or ""), timestamp=since)


def _sent(run: FlowRun) -> Submission | None:
    """Returns the item of the run; None if another version made the run and this one cannot read its item."""
    kind = kind_of(run.idempotency_key)
    parameters = run.parameters
    try:
        return Submission(kind, _item(kind, parameters), parameters) if kind else None
    except ValidationError:
        return None


def _item(kind: Kind, parameters: dict[str, Any]) -> Any:
    return kind.model.model_validate(parameters.get(kind.parameter))


def _metadata(submission: Submission) -> dict[str, Any]:
    sent = submission.parameters[submission.kind.parameter]
    known: dict[str, Any] = {"tipo": submission.kind.parameter, "longitud_contenido": len(submission.texto)}
    for key in ("medio", "titular", "fecha_publicacion", "id_fragmento", "id_articulo_fuente"):
        if isinstance(sent.get(key), str):
            known[key] = sent[key][:_MAX_TITULAR]
    return known


def _seconds(spent: timedelta | None) -> float:
    return round(spent.total_seconds(), 3) if spent else 0.0


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else ""
