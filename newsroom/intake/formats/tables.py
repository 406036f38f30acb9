"""CSV and TSV with a row of headings: a row is an article."""

import csv
import io
from collections.abc import Iterator

from newsroom.errors import InvalidInput
from newsroom.inputs import printable
from newsroom.intake.decoding import decode
from newsroom.intake.records import MAX_LINE_BYTES, Record, refused

_DELIMITERS = ",;\t|"
MAX_HEADING_CHARS = 80
# Rows that break off, after which the file is taken for none of rows.
MAX_BROKEN_ROWS = 100
# How many columns GDELT's files of events, mentions and themes (GKG) have. They come without headings.
_GDELT_COLUMNS = {16, 27, 57, 58, 61}


def read_table(body: bytes, place: str) -> Iterator[Record]:
    """Yields a record a row. A broken row is one Problem, and the next line is read as a row again."""
    try:
        decoded = decode(body, place)
    except InvalidInput as exc:
        yield refused(place, str(exc).removeprefix(f"{place}: "))
        return
    csv.field_size_limit(MAX_LINE_BYTES)
    # Universal line ends, and none within a cell is lost.
    lines = list(io.StringIO(decoded.text.lstrip("\ufeff"), newline=""))
    dialect = _dialect(lines[0] if lines else "")
    headings, at = _read_headings(lines, dialect)
    if (why := _why_no_headings(headings)) is not None:
        yield refused(place, why)
        return
    if not any(line.strip() for line in lines[at:]):
        yield refused(place, "a row of headings and no other")
    broken = 0
    while at < len(lines) and broken < MAX_BROKEN_ROWS:
        here = f"{place}:{at + 1}"
        row, used, why = _read_row(lines, at, dialect)
        if why is None and row and len(row) != len(headings):
            why = f"{len(row)} cells where the headings are {len(headings)}: is a quote missing?"
        if why is not None:
            broken += 1
            yield refused(here, why)
        elif any(cell.strip() for cell in row):
            # A cell may stand under no heading (the row numbers of pandas), and two under one.
            cells = {heading: cell for heading, cell in zip(headings, row, strict=True) if heading}
            yield Record(here, cells, avisos=decoded.advertencias)
        at += used
    if at < len(lines):
        yield refused(f"{place}:{at + 1}", f"{broken} broken rows before this one; the rest is not read")


def _read_row(lines: list[str], at: int, dialect: type[csv.Dialect]) -> tuple[list[str], int, str | None]:
    """Returns the row that begins at a line, how many lines it takes, and why it cannot be read.

    Where a quote is missing the row would run on over good ones: then it takes one line.
    """
    reader = csv.reader((lines[index] for index in range(at, len(lines))), dialect, strict=True)
    try:
        return next(reader), reader.line_num, None
    except csv.Error as exc:
        return [], 1, f"a broken row: {printable(str(exc))}; is a quote missing?"


def _read_headings(lines: list[str], dialect: type[csv.Dialect]) -> tuple[list[str], int]:
    if not lines:
        return [], 0
    row, used, _ = _read_row(lines, 0, dialect)
    return [" ".join(cell.split()) for cell in row], used


def _why_no_headings(cells: list[str]) -> str | None:
    """Returns why the first row of a table is no row of headings; None if it may be one."""
    filled = [cell for cell in cells if cell]
    values = [cell for cell in filled if cell.startswith(("http://", "https://")) or cell.isdecimal()]
    if len(cells) in _GDELT_COLUMNS and values:
        return (
            "a table of GDELT without headings: it holds addresses and no text; "
            "noticias process ADDRESS reads the page of one, and a source those of many"
        )
    if len(filled) < 2 or values or max(map(len, filled)) > MAX_HEADING_CHARS:
        return "no row of headings in it, as a table of articles needs"
    return None


def _dialect(headings: str) -> type[csv.Dialect]:
    """Returns how the cells are parted: by whichever mark stands most often in the headings."""
    mark = max(_DELIMITERS, key=headings.count)
    return type("Table", (csv.excel,), {"delimiter": mark})
