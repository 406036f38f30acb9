"""Checks a sentence that a model worded itself: does the text have its names and figures?

A `hecho` and a `descripcion` are paraphrases, so they cannot be looked up verbatim. But a name or a figure in
them that the text does not have was invented. Other inventions are not found here.
"""

import re
from functools import lru_cache

from newsroom.grounding import SourceText
from newsroom.models.articulo import fold_word

_WORD = re.compile(r"[^\W\d_]{2,60}")
_MIN_NAME_CHARS = 4


def find_unsupported(statement: str, source: SourceText, context: str) -> str | None:
    """Returns the first name or figure of `statement` that neither `source` nor `context` has, else None.

    `context` is what the reader knows besides the text: headline, outlet, country. The first word of the
    statement is not taken for a name. Years and days are not checked, because a resolved date ("ayer") need
    not stand in the text.
    """
    known, also_known = _folded_words(source.text), _folded_words(context)
    words = list(_WORD.finditer(statement))
    for match in words[1:]:
        word = match.group()
        if not word[0].isupper() or len(word) < _MIN_NAME_CHARS:
            continue
        if (folded := fold_word(word)) not in known and folded not in also_known:
            return word
    for mention in SourceText(statement, source.pais).numbers:
        if mention.es_fecha or any(source.find_number(valor) for valor in mention.valores):
            continue
        if not any(_read(context, source.pais).find_number(valor) for valor in mention.valores):
            return mention.texto
    return None


# Every statement about one piece is compared with the same two texts. Without the cache the work would grow
# with statements times text length. Its size is the number of pieces that a process reads at once.
@lru_cache(maxsize=64)
def _folded_words(texto: str) -> frozenset[str]:
    return frozenset(fold_word(match.group()) for match in _WORD.finditer(texto))


@lru_cache(maxsize=64)
def _read(context: str, pais: str) -> SourceText:
    return SourceText(context, pais)
