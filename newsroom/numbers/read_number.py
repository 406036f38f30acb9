"""The number that the reader has read, as a range of tokens."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """A number from token `first` to token `end` (half-open)."""

    first: int
    end: int
    readings: tuple[Decimal, ...]
    scale: Decimal = Decimal(1)
    """The factor of the scale words at its end: 1 000 000 in 50 millones."""
    suffix: str = ""
    """Letters written against the figure, in loose spelling: the km of 20km."""
    moneda: str | None = None
    prefix: str = ""
    """Letters of a currency sign written against the figure, in loose spelling: the q of Q148."""
    is_incomplete: bool = False
    """Whether it is a number only with a word behind it: un (millón), medio (millón)."""

    def times(self, factor: Decimal, end: int, moneda: str | None = None) -> "ReadNumber":
        """Returns the number multiplied by the scale word behind it, which ends at token `end`."""
        readings = tuple(value * factor for value in self.readings)
        return ReadNumber(
            self.first, end, readings, self.scale * factor, "", moneda or self.moneda, self.prefix
        )

    def plus(self, other: "ReadNumber") -> "ReadNumber":
        """Returns the sum of the number and the lower part that follows it."""
        readings = tuple(a + b for a in self.readings for b in other.readings)[:4]
        moneda = self.moneda or other.moneda
        return ReadNumber(self.first, other.end, readings, other.scale, other.suffix, moneda, self.prefix)
