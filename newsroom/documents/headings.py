"""Finds where the sections of a document begin, from the marks of its format and the words of its lines."""

import re
from dataclasses import dataclass, replace
from enum import IntEnum

from newsroom.documents.legal import DECORATION, is_capitals, part_depth, plain_title, read_part
from newsroom.documents.texto import BLANKS, Heading, Texto

_LINE_CHARS = 240
_SUBTITLE_CHARS = 160
_SPEAKER_CHARS = 120
_MIN_SECTIONS = 3
_ENDS_BEFORE = '.:;!?…"”»)*_-—–|>'

_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,5})\\?[.)]?[-–]?\s{1,9}(?=[A-ZÁÉÍÓÚÑ¿¡])")
_SAID_BY = re.compile(
    r"(?:(?:El|La|Los|Las)\s(?:se[ñn]or(?:a|as|es)?|Sr(?:a|es|as)?\.|C\.|diputad[oa]|senador[a]?|ministr[oa])|"
    r"Sr(?:a)?\.|Don|Doña)\s{1,3}"
)
_SPEECH = re.compile(r":|\.\s?[-–—]")
_MARKED = re.compile(r"(#{1,6})[ \t]{1,9}(?=\S)")


class Family(IntEnum):
    """What makes a line a heading. A section of a later family lies within one of an earlier family."""

    FORMAT = 0
    LEGAL = 1
    NUMBERED = 2
    TURN = 3


@dataclass(frozen=True, slots=True)
class Border:
    """A place where a section begins: its line is at `offset`, and the words of its heading reach to `end`.

    `level` counts within the family, from the outside in. `marked` is the level that the format gives it.
    """

    offset: int
    end: int
    family: Family
    level: int
    title: str
    marked: int | None = None


def find_headings(texto: Texto) -> list[Border]:
    """Returns the beginnings of sections in order, in time linear in the text's length.

    A text is read as a law or as a transcript, by the kind of which it has more lines. For a law that is read
    aloud in parliament has no articles there, and a word in capitals within a law is no speaker.
    """
    found = _Scan(texto).run()
    legal = sum(border.family is Family.LEGAL for border in found)
    turns = sum(border.family is Family.TURN for border in found)
    if max(legal, turns) < _MIN_SECTIONS:
        return found
    if turns > legal:
        return [border for border in found if border.family is not Family.LEGAL or border.marked is not None]
    return [border for border in found if border.family is not Family.TURN]


def find_paths(borders: list[Border]) -> list[tuple[str, ...]]:
    """Returns for each heading the titles above it and its own, from the outside in."""
    paths: list[tuple[str, ...]] = []
    above: list[Border] = []
    for border in borders:
        if not (above and _repeats(above[-1], border)):
            while above and _ends(above[-1], border):
                above.pop()
            above.append(border)
        paths.append(tuple(outer.title for outer in above))
    return paths


def _ends(outer: Border, border: Border) -> bool:
    """Returns whether the section of `outer` ends where `border` begins another."""
    if outer.family is border.family:
        return outer.level >= border.level
    if border.family is Family.FORMAT and outer.marked is not None:
        return outer.marked >= border.level
    if outer.family is Family.FORMAT and border.marked is not None:
        return outer.level >= border.marked
    return outer.family > border.family


def _repeats(outer: Border, border: Border) -> bool:
    """Returns whether a heading only repeats the one before it under another mark."""
    return (outer.family, outer.level if outer.family is Family.LEGAL else 0, outer.title) == (
        border.family,
        border.level if border.family is Family.LEGAL else 0,
        border.title,
    )


class _Scan:
    """One pass over the lines of a text."""

    def __init__(self, texto: Texto) -> None:
        self._lines = texto.texto.split("\n")
        self._known = {heading.offset: heading for heading in texto.headings}
        self._after_heading = True

    def run(self) -> list[Border]:
        found: list[Border] = []
        offset, skipped = 0, 0
        for number, line in enumerate(self._lines):
            if number >= skipped:
                border, taken = self._read(number, line, offset)
                skipped = number + taken
                self._after_heading = border is not None or (
                    self._after_heading and not line.strip(DECORATION)
                )
                if border is not None:
                    found.append(border)
            offset += len(line) + 1
        return found

    def _read(self, number: int, line: str, offset: int) -> tuple[Border | None, int]:
        """Returns the heading that a line is, None if it is none, and the number of lines it takes."""
        head = line[:_LINE_CHARS]
        known = self._known.get(offset) or self._marked(head, offset)
        bare = head.lstrip(DECORATION)
        if not bare or (known is None and not (bare[0].isupper() or bare[0].isdigit())):
            return (None, 1) if known is None else (self._of_format(known, line), 1)
        if known is None and not self._begins(number, head):
            return None, 1
        part = read_part(bare, whole=len(head) == len(line))
        if part is not None:
            end = offset + (len(head) - len(bare) + part.end if part.end < len(bare) else len(line))
            marked = known.level if known else None
            return self._with_subtitle(
                number, Border(offset, end, Family.LEGAL, part.level, part.title, marked)
            )
        if known is not None:
            return self._of_format(known, line), 1
        return _read_numbered(bare, offset, len(line)) or self._read_turn(number, head, offset, len(line)), 1

    def _marked(self, head: str, offset: int) -> Heading | None:
        """Returns the heading that a line is by its marks, in a text whose format is not known."""
        found = _MARKED.match(head) if not self._known else None
        return Heading(offset, len(found[1]), head[found.end() :]) if found else None

    def _of_format(self, known: Heading, line: str) -> Border:
        title = plain_title(known.title)
        return Border(known.offset, known.offset + len(line), Family.FORMAT, known.level, title)

    def _begins(self, number: int, head: str) -> bool:
        """Returns whether a line can begin a section: it must not continue the sentence before it."""
        before = self._lines[number - 1].rstrip(BLANKS) if number else ""
        return self._after_heading or not before or before[-1] in _ENDS_BEFORE or head[0] in "*_#"

    def _with_subtitle(self, number: int, border: Border) -> tuple[Border, int]:
        """Returns a heading with its subject, if the subject stands alone in a line below it."""
        bare = self._lines[number].strip(DECORATION)
        if bare[part_depth(bare)[1] :].strip(DECORATION + ".:-–—º°)"):
            return border, 1
        end = border.offset + len(self._lines[number])
        for taken, line in enumerate(self._lines[number + 1 : number + 4], start=2):
            below = line.strip(DECORATION)
            start, end = end + 1, end + 1 + len(line)
            if not below:
                continue
            if start in self._known or self._marked(line, start) or not _is_subtitle(below):
                return border, 1
            title = plain_title(f"{border.title} {below}")
            return replace(border, title=title, end=end), taken
        return border, 1

    def _read_turn(self, number: int, head: str, offset: int, length: int) -> Border | None:
        bare = head.strip()
        speech = _SPEECH.search(bare, 0, _SPEAKER_CHARS)
        if speech is not None and _is_name(bare[: speech.start()]):
            end = offset + head.index(bare) + speech.end()
            return Border(offset, end, Family.TURN, 2, plain_title(bare[: speech.start()]))
        # «MARÍA RUIZ, SECRETARIA DE ESTADO» above what she says is a title in capitals.
        alone = length <= _SPEAKER_CHARS and bare[0].isalpha() and " " in bare and bare[-1] not in ".,;"
        if alone and is_capitals(bare):
            return Border(offset, offset + length, Family.TURN, 1, plain_title(bare))
        return None


def _read_numbered(bare: str, offset: int, length: int) -> Border | None:
    """Returns the numbered section that a short line without a full stop begins, such as «2.1 Alcance»."""
    found = _NUMBERED.match(bare)
    words = bare.rstrip(DECORATION)
    if found is None or length > _SPEAKER_CHARS or words[-1] in ".,;:":
        return None
    return Border(offset, offset + length, Family.NUMBERED, found[1].count("."), plain_title(words))


def _is_subtitle(bare: str) -> bool:
    return (
        len(bare) <= _SUBTITLE_CHARS
        and bare[0].isupper()
        and bare[-1] not in ".,;:"
        and part_depth(bare)[0] is None
        and _NUMBERED.match(bare) is None
    )


def _is_name(words: str) -> bool:
    """Returns whether words before a colon name a speaker: in capitals, perhaps after a form of address."""
    addressed = _SAID_BY.match(words)
    name = words[addressed.end() :] if addressed else words
    opened = name.find("(")
    name = name if opened < 3 else name[:opened]
    return name[:1].isalpha() and name.count(" ") <= 14 and is_capitals(name)
