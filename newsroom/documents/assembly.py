"""Builds the text of a document piece by piece, so that no offset has to be mapped back to the file.

The stored text differs from the file in four ways, each for a reason:

- Lines end in a line feed, so that a heading's line is found in one way.
- NUL characters are left out, because PostgreSQL cannot hold them.
- Halves of surrogate pairs are left out for the same reason.
- A run of more than `MAX_BLANKS` blanks is shortened to that, because a fragment of blanks says nothing.
"""

import re
from dataclasses import dataclass, field

from newsroom.documents.texto import BLANKS, Heading, Page, Texto
from newsroom.errors import InvalidInput

MAX_TEXT_CHARS = 50_000_000
MAX_BLANKS = 1_000
MAX_HEADING_CHARS = 300

_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
_SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BLANK_RUN = re.compile(f"[{re.escape(BLANKS)}]{{{MAX_BLANKS}}}[{re.escape(BLANKS)}]+")


@dataclass(slots=True)
class Assembly:
    """A text that grows. `place` (its printable path) and `formato` are those of the file it comes from."""

    place: str
    formato: str
    codificacion: str | None = None
    advertencias: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _pages: list[Page] = field(default_factory=list)
    _headings: list[Heading] = field(default_factory=list)
    _unstorable: int = 0
    _shortened: int = 0

    @property
    def length(self) -> int:
        """The number of characters so far: the offset of what is added next without a separator."""
        return self._length

    def add(self, text: str, separator: str = "\n\n", level: int | None = None) -> str:
        """Adds a block behind `separator` (nothing before the first one). Returns it as stored.

        `level` makes the block a heading. A block of blanks only is left out.

        Raises:
            InvalidInput: the document is longer than `MAX_TEXT_CHARS`.
        """
        text = self._storable(text)
        if not text.strip(BLANKS):
            return ""
        if self._parts:
            self._put(separator)
        if level is not None:
            self._headings.append(Heading(self._length, level, " ".join(text.split())[:MAX_HEADING_CHARS]))
        self._put(text)
        return text

    def mark_heading(self, offset: int, level: int, title: str) -> None:
        """Records that the line at `offset` is a heading."""
        self._headings.append(Heading(offset, level, " ".join(title.split())[:MAX_HEADING_CHARS]))

    def begin_page(self, number: int, separator: str = "\n") -> None:
        """Records that what is added next, behind `separator`, stands on page `number`."""
        self._pages.append(Page(self._length + (len(separator) if self._parts else 0), number))

    def finish(self) -> Texto:
        """Returns the text.

        Raises:
            InvalidInput: no readable text was added.
        """
        texto = "".join(self._parts)
        if not texto.strip(BLANKS):
            raise InvalidInput(f"{self.place}: holds no text", "ruta")
        self._warn()
        return Texto(
            texto,
            self.formato,
            self.codificacion,
            tuple(self._pages),
            tuple(self._headings),
            tuple(self.advertencias),
        )

    def _warn(self) -> None:
        if self._unstorable:
            self.advertencias.append(
                f"se quitaron {self._unstorable} caracteres que la base de datos no puede guardar "
                "(NUL o medio par suplente)"
            )
        if self._shortened:
            self.advertencias.append(
                f"{self._shortened} espacios en blanco de más de {MAX_BLANKS} caracteres se acortaron"
            )

    def _put(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
        if self._length > MAX_TEXT_CHARS:
            raise InvalidInput(
                f"{self.place}: holds more than {MAX_TEXT_CHARS} characters; cut it into several documents",
                "ruta",
            )

    def _storable(self, text: str) -> str:
        if "\r" in text or "\u2028" in text or "\u2029" in text:
            text = _LINE_END.sub("\n", text)
        if _UNSTORABLE.search(text):
            text = _SURROGATE_PAIR.sub(_join_pair, text)
            text, removed = _UNSTORABLE.subn("", text)
            self._unstorable += removed
        text, shortened = _BLANK_RUN.subn(_shorten, text)
        self._shortened += shortened
        return text


def _join_pair(match: re.Match[str]) -> str:
    return match.group().encode("utf-16", "surrogatepass").decode("utf-16")


def _shorten(match: re.Match[str]) -> str:
    # The border between two paragraphs must not get lost.
    run = match.group()
    return run[: MAX_BLANKS - 2] + ("\n\n" if "\n" in run else run[MAX_BLANKS - 2 : MAX_BLANKS])
