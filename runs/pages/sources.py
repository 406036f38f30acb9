"""What a run of `fetch-feeds` shows: a table of the sources, and one of the entries that gave no article."""

from collections import Counter
from datetime import datetime
from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Completed

from newsroom.models.fuente import EstadoFuente
from newsroom.models.outcome import Outcome
from newsroom.sources.plan import Due, Plan
from newsroom.sources.reading import Found
from runs.pages.artifacts import publish_table

MAX_NAMED = 5


class SourcesPage:
    """Collects what became of the sources of a plan, and shows it on the page of the run it is used in."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._rows: list[dict[str, Any]] = []
        self._refused: list[dict[str, Any]] = []
        self._failing: list[str] = [estado.url for estado in plan.resting]
        self._states: Counter[str] = Counter()

    def note(self, due: Due, found: Found, outcomes: list[Outcome], estado: EstadoFuente) -> None:
        """Notes what a look at a source found, and what became of its articles."""
        states = Counter(outcome.estado for outcome in outcomes)
        self._states += states
        if found.error:
            self._failing.append(estado.url)
        for refused in found.refused:
            self._refused.append(
                {
                    "entrada": refused.identidad,
                    "motivo": refused.reason,
                    "se intenta de nuevo": "no" if refused.lasting else "sí",
                    "fuente": estado.url,
                }
            )
        self._rows.append(
            {
                "fuente": estado.url,
                "medio": due.fuente.medio or "",
                "leídos": "sin cambios" if found.not_modified else found.listed,
                "nuevos": len(outcomes),
                "guardados": states["Completed"] + states["Duplicado"],
                "descartados": states["Descartado"],
                "fallidos": states["Failed"],
                "rechazados": len(found.refused),
                **_state_of(estado),
            }
        )

    async def finish(self) -> State[Any]:
        """Publishes the tables, and returns the final state of the run. Without a look there is no table."""
        failing = self._describe_failing()
        if not self._plan.due:
            return Completed(name="Vacía", message=f"ninguna fuente por leer{failing}")
        said = ", ".join(f"{count} {name}" for name, count in sorted(self._states.items()))
        message = f"{len(self._rows)} fuentes: {said or 'nada nuevo'}{failing}"
        resting = [{"fuente": it.url, "leídos": "no toca", **_state_of(it)} for it in self._plan.resting]
        rows = sorted([*self._rows, *resting], key=lambda row: (-row["fallos"], row["fuente"]))
        await publish_table("fuentes", [_complete(row) for row in rows], message)
        if self._refused:
            words = f"{len(self._refused)} entradas que no dieron ningún artículo"
            await publish_table("entradas-rechazadas", self._refused, words)
        return Completed(message=message)

    def _describe_failing(self) -> str:
        if not self._failing:
            return ""
        named = ", ".join(sorted(self._failing)[:MAX_NAMED])
        return f"; fallan {len(self._failing)}: {named}" + (", …" if len(self._failing) > MAX_NAMED else "")


_COLUMNS = (
    "fuente", "medio", "leídos", "nuevos", "guardados", "descartados", "fallidos", "rechazados", "fallos",
    "próxima", "error",
)  # fmt: skip


def _complete(row: dict[str, Any]) -> dict[str, Any]:
    return {column: row.get(column, "") for column in _COLUMNS}


def _state_of(estado: EstadoFuente) -> dict[str, Any]:
    return {
        "fallos": estado.fallos,
        "próxima": _minute(estado.proxima_lectura),
        "error": estado.ultimo_error or "",
    }


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M %Z")
