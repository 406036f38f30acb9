"""Takes what is no news out of a text, and leaves every other character at its place.

Taken out are HTML tags, Markdown marks and link targets, CSS, embedded tweets, link boxes, bylines, captions
and the like (lexicon/pagina.yaml). Mended are letters that came through as control characters
of Windows-1252, HTML entities, words cut by a hyphen, and lines broken inside a sentence.

It knows such lines by their words, so it misses what a site words in its own way. It does not know where the
article begins or ends on a page: that is the scraper's work.
"""

import re
from functools import cache, lru_cache
from html import unescape
from itertools import pairwise

from newsroom.lexicon.tables import Use, folded, table
from newsroom.tokens import strip_accents

# An invisible character: it stands between words without cutting one.
_NOTHING = "\u200b"
_CP1252 = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x85, 0x8D, 0x8F, 0x90, 0x9D)
}
_BLOCKS = (
    "p|br|div|li|ul|ol|h[1-6]|table|tr|td|th|blockquote|figure|figcaption|section|article|header|footer|hr"
)
_INLINE = "a|img|b|i|em|strong|span|u|s|small|sup|sub|font|script|style|iframe|video|audio|picture|q|cite"
_TAG = re.compile(
    rf"</?(?:(?P<block>{_BLOCKS})|{_INLINE})(?=[\s/>])(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE
)
_CODE = re.compile(r"<(script|style)\b[^>]*>.{0,20000}?</\1>|<!--.{0,20000}?-->", re.IGNORECASE | re.DOTALL)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,5}|#x[0-9A-Fa-f]{2,4});")
_MARKDOWN = re.compile(
    r"!\[[^\]\n]{0,300}\]\([^()\s]{0,500}\)"
    r"|(?P<target>\]\([^()\s]{1,500}(?: \"[^\"\n]{0,200}\")?\))"
    r"|\[\^[\w-]{1,20}\]:?|\{#[\w-]{1,60}\}"
    r"|(?m:^\|?(?:\s?:?-{3,}:?\s?\|)+\s?(?::?-{3,}:?)?$)"
    r"|(?m:^[ \t]{0,3}(?:#{1,6}(?= )|>(?= )|[■●▪](?= )))"
)
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]{1,400}?)(?<=[^\s*])\1(?![\w*])")
_MARKS = re.compile(r"(?<!')''(?!')|``|´´|`(?=[^`\n]{2,400}`)|(?<=[^\s`])`|<<|>>")
_MARKS_MEANT = {"`": "'", "<<": "«", ">>": "»"}
_SHORT_LINK = re.compile(r"(?:pic\.twitter\.com|pic\.x\.com)/\w+")
_SENTENCE_ENDS = ".!?:;…"
_ITEM = re.compile(r"\s*(?:[-–—•·*▪■●]|\d{1,2}[.)]|[a-z]\))\s")
_HYPHENED = re.compile(r"(?<=[a-záéíóúñü])-[ \t]{0,3}\n[ \t]{0,3}(?=[a-záéíóúñü])")
_LEAST_SHARE = 0.5
_LEAST_LINE = 20


def readable(texto: str) -> str:
    """Returns `texto` without its furniture, as long as it is: every word that stays keeps its offset.

    The time is linear in the text's length.
    """
    texto = texto.translate(_CP1252)
    if "<" in texto:
        texto = _TAG.sub(_blank_tag, _CODE.sub(_blank, texto))
    if "&" in texto:
        texto = _ENTITY.sub(_spell_entity, texto)
    texto = _unmark(texto)
    texto = _MARKS.sub(_spell_mark, texto)
    texto = _SHORT_LINK.sub(_blank, texto)
    texto = _HYPHENED.sub(_blank, texto)
    return _join_lines("\n".join(_keep_line(line) for line in texto.split("\n")))


def _blank(match: re.Match[str]) -> str:
    return _NOTHING * len(match.group())


def _blank_tag(match: re.Match[str]) -> str:
    return ("\n" if match["block"] else _NOTHING) + _NOTHING * (len(match.group()) - 1)


def _spell_entity(match: re.Match[str]) -> str:
    meant = unescape(match.group())
    known = (len(meant) == 1 and not meant.isspace()) or meant == "\u00a0"
    return meant + _NOTHING * (len(match.group()) - 1) if known else match.group()


def _spell_mark(match: re.Match[str]) -> str:
    """Returns a quotation mark made of two signs (two apostrophes, <<) or of a grave accent as a mark."""
    meant = _MARKS_MEANT.get(match.group(), '"')
    return meant + _NOTHING * (len(match.group()) - 1)


def _unmark(texto: str) -> str:
    """Returns a text without Markdown's marks. The words of a link and of emphasis stay."""
    if "](" in texto or "#" in texto or ">" in texto or "[^" in texto or "--" in texto or "■" in texto:
        targets = [match.start() for match in _MARKDOWN.finditer(texto) if match["target"]]
        texto = _MARKDOWN.sub(_blank, texto)
        chars = list(texto)
        for target in targets:
            opening = texto.rfind("[", max(0, target - 300), target)
            if opening >= 0:
                chars[opening] = _NOTHING
        texto = "".join(chars)
    if "*" in texto:
        texto = _EMPHASIS.sub(lambda m: _NOTHING * len(m[1]) + m[2] + _NOTHING * len(m[1]), texto)
    return texto


@cache
def _lines() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{line})" for line in table("pagina")["renglones"]))


@cache
def _captions() -> re.Pattern[str]:
    return re.compile(rf"(?<=[.”»\"])\s+{table('pagina')['pies']}")


@lru_cache(maxsize=4_096)
def _is_furniture(line: str) -> bool:
    folded_line = strip_accents(line).strip(' \t\u200b*_|>«»"-—–•·')
    if not any(char.isalnum() for char in folded_line):
        return True
    begins = strip_accents(line).lstrip(' \t\u200b*_|>«»"•·')
    return _lines().match(folded_line) is not None or (
        begins[:1] in "-—–#@©(" and _lines().match(begins) is not None
    )


_LONGEST_FURNITURE = 260


def _keep_line(line: str) -> str:
    """Returns a line, or blanks of its length if it is furniture, or the line without its caption."""
    if not line.strip():
        return line
    if len(line) <= _LONGEST_FURNITURE and _is_furniture(line):
        return " " * len(line)
    match = _captions().search(line)
    return line if match is None else line[: match.start()] + " " * (len(line) - match.start())


def _join_lines(texto: str) -> str:
    """Returns a text in which a line end inside a sentence is a blank."""
    if "\n" not in texto:
        return texto
    lines = texto.split("\n")
    widest = max(len(line) for line in lines)
    pieces = [lines[0]]
    wrapped = False
    for before, after in pairwise(lines):
        wrapped = _goes_on(before.strip(" \t\r\u200b"), after.strip(" \t\r\u200b"), wrapped, widest)
        pieces.append(" " if wrapped else "\n")
        pieces.append(after)
    return "".join(pieces)


def _goes_on(before: str, after: str, wrapped: bool, widest: int) -> bool:
    """Returns whether a sentence goes on from one line to the next.

    `wrapped` says that the first line goes on with one before it; `widest` is the longest line's length.
    """
    if not before or not after or before[-1] in _SENTENCE_ENDS or _ITEM.match(after):
        return False
    if after[0].islower() or before[-1] == ",":
        return before[-1].isalnum() or before[-1] in ',"”»%)'
    last = strip_accents(before.rsplit(" ", 1)[-1])
    if " " in before and before[-1].islower() and last in _small_words():
        return True
    full = len(before) >= max(_LEAST_LINE, _LEAST_SHARE * widest)
    return wrapped and full and before[-1].isalnum() and after[0].isalnum()


@cache
def _small_words() -> frozenset[str]:
    words = folded("lengua", "funcionales", Use.PRUEBA) | folded("personas", "cargos", Use.PRUEBA)
    return words | folded("lengua", "preposiciones")
