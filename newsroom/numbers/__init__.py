"""Finds the numbers of a Spanish text with their values: 3,5 · 1.200 · 2 mil 500 millones · tres mil.

`find_numbers` in mentions.py is the entrance. digits.py reads one figure; reader.py reads figures and words.
number_words.py has the words, style.py what the text's country decides.
"""

from newsroom.numbers.digits import is_malformed
from newsroom.numbers.mentions import NumberMention, find_numbers, find_numbers_in
from newsroom.numbers.style import NumberStyle, style_of
from newsroom.numbers.units import Unit, read_unit

__all__ = [
    "NumberMention",
    "NumberStyle",
    "Unit",
    "find_numbers",
    "find_numbers_in",
    "is_malformed",
    "read_unit",
    "style_of",
]
