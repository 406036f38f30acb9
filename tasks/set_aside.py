"""Task `set-aside`: a dead letter that this version cannot read -> a letter that waits for a person."""

from typing import Any

from prefect import task

from runs import runtime
from runs.policy import database_call


@task(name="set-aside", **database_call())
async def set_aside(letter: dict[str, Any], words: str, flow_run_id: str | None) -> None:
    """Leaves a letter that cannot be read to a person: due for ever, it would stand in the others' way."""
    if letter.get("identidad") is None:
        return  # no item's of ours: another would be made of it
    await runtime.store().record_error(
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
