"""How every stage asks its question: render the prompt, ask the engine, read the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import BaseModel

from newsroom.engines.base import Completion, Engine, Material, Question
from newsroom.models.extraccion import CitasYDatos, Consumo, Elementos
from newsroom.models.item import Item
from newsroom.models.respuestas import (
    RespuestaCitasYDatos,
    RespuestaElementos,
    RespuestaRelaciones,
    RespuestaTraduccion,
    RespuestaTriaje,
)
from newsroom.prompts import fingerprint, render
from newsroom.stages.answers import Answer, find_problems, read_answer


@dataclass(frozen=True)
class Inquiry:
    """What a stage asks: its prompt, the shape of the answer, and how long the answer may be, in tokens.

    The length is `base_tokens` plus `tokens_per_char` for each character of the text, and at most
    `max_tokens`. It is tight, because the vendor reserves it against the limit per minute.
    """

    stage: str
    prompt: str
    answer: type[BaseModel]
    base_tokens: int
    tokens_per_char: float
    max_tokens: int

    def completion_tokens(self, texto: str) -> int:
        """Returns the longest answer to a text of this length, in tokens."""
        return min(self.max_tokens, self.base_tokens + int(len(texto) * self.tokens_per_char))


TRIAGE = Inquiry("triaje", "triage.v1", RespuestaTriaje, 1_200, 0, 1_200)
TRANSLATION = Inquiry("traduccion", "translation.v1", RespuestaTraduccion, 800, 0.5, 8_000)
ELEMENTS = Inquiry("elementos", "elements.v1", RespuestaElementos, 2_000, 0.7, 10_000)
QUOTES_AND_FIGURES = Inquiry(
    "citas_y_datos", "quotes_and_figures.v1", RespuestaCitasYDatos, 1_500, 0.5, 8_000
)
RELATIONS = Inquiry("relaciones", "relations.v1", RespuestaRelaciones, 1_500, 0.8, 8_000)

INQUIRIES: Mapping[str, Inquiry] = {
    inquiry.stage: inquiry for inquiry in (TRIAGE, TRANSLATION, ELEMENTS, QUOTES_AND_FIGURES, RELATIONS)
}


def build_material(
    item: Item,
    texto: str,
    idioma: str,
    elementos: Elementos | None = None,
    citas_y_datos: CitasYDatos | None = None,
) -> Material:
    """Returns what an engine is told about `item` with `texto`, a cleaned piece of it, to read."""
    return Material(
        titular=item.titular,
        medio=item.medio,
        pais_publicacion=item.pais_publicacion,
        fecha_publicacion=item.fecha_publicacion,
        idioma=idioma,
        texto=texto,
        seccion=item.seccion,
        autor=item.autor,
        es_opinion=item.es_opinion,
        es_fragmento=item.es_fragmento,
        elementos=elementos,
        citas_y_datos=citas_y_datos,
    )


async def ask(engine: Engine, inquiry: Inquiry, material: Material) -> tuple[Answer, Consumo]:
    """Returns the valid items of the engine's answer, and what it used.

    Raises:
        MalformedOutput: no part of the answer can be used.
        NewsroomError: what the engine raises, as it is.
    """
    system, user = render(inquiry.prompt, material=material)
    question = Question(
        stage=inquiry.stage,
        system=system,
        user=user,
        answer=inquiry.answer,
        max_completion_tokens=inquiry.completion_tokens(user),
        material=material,
        check=partial(find_problems, inquiry.answer),
    )
    completion = await engine.complete(question)
    return read_answer(inquiry.answer, completion), _consumption(engine, inquiry, completion)


def provenance(engine: Engine, inquiry: Inquiry) -> dict[str, Any]:
    """Returns everything besides its input that decides a stage's answer: the start of its cache key."""
    return {
        "motor": engine.name,
        "modelo": engine.model,
        "prompt": inquiry.prompt,
        "huella_prompt": fingerprint(inquiry.prompt),
        "parametros": engine.parameters(inquiry.stage),
    }


def _consumption(engine: Engine, inquiry: Inquiry, completion: Completion) -> Consumo:
    return Consumo(
        modelo=completion.model,
        prompt=inquiry.prompt,
        huella_prompt=fingerprint(inquiry.prompt),
        parametros=engine.parameters(inquiry.stage),
        peticiones=completion.requests,
        tokens_entrada=completion.tokens_in,
        tokens_salida=completion.tokens_out,
        tokens_cache=completion.tokens_cached,
        segundos=round(completion.seconds, 3),
        costo_usd=completion.cost_usd,
    )


def add_consumption(parts: list[Consumo]) -> Consumo:
    """Returns the sum over the pieces of one stage. Model and prompt are those of the first piece."""
    if not parts:
        return Consumo()
    costs = [part.costo_usd for part in parts if part.costo_usd is not None]
    return parts[0].model_copy(
        update={
            "peticiones": sum(part.peticiones for part in parts),
            "tokens_entrada": sum(part.tokens_entrada for part in parts),
            "tokens_salida": sum(part.tokens_salida for part in parts),
            "tokens_cache": sum(part.tokens_cache for part in parts),
            "segundos": round(sum(part.segundos for part in parts), 3),
            "costo_usd": sum(costs, start=costs[0] * 0) if costs else None,
        }
    )
