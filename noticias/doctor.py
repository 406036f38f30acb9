"""`noticias doctor`: checks what the system needs; a line for each check, with the remedy if it fails."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from rich.console import Console
from rich.markup import escape

from newsroom.errors import NewsroomError
from newsroom.inputs import printable
from newsroom.settings import Settings
from noticias.deployed import migration_versions
from noticias.environment import prepared
from noticias.local.errors import LocalStackError
from noticias.prefect_login import explain_refusal


@dataclass(frozen=True)
class Finding:
    """What a check found. `remedy` is empty if all is well."""

    what: str
    finding: str
    remedy: str = ""


def run_checks() -> int:
    """Prints a line for each check; returns 0 if all is well, else 1."""
    settings = Settings()
    findings = [_python()]
    try:
        with prepared(settings, {"database", "rest", "prefect"}):
            findings += [_attempt("database", lambda: _database(settings)), _attempt("Prefect API", _prefect)]
    except LocalStackError as exc:
        findings.append(Finding("local stack", "does not start", str(exc)))
    findings.append(_engine(settings))
    console = Console(highlight=False)
    for finding in findings:
        mark = "[red]✗[/]" if finding.remedy else "[green]✓[/]"
        line = f"{mark} {finding.what}: {escape(printable(finding.finding))}"
        console.print(
            line + (f" → {escape(printable(finding.remedy))}" if finding.remedy else ""), soft_wrap=True
        )
    return 1 if any(finding.remedy for finding in findings) else 0


def _attempt(what: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except (NewsroomError, httpx.HTTPError) as exc:
        return Finding(what, "does not answer", str(exc) or type(exc).__name__)


def _python() -> Finding:
    version = sys.version.split()[0]
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    return Finding("Python", version, "" if good else "use Python 3.11, 3.12 or 3.13")


def _database(settings: Settings) -> Finding:
    from runs import runtime

    async def level() -> str | None:
        store = runtime.store()
        try:
            return await store.migration_level()
        finally:
            await store.close()

    found = asyncio.run(level())
    where = settings.supabase_url or f"embedded in {settings.home.absolute()}"
    return Finding("database", f"{where}, migrations at {found or 'none'}", _database_remedy(found))


def _database_remedy(level: str | None) -> str:
    """Returns what to do about a database whose last migration is `level`; empty if it is the newest."""
    versions = migration_versions()
    first, newest = versions[0], versions[-1]
    if level == newest:
        return ""
    if level is not None and level < first:
        return (
            "an earlier version of this program made it: apply the migrations of deployments/supabase to an "
            "empty project and read the articles again"
        )
    if level is not None and level > newest:
        return "a later version of this program made it: update the program"
    return f"apply the migrations of deployments/supabase up to {newest}"


def _prefect() -> Finding:
    """Asks for a flow: `/health` would not do, because it needs no login."""
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

    url = str(PREFECT_API_URL.value())
    # A person waits: one try, not six.
    with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}), get_client(sync_client=True) as client:
        try:
            client.read_flows(limit=1)
        except httpx.HTTPStatusError as exc:
            remedy = explain_refusal(exc) or f"answers {exc.response.status_code}: check PREFECT_API_URL"
            return Finding("Prefect API", url, remedy)
    return Finding("Prefect API", url)


def _engine(settings: Settings) -> Finding:
    if settings.engine_in_use == "local":
        from newsroom.engines.local import LocalEngine

        return Finding("engine", f"local ({LocalEngine().model}); GROQ_API_KEY would bring in Groq")
    from newsroom.engines.groq import GroqEngine
    from runs.runtime import build_engine

    async def models() -> list[str]:
        engine = build_engine(settings)
        assert isinstance(engine, GroqEngine)
        try:
            return await engine.list_models()
        finally:
            await engine.close()

    try:
        served = asyncio.run(models())
    except NewsroomError as exc:
        return Finding("engine", "groq", str(exc))
    if settings.groq_model in served:
        return Finding("engine", f"groq, {settings.groq_model}")
    return Finding(
        "engine",
        f"groq does not serve {settings.groq_model}",
        f"set NOTICIAS_GROQ_MODEL to one of: {', '.join(sorted(served))}",
    )
