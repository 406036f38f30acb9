"""Reads the parts of a Spanish law from its lines: «TÍTULO II», «Artículo 5.- Objeto»."""

import re
from typing import NamedTuple

from newsroom.documents.texto import BLANKS

MAX_PART_CHARS = 120
"""The length of the title of one section at most, in characters."""

_EPIGRAPH_CHARS = 80
# Marks around a heading in markdown, in an amending law («Artículo 5...») or in a table of contents.
DECORATION = BLANKS + "*_#>|\"“«'\\"

_ORDINAL = (
    r"(?i:[uú]nic[oa]|preliminar|final|primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|sext[oa]|"
    r"s[eé]p?tim[oa]|octav[oa]|noven[oa]|und[eé]cim[oa]|duod[eé]cim[oa]|"
    r"(?:d[eé]cim|vig[eé]sim|trig[eé]sim|cuadrag[eé]sim|quincuag[eé]sim)[oa]?[ -]?(?:\w{5,9}[oa])?)"
)
_NUMERAL = (
    rf"(?:(?:[Nn][.]?[º°o][.]?\s?)?(?:\d{{1,4}}(?:\.\d{{1,3}}){{0,2}}|[IVXLCDM]{{1,9}}(?![a-záéíóúñ])|[A-Z](?!\w)|{_ORDINAL})"
    r"(?:[.]?\s?[ºª°]|[oa](?=[.\s-]))?(?:[ -]?(?:bis|ter|qu[aá]ter|quinquies|sexies|[A-Z])(?!\w))?)"
)
_NUMBERED_PARTS = {
    "parte": 10, "libro": 20, "titulo": 30, "capitulo": 40, "subcapitulo": 45, "seccion": 50,
    "subseccion": 60, "articulo": 70, "art": 70, "clausula": 70, "base": 70, "anexo": 28, "apendice": 28,
}  # fmt: skip
"""The depth of each part of a Spanish law. A part ends where one of the same depth or above begins."""
_ARTICLE = 70
_WHOLE_PARTS = 28
_PROVISION = 29

_PART = re.compile(
    r"((?i:Parte|Libro|T[ií]tulo|Cap[ií]tulo|Subcap[ií]tulo|Secci[oó]n|Subsecci[oó]n|Art[ií]culo|Art|Cl[aá]usula|"
    rf"Base|Anexo|Ap[eé]ndice))[.]?\s{{1,9}}{_NUMERAL}"
)
_PROVISIONS = re.compile(
    r"(?i:disposici(?:[oó]n|ones)\s{1,9}(?:adicional|transitoria|final|derogatoria|complementaria|modificatoria)"
    r"(?:e?s)?)"
)
_PREAMBLE = re.compile(r"(?i:pre[aá]mbulo|exposici[oó]n de motivos|considerandos|antecedentes|[ií]ndice)$")
_WHOLE = re.compile(r"(?i:(?:art[ií]culos )?transitorios|t r a n s i t o r i o s|anexos?)$")
_PROVISION_ALONE = re.compile(rf"({_ORDINAL})\s?(?:[.:]\s?[-–—]|$)")
# «**Artículo 5.-** El alcalde...»: the words outside the bold type are no title.
_CLOSED = re.compile(r"[.:º°ª \-–—]{0,6}\*\*")
_LINK = re.compile(r"\[([^\]\n]{1,200})\]\([^)\s]{0,300}\)")
_ACCENTS = str.maketrans("áéíóúÁÉÍÓÚ", "aeiouaeiou")


class Part(NamedTuple):
    """The part of a law that a line begins: its depth, its title, and where in the line the title ends."""

    level: int
    title: str
    end: int


def read_part(bare: str, whole: bool) -> Part | None:
    """Returns the part of a law that a line begins, or None.

    `bare` is the line without decoration in front. `whole` says that the line is not cut off.
    """
    level, end = part_depth(bare)
    if level is None:
        return None
    rest = bare[end:].lstrip(BLANKS + "*_").lstrip(".:-–—º°) \xa0*_").rstrip(DECORATION)
    name = bare[:end]
    if not rest:
        return Part(level, plain_title(name), len(bare))
    if whole and not rest.endswith(".") and (len(rest) <= _EPIGRAPH_CHARS or level < _ARTICLE):
        return Part(level, plain_title(f"{name} {rest}"), len(bare))
    # In «Artículo 5.- Objeto. La ordenanza...» the epigraph belongs to the title, and the text does not.
    epigraph = rest.partition(". ")[0].rstrip(".")
    alone = ". " not in rest
    limit = _EPIGRAPH_CHARS // 2 if level == _ARTICLE else _EPIGRAPH_CHARS
    short = len(epigraph) <= limit and (not alone or level < _ARTICLE or epigraph.count(" ") < 3)
    if not short or _CLOSED.match(bare, end):
        return Part(level, plain_title(name), end)
    return Part(level, plain_title(f"{name} {epigraph}"), len(bare) if alone else end)


def part_depth(bare: str) -> tuple[int | None, int]:
    """Returns the depth of the part that a line names, None if it names none, and where the name ends."""
    part = _PART.match(bare)
    if part is not None:
        return (_NUMBERED_PARTS[_fold(part[1])] if _stands_alone(bare[part.end() :]) else None), part.end()
    provisions = _PROVISIONS.match(bare)
    if provisions is not None:
        rest = bare[provisions.end() :].lstrip()
        ordinal = re.match(_ORDINAL, rest)
        several = _fold(bare[:15]).startswith("disposiciones")
        end = len(bare) - len(rest) + (ordinal.end() if ordinal else 0)
        alone = not rest or ordinal is not None or rest[0] in ".:-–—*_" or is_capitals(bare[:60])
        return ((_PROVISION if ordinal and not several else _WHOLE_PARTS) if alone else None), end
    words = bare.rstrip(DECORATION + ".:")
    if len(words) <= 40 and _WHOLE.match(words):
        return _WHOLE_PARTS, len(words)
    if len(words) <= 40 and _PREAMBLE.match(words):
        return _ARTICLE, len(words)  # No part lies within it.
    single = _PROVISION_ALONE.match(bare[:60].rstrip(DECORATION + "."))
    return (_ARTICLE, single.end(1)) if single else (None, 0)


def _stands_alone(rest: str) -> bool:
    """Returns whether the words after «Artículo 5» show that it is a heading, not part of a sentence."""
    stripped = rest.lstrip(BLANKS + "*_")
    if not stripped or stripped[0] in '.:-–—º°)(|"“«[':
        return True
    return stripped[0].isupper() and stripped is not rest


def is_capitals(words: str) -> bool:
    """Returns whether all letters are capitals, and that there are three or more."""
    return words.isupper() and sum(map(str.isalpha, words)) >= 3


def _fold(word: str) -> str:
    return word.translate(_ACCENTS).lower()


def plain_title(title: str) -> str:
    """Returns a title on one line, without marks of its format, at most `MAX_PART_CHARS` long."""
    words = _LINK.sub(r"\1", title).replace("*", "").replace("`", "").replace("\\", "")
    words = " ".join(words.split()).strip(DECORATION + ".:-–— ")
    return words if len(words) <= MAX_PART_CHARS else words[: MAX_PART_CHARS - 1].rstrip() + "…"
