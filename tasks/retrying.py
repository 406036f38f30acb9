"""Dead letters read back: which are due, and what each was the input of."""

from typing import Any

from prefect import task
from pydantic import ValidationError

from newsroom.inputs import describe
from newsroom.models.outcome import Received
from tasks import _runtime
from tasks._policy import database_call
from tasks.dead_letter import FORCED, KINDS
from tasks.parked_letters import bring_in

_ORDER = list(KINDS)


def read_letter(letter: dict[str, Any]) -> Received:
    """Returns the item that a row of `pipeline_errores` keeps.

    Raises:
        ValueError: its input is not one that this version reads; the words name the field.
    """
    kind, entrada = _kind(letter), letter.get("entrada")
    if kind is None or not isinstance(entrada, dict) or entrada.keys() - {kind, FORCED}:
        raise ValueError(f"error {letter.get('id')}: its input is neither {' nor '.join(KINDS)}")
    try:
        return KINDS[kind].model_validate(entrada[kind])
    except ValidationError as exc:
        raise ValueError(f"error {letter.get('id')}: {describe(exc)}") from exc


def is_forced(letter: dict[str, Any]) -> bool:
    """Returns whether the item is to be read though it is stored, as in the run that failed."""
    entrada = letter.get("entrada")
    return isinstance(entrada, dict) and entrada.get(FORCED) is True


def in_order(letters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the letters with fragments before the documents that wait for them; else as they come."""
    return sorted(letters, key=lambda letter: _ORDER.index(_kind(letter) or _ORDER[0]))


def is_of_document(letter: dict[str, Any]) -> bool:
    """Returns whether the letter is a whole document's."""
    return _kind(letter) == "documento"


@task(name="due-errors", **database_call())
async def due_errors(limite: int) -> list[dict[str, Any]]:
    """Returns the dead letters whose next try is due; fragments before the documents that wait for them."""
    store = _runtime.store()
    await bring_in(store)
    return in_order(await store.list_due_errors(limite))


@task(name="set-aside", **database_call())
async def set_aside(letter: dict[str, Any], words: str, flow_run_id: str | None) -> None:
    """Leaves a letter that cannot be read to a person: due for ever, it would stand in the others' way."""
    if letter.get("identidad") is None:
        return  # no item's of ours: another would be made of it
    await _runtime.store().record_error(
        {
            **{key: letter.get(key) for key in ("identidad", "entrada")},
            "flow_run_id": flow_run_id,
            "etapa": "reintento",
            "clase_error": "InvalidInput",
            "mensaje": words[:2000],
            "transitorio": False,
            "intentos": 1,
            "proximo_intento": None,
        }
    )


def _kind(letter: dict[str, Any]) -> str | None:
    entrada = letter.get("entrada")
    return next((kind for kind in KINDS if isinstance(entrada, dict) and kind in entrada), None)
