"""A real Prefect server for the flow tests; the engine is the shipped fake, the store the real one."""

import gc
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from newsroom.engines.scripted import ScriptedEngine
from noticias.leaving import send_what_waits
from noticias.local.prefect_server import client_environment
from noticias.local.stack import StackAddresses
from tests.database import StackStore
from tests.flows.scripts import ANSWERS
from tests.stack import PROJECT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Forgives Prefect: its event and log workers leave their sockets to the garbage collector."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


@pytest.fixture(scope="session", autouse=True)
def prefect_workers(stack_addresses: StackAddresses) -> Iterator[None]:
    """Ends Prefect's workers while their server is there, and collects what they leave behind.

    Collected later, outside of any test, a socket of theirs would fail the whole run (pytest_unconfigure).
    """
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        send_what_waits()
        gc.collect()


@pytest.fixture(autouse=True)
def prefect_api(stack_addresses: StackAddresses, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Points Prefect at the session's server; its own environment variables are read only at import."""
    url = stack_addresses.prefect_api_url
    assert url is not None
    for name, value in client_environment(url, stack_addresses.home).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NOTICIAS_HOME", str(stack_addresses.home))
    from prefect import settings

    certificate = client_environment(url, stack_addresses.home)["PREFECT_API_SSL_CERT_FILE"]
    with settings.temporary_settings(
        {
            settings.PREFECT_API_URL: url,
            settings.PREFECT_API_SSL_CERT_FILE: certificate,
            settings.PREFECT_SERVER_ALLOW_EPHEMERAL_MODE: False,
            settings.PREFECT_CLIENT_CSRF_SUPPORT_ENABLED: False,
            settings.PREFECT_LOGGING_TO_API_ENABLED: False,
        }
    ):
        yield url


@pytest.fixture
def no_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has Prefect try again at once: how long it waits is its own business, tested by Prefect."""
    from tasks import elements, persistence, triage

    for task in (triage.triage, elements.elements, persistence.persist):
        monkeypatch.setattr(task, "retry_delay_seconds", 0)
        monkeypatch.setattr(task, "retry_jitter_factor", None)


def make_engine(answers: dict[str, Any] | None = None, **options: Any) -> ScriptedEngine:
    """Returns an engine whose answers no other test's cache can hold."""
    return ScriptedEngine({**ANSWERS, **(answers or {})}, parameters={"prueba": uuid.uuid4().hex}, **options)


@pytest.fixture
async def store(stack_addresses: StackAddresses) -> AsyncIterator[StackStore]:
    """The real store on the session's stack, with nothing stored and no letter parked."""
    from runs.letters.parked import FOLDER

    for path in (stack_addresses.home / FOLDER).glob("*"):
        path.unlink()
    store = StackStore(stack_addresses)
    store.database.empty()
    yield store
    await store.close()


@pytest.fixture
def stack_environment(tmp_path: Path, stack_addresses: StackAddresses) -> dict[str, str]:
    """Returns what another process needs to use the session's servers, with a NOTICIAS_HOME of its own."""
    assert stack_addresses.prefect_api_url is not None
    assert stack_addresses.supabase_url is not None
    assert stack_addresses.service_role_key is not None
    return {
        **client_environment(stack_addresses.prefect_api_url, stack_addresses.home),
        "NOTICIAS_HOME": str(tmp_path),
        "SUPABASE_URL": stack_addresses.supabase_url,
        "SUPABASE_SERVICE_ROLE_KEY": stack_addresses.service_role_key.get_secret_value(),
        "PYTHONPATH": str(PROJECT),
    }


@pytest.fixture
def small_fragments(prefect_api: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Has documents cut so that each section of `tests.flows.documents.law` is a fragment."""
    from runs import runtime
    from tests.flows.documents import FRAGMENT_TOKENS

    monkeypatch.setenv("NOTICIAS_FRAGMENT_TOKENS", FRAGMENT_TOKENS)
    runtime.settings.cache_clear()
    yield
    runtime.settings.cache_clear()
