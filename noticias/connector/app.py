"""The FastAPI application behind `noticias connector`."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from pydantic import SecretStr
from starlette.requests import ClientDisconnect

from newsroom.intake.articles import Shapes
from newsroom.store.base import Store
from noticias.connector import health, metrics, schema, shapes
from noticias.connector.access import RequestIds, token_check
from noticias.connector.bodies import read_object
from noticias.connector.items import ARTICULO, FRAGMENTO, LONG_CHARS, Kind, Submission, check
from noticias.connector.jobs import Jobs
from noticias.connector.refusals import HANDLERS, now, request_id
from noticias.connector.status import describe, status_of

TITLE = "La Máquina de Noticias (Pipeline)"
_LEFT = 499


def build_app(
    make_store: Callable[[], Store], token: SecretStr | None = None, articles: Shapes | None = None
) -> FastAPI:
    """Returns the application. Each time it is served, it opens one Prefect client and one store.

    Prefect's address comes from Prefect's settings.

    Args:
        make_store: makes the store.
        token: all addresses but /health ask for it; with None, none does.
        articles: the shapes in which an article may come; None is those that come with this program.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Entering the client sends nothing. So the door opens even while Prefect is away, and answers 503.
        async with get_client() as client:
            app.state.store = store = make_store()
            app.state.jobs = Jobs(client, store)
            app.state.articles = articles or Shapes()
            try:
                yield
            finally:
                await store.close()

    app = FastAPI(
        title=TITLE,
        version=shapes.API_VERSION,
        openapi_url="/api/v1/openapi.json",
        lifespan=lifespan,
        exception_handlers=HANDLERS,
    )
    app.add_middleware(RequestIds)
    guarded = [Depends(token_check(token))]
    _add_questions(app, guarded)
    _add_submissions(app, guarded)
    schema.install(app)
    return app


def _add_questions(app: FastAPI, guarded: list[Any]) -> None:
    app.add_api_route("/health", read_health, response_model=shapes.Health)
    app.add_api_route(
        "/health/detailed",
        read_detailed_health,
        dependencies=guarded,
        response_model=shapes.DetailedHealth,
        responses={503: {"model": shapes.DetailedHealth}, **schema.UNAUTHORIZED},
    )
    app.add_api_route(
        "/metrics",
        read_metrics,
        response_class=Response,
        dependencies=guarded,
        responses={**schema.METRICS, **schema.UNAUTHORIZED},
    )
    app.add_api_route(
        "/status/{job_id}",
        read_status,
        dependencies=guarded,
        response_model=shapes.JobAnswer,
        response_model_exclude_none=True,
        responses={**schema.NOT_FOUND, **schema.UNAVAILABLE, **schema.UNAUTHORIZED},
    )


def _add_submissions(app: FastAPI, guarded: list[Any]) -> None:
    for path, endpoint, kind in (
        ("/procesar_articulo", process_articulo, ARTICULO),
        ("/procesar_fragmento", process_fragmento, FRAGMENTO),
    ):
        app.add_api_route(
            path,
            endpoint,
            methods=["POST"],
            status_code=202,
            dependencies=guarded,
            response_model=shapes.Accepted,
            responses=schema.REFUSALS_OF_A_BODY,
            openapi_extra=schema.request_body(kind),
        )


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.jobs
    return jobs


def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


TheJobs = Annotated[Jobs, Depends(_jobs)]
TheStore = Annotated[Store, Depends(_store)]


async def read_health() -> dict[str, str]:
    """Dice si la puerta está abierta; no pregunta a nadie."""
    return {"status": "healthy", "message": f"{TITLE} está operativo."}


async def read_detailed_health(jobs: TheJobs, store: TheStore) -> JSONResponse:
    """Pregunta a Prefect y a la base de datos."""
    found = await health.ask_all(jobs, store)
    return JSONResponse(found.model_dump(), status_code=503 if found.status == "unhealthy" else 200)


async def read_metrics(jobs: TheJobs, store: TheStore) -> Response:
    """Métricas en formato de texto de Prometheus."""
    return Response(await metrics.render(jobs, store), headers={"Content-Type": metrics.CONTENT_TYPE})


async def read_status(request: Request, job_id: str, jobs: TheJobs) -> dict[str, Any]:
    """Estado de un trabajo, leído de su ejecución en Prefect."""
    run = await jobs.read(job_id)
    if run is None:
        raise HTTPException(404, "No hay ningún trabajo con este job_id")
    return _envelope(request) | {"data": await describe(jobs, run)}


async def process_articulo(request: Request, jobs: TheJobs) -> Any:
    """Acepta un artículo, en el formato del conector o de otra herramienta: una ejecución por contenido."""
    return await _process(ARTICULO, request, jobs)


async def process_fragmento(request: Request, jobs: TheJobs) -> Any:
    """Acepta un fragmento de un documento largo."""
    return await _process(FRAGMENTO, request, jobs)


async def _process(kind: Kind, request: Request, jobs: Jobs) -> Any:
    try:
        raw = await read_object(request, kind.parameter)
    except ClientDisconnect:
        return Response(status_code=_LEFT)  # nobody reads it; nothing was done
    # In a thread: the largest bodies take tenths of a second, and other calls must not wait for that.
    submission = await asyncio.to_thread(check, kind, raw, request.app.state.articles)
    run = await jobs.submit(submission)
    return _accepted(request, submission, run)


def _accepted(request: Request, submission: Submission, run: FlowRun) -> dict[str, Any]:
    status = status_of(run.state)
    length = len(submission.texto)
    word = submission.kind.parameter
    return _envelope(request) | {
        "job_id": str(run.id),
        "status": status,
        "message": f"Recibido {submission.kind.called}; trabajo {_WORDS[status]}.",
        "tracking": {"job_id": str(run.id), "check_status_endpoint": f"/status/{run.id}"},
        "metadata": {
            "longitud_caracteres": length,
            f"es_{word}_largo": length > LONG_CHARS,
            "threshold_usado": LONG_CHARS,
            **submission.named,
        },
    }


_WORDS = {"pending": "en espera", "processing": "en proceso", "completed": "terminado", "failed": "fallido"}


def _envelope(request: Request) -> dict[str, Any]:
    return {
        "success": True,
        "request_id": request_id(request),
        "timestamp": now(),
        "api_version": shapes.API_VERSION,
    }
