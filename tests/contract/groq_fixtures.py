"""What the Groq tests share: a question, an engine at a server, and a sleep that only notes."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pydantic import BaseModel

from newsroom.engines.base import Material, Question
from newsroom.engines.groq import GroqEngine
from newsroom.models.respuestas import RespuestaElementos
from newsroom.stages.answers import find_problems
from tests.contract.groq_server import GroqServer

KEY = "gsk_secretSecretSecret0123456789abcdef"
MODEL = "openai/gpt-oss-120b"
ARTICLE = "El presidente Ernesto Bermellón inauguró el puente de Valdelomar."


@dataclass
class Sleeps:
    """Stands in for sleeping: notes how long, and returns at once."""

    seconds: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def make_question(
    stage: str = "elementos",
    answer: type[BaseModel] = RespuestaElementos,
    *,
    max_completion_tokens: int = 2_000,
    system: str = "Eres documentalista de una redacción. Respondes solo con el JSON pedido.",
) -> Question:
    """Returns a stage's question about ARTICLE, with the resolver's own check."""
    return Question(
        stage=stage,
        system=system,
        user=f"<articulo>\n{ARTICLE}\n</articulo>",
        answer=answer,
        max_completion_tokens=max_completion_tokens,
        material=Material("Un puente", "El Faro", "España", datetime(2024, 5, 15, tzinfo=UTC), "es", ARTICLE),
        check=partial(find_problems, answer),
    )


def entidad(ident: int, **changes: Any) -> dict[str, Any]:
    """Returns an item that the schema takes."""
    return {
        "id": ident, "nombre": "Ernesto Bermellón", "tipo": "PERSONA", "alias": [], "descripcion": None,
        "fecha_nacimiento": None, "fecha_disolucion": None, "relevancia": 5, **changes,
    }  # fmt: skip


def elementos(*entidades: dict[str, Any]) -> dict[str, Any]:
    """Returns an answer of stage `elementos`."""
    return {"hechos": [], "entidades": list(entidades)}


GOOD = elementos(entidad(1))
GOOD_TEXT = json.dumps(GOOD, ensure_ascii=False)
BROKEN = elementos(entidad(1), entidad(2, tipo="MARCIANO"), entidad(3))


@asynccontextmanager
async def open_engine(
    server: GroqServer, sleeps: Sleeps | None = None, **options: Any
) -> AsyncIterator[GroqEngine]:
    """Yields an engine that asks `server` and never really sleeps; closes it at the end."""
    options.setdefault("model", MODEL)
    options.setdefault("base_url", server.base_url)
    engine = GroqEngine(options.pop("api_key", KEY), sleep=sleeps or Sleeps(), **options)
    try:
        yield engine
    finally:
        await engine.close()
