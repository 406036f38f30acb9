"""The items that come in by the door, and the deployments that read them."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from newsroom.inputs import Problem, printable
from newsroom.intake.articles import Draft, Shapes, drafts_of
from newsroom.intake.records import Record
from newsroom.models.articulo import Articulo
from newsroom.models.fragmento import Fragmento
from noticias.connector.refusals import Refused

# PREFECT_SERVER_API_MAX_PARAMETER_SIZE, measured as Prefect measures it: JSON with every accent escaped.
MAX_PARAMETER_BYTES = 512 * 1024
LONG_CHARS = 10_000
_PREFIX = "conector"
_MAX_DETAILS = 20


@dataclass(frozen=True)
class Kind:
    """One of the two kinds of item: its flow's parameter, its deployment, its model, its name in Spanish."""

    parameter: str
    deployment: str
    model: type[Articulo] | type[Fragmento]
    called: str

    @property
    def flow(self) -> str:
        """Returns the name of the flow."""
        return self.deployment.split("/")[0]


ARTICULO = Kind("articulo", "process-article/articulo", Articulo, "el artículo")
FRAGMENTO = Kind("fragmento", "process-fragment/fragmento", Fragmento, "el fragmento")
KINDS = {kind.parameter: kind for kind in (ARTICULO, FRAGMENTO)}


@dataclass(frozen=True)
class Submission:
    """A valid item with the flow parameters it becomes."""

    kind: Kind
    item: Articulo | Fragmento
    parameters: dict[str, Any]

    @property
    def texto(self) -> str:
        """Returns the text to be read."""
        return self.item.contenido_texto if isinstance(self.item, Articulo) else self.item.texto_original

    @property
    def named(self) -> dict[str, str]:
        """Returns the sender's id of a fragment, under its key on the wire; an article has none."""
        return {"id_fragmento": self.item.id_fragmento} if isinstance(self.item, Fragmento) else {}

    @property
    def run_name(self) -> str:
        """Returns the run's name in Prefect's UI while it waits. The flow names itself when it starts."""
        if isinstance(self.item, Articulo):
            return printable(f"{(self.item.medio or 'sin medio')[:40]} · {self.item.title[:100]}")
        return printable(f"{self.item.ficha.titulo[:100]} · {self.item.id_fragmento[:60]}")

    def key(self, attempt: int) -> str:
        """Returns the idempotency key of an attempt. An item with the same content has the same keys."""
        parts = json.dumps([self.item.identidad, self.item.huella_contenido])
        digest = hashlib.sha256(parts.encode()).hexdigest()
        return f"{_PREFIX}/{self.kind.parameter}/{digest}/{attempt}"


def check(kind: Kind, raw: dict[str, Any], shapes: Shapes) -> Submission:
    """Returns the item as its flow takes it.

    Args:
        raw: a fragment in the connector's format, or an article in any shape that newsroom.intake knows.
        shapes: the shapes that are known here.

    Raises:
        Refused: it cannot be read, or it is larger than a flow's parameters may be.
    """
    item = _read_articulo(raw, shapes) if kind is ARTICULO else _read_fragmento(raw)
    parameters = {kind.parameter: item.model_dump(mode="json")}
    size = len(json.dumps(parameters, separators=(",", ":")).encode())
    if size > MAX_PARAMETER_BYTES:
        line = f"{kind.parameter}: {size} bytes as escaped JSON, at most {MAX_PARAMETER_BYTES} are possible"
        raise Refused([f"{line}: process a longer text as a document"], what=kind.called)
    return Submission(kind, item, parameters)


def _read_articulo(raw: dict[str, Any], shapes: Shapes) -> Articulo:
    drafts = list(drafts_of(Record("body", raw), shapes))
    if len(drafts) != 1:
        raise Refused([f"body: {len(drafts)} articles; send each by itself"], what=ARTICULO.called)
    found = drafts[0].build() if isinstance(drafts[0], Draft) else drafts[0]
    if isinstance(found, Problem):
        # What is wrong with a field begins with the field's name already.
        named = found.message.partition(":")[0] in Articulo.model_fields
        raise Refused([found.message if named else str(found)], what=ARTICULO.called)
    return found


def _read_fragmento(raw: dict[str, Any]) -> Fragmento:
    try:
        return Fragmento.model_validate(raw)
    except ValidationError as exc:
        raise Refused(describe(exc), what=FRAGMENTO.called) from None


def describe(exc: ValidationError) -> list[str]:
    """Returns a line for each field that is wrong, at most 20 lines. No line holds a value of the item."""
    lines = []
    for error in exc.errors(include_url=False, include_input=False, include_context=False)[:_MAX_DETAILS]:
        field = ".".join(str(part) for part in error["loc"])
        message = error["msg"].removeprefix("Value error, ")
        lines.append(printable(f"{field}: {message}" if field else message))
    return lines


def kind_of(idempotency_key: str | None) -> Kind | None:
    """Returns the kind of item of the run with this key; None if the run did not come in by this door."""
    parts = (idempotency_key or "").split("/")
    return KINDS.get(parts[1]) if len(parts) == 4 and parts[0] == _PREFIX else None
