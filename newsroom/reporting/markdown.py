"""Makes markdown for Prefect's UI out of text that may be hostile.

Observed in a browser in both UIs of Prefect 3.8.8:

- Backslash escapes and the entities of `& < >` are shown as the characters, except in the text of a link.
  Numeric entities are not. A bare address becomes a link even after an escape.
- A mermaid block is drawn in one UI only, an image with a data URI in both.
- One UI shows a table cell on one line, however long it is. So sentences stand in lists.
- One UI shows the cells of a table artifact as markdown, the other as plain text. So tables are markdown too.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from urllib.parse import quote, urlsplit

MAX_ROWS = 30
MAX_CELL_CHARS = 240
_MAX_URL_CHARS = 1000
# An invisible character that prevents an address from becoming a link.
_WORD_JOINER = "\u2060"
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$^=:\"'])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_HOST = re.compile(r"[a-z0-9.-]{1,253}")
_ADDRESS = re.compile(r"(?<=:)(?=\\?/)|(?<=[wW]{3})(?=\\?\.)|(?=@)")


def plain(text: str, limit: int = MAX_CELL_CHARS) -> str:
    """Returns the text on one line of at most `limit` characters, without invisible ones.

    Controls, direction marks and joiners are dropped. A text that was cut ends in "…".
    """
    # The rest could not be shown, so it is never looked at.
    seen = "".join(
        char if char.isprintable() else " " if char.isspace() else "" for char in text[: limit * 4]
    )
    line = " ".join(seen.split())
    return line if len(line) <= limit and len(text) <= limit * 4 else line[: limit - 1] + "…"


def escape(text: str, limit: int = MAX_CELL_CHARS) -> str:
    """Returns markdown that shows `plain(text)` as text: no markup, no link, no HTML."""
    line = _SPECIAL.sub(r"\\\1", plain(text, limit))
    line = "".join(_ENTITIES.get(char, char) for char in line)
    return _ADDRESS.sub(_WORD_JOINER, line)


def link(url: str) -> str:
    """Returns a link that shows its host, or the escaped address if it is not a safe http or https one."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # UnicodeError too: a host that no name server can know
        return escape(url)
    # An address with a name and password looks like one of another host.
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
    """Returns a table of at most MAX_ROWS rows. The cells must be markdown already.

    `total` is the number of all rows, if `rows` does not hold all. A line below says how many are not shown.
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
    """Returns a list of at most MAX_ROWS of the `total` items. The items must be markdown already."""
    lines = [f"- {item}" for item in islice(items, MAX_ROWS)]
    more = total - len(lines)
    return "\n".join(lines) + (f"\n\n… y {more} más." if more > 0 else "")


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell or " " for cell in cells) + " |"
