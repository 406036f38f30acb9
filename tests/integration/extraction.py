"""Everything that may be found in one text, in the form that the stages hand it over."""

import json
from pathlib import Path
from typing import Any

import yaml

Payload = dict[str, Any]

_DATA: Payload = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "extraction.yaml").read_text(encoding="utf-8")
)
_FOUND_IN_THE_TEXT = ("entidades", "hechos", "citas_textuales", "datos_cuantitativos")

TEXTO: str = _DATA["texto"]
CITA: str = _DATA["extraccion"]["citas_textuales"][0]["cita"]
FLOW_RUN: str = _DATA["extraccion"]["procedencia"]["flow_run_id"]


def extraction() -> Payload:
    """Returns all that an item may hold: 3 hechos, 4 entidades, 1 cita, 2 datos, 2 + 1 + 1 + 1 relaciones."""
    # YAML's anchors leave one object in several places; JSON makes each its own.
    found: Payload = json.loads(json.dumps(_DATA["extraccion"]))
    for name in _FOUND_IN_THE_TEXT:
        found[name] = [_placed(**row) for row in found[name]]
    return found


def _placed(lugar: str | None, **row: Any) -> Payload:
    """Returns the row with offsets in place of the words where it is found."""
    if lugar is None:
        return {**row, "offset_inicio": None, "offset_fin": None}
    start = TEXTO.index(lugar)
    return {**row, "offset_inicio": start, "offset_fin": start + len(lugar)}
