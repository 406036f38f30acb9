"""How SupabaseStore tells refusals apart, and what it never says, through the real SDK over real HTTP."""

import asyncio
import json
import socket
import traceback
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest
from pydantic import SecretStr

from newsroom.errors import NewsroomError, StoreRejected, StoreUnavailable
from newsroom.models.extraccion import Entidad
from newsroom.models.vocabulario import TipoEntidad
from newsroom.store.supabase import SupabaseStore
from noticias.local.database import REST_ROLE
from noticias.local.postgres import PostgresServer
from tests.contract.fake_rest import FakeRest, Reaction
from tests.contract.store_fixtures import OTHER_SECRET, RunningRest, make_token, running_rest
from tests.integration.payloads import article, changed

KEY = "eyJhbGciOiJIUzI1NiJ9.clave-secreta-de-servicio.firma"
ENTIDAD = Entidad(id=1, nombre="Ana Ruiz", tipo=TipoEntidad.PERSONA, offset_inicio=0, offset_fin=8)
SECRET_TEXT = "LO QUE DICE EL ARTICULO Y NADIE DEBE LEER EN UN REGISTRO"
HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>"


def error(
    code: str | None, message: str = "palabras", details: str | None = None, hint: str | None = None
) -> str:
    return json.dumps({"code": code, "message": message, "details": details, "hint": hint})


async def call(server: FakeRest, *, blocking: bool, timeout_s: float = 20) -> NewsroomError:
    """Return what a call raises, after checking that it was one request."""
    store = SupabaseStore(server.url, KEY, timeout_s=timeout_s)
    if blocking:
        under_way: Awaitable[object] = asyncio.to_thread(store.link_entidades, [ENTIDAD], 0.8)
    else:
        under_way = store.persist_articulo(article())
    with pytest.raises(NewsroomError) as caught:
        await under_way
    await store.close()
    assert len(server.paths) == 1
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert caught.value.__cause__ is not None
    return caught.value


UNAVAILABLE = [
    *[
        (503, error(code))
        for code in ("PGRST000", "PGRST001", "PGRST002", "53000", "53100", "53300", "57P01")
    ],
    (504, error("PGRST003")),
    *[(500, error(code)) for code in ("40001", "40P01", "57014", "55P03", "57P02", "57P03", "53400")],
    *[(503, error(code)) for code in ("08000", "08003", "08006")],
    *[(status, HTML) for status in (500, 502, 503, 504, 520, 521, 522, 530, 408, 429)],
    *[(status, '{"message": "The upstream server is timing out"}') for status in (502, 503, 504)],
    (503, ""),
    (500, '{"message": [1'),
]


@pytest.mark.parametrize("blocking", [False, True])
@pytest.mark.parametrize(("status", "body"), UNAVAILABLE)
async def test_what_may_pass_is_unavailable_after_one_request(status: int, body: str, blocking: bool) -> None:
    content_type = "text/html" if body == HTML else "application/json"
    with FakeRest(Reaction(status, body, content_type)) as server:
        assert isinstance(await call(server, blocking=blocking), StoreUnavailable)


REJECTED = [
    (409, error("23505"), "23505", "palabras [23505]"),
    (409, error("23503"), "23503", "palabras [23503]"),
    (400, error("22P02"), "22P02", "palabras [22P02]"),
    (400, error("P0001", hint="Store the item again."), "P0001", "palabras; Store the item again. [P0001]"),
    (404, error("PGRST202"), "PGRST202", "noticias doctor"),
    (404, error("42883"), "42883", "noticias doctor"),
    (404, error("42P01"), "42P01", "noticias doctor"),
    (401, error("PGRST301"), "PGRST301", "SUPABASE_SERVICE_ROLE_KEY"),
    (401, error("PGRST303", "JWT expired"), "PGRST303", "SUPABASE_SERVICE_ROLE_KEY"),
    (401, error("42501"), "42501", "SUPABASE_SERVICE_ROLE_KEY"),
    (403, error("42501"), "42501", "SUPABASE_SERVICE_ROLE_KEY"),
    (401, '{"message": "Invalid API key", "hint": "Double check"}', "401", "SUPABASE_SERVICE_ROLE_KEY"),
    (405, error("25006"), "25006", "read-only"),
    (413, error("REST2"), "REST2", "REST2"),
    (501, error("REST1"), "REST1", "REST1"),
    (413, HTML, "413", "too large"),
    (404, HTML, "404", "SUPABASE_URL"),
    (403, HTML, "403", "SUPABASE_SERVICE_ROLE_KEY"),
    (302, "", "302", "SUPABASE_URL"),
    (200, HTML, "bad_answer", "SUPABASE_URL"),
    (200, "", "bad_answer", "SUPABASE_URL"),
    (500, error("XX000"), "XX000", "palabras"),
    (200, "null", "unexpected_answer", "noticias doctor"),
    (200, '{"resultado": "insertado"}', "unexpected_answer", "noticias doctor"),
    (200, '"x"', "unexpected_answer", "noticias doctor"),
    (204, "", "unexpected_answer", "noticias doctor"),
]


@pytest.mark.parametrize(("status", "body", "code", "words"), REJECTED)
async def test_what_cannot_pass_is_rejected_with_words_and_remedy(
    status: int, body: str, code: str, words: str
) -> None:
    content_type = "text/html" if body in {HTML, ""} else "application/json"
    headers = {"Location": "http://127.0.0.1:1/"} if status == 302 else {}
    with FakeRest(Reaction(status, body, content_type, headers)) as server:
        store = SupabaseStore(server.url, KEY)
        with pytest.raises(StoreRejected) as caught:
            await store.persist_articulo(article())
        await store.close()
        assert server.paths == ["/rest/v1/rpc/insertar_articulo_completo"]
    assert caught.value.code == code
    assert words in str(caught.value)
    assert "<html" not in str(caught.value)


@pytest.mark.parametrize("blocking", [False, True])
@pytest.mark.parametrize(
    "reaction", [Reaction(drop=True), Reaction(body="no gzip at all", headers={"Content-Encoding": "gzip"})]
)
async def test_a_broken_connection_is_unavailable(reaction: Reaction, blocking: bool) -> None:
    with FakeRest(reaction) as server:
        assert isinstance(await call(server, blocking=blocking), StoreUnavailable)


@pytest.mark.parametrize(
    ("reaction", "blocking"),
    [(Reaction(hang=True), False), (Reaction(hang=True), True), (Reaction(trickle=True), False)],
)
async def test_an_answer_that_does_not_come_or_end_is_unavailable(reaction: Reaction, blocking: bool) -> None:
    with FakeRest(reaction) as server:
        raised = await call(server, blocking=blocking, timeout_s=0.4)
    assert isinstance(raised, StoreUnavailable)
    assert "in time" in str(raised) or "within 0.4 s" in str(raised)


async def test_nobody_listening_is_unavailable() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    store = SupabaseStore(f"http://127.0.0.1:{port}", KEY)
    with pytest.raises(StoreUnavailable, match=r"cannot be reached \(ConnectError"):
        await store.summarize()
    with pytest.raises(StoreUnavailable):
        await asyncio.to_thread(store.link_entidades, [ENTIDAD], 0.8)
    await store.close()


@pytest.mark.parametrize("key", ["", "  ", "a b", "a\nb", "clave ñ", "\x00"])
def test_a_key_that_cannot_be_one_is_refused_without_being_said(key: str) -> None:
    with pytest.raises(StoreRejected) as caught:
        SupabaseStore("http://127.0.0.1:1", key)
    assert "SUPABASE_SERVICE_ROLE_KEY" in str(caught.value)
    assert not key.strip() or key not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["", "x", "ftp://a.b", "http://", "https://a:b@c.d", "http://x:99999", "http://a b", "https://x?y=1"],
)
def test_an_address_that_cannot_be_one_is_refused(url: str) -> None:
    with pytest.raises(StoreRejected, match="SUPABASE_URL"):
        SupabaseStore(url, KEY)


@pytest.mark.parametrize("suffix", ["", "/", "/rest/v1", "/rest/v1/"])
async def test_an_address_may_be_copied_with_what_follows_it(rest: RunningRest, suffix: str) -> None:
    store = SupabaseStore(rest.url + suffix, SecretStr(f" {make_token()}\n"))
    assert (await store.migration_level() or "").isdigit()
    await store.close()


def told(raised: BaseException) -> str:
    """Return everything that a log or an error reporter may show of an exception, frames and locals too."""
    seen, link = [], raised.__cause__
    while link is not None:
        frames = traceback.TracebackException.from_exception(link, capture_locals=True)
        seen.append("".join(frames.format()))
        for name in ("request", "response"):
            with suppress(AttributeError, RuntimeError):
                part = getattr(link, name)
                seen.append(f"{part.headers} {part.content!r}")
        link = link.__cause__ or link.__context__
    return "".join([str(raised), repr(raised), *seen])


BREAK: list[Callable[[], dict[str, object]]] = [
    lambda: changed(article(contenido_texto=SECRET_TEXT * 3), "articulo_metadata.tipo_medio", "panfleto"),
    lambda: article(contenido_texto=SECRET_TEXT * 3, titular=None),
    lambda: article(contenido_texto=SECRET_TEXT * 3, fecha_publicacion=SECRET_TEXT * 3),
    lambda: article(contenido_texto=SECRET_TEXT * 3, puntuacion_relevancia=SECRET_TEXT * 3),
    lambda: changed(article(), "datos_cuantitativos.0.valor", SECRET_TEXT * 3),
    lambda: changed(article(), "citas_textuales.0.cita", SECRET_TEXT * 3),
    lambda: changed(article(), "hechos.0.contenido", SECRET_TEXT * 3 + "\x00"),
]


@pytest.mark.parametrize("make", BREAK)
async def test_neither_key_nor_text_is_told_with_a_refusal(
    store: SupabaseStore, make: Callable[[], dict[str, object]]
) -> None:
    with pytest.raises(StoreRejected) as caught:
        await store.persist_articulo(make())
    words = told(caught.value)
    assert make_token() not in words
    assert SECRET_TEXT * 2 not in words
    assert len(str(caught.value)) < 500


async def test_a_foreign_key_is_named_with_its_ids(store: SupabaseStore) -> None:
    with pytest.raises(StoreRejected, match=r"does not hold: 99.* \[23503\]"):
        await store.persist_articulo(changed(article(), "citas_textuales.0.entidad_id", 99))


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (make_token(secret=OTHER_SECRET), "PGRST301"),
        (make_token(exp=1), "PGRST303"),
        (make_token("anon"), "42501"),
        (make_token("authenticated"), "42501"),
    ],
)
async def test_another_key_than_the_service_role_s_is_rejected(
    rest: RunningRest, token: str, code: str
) -> None:
    store = SupabaseStore(rest.url, token)
    with pytest.raises(StoreRejected, match="SUPABASE_SERVICE_ROLE_KEY") as caught:
        await store.summarize()
    await store.close()
    assert caught.value.code == code
    assert token not in told(caught.value)


async def test_a_database_without_the_migrations_is_named_with_the_remedy(
    postgres_server: PostgresServer, make_database: Callable[[str], str], tmp_path: Path
) -> None:
    database = make_database("template0").split("/")[-1].split("?")[0]
    with running_rest(postgres_server.dsn(database, REST_ROLE), tmp_path / "log") as rest:
        store = SupabaseStore(rest.url, make_token())
        with pytest.raises(StoreRejected, match="noticias doctor") as caught:
            await store.persist_articulo(article())
        await store.close()
    assert caught.value.code == "PGRST202"
