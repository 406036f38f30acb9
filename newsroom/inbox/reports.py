"""What is said of a file that left the inbox: the report beside it, and the dead letter of a refused one."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newsroom.inbox.claims import Claim
from newsroom.inbox.sidecars import hash_of
from newsroom.inputs import Problem, printable
from newsroom.models.articulo import Articulo

REPORT_SUFFIX = ".informe.json"
STAGE = "bandeja"
# The longest name that file systems allow. While a report is written, its name has a dot before it and `.tmp`
# after it.
MAX_NAME_BYTES = 255
_REPORT_EXTRA_BYTES = len(f".{REPORT_SUFFIX}.tmp")
_MAX_REASONS = 20
_MAX_MESSAGE_CHARS = 2_000


def write_report(claim: Claim, target: Path, flow_run_id: str | None) -> None:
    """Writes the report that lies beside the file in `target`, its future place."""
    # The beginning of the name stays, because a number there tells it from other files of that name.
    name = os.fsencode(target.name)[: MAX_NAME_BYTES - _REPORT_EXTRA_BYTES].decode("utf-8", "ignore")
    _write_whole(target.with_name(name + REPORT_SUFFIX), _report(claim, flow_run_id))


def say(claim: Claim, problem: Problem) -> str:
    """Returns what is wrong with an item, and where in the file."""
    # Without the folder, because the file leaves it as soon as the report is written.
    return str(problem).removeprefix(f"{printable(str(claim.path.parent))}/")


def letter_of(claim: Claim, where: Path, flow_run_id: str | None) -> dict[str, Any]:
    """Returns the dead letter of a file of which something was refused, for `Store.record_error`.

    A person must correct the file, so nothing tries it again. The letter is closed when a file of this name,
    or of the name that it has now, goes in well.

    Args:
        claim: the file, of which something was refused.
        where: its future place.
        flow_run_id: the run that read it.
    """
    name, reasons = printable(claim.path.name), [say(claim, problem) for problem in claim.refused]
    more = f"; y {len(reasons) - _MAX_REASONS} más" if len(reasons) > _MAX_REASONS else ""
    return {
        "flow_run_id": flow_run_id,
        "etapa": STAGE,
        "clase_error": "InvalidInput",
        "mensaje": ("; ".join(reasons[:_MAX_REASONS]) + more)[:_MAX_MESSAGE_CHARS],
        "transitorio": False,
        "intentos": 1,
        "identidad": f"{STAGE}:{name}:{hash_of(claim.path)}",
        "entrada": {
            "archivo": name,
            "guardado_como": printable(where.name),
            "carpeta": printable(str(where.parent)),
            "rechazados": len(reasons),
        },
        "proximo_intento": None,
    }


def _report(claim: Claim, flow_run_id: str | None) -> dict[str, Any]:
    articles = [outcome for outcome in claim.outcomes if isinstance(outcome.item, Articulo)]
    return {
        "archivo": printable(claim.path.name),
        "flow_run_id": flow_run_id,
        "inicio": claim.begun.isoformat(),
        "fin": datetime.now(UTC).isoformat(),
        "articulos": [outcome.as_json() for outcome in articles],
        "documentos": [outcome.as_json() for outcome in claim.outcomes if outcome not in articles],
        "rechazados": [say(claim, problem) for problem in claim.refused],
        "repetidos": [say(claim, problem) for problem in claim.problems if problem.harmless],
    }


def _write_whole(path: Path, value: dict[str, Any]) -> None:
    """Writes a file so that the whole file exists or none, even after a crash."""
    half = path.with_name(f".{path.name}.tmp")
    with half.open("w", encoding="utf-8") as stream:
        json.dump(value, stream, ensure_ascii=False, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    half.replace(path)
