"""`Evaluacion`: the file that an evaluation writes, and the difference between two of them."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from newsroom.errors import InvalidInput
from newsroom.models.base import Moment


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fila(_Part):
    """The counts of one kind of item. A measure is null if nothing was offered or nothing expected."""

    tipo: str
    etapa: str
    aciertos: int
    ofrecidos: int
    esperados: int
    precision: float | None
    exhaustividad: float | None
    f1: float | None

    @classmethod
    def from_counts(cls, tipo: str, etapa: str, right: int, offered: int, expected: int) -> "Fila":
        """Returns the row with its measures computed from the counts."""
        return cls(
            tipo=tipo,
            etapa=etapa,
            aciertos=right,
            ofrecidos=offered,
            esperados=expected,
            precision=_share(right, offered),
            exhaustividad=_share(right, expected),
            f1=_share(2 * right, offered + expected),
        )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


class Contador(_Part):
    """How many of a number of cases were right."""

    aciertos: int
    de: int

    @property
    def proporcion(self) -> float | None:
        """Returns the share of right cases, None if there is no case."""
        return _share(self.aciertos, self.de)


class Prompt(_Part):
    """The prompt of one stage."""

    prompt: str
    huella: str


class Consumido(_Part):
    """What the whole run used, as the vendor counts it, and how long its prompts are by our estimate.

    The estimates are for `modelo_estimado`. They are means over the articles that were read to the end.
    """

    peticiones: int
    tokens_entrada: int
    tokens_salida: int
    tokens_cache: int
    costo_usd: float | None
    modelo_estimado: str
    articulos_enteros: int
    llamadas_por_articulo: float
    llamadas_maximo: int
    tokens_prompt_por_articulo: float
    tokens_constantes_por_articulo: float


class Evaluacion(_Part):
    """Everything that one run over a gold set measured."""

    motor: str
    modelo: str
    fecha: Moment
    articulos: int
    caracteres: int
    segundos: float
    fallidos: list[str]
    prompts: dict[str, Prompt]
    tabla: list[Fila]
    contadores: dict[str, Contador]
    consumo: Consumido
    advertencias: dict[str, list[str]]


def read_evaluacion(path: Path) -> Evaluacion:
    """Returns an evaluation from its file.

    Raises:
        InvalidInput: the file cannot be read, or it is no evaluation.
    """
    try:
        return Evaluacion.model_validate_json(path.read_bytes())
    except OSError as exc:
        raise InvalidInput(f"{path}: cannot be read: {exc.strerror}", "compare") from exc
    except ValidationError as exc:
        error = exc.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in error["loc"]) or "the file"
        words = f"{path}: not an evaluation written by noticias eval: {place}: {error['msg']}"
        raise InvalidInput(words, "compare") from exc


class Change(_Part):
    """One measure in two runs."""

    name: str
    before: float | None
    after: float | None

    @property
    def difference(self) -> float | None:
        """Returns after minus before, None if one of them was not measured."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


def compare(before: Evaluacion, after: Evaluacion) -> list[Change]:
    """Returns every F1, share and estimate of two runs side by side, in the order of the table."""
    return [
        *_pair({row.tipo: row.f1 for row in before.tabla}, {row.tipo: row.f1 for row in after.tabla}),
        *_pair(_shares(before), _shares(after)),
        *_pair(_costs(before), _costs(after)),
    ]


def _pair(before: dict[str, float | None], after: dict[str, float | None]) -> list[Change]:
    names = dict.fromkeys((*after, *before))
    return [Change(name=name, before=before.get(name), after=after.get(name)) for name in names]


def _shares(run: Evaluacion) -> dict[str, float | None]:
    return {name: counter.proporcion for name, counter in run.contadores.items()}


def _costs(run: Evaluacion) -> dict[str, float | None]:
    used, number = run.consumo, max(run.articulos, 1)
    return {
        "peticiones por articulo": used.peticiones / number,
        "tokens de entrada por articulo": used.tokens_entrada / number,
        "tokens de salida por articulo": used.tokens_salida / number,
        "costo_usd por articulo": None if used.costo_usd is None else used.costo_usd / number,
    }
