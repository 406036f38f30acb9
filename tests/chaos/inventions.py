"""What the model invents on purpose: nothing of it may reach the database as fact."""

import random
from collections.abc import Callable
from typing import Any

from tests.chaos.articles import MARK, Planned

DANGLING = 9_999
FALSE_FIGURE = 918_273_645

Item = dict[str, Any]
Lists = dict[str, list[Item]]


def invent(stage: str, plan: Planned, answer: Lists, chance: random.Random) -> list[str]:
    """Adds one to three inventions to the lists of `answer`; returns the kind of each.

    Half are wholly made up; half are a true item with one thing changed, which is how models go wrong.
    """
    makers = _MAKERS.get(stage, ())
    chosen = chance.sample(makers, min(len(makers), chance.randrange(1, 4)))
    kinds: list[str] = []
    for kind, name, make in chosen:
        # Each gets an id of its own: two items with one id would be another defect than the one meant.
        answer[name].append({"id": 900 + len(kinds), **make(plan, answer)})
        if "id" not in answer[name][0]:
            answer[name][-1].pop("id")
        kinds.append(kind)
    return kinds


def _entidad(plan: Planned, answer: Lists) -> Item:
    return {**answer["entidades"][1], "nombre": f"Serapio {MARK} Inexistente"}


def _namesake(plan: Planned, answer: Lists) -> Item:
    """The person's first name under another surname."""
    given = plan.entidades[1][0].split()[0]
    return {**answer["entidades"][1], "nombre": f"{given} {MARK}"}


def _hecho(plan: Planned, answer: Lists) -> Item:
    said = f"El {MARK} renunció ante la asamblea general."
    return {**answer["hechos"][0], "contenido": said, "pasaje": said}


def _hecho_with_a_true_passage(plan: Planned, answer: Lists) -> Item:
    """The passage stands in the text but says something else. Only the passage itself may be stored."""
    said = f"{MARK} rechazó la ley con {FALSE_FIGURE} votos"
    return {**answer["hechos"][0], "contenido": f"El presidente {said}"}


def _cita(plan: Planned, answer: Lists) -> Item:
    return {**answer["citas_textuales"][0], "cita": f"{MARK}: nadie dijo esto en ningún lugar del texto"}


def _misquote(plan: Planned, answer: Lists) -> Item:
    """The quotation with a denial in it."""
    return {**answer["citas_textuales"][0], "cita": plan.cita.replace("Es ", "No es ", 1)}


def _dato(plan: Planned, answer: Lists) -> Item:
    changes = {"valor": FALSE_FIGURE, "pasaje": f"{FALSE_FIGURE} votos", "indicador": f"votos {MARK}"}
    return {**answer["datos_cuantitativos"][0], **changes}


def _wrong_value(plan: Planned, answer: Lists) -> Item:
    """A true passage under another figure."""
    first = answer["datos_cuantitativos"][0]
    return {**first, "valor": first["valor"] + 7, "indicador": f"costo {MARK}"}


def _hecho_entidad(plan: Planned, answer: Lists) -> Item:
    return {**answer["hecho_entidad"][0], "entidad_id": DANGLING}


def _entidad_of_no_hecho(plan: Planned, answer: Lists) -> Item:
    return {**answer["hecho_entidad"][0], "hecho_id": DANGLING}


def _hecho_relacionado(plan: Planned, answer: Lists) -> Item:
    return {**answer["hecho_relacionado"][0], "hecho_destino_id": DANGLING, "descripcion_relacion": MARK}


def _entidad_relacion(plan: Planned, answer: Lists) -> Item:
    return {
        "entidad_origen_id": DANGLING, "entidad_destino_id": 1, "tipo_relacion": "aliado_con",
        "descripcion": MARK, "fecha_inicio": None, "fecha_fin": None, "fuerza_relacion": 9,
    }  # fmt: skip


_MAKERS: dict[str, tuple[tuple[str, str, Callable[[Planned, Lists], Item]], ...]] = {
    "elementos": (
        ("entidades", "entidades", _entidad),
        ("entidades", "entidades", _namesake),
        ("hechos", "hechos", _hecho),
        ("hechos", "hechos", _hecho_with_a_true_passage),
    ),
    "citas_y_datos": (
        ("citas", "citas_textuales", _cita),
        ("citas", "citas_textuales", _misquote),
        ("datos", "datos_cuantitativos", _dato),
        ("datos", "datos_cuantitativos", _wrong_value),
    ),
    "relaciones": (
        ("ids", "hecho_entidad", _hecho_entidad),
        ("ids", "hecho_entidad", _entidad_of_no_hecho),
        ("ids", "hecho_relacionado", _hecho_relacionado),
        ("ids", "entidad_relacion", _entidad_relacion),
    ),
}
