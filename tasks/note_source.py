"""Task `note-source`: what a look at a source found -> its state, for the next look."""

from prefect import task
from prefect.runtime import flow_run

from newsroom.models.fuente import EstadoFuente
from newsroom.sources.plan import Due
from newsroom.sources.reading import Found
from newsroom.sources.schedule import describe_look, describe_refused
from runs import runtime
from runs.policy import database_call
from runs.sources import Round, tell_of_failures


@task(name="note-source", **database_call())
async def note_source(due: Due, found: Found, look: Round, fallidos: int) -> EstadoFuente:
    """Returns the source's state. It may say "nothing has changed" the next time only if nothing is left.

    `fallidos` is how many of its articles failed.
    """
    run, store = flow_run.id, runtime.store()
    refused = describe_refused(due.fuente, found, run)
    to_retry = await store.note_refused(refused) if found.refused else 0
    all_done = not (to_retry or fallidos or found.more)
    estado = await store.note_fuente(
        describe_look(due.fuente, due.estado, found, begun=look.begun, flow_run_id=run, all_done=all_done)
    )
    tell_of_failures(estado)
    return estado
