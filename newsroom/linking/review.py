"""Judges pairs of stored entidades that may be one. An editor decides about them; nothing is merged here."""

from collections.abc import Iterable
from typing import Any

from newsroom.linking.comparing import compare_entidades
from newsroom.linking.verdict import Kind
from newsroom.models.vocabulario import TipoEntidad


def judge_pairs(pairs: Iterable[dict[str, Any]], threshold: float) -> list[dict[str, Any]]:
    """Returns the pairs of `listar_entidades_similares` that may be one, each with two more keys.

    `parecen_una` says whether linking would take them for one. If it would, two spellings arrived at the same
    moment, or there was a third row. `motivo` is the reason, in Spanish. Pairs that look like one come first,
    then the most similar. Pairs that are certainly different (in number, country or second surname) are left
    out.
    """
    judged = []
    for pair in pairs:
        one, other = (pair["nombre"], pair["alias"]), (pair["otro_nombre"], pair["otro_alias"])
        verdict = compare_entidades(TipoEntidad(pair["tipo"]), one, other, threshold)
        if verdict.kind is Kind.DIFFERENT:
            continue
        together = pair["items_en_comun"]
        note = f"; nombradas juntas en {together}" if together else ""
        judged.append({**pair, "parecen_una": verdict.is_same, "motivo": verdict.reason + note})
    return sorted(judged, key=lambda pair: (not pair["parecen_una"], -pair["score"], -pair["id"]))
