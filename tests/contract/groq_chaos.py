"""Faults by chance, and inventions on purpose: what a bad day at the model's looks like."""

import json
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.contract.groq_reactions import (
    Answer,
    Drop,
    Hang,
    Reaction,
    as_answer,
    cut_off,
    limited,
    not_generated,
    overloaded,
)

INVENTED_QUOTE = "Nunca lo dijo nadie en este texto, ni lo dirá"
INVENTED_NAME = "Serapio Inventado Quimera"
INVENTED_FIGURE = 918273645
DANGLING_ID = 9999

_NO_DATE = {"inicio": None, "fin": None}


def invented_items(stage: str) -> dict[str, list[dict[str, Any]]]:
    """Returns, by list, items of a stage's answer that no article supports and no id backs."""
    if stage == "elementos":
        entidad = {
            "id": 901, "nombre": INVENTED_NAME, "tipo": "PERSONA", "alias": [], "descripcion": None,
            "fecha_nacimiento": None, "fecha_disolucion": None, "relevancia": 9,
        }  # fmt: skip
        hecho = {
            "id": 901, "contenido": f"{INVENTED_NAME} ganó {INVENTED_FIGURE} votos", "pasaje": INVENTED_QUOTE,
            "fecha": _NO_DATE, "precision_temporal": None, "tipo_hecho": "SUCESO", "pais": [], "region": [],
            "ciudad": [], "etiquetas": [], "es_futuro": False, "estado_programacion": None,
        }  # fmt: skip
        return {"hechos": [hecho], "entidades": [entidad]}
    if stage == "citas_y_datos":
        cita = {
            "id": 901, "cita": INVENTED_QUOTE, "entidad_id": DANGLING_ID, "hecho_id": DANGLING_ID,
            "fecha": None, "contexto": None, "relevancia": 5,
        }  # fmt: skip
        dato = {
            "id": 901, "hecho_id": DANGLING_ID, "indicador": "votos", "categoria": "económico",
            "valor": INVENTED_FIGURE, "unidad": "votos", "pasaje": f"{INVENTED_FIGURE} votos",
            "ambito_geografico": [], "periodo": _NO_DATE, "tipo_periodo": None, "valor_anterior": None,
            "variacion_absoluta": None, "variacion_porcentual": None, "tendencia": None,
        }  # fmt: skip
        return {"citas_textuales": [cita], "datos_cuantitativos": [dato]}
    if stage == "relaciones":
        dangling = {"hecho_id": DANGLING_ID, "entidad_id": DANGLING_ID + 1}
        return {
            "hecho_entidad": [{**dangling, "tipo_relacion": "protagonista", "relevancia_en_hecho": 9}],
            "hecho_relacionado": [
                {"hecho_origen_id": DANGLING_ID, "hecho_destino_id": DANGLING_ID, "tipo_relacion": "causa",
                 "fuerza_relacion": 9, "descripcion_relacion": None}
            ],
            "entidad_relacion": [
                {"entidad_origen_id": DANGLING_ID, "entidad_destino_id": DANGLING_ID + 1,
                 "tipo_relacion": "aliado_con", "descripcion": None, "fecha_inicio": None, "fecha_fin": None,
                 "fuerza_relacion": 9}
            ],
        }  # fmt: skip
    return {}


def add_inventions(stage: str, content: str) -> tuple[str, int]:
    """Returns an answer with the stage's invented items appended to its lists, and how many they are."""
    answer = json.loads(content)
    added = 0
    for name, items in invented_items(stage).items():
        answer.setdefault(name, []).extend(items)
        added += len(items)
    return json.dumps(answer, ensure_ascii=False), added


@dataclass
class Chaos:
    """Turns answers into faults at given rates (0 to 1 each, their sum at most 1).

    The same seed and the same requests give the same faults, in whatever order they arrive: chance hangs
    on the request's text and on how often it was sent, not on time. `happened` counts them by name.
    """

    seed: int = 0
    unavailable: float = 0.0
    dropped: float = 0.0
    hanging: float = 0.0
    limited: float = 0.0
    cut_off: float = 0.0
    not_generated: float = 0.0
    garbage: float = 0.0
    invented: float = 0.0
    retry_after: str = "1"
    happened: Counter[str] = field(default_factory=Counter)
    _sent: Counter[str] = field(default_factory=Counter)

    def pick(self, request_text: str) -> str:
        """Returns the name of the fault that this request meets, or ""."""
        self._sent[request_text] += 1
        # The text as the seed, because hash() of a str differs from one process to the next.
        chance = random.Random(f"{self.seed}|{self._sent[request_text]}|{request_text}").random()
        for name in _FAULTS:
            chance -= getattr(self, name)
            if chance < 0:
                self.happened[name] += 1
                return name
        return ""

    def react(self, fault: str, stage: str, answer: Reaction) -> Reaction:
        """Returns what becomes of `answer` under the fault that was picked."""
        refused: dict[str, Reaction] = {
            "hanging": Hang(),
            "dropped": Drop(),
            "unavailable": overloaded(),
            "limited": limited("RPM", self.retry_after),
        }
        if fault in refused:
            return refused[fault]
        if fault == "" or not isinstance(answer, str | dict | Answer):
            return answer
        content = as_answer(answer).content or "{}"
        if fault == "invented":
            spoilt, added = add_inventions(stage, content)
            self.happened["items invented"] += added
            return spoilt
        half = content[: max(1, len(content) // 2)]
        spoilt_answers: dict[str, Reaction] = {
            "cut_off": cut_off(half),
            "not_generated": not_generated(half),
            "garbage": Answer("No puedo."),
        }
        return spoilt_answers[fault]


_FAULTS = (
    "unavailable", "dropped", "hanging", "limited", "cut_off", "not_generated", "garbage", "invented",
)  # fmt: skip
