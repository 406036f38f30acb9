"""The door's OpenAPI document is true: whatever it is sent by it, no 500, and answers are as it says."""

import threading
from collections.abc import Iterator
from contextvars import copy_context
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from noticias.connector.app import build_app
from tests.flows.recording_store import RecordingStore
from tests.program.connector import TOKEN, deployed, prefect_api, prefect_workers, quiet_sockets

__all__ = ["deployed", "prefect_api", "prefect_workers"]

pytestmark = [*quiet_sockets, pytest.mark.usefixtures("deployed")]


def no_bug(_context: object, response: schemathesis.Response, _case: schemathesis.Case[Any]) -> None:
    """No 500; a 503 says on purpose that something is away, and where that may be is in the document."""
    assert response.status_code != 500, response.text


CHECKS = [
    no_bug, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
OPERATIONS = {
    "GET /health", "GET /health/detailed", "GET /metrics", "GET /status/{job_id}",
    "POST /procesar_articulo", "POST /procesar_fragmento",
}  # fmt: skip


@pytest.fixture
def address(deployed: None) -> Iterator[str]:
    """A door served by uvicorn in a thread, with the Prefect settings of the test."""
    store = RecordingStore()
    config = uvicorn.Config(build_app(lambda: store, TOKEN), port=0, log_level="error", ws="none")
    server = uvicorn.Server(config)
    serving = threading.Thread(target=copy_context().run, args=(server.run,))
    serving.start()
    try:
        while not server.started and serving.is_alive():
            serving.join(0.02)
        host, port = server.servers[0].sockets[0].getsockname()
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        serving.join(30)


@pytest.mark.parametrize("authorised", [True, False])
def test_answers_are_what_the_document_says(address: str, authorised: bool) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    headers = {"Authorization": f"Bearer {TOKEN.get_secret_value()}"} if authorised else {}
    seen: dict[str, set[int]] = {}

    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()

        @settings(
            max_examples=12 if authorised else 2,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def send(case: schemathesis.Case[Any]) -> None:
            response = case.call_and_validate(headers=headers, checks=CHECKS)
            seen.setdefault(f"{case.method} {case.operation.path}", set()).add(response.status_code)

        send()

    assert set(seen) == OPERATIONS
    if authorised:
        assert seen["POST /procesar_articulo"] & {202, 400}
        assert seen["GET /status/{job_id}"] == {404}
    else:
        assert {path for path, codes in seen.items() if codes != {401}} == {"GET /health"}
