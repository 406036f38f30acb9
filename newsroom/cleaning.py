"""The text that a model is shown: the article's own words in a tidy form.

The stored text is never touched (offsets point into it); quotation marks and paragraphs are kept.
"""

import re
import unicodedata

# Everything Unicode calls a control or format character, but for line ends and tabs; zero-width
# joiners and direction marks are invisible and would make two equal words differ.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029")
_BLANKS = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


def clean_text(texto: str) -> str:
    """Returns `texto` in NFC with runs of blanks folded, one line a paragraph line, blank lines single.

    Words, punctuation and quotation marks stay as they are. Linear in the length of `texto`.
    """
    texto = unicodedata.normalize("NFC", texto)
    texto = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", texto))
    lines = (_BLANKS.sub(" ", line).strip() for line in texto.split("\n"))
    tidy: list[str] = []
    for line in lines:
        if line or (tidy and tidy[-1]):
            tidy.append(line)
    return "\n".join(tidy).strip()


def control_characters(texto: str) -> list[tuple[int, str]]:
    """Returns position and name (`U+0007`) of each C0 or C1 control character but tab and line ends."""
    return [
        (match.start(), f"U+{ord(match.group()):04X}")
        for match in re.finditer(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", texto)
    ]
