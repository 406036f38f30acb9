"""What Prefect's API refuses of the deployments' parameters before any run exists: 409 and the field."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from prefect.client.orchestration import PrefectClient, get_client

from tests.deployments.test_prefect_yaml import server
from tests.flows.conftest import prefect_workers
from tests.flows.scripts import TEXTO
from tests.program.executor_stack import Newsroom

__all__ = ["prefect_workers", "server"]

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ARTICLE, DOCUMENT = "flows.article.process_article", "flows.document.process_document"
LEY = {"titulo": "Ley", "tipo_documento": "ley", "contenido_texto": TEXTO}


async def deploy(client: PrefectClient, entrypoint: str) -> UUID:
    newsroom = Newsroom(client)
    await newsroom.open()
    return await newsroom.deploy(entrypoint)


async def post(client: PrefectClient, deployment: UUID, parameters: dict[str, Any]) -> httpx.Response:
    """The answer of the address that the form posts to, as any program would ask."""
    path = f"{str(client.api_url).rstrip('/')}/deployments/{deployment}/create_flow_run"
    async with httpx.AsyncClient() as plain:
        return await plain.post(path, json={"parameters": parameters})


@pytest.mark.parametrize("field", ["fecha_publicacion", "fecha_recopilacion"])
async def test_a_date_of_an_article_is_refused_by_name_or_taken(server: str, field: str) -> None:
    good = [
        "2024-05-15", "2024-05-15T21:40:00Z", "2024-05-15T21:40:00-04:00", "2024-05-15T21:40:00.123456+05:30",
        "2024-05-15T21:40:00", "2024-05-15 21:40", "", None,
    ]  # fmt: skip
    bad = ["ayer", "15/05/2024", "2024-13-01", "2024-05-15T25:00:00Z", 20240515, True, ["2024-05-15"]]
    async with get_client() as client:
        deployment = await deploy(client, ARTICLE)
        taken = [
            await post(client, deployment, {"articulo": {"contenido_texto": TEXTO, field: value}})
            for value in good
        ]
        refused = [
            await post(client, deployment, {"articulo": {"contenido_texto": TEXTO, field: value}})
            for value in bad
        ]

    assert [answer.status_code for answer in taken] == [201] * len(good)
    assert [answer.status_code for answer in refused] == [409] * len(bad)
    assert all(f"articulo.{field}" in answer.text for answer in refused)


async def test_a_day_of_a_document_is_refused_by_name_or_taken(server: str) -> None:
    async with get_client() as client:
        deployment = await deploy(client, DOCUMENT)
        taken = [
            await post(client, deployment, {"documento": {**LEY, "fecha_publicacion": day}})
            for day in ("2024-05-15", "2024-05-15T00:00:00Z", "", None)
        ]
        refused = await post(client, deployment, {"documento": {**LEY, "fecha_publicacion": "mayo de 2024"}})

    assert [answer.status_code for answer in taken] == [201] * 4
    assert refused.status_code == 409
    assert "documento.fecha_publicacion" in refused.text


async def test_the_text_alone_is_enough_and_each_null_is_taken(server: str) -> None:
    unknown = (
        "titular", "medio", "pais_publicacion", "tipo_medio", "fecha_publicacion", "url", "autor", "seccion",
        "fuente", "medio_url_principal", "storage_path", "fecha_recopilacion", "contenido_html",
    )  # fmt: skip
    async with get_client() as client:
        deployment = await deploy(client, ARTICLE)
        alone = await post(client, deployment, {"articulo": {"contenido_texto": TEXTO}})
        nulls = [
            await post(client, deployment, {"articulo": {"contenido_texto": TEXTO, name: None}})
            for name in unknown
        ]
        without = await post(client, deployment, {"articulo": {"titular": "Una ley"}})
        kind = await post(
            client, deployment, {"articulo": {"contenido_texto": TEXTO, "tipo_medio": "Diario Digital"}}
        )

    assert alone.status_code == 201
    assert [answer.status_code for answer in nulls] == [201] * len(unknown)
    assert (without.status_code, kind.status_code) == (409, 409)
    assert "contenido_texto" in without.text
    assert "articulo.tipo_medio" in kind.text
