"""Numbers as a Spanish reader writes them, and counted things: "1 cita", "2 citas"."""

from decimal import Decimal

from babel.numbers import format_decimal


def spanish_number(value: Decimal) -> str:
    """Returns the number with Spanish separators and all its digits: 1.234,5."""
    # A number with a huge exponent would fill the page with its zeros.
    if not value.is_finite() or abs(value.adjusted()) > 30:
        return str(value)
    return format_decimal(value, locale="es", decimal_quantization=False)


def counted(number: int, one: str, many: str) -> str:
    """Returns the number and what it counts: `one` after 1, else `many`."""
    return f"{number} {one if number == 1 else many}"
