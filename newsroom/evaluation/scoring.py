"""Scores what was found in a gold article: counts the right, the offered and the expected items. Pure.

An article that should be discarded is scored by its decision alone. If an engine discards an article that
should be kept, or fails at it, everything in it counts as missed.
"""

from collections import Counter
from dataclasses import dataclass, field

from newsroom.evaluation.gold import Gold
from newsroom.evaluation.matching import (
    expected_forms,
    found_forms,
    is_date_right,
    is_same_dato,
    locate_names,
    pair_citas,
    pair_datos,
    pair_entidades,
    pair_hechos,
)
from newsroom.models.reading import Reading
from newsroom.models.vocabulario import Decision, RelacionEntidades, RelacionHechos
from newsroom.tokens import tokenize

KINDS = {
    "nombres": "elementos",
    "entidades": "elementos",
    "hechos": "elementos",
    "citas_textuales": "citas_y_datos",
    "datos_cuantitativos": "citas_y_datos",
    "entidad_relacion": "relaciones",
    "hecho_relacionado": "relaciones",
}
"""The rows of the table, and the stage that each row measures."""

_SYMMETRIC = {RelacionEntidades.ALIADO_CON, RelacionEntidades.CASADO_CON, RelacionEntidades.FAMILIAR_DE}
_INVERSE = {
    RelacionEntidades.PREDECESOR_DE: RelacionEntidades.SUCESOR_DE,
    RelacionHechos.CONSECUENCIA: RelacionHechos.CAUSA,
}


@dataclass
class Tally:
    """How many items are right, were offered, and were expected."""

    right: int = 0
    offered: int = 0
    expected: int = 0

    def add(self, other: "Tally") -> None:
        """Adds another article's counts. So averages are micro-averages."""
        self.right += other.right
        self.offered += other.offered
        self.expected += other.expected


@dataclass
class Score:
    """The counts of one article, or of many: tallies by kind, and (right, cases) by counter."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    right: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)

    def count(self, name: str, is_right: bool) -> None:
        """Counts one case of a counter."""
        self.right[name] += is_right
        self.of[name] += 1

    def add(self, other: "Score") -> None:
        """Adds another article's counts."""
        for kind, tally in other.tallies.items():
            self.tallies.setdefault(kind, Tally()).add(tally)
        for name, number in other.of.items():
            self.of[name] += number
            self.right[name] += other.right[name]


def score_article(gold: Gold, reading: Reading | None) -> Score:
    """Returns the score of a reading against the gold article. The reading is None if the engine failed."""
    score = Score()
    _score_triage(score, gold, reading)
    if not gold.is_wanted:
        return score
    if reading is None or reading.triaje.decision is Decision.DESCARTAR:
        _score_nothing(score, gold)
        return score
    entidades = _score_entidades(score, gold, reading)
    hechos = _score_hechos(score, gold, reading)
    _score_citas(score, gold, reading)
    _score_datos(score, gold, reading)
    _score_relations(score, gold, reading, entidades, hechos)
    return score


def _score_triage(score: Score, gold: Gold, reading: Reading | None) -> None:
    esperado = gold.esperado
    decision = reading.triaje.decision if reading else None
    score.count("decision", decision in esperado.decision)
    if Decision.DESCARTAR not in esperado.decision:
        score.count("decision_conserva", decision in (Decision.PROCESAR, Decision.CONSIDERAR))
    elif not gold.is_wanted:
        score.count("decision_descarta", decision is Decision.DESCARTAR)
    score.count(
        "tipo_articulo", reading is not None and reading.triaje.tipo_articulo is esperado.tipo_articulo
    )


def _score_nothing(score: Score, gold: Gold) -> None:
    esperado, relaciones = gold.esperado, gold.esperado.relaciones
    tokens = tokenize(gold.texto)
    names = locate_names(tokens, (name for e in esperado.entidades for name in e.menciones))
    expected = {
        "nombres": len(names),
        "entidades": len(esperado.entidades),
        "hechos": len(esperado.hechos),
        "citas_textuales": len(esperado.citas),
        "datos_cuantitativos": len(esperado.datos),
        "entidad_relacion": len(relaciones.entidad_relacion),
        "hecho_relacionado": len(relaciones.hecho_relacionado),
    }
    score.tallies = {kind: Tally(expected=number) for kind, number in expected.items()}
    for _ in esperado.datos:
        score.count("dato_valor", False)
        score.count("dato_valor_y_unidad", False)


def _score_entidades(score: Score, gold: Gold, reading: Reading) -> dict[int, str]:
    """Scores the entidades. Returns id of a found one -> name of the expected one."""
    found, wanted = reading.elementos.entidades, gold.esperado.entidades
    tokens = tokenize(gold.texto)
    here = locate_names(tokens, (name for e in found for name in (e.nombre, *e.alias)))
    there = locate_names(tokens, (name for e in wanted for name in (e.nombre, *e.menciones)))
    score.tallies["nombres"] = Tally(len(here & there), len(here), len(there))
    pairs = pair_entidades(gold, found)
    score.tallies["entidades"] = Tally(len(pairs), len(found), len(wanted))
    for i, j in pairs.items():
        score.count("entidad_tipo", found[i].tipo is wanted[j].tipo)
    return {found[i].id: wanted[j].nombre for i, j in pairs.items()}


def _score_hechos(score: Score, gold: Gold, reading: Reading) -> dict[int, int]:
    """Scores the hechos. Returns id of a found one -> position (from 1) of the expected one."""
    found, wanted = reading.elementos.hechos, gold.esperado.hechos
    pairs = pair_hechos(gold, found)
    score.tallies["hechos"] = Tally(len(pairs), len(found), len(wanted))
    for i, j in pairs.items():
        score.count("hecho_tipo", found[i].tipo_hecho is wanted[j].tipo_hecho)
        name = "hecho_fecha" if wanted[j].fecha is not None else "hecho_sin_fecha"
        right = is_date_right(found[i].fecha, wanted[j].fecha)
        score.count(name, right)
        if found[i].fecha.inicio or found[i].fecha.fin:
            score.count("hecho_fecha_dada", right)
    return {found[i].id: j + 1 for i, j in pairs.items()}


def _score_citas(score: Score, gold: Gold, reading: Reading) -> None:
    found, wanted = reading.citas_y_datos.citas_textuales, gold.esperado.citas
    pairs = pair_citas(gold, found)
    score.tallies["citas_textuales"] = Tally(len(pairs), len(found), len(wanted))
    for cita in found:
        score.count("cita_literal", gold.texto[cita.offset_inicio : cita.offset_fin] == cita.cita)
    speakers = {entidad.id: entidad for entidad in reading.elementos.entidades}
    named = {entidad.nombre: entidad for entidad in gold.esperado.entidades}
    for i, j in pairs.items():
        said, meant = found[i].entidad_id, wanted[j].emisor
        speaker = speakers.get(said) if said is not None else None
        if meant is None:
            score.count("cita_sin_emisor", speaker is None)
        else:
            forms = expected_forms(named[meant])
            score.count("cita_emisor", speaker is not None and bool(found_forms(speaker) & forms))


def _score_datos(score: Score, gold: Gold, reading: Reading) -> None:
    found, wanted = reading.citas_y_datos.datos_cuantitativos, gold.esperado.datos
    pairs = pair_datos(gold, found)
    right = {j for i, j in pairs.items() if is_same_dato(found[i], wanted[j])}
    score.tallies["datos_cuantitativos"] = Tally(len(right), len(found), len(wanted))
    for j in range(len(wanted)):
        score.count("dato_valor", j in pairs.values())
        score.count("dato_valor_y_unidad", j in right)


def _score_relations(
    score: Score, gold: Gold, reading: Reading, entidades: dict[int, str], hechos: dict[int, int]
) -> None:
    """Scores the relations. One is right if both ends are paired and it has the expected tipo.

    A relation and its inverse in the other direction are the same.
    """
    wanted, found = gold.esperado.relaciones, reading.relaciones
    here = {
        _normal(r.tipo_relacion, entidades.get(r.entidad_origen_id), entidades.get(r.entidad_destino_id), i)
        for i, r in enumerate(found.entidad_relacion)
    }
    there = {_normal(r.tipo, r.origen, r.destino, 0) for r in wanted.entidad_relacion}
    score.tallies["entidad_relacion"] = Tally(len(here & there), len(here), len(there))
    here = {
        _normal(r.tipo_relacion, hechos.get(r.hecho_origen_id), hechos.get(r.hecho_destino_id), i)
        for i, r in enumerate(found.hecho_relacionado)
    }
    there = {_normal(r.tipo, r.origen, r.destino, 0) for r in wanted.hecho_relacionado}
    score.tallies["hecho_relacionado"] = Tally(len(here & there), len(here), len(there))


def _normal(
    tipo: RelacionEntidades | RelacionHechos,
    origin: str | int | None,
    target: str | int | None,
    position: int,
) -> tuple[str, str, str]:
    """Returns a relation in one direction. One with an end outside the gold set equals no other."""
    if origin is None or target is None:
        return tipo.value, f"? {position}", "?"
    ends = str(origin), str(target)
    if tipo in _SYMMETRIC:
        return tipo.value, min(ends), max(ends)
    if tipo in _INVERSE:
        return _INVERSE[tipo].value, ends[1], ends[0]
    return tipo.value, *ends
