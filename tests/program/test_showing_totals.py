"""What a person sees of totals, entidades and pairs; names come from articles and are shown as text."""

import pytest

from newsroom.models.metricas import MetricasErrores, MetricasEtapa
from noticias.screen.cost import count_of, describe_cost, usd
from noticias.screen.entities import print_entidades, print_merge, print_pairs
from noticias.screen.status import print_status
from tests.flows.recording_store import NO_METRICS

HOSTILE = "[bold]Ana[/] \x1b[31mRuiz"
SHOWN = "[bold]Ana[/]"


@pytest.mark.parametrize(
    ("consumo", "expected"),
    [
        ([], "sin modelo: 0 tokens, 0 USD"),
        (
            [
                {"tokens_entrada": 1200, "tokens_salida": 300, "tokens_cache": 400, "costo_usd": 0.0011},
                {"tokens_entrada": 34, "tokens_salida": 1, "tokens_cache": 0, "costo_usd": None},
            ],
            "1.234 tokens de entrada (400 en caché), 301 de salida, 0.001100 USD",
        ),
        (
            [{"tokens_entrada": 5, "tokens_salida": 1, "tokens_cache": 0, "costo_usd": None}],
            "5 tokens de entrada (0 en caché), 1 de salida, precio desconocido",
        ),
    ],
)
def test_what_an_item_cost_is_a_line(consumo: list[dict[str, float | None]], expected: str) -> None:
    assert describe_cost(consumo) == expected


def test_numbers_are_spanish_and_small_sums_have_digits() -> None:
    assert count_of(1_234_567) == "1.234.567"
    assert (usd(0), usd(0.00034), usd(12.3456789)) == ("0.0000 USD", "0.000340 USD", "12.3457 USD")


def stage(etapa: str, tokens_in: int, sin_precio: int = 0) -> MetricasEtapa:
    return MetricasEtapa(
        etapa=etapa, motor="groq", modelo="m1", ejecuciones=1, peticiones=1, tokens_entrada=tokens_in,
        tokens_salida=10, tokens_cache=0, costo_usd=0.01, sin_precio=sin_precio, segundos=0.5,
    )  # fmt: skip


def test_status_is_one_screen(capsys: pytest.CaptureFixture[str]) -> None:
    found = NO_METRICS.model_copy(
        update={
            "articulos_procesados": 1,
            "articulos_por_decision": {"DESCARTAR": 1},
            "errores": 1,
            "errores_abiertos": 1,
            "errores_por_clase": (MetricasErrores(clase_error="RateLimited", total=1, abiertos=1),),
            "tokens_entrada": 1500,
            "costo_usd": 0.01,
            "sin_precio": 1,
            "etapas": (stage("triaje", 1000), stage("elementos", 500, sin_precio=1)),
        }
    )
    print_status({"articulos": 1, "hechos": 0}, found)
    shown = capsys.readouterr().out
    for words in (
        "articulos 1", "DESCARTAR 1", "1 abiertos, 1 en total", "RateLimited", "1.500 tokens de entrada",
        "0.010000 USD", "1 ejecuciones que no están en la suma", "elementos", "triaje", "m1",
    ):  # fmt: skip
        assert words in shown
    assert len(shown.splitlines()) < 25


def test_status_of_an_empty_store(capsys: pytest.CaptureFixture[str]) -> None:
    print_status({"articulos": 0, "hechos": 0}, NO_METRICS)
    assert "ninguna" in capsys.readouterr().out


def test_names_are_shown_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    row = {"id": 1, "nombre": HOSTILE, "tipo": "PERSONA", "alias": [HOSTILE], "articulos": 1, "fragmentos": 0}
    pair = {
        "tipo": "PERSONA", "score": 0.5, "id": 1, "nombre": HOSTILE, "otra_id": 2, "otro_nombre": HOSTILE,
        "parecen_una": True, "motivo": "x",
    }  # fmt: skip
    print_entidades([row])
    print_pairs({"pares": [pair], "pares_hallados": 3, "revisadas": 9, "siguiente": 7})
    print_merge({"id": 1, "nombre": HOSTILE, "fusionada_en_id": 2, "fusionada_en": HOSTILE})
    print_merge({"id": 1, "nombre": HOSTILE, "separada_de_id": 2})
    shown = capsys.readouterr().out
    assert shown.count(SHOWN) == 7
    assert "\x1b" not in shown
    assert "1 of 3 pairs among the newest 9" in shown
    assert "--before 7" in shown


def test_nothing_stored_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    print_entidades([])
    assert "noticias process" in capsys.readouterr().out
