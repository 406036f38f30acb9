"""Adds flow run, task run, stage and item to every log record of `newsroom`.

Prefect adds the two runs only to the records of its own run loggers.
"""

import logging
from typing import Any

from prefect.context import FlowRunContext, TaskRunContext

from newsroom.models.articulo import Articulo
from newsroom.models.fragmento import Fragmento

_LOGGER = "newsroom"


def add_log_fields() -> None:
    """Makes records of `newsroom` carry `flow_run_id`, `task_run_id`, `etapa` and `identidad`.

    This holds for the whole process. Outside of a run, a record has none of them. A second call changes
    nothing.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "adds_run_fields", False):
        return

    def make_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        if record.name == _LOGGER or record.name.startswith(_LOGGER + "."):
            record.__dict__.update(_run_fields())
        return record

    make_record.adds_run_fields = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(make_record)


def _run_fields() -> dict[str, str]:
    fields: dict[str, str] = {}
    flow, task = FlowRunContext.get(), TaskRunContext.get()
    if task is not None:
        fields |= {"task_run_id": str(task.task_run.id), "etapa": task.task.name}
        if task.task_run.flow_run_id is not None:
            fields["flow_run_id"] = str(task.task_run.flow_run_id)
    if flow is not None and flow.flow_run is not None:
        fields["flow_run_id"] = str(flow.flow_run.id)
        items = (flow.parameters or {}).values()
        read = next((item for item in items if isinstance(item, Articulo | Fragmento)), None)
        if read is not None:
            fields["identidad"] = read.identidad
    return fields
