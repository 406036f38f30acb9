"""What the model answers: what the article truly says, and inventions beside it."""

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.chaos.articles import Planned, read_folio
from tests.chaos.inventions import Lists, invent
from tests.contract.groq_reactions import Answer, ChatRequest

_NO_DATE = {"inicio": None, "fin": None}
_HECHO = re.compile(r"^(\d{1,4})\. (?:\[[^\]\n]{1,60}\] )?([^\n]{1,400})$", re.MULTILINE)
_ENTIDAD = re.compile(r"^(\d{1,4})\. ([^\n(]{1,200}) \([A-Z]+[^\n]*\)$", re.MULTILINE)


@dataclass(frozen=True)
class Told(Answer):
    """A whole, valid answer; `inventions` are the kinds of what was made up in it."""

    inventions: tuple[str, ...] = ()


class Model:
    """Answers for the articles it knows. The same question always gets the same answer.

    Args:
        articles: what it knows.
        seed: decides which answers hold inventions.
        inventive: the share of answers that do, 0 to 1.
    """

    def __init__(self, articles: Sequence[Planned], seed: int, inventive: float = 0.6) -> None:
        self._plans = {plan.number: plan for plan in articles}
        self._seed = seed
        self._inventive = inventive

    def plan_of(self, request: ChatRequest) -> Planned:
        """Returns the article that a request is about."""
        return self._plans[read_folio(request.user)]

    def __call__(self, request: ChatRequest) -> Told:
        plan, stage = self.plan_of(request), request.stage
        if stage == "triaje":
            return Told(json.dumps(_triage(plan)))
        answer = _ANSWERS[stage](plan, request.user)
        chance = random.Random(f"{self._seed}|{stage}|{plan.number}")
        kinds = invent(stage, plan, answer, chance) if chance.random() < self._inventive else []
        return Told(json.dumps(answer, ensure_ascii=False), inventions=tuple(kinds))


def _triage(plan: Planned) -> dict[str, Any]:
    scores = (
        "relevancia_geografica", "relevancia_tematica", "densidad_factual", "complejidad_relacional",
        "valor_informativo",
    )  # fmt: skip
    return {
        "exclusion": None, "tipo_articulo": "NOTICIA", "paises": ["Valdoria"], "temas": ["política"],
        **dict.fromkeys(scores, 1 if plan.worthless else 4), "justificacion": "Una ley.",
        "elementos_clave": ["ley"],
    }  # fmt: skip


def _elementos(plan: Planned, _user: str) -> Lists:
    hechos: list[dict[str, Any]] = [
        {
            "id": number, "contenido": contenido, "pasaje": pasaje, "fecha": _NO_DATE,
            "precision_temporal": None, "tipo_hecho": "SUCESO", "pais": [], "region": [], "ciudad": [],
            "etiquetas": [], "es_futuro": False, "estado_programacion": None,
        }
        for number, (contenido, pasaje) in enumerate(plan.hechos, start=1)
    ]  # fmt: skip
    entidades: list[dict[str, Any]] = [
        {
            "id": number, "nombre": nombre, "tipo": tipo, "alias": [], "descripcion": None,
            "fecha_nacimiento": None, "fecha_disolucion": None, "relevancia": 6,
        }
        for number, (nombre, tipo) in enumerate(plan.entidades, start=1)
    ]  # fmt: skip
    return {"hechos": hechos, "entidades": entidades}


def _citas_y_datos(plan: Planned, user: str) -> Lists:
    hechos, entidades = _numbers(plan, user)
    cita = {
        "id": 1, "cita": plan.cita, "entidad_id": entidades[1], "hecho_id": hechos[1], "fecha": None,
        "contexto": None, "relevancia": 4,
    }  # fmt: skip
    datos: list[dict[str, Any]] = [
        {
            "id": number, "hecho_id": hechos[0], "indicador": indicador, "categoria": "presupuestario",
            "valor": valor, "unidad": unidad, "pasaje": pasaje, "ambito_geografico": [],
            "periodo": _NO_DATE, "tipo_periodo": None, "valor_anterior": None, "variacion_absoluta": None,
            "variacion_porcentual": None, "tendencia": None,
        }
        for number, (valor, indicador, unidad, pasaje) in enumerate(plan.datos, start=1)
    ]  # fmt: skip
    return {"citas_textuales": [cita], "datos_cuantitativos": datos}


def _relaciones(plan: Planned, user: str) -> Lists:
    hechos, entidades = _numbers(plan, user)
    part = {"tipo_relacion": "protagonista", "relevancia_en_hecho": 8}
    return {
        "hecho_entidad": [{"hecho_id": hechos[h], "entidad_id": entidades[e], **part} for h, e in plan.pairs],
        "hecho_relacionado": [
            {
                "hecho_origen_id": hechos[1], "hecho_destino_id": hechos[0], "tipo_relacion": "aclaracion_de",
                "fuerza_relacion": 6, "descripcion_relacion": None,
            }
        ],
        "entidad_relacion": [],
        "contradicciones": [],
        "importancias": [{"hecho_id": number, "importancia": 6, "motivos": "ley"} for number in hechos],
    }  # fmt: skip


def _numbers(plan: Planned, user: str) -> tuple[list[int], list[int]]:
    """Returns the ids that the question gives to the plan's hechos and entidades."""
    # The article, which comes last, is cut off: a line of it could begin with a number.
    shown = user.partition("<hechos>")[2].partition("<articulo>")[0]
    listed, _, named = shown.partition("</hechos>")
    hechos = {words: int(number) for number, words in _HECHO.findall(listed)}
    entidades = {words: int(number) for number, words in _ENTIDAD.findall(named)}
    return [hechos[said] for said, _ in plan.hechos], [entidades[name] for name, _ in plan.entidades]


_ANSWERS = {"elementos": _elementos, "citas_y_datos": _citas_y_datos, "relaciones": _relaciones}
