"""Markdown for Prefect's UI, made of text that nobody trusts.

Seen in both UIs of Prefect 3.8.8, in a browser:

- Backslash escapes and the entities of `& < >` come out as text, though not in the text of a link; numeric
  entities do not. Bare addresses become links also after an escape.
- A fence of mermaid is drawn in one UI only, an image with a data URI in both.
- A cell is one line in one UI, however long: sentences stand in lists.
- Cells of a table artifact are markdown in one UI and plain text in the other: tables are markdown too.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from urllib.parse import quote, urlsplit

MAX_ROWS = 30
MAX_CELL_CHARS = 240
_MAX_URL_CHARS = 1000
# Invisible; keeps an address from being recognised as one.
_WORD_JOINER = "\u2060"
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$^=:\"'])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_HOST = re.compile(r"[a-z0-9.-]{1,253}")
_ADDRESS = re.compile(r"(?<=:)(?=\\?/)|(?<=[wW]{3})(?=\\?\.)|(?=@)")


def plain(text: str, limit: int = MAX_CELL_CHARS) -> str:
    """Returns the text on one line of at most `limit` characters, without any that cannot be seen.

    Those that steer (controls, directions of writing, joiners) are dropped; what was cut ends in "…".
    """
    # More than can be shown is never looked at.
    seen = "".join(
        char if char.isprintable() else " " if char.isspace() else "" for char in text[: limit * 4]
    )
    line = " ".join(seen.split())
    return line if len(line) <= limit and len(text) <= limit * 4 else line[: limit - 1] + "…"


def escape(text: str, limit: int = MAX_CELL_CHARS) -> str:
    """Returns markdown that shows `plain(text)`, whatever stands in it: no markup, no link, no HTML."""
    line = _SPECIAL.sub(r"\\\1", plain(text, limit))
    line = "".join(_ENTITIES.get(char, char) for char in line)
    return _ADDRESS.sub(_WORD_JOINER, line)


def link(url: str) -> str:
    """Returns a link that shows its host, or the escaped address where it is not one of http or https."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # UnicodeError is one: a host that no name server knows
        return escape(url)
    # A name and password would show another host than the one that is called.
    good = parts.scheme in ("http", "https") and "@" not in parts.netloc and len(url) <= _MAX_URL_CHARS
    if not good or not _HOST.fullmatch(host):
        return escape(url)
    rest = "".join(
        sign + quote(part, safe="/%&=+,~-.")
        for sign, part in (("", parts.path), ("?", parts.query), ("#", parts.fragment))
        if part
    )
    return f"[{host}](<{parts.scheme}://{host}{port}{rest}>)"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], total: int | None = None) -> str:
    """Returns a table of cells that are markdown already, of at most MAX_ROWS rows.

    `total` is how many rows there are, if `rows` ends before; how many are not shown is said below.
    """
    shown, count = [], 0
    for row in rows:
        count += 1
        if count <= MAX_ROWS:
            shown.append(_row(row))
    lines = [_row(headings), _row(["---"] * len(headings)), *shown]
    more = (total or count) - len(shown)
    return "\n".join(lines) + (f"\n\n… y {more} más." if more > 0 else "")


def bullets(items: Iterable[str], total: int) -> str:
    """Returns a list of items that are markdown already, of at most MAX_ROWS of the `total` there are."""
    lines = [f"- {item}" for item in islice(items, MAX_ROWS)]
    more = total - len(lines)
    return "\n".join(lines) + (f"\n\n… y {more} más." if more > 0 else "")


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell or " " for cell in cells) + " |"
