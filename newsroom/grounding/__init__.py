"""Finds in a text what a model claims to have from it. The stages drop what is not found here.

`SourceText` answers all questions. Quotations are in quotes.py, names in names.py, numbers in figures.py and
passages in passages.py.
"""

from newsroom.grounding.text import SourceText
from newsroom.tokens import Span

__all__ = ["SourceText", "Span"]
