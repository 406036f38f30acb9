"""Task `complete`: which fragments of a document are not stored yet?"""

from prefect import task

from newsroom.models.documento import Documento
from newsroom.models.fragmento import Fragmento
from newsroom.models.resultado import DocumentoGuardado
from newsroom.stages.persistence import build_documento_payload
from runs import runtime
from runs.policy import database_call


@task(name="complete", **database_call())
async def complete(documento: Documento, fragmentos: tuple[Fragmento, ...]) -> DocumentoGuardado:
    """Returns which fragments are not stored yet.

    If all are stored, the fragments of earlier contents are removed and the document is marked complete.
    """
    return await runtime.store().complete_documento(build_documento_payload(documento, fragmentos))
