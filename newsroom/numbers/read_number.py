"""The number that a reader has read, still in tokens."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number from token `first` to token `end` (half-open)."""

    first: int
    end: int
    readings: tuple[Decimal, ...]
    scale: Decimal = Decimal(1)
    """What the scale words at its end multiply by: 50 millones: 1 000 000."""
    suffix: str = ""
    """Letters glued to the figure, loosely spelt: 20km."""
    moneda: str | None = None
    is_incomplete: bool = False
    """An article or a half that is a number only with something behind it: un (millón), medio (millón)."""

    def times(self, factor: Decimal, end: int, moneda: str | None = None) -> "ReadNumber":
        """Returns the number with a scale word behind it."""
        readings = tuple(value * factor for value in self.readings)
        return ReadNumber(self.first, end, readings, self.scale * factor, "", moneda or self.moneda)

    def plus(self, other: "ReadNumber") -> "ReadNumber":
        """Returns the sum with a lower part that follows."""
        readings = tuple(a + b for a in self.readings for b in other.readings)[:4]
        return ReadNumber(
            self.first, other.end, readings, other.scale, other.suffix, self.moneda or other.moneda
        )
