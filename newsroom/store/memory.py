"""The fake that ships: a store which keeps everything in memory, for tests, demonstrations and dry runs."""

import copy
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from newsroom.errors import StoreRejected
from newsroom.linking.choosing import choose_links
from newsroom.models.extraccion import Entidad
from newsroom.models.metricas import Metricas
from newsroom.models.resultado import DocumentoGuardado, Guardado, Payload
from newsroom.store import memory_documents, memory_errors, memory_metrics, memory_review
from newsroom.store.answers import count_columns
from newsroom.store.linking import check_threshold
from newsroom.store.memory_checks import (
    Row,
    check_extraction,
    check_form,
    check_values,
    through_the_wire,
)
from newsroom.store.memory_entidades import find_candidates
from newsroom.store.memory_extraction import read_extraction, summarize_articulo, write_extraction
from newsroom.store.memory_tables import ItemRef, Tables, now

INSERTED, REPLACED, UNCHANGED = "insertado", "reemplazado", "sin_cambios"


class MemoryStore:
    """Keeps and refuses what the database does, as long as the object lives, for any number of threads.

    `rows(table)` shows what is stored, `calls` which methods were called, in turn. `before` is called with
    the method's name ahead of every call; an exception that it raises is the call's.
    """

    def __init__(self, *, before: Callable[[str], object] | None = None) -> None:
        self.calls: list[str] = []
        self._before = before
        self._tables = Tables()
        self._lock = threading.RLock()

    def rows(self, table: str) -> tuple[Row, ...]:
        """Returns copies of a table's rows, in the order in which they were stored.

        Raises:
            KeyError: there is no such table.
        """
        with self._lock:
            return self._tables.copies(table)

    @property
    def articulos(self) -> tuple[Row, ...]:
        """The stored articles."""
        return self.rows("articulos")

    @property
    def fragmentos(self) -> tuple[Row, ...]:
        """The stored fragments of documents."""
        return self.rows("fragmentos_extensos")

    @property
    def entidades(self) -> tuple[Row, ...]:
        """The stored entidades, one for each (tipo, normalized nombre)."""
        return self.rows("entidades")

    @property
    def hechos(self) -> tuple[Row, ...]:
        """The stored hechos of all items."""
        return self.rows("hechos")

    @property
    def citas_textuales(self) -> tuple[Row, ...]:
        """The stored quotations of all items."""
        return self.rows("citas_textuales")

    @property
    def datos_cuantitativos(self) -> tuple[Row, ...]:
        """The stored figures of all items."""
        return self.rows("datos_cuantitativos")

    @property
    def errores(self) -> tuple[Row, ...]:
        """The items that failed for good, closed ones too."""
        return self.rows("pipeline_errores")

    async def find_articulo(
        self, identidad: str, huella_contenido: str, *, close_error: bool = False
    ) -> Guardado | None:
        """Returns what is stored of the article, if it is stored with exactly this content; else None."""
        with self._call("find_articulo"):
            row = self._tables.find("articulos", identidad=identidad, huella_contenido=huella_contenido)
            if row is None:
                return None
            if close_error:
                memory_errors.close(self._tables, identidad, "procesado")
            return self._guardado("sin_cambios", ItemRef(articulo_id=row["id"]))

    async def find_fragmento(
        self, identidad: str, huella_contenido: str, *, close_error: bool = False
    ) -> Guardado | None:
        """Returns what is stored of the fragment, if it is stored with exactly this content; else None."""
        with self._call("find_fragmento"):
            row = self._tables.find(
                "fragmentos_extensos", identidad=identidad, huella_contenido=huella_contenido
            )
            if row is None:
                return None
            if close_error:
                memory_errors.close(self._tables, identidad, "procesado")
            item = ItemRef(documento_id=row["documento_id"], fragmento_id=row["id"])
            return self._guardado("sin_cambios", item)

    def link_entidades(self, entidades: Sequence[Entidad], threshold: float) -> dict[int, int]:
        """Returns local id -> database id for the entidades that the store knows (same tipo)."""
        with self._call("link_entidades"):
            check_threshold(threshold)
            return choose_links(entidades, find_candidates(self._tables, entidades), threshold)

    async def persist_articulo(self, payload: Payload) -> Guardado:
        """Stores an article and everything found in it, or nothing. Storing it again changes nothing."""
        with self._call("persist_articulo"):
            payload = through_the_wire(payload)
            check_form(payload, ("articulo_metadata", "procedencia"))
            row = payload["articulo_metadata"]
            stored, resultado = self._check("articulos", "articulo_metadata", payload, "contenido_texto")
            if stored is None or resultado == REPLACED:
                row["decision"] = (row.get("triaje") or {}).get("decision")
                stored = self._write_row("articulos", stored, row)
            return self._write_extraction(resultado, stored, ItemRef(articulo_id=stored["id"]), payload)

    async def persist_fragmento(self, payload: Payload) -> Guardado:
        """The same for a fragment of a long document."""
        with self._call("persist_fragmento"):
            payload = through_the_wire(payload)
            check_form(payload, ("fragmento", "procedencia"))
            row = payload["fragmento"]
            stored, resultado = self._check("fragmentos_extensos", "fragmento", payload, "contenido")
            row["documento_id"] = memory_documents.resolve(self._tables, payload)
            if stored is None or resultado == REPLACED:
                stored = self._write_row("fragmentos_extensos", stored, row)
            item = ItemRef(documento_id=row["documento_id"], fragmento_id=stored["id"])
            return self._write_extraction(resultado, stored, item, payload)

    async def record_error(self, payload: Payload) -> int:
        """Leaves an item that failed for good in `pipeline_errores`; returns the row's id."""
        with self._call("record_error"):
            payload = through_the_wire(payload)
            check_values("pipeline_errores", [payload])
            return memory_errors.record(self._tables, payload)

    async def resolve_error(self, identidad: str, resolucion: str) -> None:
        """Closes the open error of an item, if there is one."""
        with self._call("resolve_error"):
            memory_errors.close(self._tables, identidad, resolucion)

    async def list_errors(self, only_pending: bool = True, limit: int = 100) -> list[dict[str, Any]]:
        """Returns errors, newest first."""
        with self._call("list_errors"):
            return memory_errors.list_rows(self._tables, only_pending, limit)

    async def list_due_errors(self, limit: int = 100) -> list[dict[str, Any]]:
        """Returns the failed items whose next try is due, the longest due first."""
        with self._call("list_due_errors"):
            return memory_errors.list_due(self._tables, limit)

    async def read_error(self, error_id: int) -> dict[str, Any] | None:
        """Returns one failed item with its input; None if there is none of that id."""
        with self._call("read_error"):
            return copy.deepcopy(self._tables.find("pipeline_errores", id=error_id))

    async def complete_documento(self, payload: Payload) -> DocumentoGuardado:
        """Ends the reading of a document whose fragments are all stored; names those that are missing."""
        with self._call("complete_documento"):
            payload = through_the_wire(payload)
            return DocumentoGuardado(**memory_documents.complete(self._tables, payload))

    async def summarize_documento(self, documento_id: int) -> dict[str, Any] | None:
        """Returns a document and its fragments with places and counts; None if there is no such document."""
        with self._call("summarize_documento"):

            def count(item: ItemRef) -> dict[str, int]:
                return count_columns(self._guardado("", item))

            return memory_documents.summarize(self._tables, documento_id, count)

    async def list_documentos(self, limit: int = 20) -> list[dict[str, Any]]:
        """Returns the newest documents."""
        with self._call("list_documentos"):
            return memory_documents.list_rows(self._tables, limit)

    async def read_articulo(self, articulo_id: int) -> dict[str, Any] | None:
        """Returns everything stored of an article, readable; None if there is no such article."""
        with self._call("read_articulo"):
            row = self._tables.find("articulos", id=articulo_id)
            if row is None:
                return None
            item = ItemRef(articulo_id=articulo_id)
            conteos = count_columns(self._guardado("", item))
            return copy.deepcopy({"articulo": row, **read_extraction(self._tables, item), "conteos": conteos})

    async def list_articulos(self, limit: int = 20) -> list[dict[str, Any]]:
        """Returns the newest articles with their counts."""
        with self._call("list_articulos"):
            newest = self._tables.copies("articulos")[::-1][: max(limit, 0)]
            return [summarize_articulo(self._tables, row) for row in newest]

    async def list_entidades(self, tipo: str | None = None, limit: int = 20) -> list[dict[str, Any]]:
        """Returns the entidades that most items name, with their aliases and counts of items."""
        with self._call("list_entidades"):
            return memory_review.list_entidades(self._tables, tipo, limit)

    async def list_similar_entidades(
        self, tipo: str | None = None, review: int = 1000, before: int | None = None
    ) -> dict[str, Any]:
        """Returns pairs among the newest `review` entidades below the id `before` that may be one."""
        with self._call("list_similar_entidades"):
            return memory_review.list_similar(self._tables, tipo, review, before)

    async def merge_entidades(self, source: int, target: int) -> dict[str, Any]:
        """Says that `source` is `target`; nothing is moved, so separate_entidad takes it back."""
        with self._call("merge_entidades"):
            return memory_review.merge(self._tables, source, target)

    async def separate_entidad(self, entidad_id: int) -> dict[str, Any]:
        """Takes merge_entidades back."""
        with self._call("separate_entidad"):
            return memory_review.separate(self._tables, entidad_id)

    async def read_metrics(self) -> Metricas:
        """Returns totals over all stored rows: items, errors, tokens, cost."""
        with self._call("read_metrics"):
            return memory_metrics.read_metrics(self._tables)

    async def summarize(self) -> dict[str, Any]:
        """Returns the number of rows of each table."""
        with self._call("summarize"):
            return dict(self._tables.sizes())

    async def migration_level(self) -> str | None:
        """Returns None: memory has no migrations."""
        with self._call("migration_level"):
            return None

    async def close(self) -> None:
        """Does nothing; what is stored stays."""
        with self._call("close"):
            return

    @contextmanager
    def _call(self, name: str) -> Iterator[None]:
        self.calls.append(name)
        if self._before is not None:
            self._before(name)
        with self._lock:
            yield

    def _check(self, table: str, name: str, payload: Payload, text: str) -> tuple[Row | None, str]:
        """Returns the item's row, if there is one, and what becomes of it; raises if it cannot be stored."""
        row = payload[name]
        if row.get("identidad") is None or row.get("huella_contenido") is None:
            raise StoreRejected(f"{name} needs identidad and huella_contenido", code="23502")
        stored = self._tables.find(table, identidad=row["identidad"])
        if stored is not None and stored["huella_contenido"] == row["huella_contenido"]:
            return stored, UNCHANGED
        check_values(name, [row])
        texts = [row[text], row.get("texto_traducido")]
        check_extraction(payload, tuple(words for words in texts if words is not None))
        return stored, INSERTED if stored is None else REPLACED

    def _write_row(self, table: str, stored: Row | None, row: Row) -> Row:
        row["fecha_procesamiento"] = now()
        if stored is None:
            return self._tables.insert(table, row)
        # The row stays where it is: others may point to its id.
        for column in stored.keys() - row.keys() - {"id"}:
            del stored[column]
        stored |= row
        return stored

    def _write_extraction(self, resultado: str, stored: Row, item: ItemRef, payload: Payload) -> Guardado:
        if resultado != UNCHANGED:
            self._tables.clear_item(item)
            write_extraction(self._tables, item, payload, stored["huella_contenido"])
        memory_errors.close(
            self._tables, stored["identidad"], "procesado" if resultado == UNCHANGED else "almacenado"
        )
        return self._guardado(resultado, item)

    def _guardado(self, resultado: str, item: ItemRef) -> Guardado:
        return Guardado(
            resultado=resultado,
            articulo_id=item.articulo_id,
            documento_id=item.documento_id,
            fragmento_id=item.fragmento_id,
            entidades_nuevas=self._tables.count_new_entidades(item),
            conteos=self._tables.count(item),
        )
