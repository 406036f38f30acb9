"""What a model's tokens cost: the only table of prices, with its date."""

from decimal import Decimal
from typing import NamedTuple

PRICES_AS_OF = "2026-09"
"""The month in which the table was read from Groq's model pages."""

_MILLION = Decimal(1_000_000)


class Price(NamedTuple):
    """US dollars per million tokens: read, read from the prefix cache, and written (with the reasoning)."""

    tokens_in: Decimal
    tokens_cached: Decimal
    tokens_out: Decimal


PRICES: dict[str, Price] = {
    "openai/gpt-oss-120b": Price(Decimal("0.15"), Decimal("0.075"), Decimal("0.60")),
    "openai/gpt-oss-20b": Price(Decimal("0.075"), Decimal("0.0375"), Decimal("0.30")),
    "openai/gpt-oss-safeguard-20b": Price(Decimal("0.075"), Decimal("0.0375"), Decimal("0.30")),
    "qwen/qwen3.8-27b": Price(Decimal("0.80"), Decimal("0.40"), Decimal("4.00")),
}


def cost_usd(model: str, tokens_in: int, tokens_out: int, tokens_cached: int) -> Decimal | None:
    """Returns what the tokens cost in US dollars, or None for a model without a published price.

    `tokens_in` includes `tokens_cached`, as the vendor counts them.
    """
    price = PRICES.get(model)
    if price is None:
        return None
    cached = min(tokens_cached, tokens_in)
    return (
        (tokens_in - cached) * price.tokens_in + cached * price.tokens_cached + tokens_out * price.tokens_out
    ) / _MILLION
