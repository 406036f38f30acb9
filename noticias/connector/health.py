"""/health/detailed: asks the servers that the door needs, at each call and with short timeouts."""

import asyncio
from collections.abc import Awaitable
from time import perf_counter

from prefect.client.schemas.objects import DeploymentStatus

from newsroom.errors import NewsroomError
from newsroom.store.base import Store
from noticias.connector.items import ARTICULO, KINDS, Kind
from noticias.connector.jobs import Jobs
from noticias.connector.refusals import Unavailable, now
from noticias.connector.shapes import Check, DetailedHealth, Summary
from noticias.deployed import migration_versions

TIMEOUT_S = 3.0
# Without it no article is accepted. If anything else is away, work is only late, or it concerns fragments.
_VITAL = f"prefect_{ARTICULO.parameter}"


async def ask_all(jobs: Jobs, store: Store) -> DetailedHealth:
    """Returns what Prefect and the database answered, asked at the same time.

    unhealthy: no article can be accepted. degraded: articles are accepted, but a server is away or no worker
    asks for runs.
    """
    begun = perf_counter()
    asked = {f"prefect_{name}": _timed(_ask_prefect(jobs, kind)) for name, kind in KINDS.items()}
    asked["supabase"] = _timed(_ask_database(store))
    answers = await asyncio.gather(*asked.values())
    checks = dict(zip(asked, answers, strict=True))
    passed = sum(check.status == "pass" for check in answers)
    if checks[_VITAL].status == "fail":
        status = "unhealthy"
    else:
        status = "healthy" if passed == len(answers) else "degraded"
    return DetailedHealth.model_validate(
        {
            "status": status,
            "timestamp": now(),
            "checks": checks,
            "summary": Summary(
                total_checks=len(answers),
                passed=passed,
                failed=len(answers) - passed,
                response_time_ms=_ms_since(begun),
            ),
        }
    )


async def _timed(asking: Awaitable[tuple[str, str]]) -> Check:
    begun = perf_counter()
    status, message = await asking
    return Check.model_validate({"status": status, "response_time_ms": _ms_since(begun), "message": message})


async def _ask_prefect(jobs: Jobs, kind: Kind) -> tuple[str, str]:
    try:
        deployment = await jobs.read_deployment(kind, TIMEOUT_S)
    except Unavailable as exc:
        return "fail", str(exc)
    if deployment.paused:
        return "warn", f"{kind.deployment} está en pausa: lo aceptado espera"
    if deployment.status is not DeploymentStatus.READY:
        return "warn", f"Nadie pregunta a Prefect por ejecuciones de {kind.deployment}: lo aceptado espera"
    return "pass", f"{kind.deployment} está listo"


async def _ask_database(store: Store) -> tuple[str, str]:
    try:
        async with asyncio.timeout(TIMEOUT_S):
            level = await store.migration_level()
    except TimeoutError:
        return "fail", f"La base de datos no respondió en {TIMEOUT_S:g} s"
    except NewsroomError as exc:
        return "fail", f"La base de datos no responde: {exc}"
    if level is None:
        return "fail", "La base de datos no tiene ninguna migración aplicada"
    if level < migration_versions()[0]:
        return "fail", f"La base de datos es de una versión anterior de este programa (migración {level})"
    return "pass", f"Base de datos en la migración {level}"


def _ms_since(begun: float) -> float:
    return round((perf_counter() - begun) * 1000, 2)
