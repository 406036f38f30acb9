"""Splits a `Texto` into fragments that cover it without gap or overlap."""

from newsroom.documents.texto import Seccion, Texto
from newsroom.stages.prepare import cut

CHARS_PER_TOKEN = 3
"""What `newsroom.engines.groq_wire.estimate_tokens` reckons with."""


def split_document(texto: Texto, max_tokens: int) -> list[Seccion]:
    """Returns the fragments of a document in order, each of at most `max_tokens` tokens by estimate."""
    spans = cut(texto.texto, max_tokens * CHARS_PER_TOKEN)
    return [Seccion(number, start, end) for number, (start, end) in enumerate(spans)]
