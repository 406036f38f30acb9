"""The numbers of a Spanish text, by value: 3,5 · 1.200 · 2 mil 500 millones · tres mil quinientos · 25 %."""

from newsroom.numbers.mentions import NumberMention, find_numbers, find_numbers_in
from newsroom.numbers.units import Unit, read_unit

__all__ = ["NumberMention", "Unit", "find_numbers", "find_numbers_in", "read_unit"]
