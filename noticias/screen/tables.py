"""Tables of stored rows that fit the terminal: only long texts are cut, never an id, a date or a number."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_PIPE_WIDTH = 140
# A text of fewer characters says nothing: its column is left out, unless it is the table's first text.
_LEAST_CHARS = 12


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Args:
        heading: its first line.
        at_most: cells of a text column are cut at so many characters, or earlier if the terminal is narrow.
            0 means that the column is as wide as its widest cell and is never cut.
        numeric: whether it stands on the right.
    """

    heading: str
    at_most: int = 0
    numeric: bool = False


def make_console() -> Console:
    """Returns a console as wide as the terminal; without one (a pipe, CI) it is wide enough for a table."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)


def print_table(console: Console, columns: Sequence[Column], rows: Sequence[Sequence[str | Text]]) -> None:
    """Prints rows, one a line. If the terminal is too narrow, texts are cut, and the last texts left out.

    Args:
        console: where to print.
        columns: one for each cell of a row.
        rows: the cells; a str is shown as it is, not read as markup.
    """
    cells = [[cell if isinstance(cell, Text) else Text(cell) for cell in row] for row in rows]
    longest = [
        max(cell_len(column.heading), *(row[place].cell_len for row in cells), 0)
        for place, column in enumerate(columns)
    ]
    widths = _choose_widths(columns, longest, console.width)
    shown = [place for place, width in enumerate(widths) if width]
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    for place in shown:
        column = columns[place]
        table.add_column(
            Text(column.heading),
            justify="right" if column.numeric else "left",
            no_wrap=True,
            overflow="ellipsis",
            width=widths[place],
        )
    for row in cells:
        table.add_row(*(row[place] for place in shown))
    needed = sum(widths[place] + 1 for place in shown) - 1
    if needed > console.width:
        # The terminal breaks the lines. Rich would cut the ids instead.
        table.width = needed
    console.print(table, crop=False)


def _choose_widths(columns: Sequence[Column], longest: Sequence[int], width: int) -> list[int]:
    """Returns the characters of each column; 0 for a text that is left out."""
    texts = [place for place, column in enumerate(columns) if column.at_most]
    widths = list(longest)
    while texts:
        fixed = [longest[place] for place, column in enumerate(columns) if not column.at_most]
        room = width - sum(fixed) - (len(fixed) + len(texts) - 1)
        for left, place in zip(range(len(texts), 0, -1), sorted(texts, key=longest.__getitem__), strict=True):
            wanted = min(longest[place], columns[place].at_most)
            widths[place] = max(min(wanted, room // left), 1)
            room -= widths[place]
        last = texts[-1]
        if len(texts) == 1 or all(widths[place] >= min(longest[place], _LEAST_CHARS) for place in texts):
            break
        widths[last] = 0
        texts.pop()
    return widths
