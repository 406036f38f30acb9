"""What a run leaves on its page in Prefect, and that it costs one request and never the run."""

import logging
from typing import Any

import httpx
import pytest
from prefect import flow, settings
from prefect.artifacts import Artifact
from prefect.client.orchestration import PrefectClient

from newsroom.dry_run import read_item
from newsroom.models.resultado import Guardado
from newsroom.reporting.markdown import MAX_ROWS
from runs.pages.artifacts import publish_reading, publish_table
from tests.flows.conftest import make_engine
from tests.flows.scripts import article

GUARDADO = Guardado(resultado="insertado", articulo_id=77)


async def test_a_run_leaves_the_page_of_its_article_with_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    item = article().to_item()
    reading = await read_item(make_engine(), item, 12_000)
    requests: list[str] = []

    @flow(name="prueba-articulo")
    async def run() -> None:
        request = httpx.AsyncClient.send

        async def counting(client: httpx.AsyncClient, sent: httpx.Request, *args: Any, **options: Any) -> Any:
            # Prefect's own workers read meanwhile.
            if sent.method == "POST":
                requests.append(sent.url.path)
            return await request(client, sent, *args, **options)

        with monkeypatch.context() as patch:
            patch.setattr(httpx.AsyncClient, "send", counting)
            await publish_reading(item, reading, GUARDADO)

    await run()
    assert requests == ["/api/artifacts/"]
    artifact = await Artifact.aget("articulo-77")
    assert artifact is not None
    assert artifact.type == "markdown"
    assert artifact.flow_run_id is not None
    assert "# El Congreso aprueba la reforma 1" in str(artifact.data)
    assert "«Es un día histórico para el país»" in str(artifact.data)


async def test_a_fragment_has_a_page_of_its_own() -> None:
    item = article().to_item()
    reading = await read_item(make_engine(), item, 12_000)

    @flow(name="prueba-fragmento")
    async def run() -> None:
        await publish_reading(item, reading, Guardado(resultado="insertado", documento_id=5, fragmento_id=78))

    await run()
    assert await Artifact.aget("fragmento-78") is not None


async def test_a_page_that_cannot_be_stored_does_not_fail_the_run(caplog: pytest.LogCaptureFixture) -> None:
    item = article().to_item()
    reading = await read_item(make_engine(), item, 12_000)

    async def away(client: PrefectClient, artifact: object) -> object:
        raise httpx.ConnectError("gone")

    @flow(name="prueba-sin-servidor")
    async def run() -> str:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(PrefectClient, "create_artifact", away)
            await publish_reading(item, reading, GUARDADO)
        return "done"

    with caplog.at_level(logging.WARNING, "newsroom.artifacts"):
        assert await run() == "done"
    assert "articulo-77 could not be stored: ConnectError" in caplog.text
    assert settings.PREFECT_API_URL.value()


async def test_a_table_shows_texts_as_text_and_counts_what_it_leaves_out() -> None:
    rows = [{"titular": "<img src=x> [a](b)", "hechos": n} for n in range(MAX_ROWS + 2)]

    @flow(name="prueba-tabla")
    async def run() -> None:
        await publish_table("prueba-tabla", rows, "Lo que *pasó*")
        await publish_table("prueba-vacia", [], "")

    await run()
    artifact = await Artifact.aget("prueba-tabla")
    assert artifact is not None
    data = str(artifact.data)
    assert data.startswith("Lo que \\*pasó\\*\n\n| titular | hechos |\n| --- | --- |\n")
    assert "| &lt;img src\\=x&gt; \\[a\\]\\(b\\) | 0 |" in data
    assert data.endswith("… y 2 más.")
    assert await Artifact.aget("prueba-vacia") is not None
