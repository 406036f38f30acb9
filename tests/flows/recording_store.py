"""A store without any rule, for tests that need one only to take calls, or to fail when it is told to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from newsroom.models.extraccion import Entidad
from newsroom.models.metricas import Metricas
from newsroom.models.resultado import DocumentoGuardado, Guardado, Payload

NO_METRICS = Metricas(
    articulos_procesados=0, fragmentos_procesados=0, descartados=0, articulos_por_decision={},
    articulos_por_estado={}, errores=0, errores_abiertos=0, tiempo_total_procesamiento=0, peticiones=0,
    tokens_entrada=0, tokens_salida=0, tokens_cache=0, costo_usd=0, sin_precio=0,
)  # fmt: skip


def _answering(method: str, answer: object) -> Any:
    """Returns a method that notes its call and always answers the same."""

    async def call(store: "RecordingStore", *_arguments: object, **_named: object) -> object:
        store.note(method)
        return answer

    return call


class RecordingStore:
    """Notes what it is given, gives it a new id, and answers questions as an empty database does.

    Args:
        faults: method -> errors; each call of the method raises the next of them, until none is left.
        away: what every call but `close` raises; None is nothing.

    Attributes:
        calls: the names of the methods called, in order.
        payloads: method -> what it was to store, in order; what a call that failed was given too.
    """

    def __init__(
        self, faults: Mapping[str, Sequence[Exception]] | None = None, away: Exception | None = None
    ) -> None:
        self.calls: list[str] = []
        self.payloads: defaultdict[str, list[Payload]] = defaultdict(list)
        self._faults = {method: list(errors) for method, errors in (faults or {}).items()}
        self._away = away
        self._ids = count(1)

    def note(self, method: str) -> None:
        """Notes a call, and raises what the call is to raise."""
        self.calls.append(method)
        if self._away is not None and method != "close":
            raise self._away
        if self._faults.get(method):
            raise self._faults[method].pop(0)

    def _take(self, method: str, payload: Payload) -> int:
        self.payloads[method].append(payload)
        self.note(method)
        return next(self._ids)

    async def persist_articulo(self, payload: Payload) -> Guardado:
        return Guardado(resultado="insertado", articulo_id=self._take("persist_articulo", payload))

    async def persist_fragmento(self, payload: Payload) -> Guardado:
        new_id = self._take("persist_fragmento", payload)
        return Guardado(resultado="insertado", documento_id=new_id, fragmento_id=new_id)

    async def complete_documento(self, payload: Payload) -> DocumentoGuardado:
        return DocumentoGuardado(documento_id=self._take("complete_documento", payload), procesado=True)

    async def record_error(self, payload: Payload) -> int:
        return self._take("record_error", payload)

    def link_entidades(self, entidades: Sequence[Entidad], threshold: float) -> dict[int, int]:
        self.note("link_entidades")
        return {}

    find_articulo = _answering("find_articulo", None)
    find_fragmento = _answering("find_fragmento", None)
    resolve_error = _answering("resolve_error", None)
    resolve_inbox_errors = _answering("resolve_inbox_errors", None)
    list_errors = _answering("list_errors", [])
    list_due_errors = _answering("list_due_errors", [])
    read_error = _answering("read_error", None)
    read_articulo = _answering("read_articulo", None)
    list_articulos = _answering("list_articulos", [])
    summarize_documento = _answering("summarize_documento", None)
    list_documentos = _answering("list_documentos", [])
    list_entidades = _answering("list_entidades", [])
    list_similar_entidades = _answering("list_similar_entidades", {})
    merge_entidades = _answering("merge_entidades", {})
    separate_entidad = _answering("separate_entidad", {})
    read_fuentes = _answering("read_fuentes", [])
    note_fuente = _answering("note_fuente", None)
    find_known = _answering("find_known", set())
    note_refused = _answering("note_refused", 0)
    read_metrics = _answering("read_metrics", NO_METRICS)
    summarize = _answering("summarize", {})
    migration_level = _answering("migration_level", None)
    close = _answering("close", None)
