"""Dead letters read back: which are due, and what each was the input of."""

from typing import Any

from prefect import task
from pydantic import ValidationError

from newsroom.inputs import describe
from newsroom.models.outcome import Received
from tasks import _runtime
from tasks._policy import database_call
from tasks.dead_letter import KINDS
from tasks.parked_letters import bring_in

_ORDER = list(KINDS)


def read_letter(letter: dict[str, Any]) -> Received:
    """Returns the item that a row of `pipeline_errores` keeps.

    Raises:
        ValueError: its input is not one that this version reads; the words name the field.
    """
    entrada = letter.get("entrada") or {}
    for kind, model in KINDS.items():
        if isinstance(entrada, dict) and set(entrada) == {kind}:
            try:
                return model.model_validate(entrada[kind])
            except ValidationError as exc:
                raise ValueError(f"error {letter.get('id')}: {describe(exc)}") from exc
    raise ValueError(f"error {letter.get('id')}: its input is neither {' nor '.join(KINDS)}")


@task(name="due-errors", **database_call())
async def due_errors(limite: int) -> list[dict[str, Any]]:
    """Returns the dead letters whose next try is due; fragments before the documents that wait for them."""
    store = _runtime.store()
    await bring_in(store)
    letters = await store.list_due_errors(limite)
    return sorted(letters, key=lambda letter: _ORDER.index(_kind(letter)) if _kind(letter) in KINDS else 0)


def _kind(letter: dict[str, Any]) -> str:
    return str(next(iter(letter.get("entrada") or {}), ""))
