"""Task `linking`: entidades -> the database id of each entidad that is already stored."""

from prefect import task

from newsroom.models.extraccion import Elementos, Enlaces
from newsroom.stages import linking as stage
from runs import runtime
from runs.policy import database_call


# Sync on purpose: it is submitted to the flow's task runner and works in a runner thread, beside the
# model call that the flow's event loop waits for. It has no time limit of Prefect's: in a thread such a limit
# interrupts nothing, and warns of that on the page of every run. The store's own limit ends each request.
@task(name="linking", **(database_call() | {"timeout_seconds": None}))
def linking(elementos: Elementos) -> Enlaces:
    """Returns the database's id of each entidad that it knows."""
    return stage.link_entidades(runtime.store(), elementos, runtime.settings().link_threshold)
