"""The dead letters of the store in memory."""

import re
from datetime import UTC, datetime, timedelta

from newsroom.models.resultado import Payload
from newsroom.store.memory_checks import Row
from newsroom.store.memory_tables import Tables, now

MAX_HISTORY = 50
MAX_FAILED_RUNS = 10
_WAIT = timedelta(minutes=15)
# A fragment's own name (newsroom/documents/fragments.py), not the rest of another document's url.
_FRAGMENT = re.compile(r"[0-9a-f]{32}-[0-9]{1,9}")
CLOSED = frozenset(("resuelto", "descartado"))
"""The states of an error that nobody has to look at any more."""


def record(tables: Tables, payload: Payload) -> int:
    """Opens or updates the row of an item that failed, and returns its id."""
    fields = ("flow_run_id", "etapa", "clase_error", "mensaje")
    attempt = {key: payload.get(key) for key in fields} | {"intentos": payload.get("intentos") or 1}
    row = find_open(tables, payload.get("identidad"))
    first = row is None
    if row is None:
        row = tables.insert("pipeline_errores", {"historial": [], "resolucion": None, "primer_error": now()})
    history = row["historial"]
    if history and row["flow_run_id"] == payload.get("flow_run_id"):
        # The same run told again counts once.
        history = history[:-1]
    row |= {**payload, **attempt, "ultimo_error": now()}
    row["historial"] = [*history, {"fecha": now(), **attempt}][-MAX_HISTORY:]
    row["intentos"] = sum(line["intentos"] for line in [*history, attempt])
    again = payload["transitorio"] and len(history) + 1 < MAX_FAILED_RUNS
    row["estado"] = "en_reintentos" if again else "intervencion_requerida"
    if not first:
        row["proximo_intento"] = _next_try(row, len(history) + 1) if again else None
    return int(row["id"])


def _next_try(row: Row, failed_runs: int) -> str:
    """Returns when the item is tried next: each further failure doubles the wait."""
    earliest: datetime = datetime.now(UTC) + _WAIT * 2 ** min(failed_runs - 1, 7)
    told = row.get("proximo_intento")
    return (max(earliest, datetime.fromisoformat(str(told))) if told else earliest).isoformat()


def list_rows(tables: Tables, only_pending: bool, limit: int) -> list[Row]:
    """Returns the rows, newest first."""
    rows = [
        row
        for row in reversed(tables.copies("pipeline_errores"))
        if not only_pending or row["estado"] not in CLOSED
    ]
    return rows[: max(limit, 0)]


def list_due(tables: Tables, limit: int) -> list[Row]:
    """Returns the rows whose next try is due, the longest due first."""
    moment = datetime.now(UTC)
    due = [
        (datetime.fromisoformat(row["proximo_intento"]), row["id"], row)
        for row in tables.copies("pipeline_errores")
        if row["estado"] == "en_reintentos" and row.get("proximo_intento")
    ]
    ready = sorted((line for line in due if line[0] <= moment), key=lambda line: line[:2])
    return [row for _, _, row in ready][: max(limit, 0)]


def find_open(tables: Tables, identidad: str | None) -> Row | None:
    """Returns the open row of an item, to be changed in place."""
    row = tables.find("pipeline_errores", identidad=identidad)
    return row if row is not None and identidad is not None and row["estado"] not in CLOSED else None


def close(tables: Tables, identidad: str, resolucion: str) -> None:
    """Closes the open row of an item, if there is one."""
    row = find_open(tables, identidad)
    if row is not None:
        row["estado"] = "descartado" if resolucion == "descartado" else "resuelto"
        row |= {"resolucion": resolucion, "fecha_resolucion": now(), "proximo_intento": None}


def discard_old_fragments(tables: Tables, documento: str, names: set[str]) -> None:
    """Closes the open rows of fragments that the document once had and `names` does not hold."""
    for row in tables.copies("pipeline_errores"):
        identidad = str(row.get("identidad"))
        own = identidad.removeprefix(f"{documento}#")
        if own != identidad and _FRAGMENT.fullmatch(own) and identidad not in names:
            close(tables, identidad, "descartado")
