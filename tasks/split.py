"""Task `split`: a document -> its fragments."""

import asyncio

from prefect import task

from newsroom.documents.fragments import build_fragmentos
from newsroom.inbox.folder import SETTLED
from newsroom.inbox.sidecars import find_again
from newsroom.models.documento import Documento
from newsroom.models.fragmento import Fragmento
from runs import runtime
from runs.policy import pure_step


@task(name="split", **pure_step())
async def split(documento: Documento) -> tuple[Fragmento, ...]:
    """Returns the document's fragments. Joined, they are its text, character by character."""
    # A file that failed in the inbox has left it by the time of its next try.
    documento = await asyncio.to_thread(find_again, documento, SETTLED)
    return await asyncio.to_thread(build_fragmentos, documento, runtime.settings().fragment_tokens)
