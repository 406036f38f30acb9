"""Task `close-error`: a complete document -> its dead letter closed."""

from prefect import task

from newsroom.models.documento import Documento
from runs import runtime
from runs.policy import database_call


@task(name="close-error", **database_call())
async def close_error(documento: Documento) -> None:
    """Closes the document's dead letter, if there is one."""
    await runtime.store().resolve_error(documento.identidad, "procesado")
