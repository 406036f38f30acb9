"""Where in the text does this come from? What claims to come from a text is found here, or dropped."""

from newsroom.grounding.text import SourceText
from newsroom.tokens import Span

__all__ = ["SourceText", "Span"]
