"""The store on Supabase. It only makes remote procedure calls, with the supabase package's clients."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import SecretStr

from newsroom.errors import NewsroomError, StoreRejected, StoreUnavailable
from newsroom.linking.choosing import choose_links
from newsroom.loops import PerLoop
from newsroom.models.extraccion import Entidad
from newsroom.models.fuente import EstadoFuente
from newsroom.models.metricas import Metricas
from newsroom.models.resultado import DocumentoGuardado, Guardado, Payload
from newsroom.store import answers
from newsroom.store.linking import MAX_CANDIDATES, check_threshold, describe_wanted
from newsroom.store.supabase.address import check_key, check_url, is_loopback
from newsroom.store.supabase.errors import (
    forget_request,
    translate_request_error,
    translate_status,
)
from newsroom.store.supabase.responses import refuse, refuse_async

if TYPE_CHECKING:
    from supabase import AsyncClient, Client

_CONNECT_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class _Line:
    """The client of one event loop. Its connections belong to the loop that opened them."""

    client: "AsyncClient"
    http: httpx.AsyncClient


@dataclass(frozen=True)
class _BlockingLine:
    """The client that all threads share."""

    client: "Client"
    http: httpx.Client


class SupabaseStore:
    """Keeps extractions in the database behind `url`, through the SQL functions of its migrations.

    One call is one request, and it is never repeated here. A hosted project answers a list with at most 1,000
    rows, unless its API settings say otherwise.

    Args:
        url: the project's address, with or without /rest/v1.
        service_role_key: the key of the role service_role. It is never logged.
        timeout_s: how long a call may take from its start to the last byte of the answer, in seconds. In
            link_entidades it is the time between two bytes.

    Raises:
        StoreRejected: the key or the address cannot be used.
    """

    def __init__(self, url: str, service_role_key: SecretStr | str, *, timeout_s: float = 30) -> None:
        self.url = check_url(url)
        self.timeout_s = timeout_s
        self._key = check_key(service_role_key)
        self._lock = threading.Lock()
        self._lines: PerLoop[_Line] = PerLoop()
        self._blocking_line: _BlockingLine | None = None

    async def find_articulo(
        self, identidad: str, huella_contenido: str, *, close_error: bool = False
    ) -> Guardado | None:
        """Returns what is stored of the article, if it is stored with exactly this content; else None.

        With `close_error`, the open error of an article that is stored is closed in the same call.
        """
        return await self._find("buscar_articulo", identidad, huella_contenido, close_error)

    async def find_fragmento(
        self, identidad: str, huella_contenido: str, *, close_error: bool = False
    ) -> Guardado | None:
        """The same for a fragment of a long document."""
        return await self._find("buscar_fragmento", identidad, huella_contenido, close_error)

    def link_entidades(self, entidades: Sequence[Entidad], threshold: float) -> dict[int, int]:
        """Returns local id -> database id for the entidades that the database knows with the same tipo.

        It blocks. Any number of threads may call it at once.
        """
        check_threshold(threshold)
        if not entidades:
            return {}
        data = self._call_blocking(
            "buscar_candidatos_entidades", entidades=describe_wanted(entidades), limite=MAX_CANDIDATES
        )
        return choose_links(entidades, answers.read_candidates(data), threshold)

    async def persist_articulo(self, payload: Payload) -> Guardado:
        """Stores an article and everything found in it, or nothing. Storing it again changes nothing."""
        return answers.read_guardado(await self._call("insertar_articulo_completo", datos_json=payload))

    async def persist_fragmento(self, payload: Payload) -> Guardado:
        """The same for a fragment of a long document."""
        return answers.read_guardado(await self._call("insertar_fragmento_completo", datos_json=payload))

    async def complete_documento(self, payload: Payload) -> DocumentoGuardado:
        """Ends the reading of a document, or returns which of its fragments are not stored yet."""
        return answers.read_documento(await self._call("completar_documento", datos_json=payload))

    async def record_error(self, payload: Payload) -> int:
        """Records in `pipeline_errores` an item that failed for good. Returns the row's id."""
        return answers.read_id(await self._call("registrar_error", datos_json=payload))

    async def resolve_error(self, identidad: str, resolucion: str) -> None:
        """Closes the open error of an item, if there is one."""
        await self._call("resolver_error", identidad=identidad, resolucion=resolucion)

    async def resolve_inbox_errors(self, archivo: str) -> None:
        """Closes the open errors of a file of the inbox, by the name that it had or has."""
        await self._call("resolver_errores_de_archivo", archivo=archivo)

    async def list_errors(self, only_pending: bool = True, limit: int = 100) -> list[dict[str, Any]]:
        """Returns errors, newest first."""
        data = await self._call("listar_errores", solo_pendientes=only_pending, limite=limit)
        return answers.read_rows(data)

    async def list_due_errors(self, limit: int = 100) -> list[dict[str, Any]]:
        """Returns the failed items whose next try is due, the longest overdue first."""
        return answers.read_rows(await self._call("errores_por_reintentar", limite=limit))

    async def read_error(self, error_id: int) -> dict[str, Any] | None:
        """Returns one failed item with its input; None if the id does not exist."""
        data = await self._call("leer_error", error_id=error_id)
        return None if data is None else answers.read_row(data)

    async def read_articulo(self, articulo_id: int) -> dict[str, Any] | None:
        """Returns everything stored about an article, for people to read; None if the id does not exist."""
        data = await self._call("leer_articulo", articulo_id=articulo_id)
        return None if data is None else answers.read_row(data)

    async def list_articulos(self, limit: int = 20) -> list[dict[str, Any]]:
        """Returns the newest articles with their counts."""
        return answers.read_rows(await self._call("listar_articulos", limite=limit))

    async def summarize_documento(self, documento_id: int) -> dict[str, Any] | None:
        """Returns a document and its fragments with places and counts; None if the id does not exist."""
        data = await self._call("resumir_documento", documento_id=documento_id)
        return None if data is None else answers.read_row(data)

    async def list_documentos(self, limit: int = 20) -> list[dict[str, Any]]:
        """Returns the newest documents."""
        return answers.read_rows(await self._call("listar_documentos", limite=limit))

    async def list_entidades(self, tipo: str | None = None, limit: int = 20) -> list[dict[str, Any]]:
        """Returns the entidades that most items name, with their aliases and their number of items."""
        return answers.read_rows(await self._call("listar_entidades", tipo=tipo, limite=limit))

    async def list_similar_entidades(
        self, tipo: str | None = None, review: int = 1000, before: int | None = None
    ) -> dict[str, Any]:
        """Returns pairs of entidades that may be one, among the newest `review` below the id `before`."""
        data = await self._call("listar_entidades_similares", tipo=tipo, revisar=review, antes_de=before)
        return answers.read_row(data)

    async def merge_entidades(self, source: int, target: int) -> dict[str, Any]:
        """Records that `source` is `target`. No row moves, so separate_entidad can undo it."""
        return answers.read_row(await self._call("fusionar_entidades", origen=source, destino=target))

    async def separate_entidad(self, entidad_id: int) -> dict[str, Any]:
        """Undoes merge_entidades. What was stored in between stays with the target."""
        return answers.read_row(await self._call("separar_entidad", entidad_id=entidad_id))

    async def read_fuentes(self, urls: Sequence[str] | None = None) -> list[EstadoFuente]:
        """Returns what is known of these sources, or of all. One that was never looked at is not there."""
        data = await self._call("leer_fuentes", urls=None if urls is None else list(urls))
        return answers.read_fuentes(data)

    async def note_fuente(self, payload: Payload) -> EstadoFuente:
        """Notes a look at a source. Noting the same look of the same flow run again counts once."""
        return answers.read_fuente(await self._call("anotar_fuente", datos_json=payload))

    async def find_known(self, identidades: Sequence[str]) -> set[str]:
        """Returns which of these need not be read: stored, refused for good, or kept as a dead letter."""
        if not identidades:
            return set()
        data = await self._call("identidades_conocidas", identidades=list(identidades))
        return answers.read_identidades(data)

    async def note_refused(self, payload: Payload) -> int:
        """Notes entries of a source that gave no article. Returns how many are to be tried again."""
        return answers.read_to_retry(await self._call("anotar_entradas_rechazadas", datos_json=payload))

    async def read_metrics(self) -> Metricas:
        """Returns totals over all stored rows: items, errors, tokens, cost."""
        return answers.read_metrics(await self._call("metricas"))

    async def summarize(self) -> dict[str, Any]:
        """Returns the number of rows of each table."""
        return answers.read_row(await self._call("resumen_base"))

    async def migration_level(self) -> str | None:
        """Returns the version of the last migration applied."""
        data = await self._call("nivel_migraciones")
        return None if data is None else answers.read_version(data)

    async def close(self) -> None:
        """Closes the connections of the running event loop and those of link_entidades.

        An event loop that used the store should call it before it ends. A later call opens new connections.
        """
        line = self._lines.leave()
        with self._lock:
            blocking_line, self._blocking_line = self._blocking_line, None
        if blocking_line is not None:
            blocking_line.http.close()
        if line is not None:
            await line.http.aclose()

    async def _find(
        self, function: str, identidad: str, huella_contenido: str, close_error: bool
    ) -> Guardado | None:
        data = await self._call(
            function, identidad=identidad, huella_contenido=huella_contenido, cerrar_error=close_error
        )
        return None if data is None else answers.read_guardado(data)

    async def _call(self, function: str, **arguments: Any) -> object:
        try:
            # The client's own timeout starts again with every byte. This one does not.
            async with asyncio.timeout(self.timeout_s):
                return (
                    await self._lines.here(self._open_line).client.rpc(function, arguments).execute()
                ).data
        except TimeoutError as exc:
            words = f"{function}: the database did not answer within {self.timeout_s:g} s"
            error: NewsroomError = StoreUnavailable(words)
            cause = forget_request(exc)
        except (httpx.HTTPStatusError, httpx.RequestError, ValueError) as exc:
            error, cause = _translate(exc, function), forget_request(exc)
        raise error from cause

    def _call_blocking(self, function: str, **arguments: Any) -> object:
        try:
            return self._open_blocking_line().client.rpc(function, arguments).execute().data
        except (httpx.HTTPStatusError, httpx.RequestError, ValueError) as exc:
            error, cause = _translate(exc, function), forget_request(exc)
        raise error from cause

    def _open_line(self) -> _Line:
        from supabase import AsyncClient, AsyncClientOptions

        http = httpx.AsyncClient(event_hooks={"response": [refuse_async]}, **self._http_options())
        # Not acreate_client: it would look for a signed-in user's session, and there is none.
        client = AsyncClient(self.url, self._key.get_secret_value(), AsyncClientOptions(httpx_client=http))
        return _Line(client, http)

    def _open_blocking_line(self) -> _BlockingLine:
        from supabase import Client, ClientOptions

        with self._lock:
            if self._blocking_line is None:
                http = httpx.Client(event_hooks={"response": [refuse]}, **self._http_options())
                client = Client(self.url, self._key.get_secret_value(), ClientOptions(httpx_client=http))
                # Made here because the package makes it at first use, without a lock.
                assert client.postgrest is not None
                self._blocking_line = _BlockingLine(client, http)
            return self._blocking_line

    def _http_options(self) -> dict[str, Any]:
        return {
            # Loading the certificates takes longer than a call, and plain http does not need them.
            "verify": self.url.startswith("https://"),
            "timeout": httpx.Timeout(self.timeout_s, connect=min(_CONNECT_TIMEOUT_S, self.timeout_s)),
            # A redirected POST would arrive as a GET without its body.
            "follow_redirects": False,
            # A proxy for the internet cannot reach this machine.
            "trust_env": not is_loopback(self.url),
        }


def _translate(exc: httpx.HTTPStatusError | httpx.RequestError | ValueError, function: str) -> NewsroomError:
    if isinstance(exc, httpx.HTTPStatusError):
        return translate_status(exc, function)
    if isinstance(exc, httpx.RequestError):
        return translate_request_error(exc, function)
    # NaN, or half of a surrogate pair, which JSON in UTF-8 cannot hold.
    return StoreRejected(f"{function}: the payload cannot be sent as JSON: {exc}", code="invalid_json")
