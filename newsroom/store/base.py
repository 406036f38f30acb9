"""The seam to the database: one method, one remote procedure call, one transaction."""

from collections.abc import Sequence
from typing import Any, Protocol

from newsroom.models.extraccion import Entidad
from newsroom.models.fuente import EstadoFuente
from newsroom.models.metricas import Metricas
from newsroom.models.resultado import DocumentoGuardado, Guardado, Payload


class Store(Protocol):
    """Keeps extractions.

    Raises:
        StoreUnavailable: any method; a later try may succeed.
        StoreRejected: any method; no later try will succeed.
    """

    async def find_articulo(
        self, identidad: str, huella_contenido: str, *, close_error: bool = False
    ) -> Guardado | None:
        """Returns what is stored of the article, if it is stored with exactly this content; else None.

        With `close_error`, the open error of an article that is stored is closed in the same call.
        """
        ...

    async def find_fragmento(
        self, identidad: str, huella_contenido: str, *, close_error: bool = False
    ) -> Guardado | None:
        """The same for a fragment of a long document."""
        ...

    def link_entidades(self, entidades: Sequence[Entidad], threshold: float) -> dict[int, int]:
        """Returns local id -> database id for the entidades that the database knows with the same tipo.

        One call asks for all of them. It blocks, so it runs in a task runner's thread, not in an event loop.
        """
        ...

    async def persist_articulo(self, payload: Payload) -> Guardado:
        """Stores an article and everything found in it, or nothing. Storing it again changes nothing."""
        ...

    async def persist_fragmento(self, payload: Payload) -> Guardado:
        """The same for a fragment of a long document."""
        ...

    async def complete_documento(self, payload: Payload) -> DocumentoGuardado:
        """Ends the reading of a document, or returns which of its fragments are not stored yet.

        Fragments of older content are deleted, and unchanged ones get their new place. Calling it again
        changes nothing.
        """
        ...

    async def record_error(self, payload: Payload) -> int:
        """Records in `pipeline_errores` an item that failed for good. Returns the row's id."""
        ...

    async def resolve_error(self, identidad: str, resolucion: str) -> None:
        """Closes the open error of an item, if there is one."""
        ...

    async def resolve_inbox_errors(self, archivo: str) -> None:
        """Closes the open errors of a file of the inbox, by the name that it had or has."""
        ...

    async def list_errors(self, only_pending: bool = True, limit: int = 100) -> list[dict[str, Any]]:
        """Returns errors, newest first."""
        ...

    async def list_due_errors(self, limit: int = 100) -> list[dict[str, Any]]:
        """Returns the failed items whose next try is due, the longest overdue first."""
        ...

    async def read_error(self, error_id: int) -> dict[str, Any] | None:
        """Returns one failed item with its input; None if the id does not exist."""
        ...

    async def read_articulo(self, articulo_id: int) -> dict[str, Any] | None:
        """Returns everything stored about an article, for people to read; None if the id does not exist."""
        ...

    async def list_articulos(self, limit: int = 20) -> list[dict[str, Any]]:
        """Returns the newest articles with their counts."""
        ...

    async def summarize_documento(self, documento_id: int) -> dict[str, Any] | None:
        """Returns a document and its fragments with places and counts; None if the id does not exist."""
        ...

    async def list_documentos(self, limit: int = 20) -> list[dict[str, Any]]:
        """Returns the newest documents."""
        ...

    async def list_entidades(self, tipo: str | None = None, limit: int = 20) -> list[dict[str, Any]]:
        """Returns the entidades that most items name, with their aliases and their number of items."""
        ...

    async def list_similar_entidades(
        self, tipo: str | None = None, review: int = 1000, before: int | None = None
    ) -> dict[str, Any]:
        """Returns pairs of entidades that may be one, among the newest `review` below the id `before`.

        The keys are revisadas, siguiente (the next page's `before`, None at the end) and pares (best first).
        """
        ...

    async def merge_entidades(self, source: int, target: int) -> dict[str, Any]:
        """Records that `source` is `target`. No row moves, so separate_entidad can undo it."""
        ...

    async def separate_entidad(self, entidad_id: int) -> dict[str, Any]:
        """Undoes merge_entidades. What was stored in between stays with the target."""
        ...

    async def read_fuentes(self, urls: Sequence[str] | None = None) -> list[EstadoFuente]:
        """Returns what is known of these sources, or of all. One that was never looked at is not there."""
        ...

    async def note_fuente(self, payload: Payload) -> EstadoFuente:
        """Notes a look at a source. Noting the same look of the same flow run again counts once."""
        ...

    async def find_known(self, identidades: Sequence[str]) -> set[str]:
        """Returns which of these need not be read: stored, refused for good, or kept as a dead letter."""
        ...

    async def note_refused(self, payload: Payload) -> int:
        """Notes entries of a source that gave no article. Returns how many are to be tried again."""
        ...

    async def read_metrics(self) -> Metricas:
        """Returns totals over all stored rows: items, errors, tokens, cost."""
        ...

    async def summarize(self) -> dict[str, Any]:
        """Returns the number of rows of each table."""
        ...

    async def migration_level(self) -> str | None:
        """Returns the version of the last migration applied."""
        ...

    async def close(self) -> None:
        """Closes the connections."""
        ...
