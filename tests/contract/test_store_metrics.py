"""What the store counts: rows are the truth, so that nothing is lost however many write at once."""

import asyncio
from typing import Any

import pytest

from newsroom.models.metricas import MetricasArticulo, MetricasErrores, MetricasEtapa
from newsroom.models.resultado import Payload
from newsroom.store.base import Store
from tests.integration.payloads import discarded, fragment


def costing(identidad: str, huella: str = "h1", motor: str = "groq", **etapas: dict[str, Any]) -> Payload:
    """Return a discarded article whose stages used this."""
    payload = discarded(identidad)
    payload["articulo_metadata"]["huella_contenido"] = huella
    payload["procedencia"] |= {"motor": motor, "etapas": etapas}
    return payload


def used(tokens_in: int, tokens_out: int, cost: str | None, **more: Any) -> dict[str, Any]:
    return {
        "modelo": "m1", "prompt": "p", "huella_prompt": "x", "parametros": {}, "peticiones": 1,
        "tokens_entrada": tokens_in, "tokens_salida": tokens_out, "tokens_cache": 0, "segundos": 0.5,
        "costo_usd": cost, **more,
    }  # fmt: skip


def failure(identidad: str, clase: str) -> Payload:
    return {
        "identidad": identidad, "etapa": "triaje", "clase_error": clase, "mensaje": "m", "transitorio": True,
    }  # fmt: skip


async def test_an_empty_store_counts_nothing(store: Store) -> None:
    found = await store.read_metrics()
    assert found.por_articulo == MetricasArticulo()
    assert (found.etapas, found.errores_por_clase) == ((), ())
    numbers = {key: value for key, value in found.model_dump().items() if isinstance(value, int | float)}
    assert set(numbers.values()) == {0}
    assert found.articulos_por_decision == found.articulos_por_estado == {}


async def test_totals_are_the_sums_of_the_rows(store: Store) -> None:
    await store.persist_articulo(
        costing("a", triaje=used(100, 10, "0.001", tokens_cache=40), elementos=used(200, 20, "0.002"))
    )
    await store.persist_articulo(costing("b", triaje=used(50, 5, "0.0005", peticiones=2, segundos=1.25)))
    await store.persist_articulo(costing("c", triaje=used(7, 1, None)))
    await store.persist_articulo(costing("d", motor="local", triaje={"segundos": 0.25, "peticiones": 0}))
    await store.persist_fragmento(fragment())
    found = await store.read_metrics()

    assert (found.articulos_procesados, found.descartados, found.fragmentos_procesados) == (4, 4, 1)
    assert found.articulos_por_decision == {"DESCARTAR": 4}
    stages = {(stage.etapa, stage.motor, stage.modelo): stage for stage in found.etapas}
    assert stages["triaje", "groq", "m1"] == MetricasEtapa(
        etapa="triaje", motor="groq", modelo="m1", ejecuciones=3, peticiones=4, tokens_entrada=157,
        tokens_salida=16, tokens_cache=40, costo_usd=0.0015, sin_precio=1, segundos=2.25,
    )  # fmt: skip
    local = stages["triaje", "local", ""]
    assert (local.ejecuciones, local.peticiones, local.sin_precio, local.segundos) == (1, 0, 0, 0.25)
    for name in ("peticiones", "tokens_entrada", "tokens_salida", "tokens_cache", "sin_precio"):
        assert getattr(found, name) == sum(getattr(stage, name) for stage in found.etapas)
    assert found.costo_usd == pytest.approx(sum(stage.costo_usd for stage in found.etapas))
    assert found.tiempo_total_procesamiento == pytest.approx(sum(stage.segundos for stage in found.etapas))
    # 330, 55, 8 and 0 tokens.
    assert found.por_articulo.tokens_media == pytest.approx(98.25)
    assert found.por_articulo.tokens_mediana == pytest.approx(31.5)
    assert found.por_articulo.costo_usd_media == pytest.approx(0.000875)
    assert found.por_articulo.costo_usd_mediana == pytest.approx(0.00025)


async def test_what_a_replaced_reading_cost_stays_counted_and_a_repeated_one_counts_once(
    store: Store,
) -> None:
    await store.persist_articulo(costing("a", triaje=used(100, 0, "0.001")))
    await store.persist_articulo(costing("a", triaje=used(100, 0, "0.001")))
    await store.persist_articulo(costing("a", "h2", triaje=used(60, 0, "0.002")))
    found = await store.read_metrics()
    assert (found.articulos_procesados, found.tokens_entrada) == (1, 160)
    assert found.costo_usd == pytest.approx(0.003)
    assert found.por_articulo.tokens_mediana == 160


async def test_errors_are_counted_by_class_open_and_all(store: Store) -> None:
    for identidad, clase in (("a", "RateLimited"), ("b", "RateLimited"), ("c", "EngineRefused")):
        await store.record_error(failure(identidad, clase))
    await store.resolve_error("a", "almacenado")
    await store.resolve_error("c", "descartado")
    found = await store.read_metrics()
    assert (found.errores, found.errores_abiertos) == (3, 1)
    assert found.errores_por_clase == (
        MetricasErrores(clase_error="RateLimited", total=2, abiertos=1),
        MetricasErrores(clase_error="EngineRefused", total=1, abiertos=0),
    )


async def test_nothing_is_lost_when_many_store_at_once(store: Store) -> None:
    payloads = [costing(f"a{number}", triaje=used(number, 1, "0.001")) for number in range(1, 41)]
    await asyncio.gather(*(store.persist_articulo(payload) for payload in payloads + payloads))
    found = await store.read_metrics()
    assert (found.articulos_procesados, found.peticiones) == (40, 40)
    assert (found.tokens_entrada, found.tokens_salida) == (820, 40)
    assert found.costo_usd == pytest.approx(0.04)
