"""Stage `prepare`: detects the language of a text and cuts the text into pieces. No engine, no network.

It cleans only what the model reads. The stored text stays as received. It cannot tell the language of a text
below `MIN_DETECTABLE_CHARS` characters; then the sender's word holds. Catalan, Galician and Basque are told
by their own small words (lexicon/lengua.yaml): the detector takes them for Spanish, French or Portuguese.
"""

import re

from newsroom.cleaning import clean_text, control_characters
from newsroom.furniture import readable
from newsroom.language.detection import detect_language
from newsroom.models.item import Item
from newsroom.models.preparado import Preparado, Trozo

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)]{0,2}\s")
_BLANK = re.compile(r"\s")


def cut(texto: str, max_chars: int) -> list[tuple[int, int]]:
    """Returns half-open spans that cover `texto` without gap or overlap, none longer than `max_chars`.

    A cut falls after the end of a line if there is one in the second half of the piece. Else it falls after a
    sentence, else after a blank, else where the piece is full.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    while len(texto) - start > max_chars:
        end = _cut_point(texto, start, start + max_chars)
        spans.append((start, end))
        start = end
    spans.append((start, len(texto)))
    return spans


def _cut_point(texto: str, start: int, limit: int) -> int:
    middle = start + (limit - start) // 2
    line_end = texto.rfind("\n", middle, limit)
    if line_end >= 0:
        return line_end + 1
    for border in (_SENTENCE_END, _BLANK):
        ends = [match.end() for match in border.finditer(texto, middle, limit)]
        if ends:
            return ends[-1]
    return limit


def prepare(item: Item, max_chars: int) -> Preparado:
    """Returns the pieces of `item.contenido`, each at most `max_chars` characters long, and its language.

    `advertencias` (in Spanish) name control characters, and a language that is not the declared one.
    """
    advertencias: list[str] = list(item.avisos)
    if item.fecha_publicacion is None and not item.es_fragmento:
        advertencias.append("fecha_publicacion: no consta; «ayer» o «el martes» quedan sin resolver")
    for field, text in (("titular", item.titular), ("contenido_texto", item.contenido)):
        found = control_characters(text)
        if found:
            position, name = found[0]
            advertencias.append(
                f"{field}: {len(found)} caracteres de control (el primero {name} en la posición {position}); "
                "se guardan como llegaron y no se muestran al modelo"
            )
    pieces = [
        (start, end, cleaned)
        for start, end in cut(item.contenido, max_chars)
        if (cleaned := clean_text(readable(item.contenido[start:end])))
    ]
    trozos = tuple(
        Trozo(indice=indice, offset_inicio=start, offset_fin=end, texto=texto)
        for indice, (start, end, texto) in enumerate(pieces)
    )
    idioma = detect_language(trozos[0].texto, item.idioma)
    if idioma != item.idioma[:2].lower():
        advertencias.append(f"idioma: el texto está en «{idioma}», aunque venía como «{item.idioma}»")
    return Preparado(idioma=idioma, trozos=trozos, advertencias=tuple(advertencias))
