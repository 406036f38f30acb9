"""Makes the text that a model reads: the article's own words in a tidy form.

The stored text stays as it is, because offsets point into it. Quotation marks and paragraphs are kept.
"""

import re
import unicodedata

# Unicode's control and format characters except line ends and tabs. Zero-width joiners and direction marks
# are invisible and would make two equal words differ.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029")
_BLANKS = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


def clean_text(texto: str) -> str:
    """Returns `texto` in NFC, with runs of blanks and of blank lines each reduced to one.

    Words, punctuation and quotation marks stay as they are. The time is linear in the length of `texto`.
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
    """Returns position and name (`U+0007`) of each C0 or C1 control character except tab and line ends."""
    return [
        (match.start(), f"U+{ord(match.group()):04X}")
        for match in re.finditer(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", texto)
    ]
