"""Task `set-aside`: a dead letter that this version cannot read -> a letter that waits for a person."""

from typing import Any

from prefect import task

from runs import runtime
from runs.policy import database_call


@task(name="set-aside", **database_call())
async def set_aside(letter: dict[str, Any], words: str, flow_run_id: str | None) -> None:
    """Marks a dead letter that cannot be read as final, so that a person looks at it.

    Otherwise it would stay due, and take another letter's place in every run of `retry-failed`.

    Args:
        letter: a row of `pipeline_errores`.
        words: why it cannot be read.
        flow_run_id: the run that found this out.
    """
    if letter.get("identidad") is None:
        return  # without an identity the store would add a second letter instead of changing this one
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
