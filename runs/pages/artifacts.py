"""What a run leaves on its page for editors: one markdown artifact, one request to Prefect.

Tables are markdown too. In the cells of Prefect's table artifacts, one of its two UIs renders markdown and
HTML (a link, an image from anywhere), and the other shows escape characters as they are written.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from prefect.artifacts import acreate_markdown_artifact

from newsroom.models.item import Item
from newsroom.models.reading import Reading
from newsroom.models.resultado import Guardado
from newsroom.reporting.item_page import describe_reading
from newsroom.reporting.markdown import escape, table
from runs.limits import PREFECT_AWAY

logger = logging.getLogger("newsroom.artifacts")

_PATIENCE_S = 15.0


async def publish_reading(item: Item, reading: Reading, guardado: Guardado) -> None:
    """Leaves the page of an item that was read: `articulo-<id>` or `fragmento-<id>`.

    A page that cannot be stored is a warning in the run's log, not a failure of the run.
    """
    if guardado.articulo_id is not None:
        key = f"articulo-{guardado.articulo_id}"
    else:
        key = f"fragmento-{guardado.fragmento_id}"
    await _publish(key, describe_reading(item, reading, guardado), reading.triaje.decision.value)


async def publish_table(
    key: str, rows: Sequence[Mapping[str, object]], description: str = "", total: int | None = None
) -> None:
    """Leaves a table of rows, or only the description if there are no rows.

    A table that cannot be stored is a warning in the run's log.

    Args:
        key: the artifact's key: small letters, digits and hyphens.
        rows: the keys of the first row are the headings. Markdown and HTML in a value are shown as text. Rows
            beyond `MAX_ROWS` of `newsroom.reporting.markdown` are counted, not shown.
        description: stands above the table.
        total: how many rows there are, if not all are given.
    """
    headings = list(rows[0]) if rows else []
    cells = ([escape(str(row.get(heading, ""))) for heading in headings] for row in rows)
    parts = [escape(description, 1000)] if description else []
    if rows:
        parts.append(table([escape(heading) for heading in headings], cells, total))
    await _publish(key, "\n\n".join(parts) or "—", "")


async def _publish(key: str, markdown: str, description: str) -> None:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await acreate_markdown_artifact(markdown, key=key, description=description or None)
    except PREFECT_AWAY as exc:
        logger.warning("the artifact %s could not be stored: %s", key, type(exc).__name__)
