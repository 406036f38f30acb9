"""Every deployment that prefect.yaml names can be loaded, and asks for what its flow takes."""

from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
DEPLOYMENTS: list[dict[str, Any]] = yaml.safe_load((PROJECT / "prefect.yaml").read_text("utf-8"))[
    "deployments"
]


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NOTICIAS_HOME", str(tmp_path))
    monkeypatch.chdir(PROJECT)


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment["name"])
def test_entrypoint_loads_as_a_flow(deployment: dict[str, Any]) -> None:
    from prefect.flows import Flow, load_flow_from_entrypoint

    flow = load_flow_from_entrypoint(deployment["entrypoint"])

    assert isinstance(flow, Flow)
    names = {
        "articulo": "process-article",
        "fragmento": "process-fragment",
        "documento": "process-document",
        "bandeja": "ingest-inbox",
        "reintentos": "retry-failed",
        "limpieza": "housekeeping",
    }
    assert flow.name == names[deployment["name"]]
    assert {"description", "tags", "work_pool", "concurrency_limit"} <= set(deployment)


def test_form_of_an_article_shows_spanish_titles_and_the_long_text_last() -> None:
    from prefect.flows import load_flow_from_entrypoint
    from prefect.utilities.callables import parameter_schema

    schema = parameter_schema(
        load_flow_from_entrypoint("flows/article.py:process_article")
    ).model_dump_for_openapi()
    article = schema["definitions"]["Articulo"]

    assert list(article["properties"])[-1] == "contenido_texto"
    assert set(article["required"]) == {
        "medio", "pais_publicacion", "tipo_medio", "titular", "fecha_publicacion", "contenido_texto",
    }  # fmt: skip
    assert article["properties"]["titular"]["title"] == "Titular"
    assert schema["definitions"]["TipoMedio"]["enum"][0] == "diario"
    assert schema["required"] == ["articulo"]
