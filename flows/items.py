"""Runs the right flow for each item of a mixed lot: articles, fragments and documents.

Importing this module imports Prefect, which reads its variables at that moment. Set them before.
"""

from collections.abc import Iterable
from typing import Any

from prefect import Flow

from flows._feed import OnDone, Reprocesar, run_all
from flows.article import process_article
from flows.document import process_document
from flows.fragment import process_fragment
from newsroom.models.articulo import Articulo
from newsroom.models.documento import Documento
from newsroom.models.fragmento import Fragmento
from newsroom.models.outcome import Received
from runs import runtime

_FLOWS: dict[type[Received], Flow[..., Any]] = {
    Articulo: process_article,
    Fragmento: process_fragment,
    Documento: process_document,
}


def flow_of(item: Received) -> Flow[..., Any]:
    """Returns the flow that reads an item of this kind."""
    return _FLOWS[type(item)]


async def process_all(
    items: Iterable[Received], concurrency: int, reprocesar: Reprocesar, on_done: OnDone
) -> None:
    """Runs the flow of each item, then closes the connections of this event loop.

    Args:
        items: any number of them; the next one is taken when a place is free.
        concurrency: how many runs are under way at the same time.
        reprocesar: which items to read again though they are stored.
        on_done: is awaited with the outcome of each item as it ends.
    """
    try:
        await run_all(items, flow_of, concurrency, on_done, reprocesar)
    finally:
        await runtime.close()
