"""Tasks of a long document: `split` into fragments, `complete` when all are stored, `close-error`."""

import asyncio

from prefect import task

from newsroom.documents.fragments import build_fragmentos
from newsroom.models.documento import Documento
from newsroom.models.fragmento import Fragmento
from newsroom.models.resultado import DocumentoGuardado
from newsroom.stages.persistence import build_documento_payload
from tasks import _runtime
from tasks._policy import database_call, pure_step


@task(name="split", **pure_step())
async def split(documento: Documento) -> tuple[Fragmento, ...]:
    """Returns the document's fragments: together its text, character by character."""
    return await asyncio.to_thread(build_fragmentos, documento, _runtime.settings().fragment_tokens)


@task(name="complete", **database_call())
async def complete(documento: Documento, fragmentos: tuple[Fragmento, ...]) -> DocumentoGuardado:
    """Returns which fragments are not stored yet; if none, the document is complete, old fragments gone."""
    return await _runtime.store().complete_documento(build_documento_payload(documento, fragmentos))


@task(name="close-error", **database_call())
async def close_error(documento: Documento) -> None:
    """Closes the document's dead letter, if there is one: nothing of it is missing any more."""
    await _runtime.store().resolve_error(documento.identidad, "procesado")
