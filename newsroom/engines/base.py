"""The seam to whatever answers a stage's question: Groq, the local rules, or a script."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from pydantic import BaseModel

from newsroom.models.extraccion import CitasYDatos, Elementos


@dataclass(frozen=True)
class Material:
    """What a stage's question is about; the prompt is rendered from it, and LocalEngine reads it directly.

    `texto` is the cleaned text (or piece of it). `elementos` and `citas_y_datos` are what earlier
    stages found, for the stages that build on them.
    """

    titular: str
    medio: str
    pais_publicacion: str
    fecha_publicacion: datetime | None
    idioma: str
    texto: str
    seccion: str | None = None
    autor: str | None = None
    es_opinion: bool = False
    es_fragmento: bool = False
    elementos: Elementos | None = None
    citas_y_datos: CitasYDatos | None = None

    @property
    def published_on(self) -> date | None:
        """The day of publication in the sender's own time zone; None where it is not known."""
        return self.fecha_publicacion.date() if self.fecha_publicacion else None


@dataclass(frozen=True)
class Question:
    """One question to an engine.

    Attributes:
        stage: `triaje`, `traduccion`, `elementos`, `citas_y_datos` or `relaciones`.
        system: the constant part of the prompt; a vendor's prefix cache pays half of it.
        user: the part that changes, the item last.
        answer: the pydantic model of the JSON that is expected.
        max_completion_tokens: tight, because it is reserved against the vendor's limit.
        material: what the prompt was rendered from.
        check: returns what is wrong with an answer's text, one line a problem; empty when it is fine.
    """

    stage: str
    system: str
    user: str
    answer: type[BaseModel]
    max_completion_tokens: int
    material: Material
    check: Callable[[str], tuple[str, ...]]


@dataclass(frozen=True)
class Completion:
    """An engine's answer.

    `text` is JSON; `correction` is the answer to the one repeated question, if there was one: JSON of
    the same shape that holds only the items which were broken, under their ids. Token counts are sums
    over all requests; `seconds` is wall time. `cost_usd` is None where the model has no known price.
    """

    text: str
    model: str
    correction: str | None = None
    requests: int = 1
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    seconds: float = 0.0
    cost_usd: Decimal | None = None


class Engine(Protocol):
    """Answers questions. Safe to use from many tasks of one event loop at once."""

    name: str
    """`groq`, `local` or `scripted`: the `motor` of every row."""

    model: str
    """The model's id; for the local rules, their version."""

    can_translate: bool
    """Whether stage `traduccion` may be asked."""

    def parameters(self, stage: str) -> dict[str, Any]:
        """Returns what, beside the prompt, decides an answer: part of the cache key and of every row."""
        ...

    async def complete(self, question: Question) -> Completion:
        """Returns the answer to `question`.

        Raises:
            RateLimited, QuotaExhausted, EngineUnavailable, MalformedOutput: a later try may succeed.
            EngineRefused: none will.
        """
        ...

    async def close(self) -> None:
        """Gives back the connections held in the running event loop."""
        ...
