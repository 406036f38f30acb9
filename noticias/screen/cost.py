"""Tokens and money in words."""

from typing import Any


def describe_cost(consumo: list[dict[str, Any]]) -> str:
    """Returns one line that says what the stages of one item cost; `consumo` is rows of consumo_etapas."""
    tokens = {
        key: sum(row.get(key) or 0 for row in consumo)
        for key in ("tokens_entrada", "tokens_salida", "tokens_cache")
    }
    if not sum(tokens.values()):
        return "sin modelo: 0 tokens, 0 USD"
    words = describe_tokens(**tokens)
    priced = [float(row["costo_usd"]) for row in consumo if row.get("costo_usd") is not None]
    return f"{words}, {usd(sum(priced))}" if priced else f"{words}, precio desconocido"


def describe_tokens(tokens_entrada: int, tokens_salida: int, tokens_cache: int) -> str:
    """Returns tokens in words."""
    return (
        f"{count_of(tokens_entrada)} tokens de entrada ({count_of(tokens_cache)} en caché), "
        f"{count_of(tokens_salida)} de salida"
    )


def count_of(number: int) -> str:
    """Returns a number with Spanish thousands: 12.345."""
    return f"{number:,}".replace(",", ".")


def usd(amount: float) -> str:
    """Returns US dollars. Small amounts have six decimals, because an article costs a fraction of a cent."""
    return f"{amount:.6f} USD" if 0 < amount < 0.1 else f"{amount:.4f} USD"
