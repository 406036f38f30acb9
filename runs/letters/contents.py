"""Reads dead letters: which item each one holds, and in which order they are tried again."""

from typing import Any

from pydantic import ValidationError

from newsroom.inbox.reports import STAGE
from newsroom.inputs import describe
from newsroom.models.outcome import Received
from runs.letters.record import FORCED, KINDS

_ORDER = list(KINDS)


def read_letter(letter: dict[str, Any]) -> Received:
    """Returns the item that a row of `pipeline_errores` keeps.

    Raises:
        ValueError: this version cannot read the letter's input; the message names the letter and the field.
    """
    kind, entrada = _kind(letter), letter.get("entrada")
    if is_of_inbox(letter):
        raise ValueError(
            f"error {letter.get('id')}: the inbox refused it; correct the file and leave it there"
        )
    if kind is None or not isinstance(entrada, dict) or entrada.keys() - {kind, FORCED}:
        raise ValueError(f"error {letter.get('id')}: its input is neither {' nor '.join(KINDS)}")
    try:
        return KINDS[kind].model_validate(entrada[kind])
    except ValidationError as exc:
        raise ValueError(f"error {letter.get('id')}: {describe(exc)}") from exc


def is_forced(letter: dict[str, Any]) -> bool:
    """Returns whether the failed run was to read the item again though it is stored."""
    entrada = letter.get("entrada")
    return isinstance(entrada, dict) and entrada.get(FORCED) is True


def is_of_inbox(letter: dict[str, Any]) -> bool:
    """Returns whether the letter is about a file that the inbox refused: no item to try again."""
    entrada = letter.get("entrada")
    return letter.get("etapa") == STAGE and isinstance(entrada, dict) and "archivo" in entrada


def in_order(letters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the letters by kind: articles, fragments, then the documents that wait for the fragments.

    Letters of one kind keep their order.
    """
    return sorted(letters, key=lambda letter: _ORDER.index(_kind(letter) or _ORDER[0]))


def is_of_document(letter: dict[str, Any]) -> bool:
    """Returns whether the letter holds a whole document."""
    return _kind(letter) == "documento"


def _kind(letter: dict[str, Any]) -> str | None:
    entrada = letter.get("entrada")
    return next((kind for kind in KINDS if isinstance(entrada, dict) and kind in entrada), None)
