"""The JSON shapes of the door's answers, as the old service had them."""

from importlib.metadata import version
from typing import Any, Literal

from pydantic import BaseModel, Field

API_VERSION = version("noticias")

Status = Literal["pending", "processing", "completed", "failed"]


class Health(BaseModel):
    """Whether the door itself is open."""

    status: Literal["healthy"]
    message: str


class Check(BaseModel):
    """The answer of one server that the door needs, and how long it took."""

    status: Literal["pass", "warn", "fail"]
    response_time_ms: float
    message: str


class Summary(BaseModel):
    """The checks, counted."""

    total_checks: int
    passed: int
    failed: int
    response_time_ms: float


class DetailedHealth(BaseModel):
    """Whether the servers that the door needs are there."""

    status: Literal["healthy", "degraded", "unhealthy"]
    timestamp: str
    checks: dict[str, Check]
    summary: Summary


class Tracking(BaseModel):
    """Where to ask about the job."""

    job_id: str
    check_status_endpoint: str


class Accepted(BaseModel):
    """202: the item has a flow run, a new one or an earlier one."""

    success: Literal[True]
    request_id: str
    job_id: str
    timestamp: str
    api_version: str
    status: Status
    message: str
    tracking: Tracking
    metadata: dict[str, Any]


class Progress(BaseModel):
    """How far a job is, in percent: 0 while it waits, 50 while it runs, 100 when done, 0 if it failed."""

    percentage: Literal[0, 50, 100]
    message: str


class Outcome(BaseModel):
    """What is stored of a finished item; what is not known is left out."""

    estado: str
    articulo_id: int | None = None
    documento_id: int | None = None
    fragmento_id: int | None = None
    tiempo_procesamiento_segundos: float
    elementos_extraidos: dict[str, int] | None = None


class JobError(BaseModel):
    """Why a job failed; `fase` is left out if it failed in none of the old service's stages."""

    tipo: str
    mensaje: str
    fase: str | None = None
    timestamp: str


class Job(BaseModel):
    """One job."""

    job_id: str
    status: Status
    created_at: str
    updated_at: str
    progress: Progress
    result: Outcome | None = None
    error: JobError | None = None
    metadata: dict[str, Any]


class JobAnswer(BaseModel):
    """The answer of /status."""

    success: Literal[True]
    request_id: str
    timestamp: str
    api_version: str
    data: Job


class HttpError(BaseModel):
    """404, 405 and the like."""

    error: Literal["http_error"]
    mensaje: str
    timestamp: str
    request_id: str


class ValidationRefusal(BaseModel):
    """400: do not send it again; `detalles` name the fields."""

    error: Literal["validation_error"]
    mensaje: str
    detalles: list[str] = Field(min_length=1)
    timestamp: str
    request_id: str


class ServiceUnavailable(BaseModel):
    """503: try again after `retry_after` seconds."""

    error: Literal["service_unavailable"]
    mensaje: str
    retry_after: int
    timestamp: str
    request_id: str
