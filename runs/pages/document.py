"""What a document's run page shows: progress while fragments are read, and a table of them."""

from typing import Any

from newsroom.errors import QuotaExhausted, TerminalError
from newsroom.models.fragmento import Fragmento
from newsroom.models.outcome import Outcome
from newsroom.reporting.numbers import counted
from runs.pages.artifacts import publish_table
from runs.pages.progress import Progress


class DocumentPage:
    """Collects what became of the fragments, and shows it on the page of the run it is used in."""

    def __init__(self, fragmentos: tuple[Fragmento, ...]) -> None:
        self.outcomes: list[Outcome] = []
        self.refusal: TerminalError | QuotaExhausted | None = None
        self._fragmentos = fragmentos
        self._progress: Progress | None = None

    async def open(self, total: int) -> None:
        """Shows an empty progress bar for `total` fragments."""
        self._progress = Progress(total)
        of_all = counted(len(self._fragmentos), "fragmento", "fragmentos")
        await self._progress.open(f"{total} de {of_all} por leer")

    async def note(self, outcome: Outcome) -> None:
        """Notes what became of a fragment, and shows it if the bar moves."""
        self.outcomes.append(outcome)
        if isinstance(outcome.error, TerminalError | QuotaExhausted):
            self.refusal = outcome.error
        if self._progress is not None:
            await self._progress.step()

    async def close(self, documento_id: int) -> None:
        """Shows the table of the fragments; those that were stored before are `sin cambios`."""
        found = {outcome.item.identidad: outcome for outcome in self.outcomes}
        rows = [_row(fragmento, found.get(fragmento.identidad)) for fragmento in self._fragmentos]
        await publish_table(f"documento-{documento_id}", rows, f"Fragmentos del documento {documento_id}")


def _row(fragmento: Fragmento, outcome: Outcome | None) -> dict[str, Any]:
    place = fragmento.place()
    conteos = outcome.resultado.conteos if outcome and outcome.resultado else None
    return {
        "n": place["indice_secuencial"] + 1,
        "sección": (place["titulo_seccion"] or "")[:80],
        "página": place["num_pagina_inicio"] or "",
        "caracteres": len(fragmento.texto_original),
        "estado": outcome.estado if outcome else "sin cambios",
        "hechos": conteos.hechos if conteos else "",
        "entidades": conteos.entidades if conteos else "",
        "citas": conteos.citas_textuales if conteos else "",
        "datos": conteos.datos_cuantitativos if conteos else "",
        "motivo": outcome.failure[:200] if outcome else "",
    }
