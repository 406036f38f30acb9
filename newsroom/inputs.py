"""What is said when an input cannot be read: one line, what and where."""

from dataclasses import dataclass

from pydantic import ValidationError

_SHOWN_CHARS = 200


class UnreadableInput(Exception):
    """A path cannot be read at all. It is a wrong use of the command, not a bad item."""


@dataclass(frozen=True)
class Problem:
    """Why an item was refused. `place` is the file and the line, or the position in a list.

    It is `harmless` if nothing is lost, because the same article is in the input twice.
    """

    place: str
    message: str
    harmless: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


def describe(exc: ValidationError) -> str:
    """Returns a validation error in one line: the fields and what is wrong with each."""
    parts = []
    for error in exc.errors(include_url=False, include_input=False, include_context=False)[:3]:
        field = ".".join(str(part) for part in error["loc"])
        message = error["msg"].removeprefix("Value error, ")
        parts.append(f"{field}: {message}" if field else message)
    more = exc.error_count() - len(parts)
    line = "; ".join(parts) + (f" (and {more} more)" if more > 0 else "")
    return printable(line)


def printable(text: str) -> str:
    """Returns text on one line, without characters that control a terminal."""
    flat = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in text)
    return flat if len(flat) <= _SHOWN_CHARS * 2 else flat[: _SHOWN_CHARS * 2] + "…"
