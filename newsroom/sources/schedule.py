"""When a source is looked at, and what is noted of a look at it."""

from datetime import datetime, timedelta
from typing import Any

from newsroom.models.fuente import EstadoFuente
from newsroom.sources.reading import Found
from newsroom.sources.table import Fuente

LONGEST_WAIT = timedelta(days=1)
"""A source that fails is looked at half as often after each failure, but once a day at least."""

ALERT_AFTER = 5
"""After so many failed looks in a row an editor is told."""

# A run never begins to the second. Without this, a source whose time comes a moment later waits for the next.
_TOLERANCE = timedelta(minutes=1)
MAX_ERROR_CHARS = 500


def is_due(estado: EstadoFuente | None, now: datetime) -> bool:
    """Returns whether a source is to be looked at; None means that it never was."""
    return estado is None or estado.proxima_lectura <= now + _TOLERANCE


def describe_look(
    fuente: Fuente,
    before: EstadoFuente | None,
    found: Found,
    *,
    begun: datetime,
    flow_run_id: str | None,
    all_done: bool,
) -> dict[str, Any]:
    """Returns what is noted of a look: the argument of `Store.note_fuente`.

    Args:
        fuente: the source.
        before: what was known of it before this look.
        found: what the look found.
        begun: when the look began.
        flow_run_id: the run that looked.
        all_done: whether nothing that it lists is left for the next look. Otherwise the next look asks for
            everything again, because the source would say that nothing has changed.
    """
    fallos = (before.fallos if before else 0) + 1 if found.error else 0
    wait = wait_after(fuente, fallos, found.retry_after_s)
    if found.more and not found.error and found.retry_after_s is None:
        wait = timedelta()
    keep = found if all_done and not found.error else None
    return {
        "url": fuente.url,
        "etag": keep.etag if keep else None,
        "last_modified": keep.last_modified if keep else None,
        "ultima_lectura": begun.isoformat(),
        "ultimo_exito": None if found.error else begun.isoformat(),
        "proxima_lectura": (begun + wait).isoformat(),
        "fallos": fallos,
        "ultimo_error": " ".join(found.error.split())[:MAX_ERROR_CHARS] or None,
        "leidos": None if found.error or found.not_modified else found.listed,
        "nuevos": len(found.articulos),
        "flow_run_id": flow_run_id,
    }


def describe_refused(fuente: Fuente, found: Found, flow_run_id: str | None) -> dict[str, Any]:
    """Returns what is noted of the entries that gave no article: the argument of `Store.note_refused`."""
    entries = [
        {
            "identidad": refused.identidad,
            "fuente": fuente.url,
            "motivo": refused.reason[:MAX_ERROR_CHARS],
            "definitivo": refused.lasting,
        }
        for refused in found.refused
    ]
    return {"flow_run_id": flow_run_id, "entradas": entries}


def wait_after(fuente: Fuente, fallos: int, retry_after_s: float | None) -> timedelta:
    """Returns how long a source is left alone after a look.

    Args:
        fuente: the source.
        fallos: how many looks in a row have failed.
        retry_after_s: how long its host wants to be left alone, in seconds; at most `LONGEST_WAIT` counts.
    """
    interval = timedelta(minutes=fuente.cada_minutos)
    longest = max(LONGEST_WAIT, interval)
    wait = min(interval * (1 << min(fallos, 20)), longest)
    return max(wait, min(timedelta(seconds=retry_after_s or 0), longest))
