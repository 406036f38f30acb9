"""Where the sections of a document begin: what its format marks, and what its lines say."""

import re
from dataclasses import dataclass

from newsroom.documents.texto import Texto

PARAGRAPH, SENTENCE, WORD = 100, 200, 300
"""Ranks of borders that are no headings; a lower rank is the better place to cut."""

_LINE_CHARS = 200
_NUMERAL = (
    r"(?:[IVXLCDM]{1,8}|\d{1,4}(?:\.\d{1,3}){0,3}|[ÚU]NIC[OA]|PRELIMINAR|PRIMER[OA]?|SEGUND[OA]|TERCER[OA]?|"
    r"CUART[OA]|QUINT[OA]|SEXT[OA]|S[ÉE]PTIM[OA]|OCTAV[OA]|NOVEN[OA]|D[ÉE]CIM[OA])"
)
# The parts of Spanish laws, from the outermost in. What follows the numeral is the part's own title.
_LEGAL: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (11 + number, re.compile(pattern, re.IGNORECASE))
    for number, pattern in enumerate(
        (
            rf"(?:LIBRO|PARTE)\s+{_NUMERAL}\b",
            rf"(?:T[IÍ]TULO\s+{_NUMERAL}\b|DISPOSICI(?:ÓN|ONES|ON)\s+(?:ADICIONAL|TRANSITORIA|FINAL|DEROGATORIA|"
            rf"COMPLEMENTARIA)|ANEXO\b|PRE[AÁ]MBULO\b|EXPOSICI[OÓ]N\s+DE\s+MOTIVOS\b|CONSIDERANDOS?\b)",
            rf"CAP[IÍ]TULO\s+{_NUMERAL}\b",
            rf"SUBCAP[IÍ]TULO\s+{_NUMERAL}\b|SECCI[OÓ]N\s+{_NUMERAL}\b",
            rf"SUBSECCI[OÓ]N\s+{_NUMERAL}\b",
            r"(?:ART[IÍ]CULO|ART\.)\s+\d{1,4}",
        )
    )
)
_MARKDOWN = re.compile(r"(#{1,6})[ \t]+(\S.{0,199})")
_NUMBERED = re.compile(r"\d{1,2}((?:\.\d{1,2}){0,3})[.)]?[ \t]+[A-ZÁÉÍÓÚÑ¿¡]\S*(?: [^\s.;:]{1,40}){0,12}$")
_SPEAKER = re.compile(
    r"(?:[A-ZÁÉÍÓÚÜÑ][A-ZÁÉÍÓÚÜÑ.,'-]{0,30} ){0,12}[A-ZÁÉÍÓÚÜÑ][A-ZÁÉÍÓÚÜÑ.,'-]{1,30}:(?=\s|$)"
)
_LEGAL_NUMERAL_ONLY = re.compile(rf"\W*(?:[A-ZÁÉÍÓÚ]{{5,14}})\s+{_NUMERAL}\W*$", re.IGNORECASE)
_NUMBERED_LEVEL, _SPEAKER_LEVEL = 20, 30


@dataclass(frozen=True, slots=True)
class Border:
    """A place where a section begins: the line at `offset`, `rank` by depth, and the section's title."""

    offset: int
    rank: int
    title: str


def find_headings(texto: Texto) -> list[Border]:
    """Returns the beginnings of sections in order."""
    known = {
        heading.offset: Border(heading.offset, heading.level, heading.title) for heading in texto.headings
    }
    found: list[Border] = []
    offset = 0
    lines = texto.texto.split("\n")
    for number, line in enumerate(lines):
        border = known.get(offset) or _read_line(line, offset, lines[number + 1 : number + 4])
        if border is not None:
            found.append(border)
        offset += len(line) + 1
    return found


def _read_line(line: str, offset: int, after: list[str]) -> Border | None:
    if len(line) > _LINE_CHARS and not _SPEAKER.match(line[:_LINE_CHARS].lstrip()):
        # An article of a law may stand in one line with its text.
        return _read_legal(line[:_LINE_CHARS], offset, [])
    bare = line.strip()
    if not bare:
        return None
    marked = _MARKDOWN.match(bare)
    if marked:
        # Of a law's parts their names say more about the depth than the number of marks.
        return _read_legal(marked[2], offset, after) or Border(offset, len(marked[1]), _plain(marked[2]))
    return _read_legal(bare, offset, after) or _read_other(bare, offset)


def _read_legal(line: str, offset: int, after: list[str]) -> Border | None:
    bare = line.lstrip(" \t*_>")
    for rank, pattern in _LEGAL:
        found = pattern.match(bare)
        if found is None:
            continue
        if not bare[0].isupper():
            return None  # «artículo 5 de la ley», in the middle of a wrapped sentence
        if rank == _LEGAL[-1][0]:
            return Border(offset, rank, _plain(found[0]))
        title = bare
        if _LEGAL_NUMERAL_ONLY.match(bare):
            # «TÍTULO I» stands alone, and what it is about in the line below.
            below = next((words.strip() for words in after if words.strip()), "")
            if below and len(below) <= 120 and _read_line(below, 0, []) is None and not below.endswith("."):
                title = f"{bare} {below}"
        return Border(offset, rank, _plain(title))
    return None


def _read_other(bare: str, offset: int) -> Border | None:
    numbered = _NUMBERED.match(bare) if len(bare) <= 120 else None
    if numbered:
        return Border(offset, _NUMBERED_LEVEL + numbered[1].count("."), _plain(bare))
    speaker = _SPEAKER.match(bare[:_LINE_CHARS])
    if speaker:
        return Border(offset, _SPEAKER_LEVEL, _plain(speaker[0].rstrip(":")))
    # «MARÍA RUIZ, SECRETARIA DE ESTADO» above what she says; a title in capitals.
    alone = len(bare) <= 120 and bare.isupper() and " " in bare and bare[0].isalpha()
    return Border(offset, _SPEAKER_LEVEL, _plain(bare)) if alone else None


def _plain(title: str) -> str:
    return " ".join(title.replace("*", "").replace("`", "").split()).strip(" .:#_-")[:120]
