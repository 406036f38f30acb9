"""The seam to whatever answers a stage's question: Groq, the local rules, or a script."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from pydantic import BaseModel

from newsroom.lexicon.countries import own_day
from newsroom.models.extraccion import CitasYDatos, Elementos


@dataclass(frozen=True)
class Material:
    """What a stage's question is about. The prompt is rendered from it, and LocalEngine reads it directly.

    `texto` is the cleaned text or a piece of it. `elementos` and `citas_y_datos` are what earlier stages
    found, for the stages that build on them.
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
        """The day of publication in the outlet's country; None if it is not known."""
        return own_day(self.fecha_publicacion, self.pais_publicacion) if self.fecha_publicacion else None


@dataclass(frozen=True)
class Question:
    """One question to an engine.

    Attributes:
        stage: `triaje`, `traduccion`, `elementos`, `citas_y_datos` or `relaciones`.
        system: the constant part of the prompt. Tokens from the vendor's prefix cache cost half.
        user: the part that changes. The item stands last.
        answer: the pydantic model of the JSON that is expected.
        max_completion_tokens: the longest answer. It is tight, because it is reserved against the vendor's
            limit.
        material: what the prompt was rendered from.
        check: returns what is wrong with an answer's text, one line for each problem; empty if nothing is.
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

    `text` is JSON. `correction` is the answer to the repeated question, if the question was repeated: JSON of
    the same shape, with only the items that were wrong, under their ids. Token counts are sums over all
    requests. `seconds` is wall time. `cost_usd` is None if the model has no known price.
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
    """Answers questions. Many tasks of one event loop may use it at once."""

    name: str
    """`groq`, `local` or `scripted`. It is stored as the `motor` of every row."""

    model: str
    """The model's id. For the local rules it is their version."""

    can_translate: bool
    """Whether it answers stage `traduccion`."""

    def parameters(self, stage: str) -> dict[str, Any]:
        """Returns everything besides the prompt that decides an answer. Cache keys and rows hold it."""
        ...

    async def complete(self, question: Question) -> Completion:
        """Returns the answer to `question`.

        Raises:
            RateLimited, QuotaExhausted, EngineUnavailable, MalformedOutput: a later try may succeed.
            EngineRefused: no later try will succeed.
        """
        ...

    async def close(self) -> None:
        """Closes the connections of the running event loop."""
        ...
