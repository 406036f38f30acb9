"""`Outcome`: what became of one item that was given to a flow."""

from dataclasses import dataclass
from typing import Any

from newsroom.models.articulo import Articulo
from newsroom.models.documento import Documento
from newsroom.models.fragmento import Fragmento
from newsroom.models.resultado import Resultado

Received = Articulo | Fragmento | Documento
"""What a newsroom feeds in."""


@dataclass(frozen=True)
class Outcome:
    """What became of one item. `failure` is empty unless its run failed; `error` is the cause, if known."""

    item: Received
    flow_run_id: str | None
    resultado: Resultado | None
    failure: str
    seconds: float
    error: BaseException | None = None

    @property
    def estado(self) -> str:
        """The final state's name: Completed, Descartado, Duplicado or Failed."""
        return self.resultado.estado if self.resultado else "Failed"

    @property
    def title(self) -> str:
        """The name by which a person knows the item."""
        if isinstance(self.item, Articulo):
            return self.item.title
        return self.item.titulo if isinstance(self.item, Documento) else self.item.ficha.titulo

    def as_json(self) -> dict[str, Any]:
        """Returns the line of `noticias process --json`."""
        resultado = self.resultado or Resultado(estado="Failed", identidad=self.item.identidad)
        title = "titular" if isinstance(self.item, Articulo) else "titulo"
        ids = {"articulo_id": resultado.articulo_id}
        if not isinstance(self.item, Articulo):
            ids = {"documento_id": resultado.documento_id, "fragmento_id": resultado.fragmento_id}
        line: dict[str, Any] = {
            "url": getattr(self.item, "url", None),
            title: self.title,
            "estado": self.estado,
            "flow_run_id": self.flow_run_id,
            **ids,
            "conteos": resultado.conteos.model_dump() if self.resultado else {},
            "advertencias": list(resultado.advertencias),
            "tokens": resultado.tokens,
            "costo_usd": resultado.costo_usd,
            "segundos": round(self.seconds, 2),
        }
        if resultado.fragmentos:
            line["fragmentos"] = resultado.fragmentos
        return line | ({"error": self.failure} if self.failure else {})
