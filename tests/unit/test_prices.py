"""What an answer cost."""

from decimal import Decimal

import pytest

from newsroom.engines.groq.models import MODELS
from newsroom.engines.prices import PRICES, PRICES_AS_OF, cost_usd
from newsroom.settings import DEFAULT_GROQ_MODEL


@pytest.mark.parametrize(
    ("tokens", "dollars"),
    [
        ((1_000_000, 0, 0), "0.15"),
        ((0, 1_000_000, 0), "0.60"),
        ((1_000_000, 0, 1_000_000), "0.075"),
        ((2_500, 1_200, 0), "0.001095"),
        ((2_500, 1_200, 1_920), "0.000951"),
        ((0, 0, 0), "0"),
        ((10, 0, 20), "0.00000075"),
    ],
)
def test_tokens_are_priced_cached_ones_at_their_own_price(tokens: tuple[int, int, int], dollars: str) -> None:
    assert cost_usd("openai/gpt-oss-120b", *tokens) == Decimal(dollars)


def test_a_model_without_a_price_costs_none_and_not_nothing() -> None:
    assert cost_usd("llama-de-casa", 1, 1, 0) is None


def test_the_table_has_a_date_and_every_model_that_is_known() -> None:
    assert PRICES.keys() == MODELS.keys()
    assert DEFAULT_GROQ_MODEL in PRICES
    assert len(PRICES_AS_OF) == len("2026-09")
    for price in PRICES.values():
        assert 0 < price.tokens_cached < price.tokens_in < price.tokens_out
