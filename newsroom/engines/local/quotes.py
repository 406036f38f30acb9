"""Finds somebody's words in quotation marks or after dialogue dashes, without titles and nicknames."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from newsroom.engines.local.interviews import find_turns
from newsroom.language.lists import lowered
from newsroom.language.verbs import is_saying, may_say, read_finite

_CLOSING = {"“": "”", "«": "»", "‘": "’", '"': '"', "'": "'", "„": "“”", "‹": "›"}
_MAX_CHARS = 3_000
_MIN_WORDS = 4
_MIN_WORDS_SAID = 2
_NEAR_CHARS = 90
_REACH_CHARS = 250
_WORD = re.compile(r"[^\W\d_]+")
_LABEL = re.compile(
    r"(?P<respuesta>R|RESPUESTA|Respuesta)\s?(?:[:.]-?|[-–—])\s+|"
    r"(?:[-–—]\s?)?(?:(?:El|La)\s+(?:señor|señora|diputad[oa]|senador[a]?|ministr[oa])\s+|"
    r"(?:Sr|Sra|Dip|Sen|SR|SRA|DIP|SEN)\.\s?)?"
    r"(?P<quien>[^\W\d_a-z][^\n:.?!“«\"]{2,90}?)(?P<mark>:|\s?\.\s?[-–—])\s+",
)
# What the stenographer notes: «(Aplausos)», «(Rumores.—Protestas)».
_STAGE = re.compile(r"(?:\s*\([A-ZÁÉÍÓÚÑ][^()\n]{2,80}\)\.?)+$")
_LEAST_TURNS, _LEAST_WHO = 2, 3
_DASHES = "—–―"


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's words at `start:end`, inside the marks.

    `continues` says that the quotation before goes on here, after reopened marks or an inserted «dijo».
    `label` is the speaker if the line begins with a name.
    """

    start: int
    end: int
    continues: bool = False
    label: str | None = None


def find_quotes(text: str) -> list[Quote]:
    """Returns the quotations in order, none overlapping another, in time linear in the text's length."""
    quotes: list[Quote] = []
    unclosed: str | None = None
    questions, answers = find_turns(text)
    turns = _count_turns(text)
    offset = 0
    for line in text.split("\n"):
        if offset in answers:
            quotes.append(_trim(text, offset + 1, offset + len(line), False, ""))
        if offset in questions or offset in answers:
            offset += len(line) + 1
            continue
        found, unclosed = _read_line(text, offset, offset + len(line), unclosed, turns)
        quotes.extend(quote for quote in found if quote.end > quote.start)
        offset += len(line) + 1
    return quotes


def _read_line(
    text: str, start: int, end: int, unclosed: str | None, turns: int
) -> tuple[list[Quote], str | None]:
    """Returns the quotations of one line, and the mark that it leaves open for the next line, or None."""
    if start == end:
        return [], unclosed
    labelled = _read_label(text, start, end, turns)
    if labelled is not None:
        return [labelled], None
    if text[start] in _DASHES and start + 1 < end and not text[start + 1].isspace():
        return list(_read_dialogue(text, start, end)), None
    spans, open_mark = _read_marks(text, start, end, unclosed)
    reopened = unclosed is not None and text[start] in (unclosed, *_CLOSING[unclosed])
    quotes: list[Quote] = []
    for place, (first, last) in enumerate(spans):
        continues = reopened and place == 0 and first == start + 1
        if continues or _is_speech(text, first, last, start, end):
            quotes.append(_trim(text, first, last, continues))
    return quotes, open_mark


def _read_label(text: str, start: int, end: int, turns: int) -> Quote | None:
    """Returns the speech of a line that begins with its speaker; the text has `turns` such lines."""
    match = _LABEL.match(text, start, min(end, start + 130))
    if match is None:
        return None
    who = match["quien"]
    if who is not None and not _is_speaker_label(who, match, turns):
        return None
    stage = _STAGE.search(text, match.end(), end)
    end = stage.start() if stage is not None else end
    if end - match.end() < 20:
        return None
    return _trim(text, match.end(), end, False, who or "")


def _is_speaker_label(who: str, match: re.Match[str], turns: int) -> bool:
    """Returns whether a line's beginning names its speaker. A dateline («LIMA.-») stands alone in a text."""
    letters = [char for char in who.split("(")[0] if char.isalpha()]
    if "PREGUNTA" in who or not all(char.isupper() for char in letters):
        return False
    alone = match["mark"] == ":" and len(letters) > 6
    return alone or (turns >= _LEAST_TURNS and len(letters) >= _LEAST_WHO)


def _count_turns(text: str) -> int:
    """Returns how many lines begin like a speaker's turn in the minutes of a parliament."""
    found = (_LABEL.match(line) for line in text.split("\n"))
    names = [m["quien"].split("(")[0] for m in found if m is not None and m["quien"]]
    return sum(1 for name in names if all(char.isupper() for char in name if char.isalpha()))


def _trim(text: str, first: int, last: int, continues: bool, label: str | None = None) -> Quote:
    while first < last and text[first].isspace():
        first += 1
    while last > first and (text[last - 1].isspace() or text[last - 1] in ",;"):
        last -= 1
    return Quote(first, last, continues, label)


def _read_marks(
    text: str, start: int, end: int, unclosed: str | None
) -> tuple[list[tuple[int, int]], str | None]:
    """Returns the spans inside the outermost marks of a line, and the mark that it leaves open or None."""
    spans: list[tuple[int, int]] = []
    closers = _find_closers(text, start, end)
    open_mark: str | None = None
    broken: set[str] = set()
    index = start
    if unclosed in ("«", "“") and text[start] in _CLOSING[unclosed]:
        # Comillas de seguir: the second paragraph of a quotation begins with the closing mark.
        until = next((at for at in range(start + 1, end) if text[at] in _CLOSING[unclosed]), end)
        spans.append((start + 1, until))
        open_mark, index = (unclosed if until == end else None), until + 1
    while index < end:
        mark = text[index]
        if mark not in closers or not _opens(text, index, start):
            index += 1
            continue
        close = _find_close(text, index, end, closers[mark], mark in broken)
        if close is None:
            broken.add(mark)
            open_mark = mark
            if index == start and _stands_alone(text, start):
                spans.append((index + 1, end))
                break
            index += 1
            continue
        spans.append((index + 1, close))
        open_mark = None
        index = close + 1
    return spans, open_mark


def _find_closers(text: str, start: int, end: int) -> dict[str, list[int]]:
    """Returns the places of the closing marks, by the opening mark that they belong to."""
    line = text[start:end]
    return {
        mark: [start + at for at, char in enumerate(line) if char in closing]
        for mark, closing in _CLOSING.items()
        if mark in line
    }


def _stands_alone(text: str, start: int) -> bool:
    """Returns whether a line that opens a mark without closing it is all speech, which the next continues."""
    following = text.find("\n", start)
    while 0 <= following < len(text) and text[following] in "\n \u200b":
        following += 1
    return 0 < following < len(text) and text[following] in (text[start], *_CLOSING[text[start]])


def _opens(text: str, index: int, start: int) -> bool:
    mark = text[index]
    if mark not in "\"'‘":
        return True
    before = text[index - 1] if index > start else " "
    after = text[index + 1] if index + 1 < len(text) else " "
    return not before.isalnum() and not after.isspace()


def _find_close(text: str, index: int, end: int, closers: list[int], broken: bool) -> int | None:
    mark = text[index]
    place = bisect_right(closers, index)
    if broken:
        close = closers[place] if place < len(closers) else None
        return close if close is not None and text.find(mark, index + 1, close) < 0 else None
    if mark in "\"'":
        return _find_straight_close(text, closers, place, index)
    depth, stop = 1, min(end, index + _MAX_CHARS)
    for at in range(index + 1, stop):
        char = text[at]
        if char == mark:
            depth += 1
        elif char in _CLOSING[mark] and not (mark == "‘" and _is_apostrophe(text, at)):
            depth -= 1
            if depth == 0:
                return at
        elif char == '"' and depth == 1 and _closes_straight(text, at) and mark in "“„":
            # One kind of mark opens and another kind closes: “… gobernantes".
            return at
    return None


def _find_straight_close(text: str, closers: list[int], place: int, index: int) -> int | None:
    for at in closers[place : place + 8]:
        if at - index > _MAX_CHARS:
            return None
        if _closes_straight(text, at):
            return at
    return None


def _closes_straight(text: str, at: int) -> bool:
    after = text[at + 1] if at + 1 < len(text) else " "
    return not text[at - 1].isspace() and not after.isalnum()


def _is_apostrophe(text: str, at: int) -> bool:
    return at + 1 < len(text) and text[at + 1].isalnum()


def _read_dialogue(text: str, start: int, end: int) -> Iterator[Quote]:
    """Yields the speech of «—No me iré —dijo el ministro—. Seguiré.»"""
    dash = text[start]
    pieces: list[tuple[int, int]] = []
    first = start + 1
    for at in range(start + 1, end):
        if text[at] == dash:
            pieces.append((first, at))
            first = at + 1
    pieces.append((first, end))
    if len(pieces) > 1 and not _begins_with_saying(text, *pieces[1]):
        return
    for place, (begin, stop) in enumerate(pieces):
        if place % 2 == 0:
            while begin < stop and text[begin] in " .,;:":
                begin += 1
            if len(_WORD.findall(text, begin, stop)) >= _MIN_WORDS_SAID:
                yield _trim(text, begin, stop, place > 0)


def _begins_with_saying(text: str, start: int, end: int) -> bool:
    match = _WORD.search(text, start, end)
    if match is None:
        return False
    return is_saying(match.group()) or match.group().lower() in lowered("verbos", "decir_tras_cita")


def _is_speech(text: str, first: int, last: int, start: int, end: int) -> bool:
    words = _WORD.findall(text, first, last)
    begin = max(start, first - _REACH_CHARS, text.rfind(". ", start, first) + 1)
    before = _WORD.findall(text, begin, max(start, first - 1))
    after = _WORD.findall(text, min(end, last + 1), min(end, last + _NEAR_CHARS))
    colon = _follows_colon(text, first - 1, start)
    said = colon or any(is_saying(word) for word in (*before, *after[:5]))
    if len(words) < (_MIN_WORDS_SAID if said else _MIN_WORDS):
        # One word is speech only right before the verb: «Veremos», apostilló Ana.
        return bool(words and after) and text[last + 1 : last + 2] == "," and is_saying(after[0])
    adjacent = before and text[first - 2 : first - 1] == " " and text[first - 3 : first - 2].isalpha()
    if adjacent and before[-1].lower() in lowered("lengua", "titulos_de_obra"):
        return False
    if adjacent and words[0][0].isupper() and _is_title(before, words):
        return False
    capitals = [word for word in words if len(word) > 3]
    # With all words in upper case it is a title.
    return len(capitals) <= 1 or any(word[0].islower() for word in capitals)


def _is_title(before: list[str], words: list[str]) -> bool:
    """Returns whether words with a capital inside a sentence are a title, because they are no clause."""
    if before[-1].lower() == "que" or may_say(before[-1]):
        return False
    return not any(read_finite(word.lower()) for word in words)


def _follows_colon(text: str, mark: int, start: int) -> bool:
    return text[max(start, mark - 2) : mark].rstrip().endswith(":")
