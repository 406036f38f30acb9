"""What the door refuses, and that it refuses it for good: 400 and the field, never 422, never 500."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import VariableCreate

from newsroom.intake.articles import Draft, Shapes, drafts_of
from newsroom.intake.records import Record
from newsroom.models.articulo import Articulo
from noticias.connector import bodies
from noticias.connector.bodies import MAX_BODY_BYTES
from tests.flows.scripts import TEXTO
from tests.program.connector import (
    TOKEN,
    accept,
    article,
    deployed,
    open_door,
    prefect_api,
    prefect_workers,
    quiet_sockets,
    read_run,
)

__all__ = ["deployed", "prefect_api", "prefect_workers"]

pytestmark = [*quiet_sockets, pytest.mark.usefixtures("deployed")]

JSON_TYPE = {"Content-Type": "application/json"}


def nested(depth: int) -> Any:
    value: Any = "hondo"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "body: not JSON"),
        (b"{", "body: not JSON"),
        (b"\xff\xfe", "body: not UTF-8"),
        (b"[]", "body: a JSON object"),
        (b'"articulo"', "body: a JSON object"),
        (b"null", "body: a JSON object"),
        (b'{"articulo": null}', "body: a JSON object"),
        (b"[" * 100_000, "body: JSON nested too deep"),
        (b'{"x": ' + b"9" * 5000 + b"}", "body: a number is too long"),
        (b'{"articulo": {}, "otro": 1}', "body: no known shape of an article; its keys are otro; say which"),
        (json.dumps(article(contenido_texto=...)), "body: an address and no text: https://ejemplo.test/"),
        (
            json.dumps(article(contenido_texto="breve")),
            "contenido_texto: 5 characters once cleaned, at least",
        ),
        (json.dumps(article(metadata={"n": 10**30})), "metadata.n: a whole number of more than 64 bits"),
        (json.dumps(article(metadata={"n": [1, float("nan")]})), "metadata.n[1]: not a finite number"),
        (json.dumps(article(peso=1e308)).replace("1e+308", "1e999"), "peso: not a finite number"),
        (json.dumps(article(metadata={"x": nested(40)})), "nested deeper than 32"),
        (json.dumps(article(metadata={"x": nested(900)})), "nested deeper than 32"),
        (json.dumps(article(titular="a\x00b")), "titular: NUL character"),
        (json.dumps(article(titular="\ud800")), "titular: lone surrogate"),
        (json.dumps(article(contenido_texto="largo " * 90_000)), "at most 500000 are allowed"),
        # Prefect counts escaped JSON: six bytes for each of these letters, where UTF-8 has two.
        (json.dumps(article(contenido_texto="ñ" * 90_000)), "at most 524288 are possible"),
    ],
    # Not the bodies: their urls are new in every process, and some are very long.
    ids=lambda value: "body" if isinstance(value, bytes) or value.startswith("{") else value,
)
async def test_a_bad_body_is_refused_for_good_and_says_where(body: str | bytes, word: str) -> None:
    async with open_door() as door:
        answer = await door.post("/procesar_articulo", content=body, headers=JSON_TYPE)

    assert answer.status_code == 400, answer.text
    refusal = answer.json()
    assert set(refusal) == {"error", "mensaje", "detalles", "timestamp", "request_id"}
    assert refusal["error"] == "validation_error"
    assert word in "\n".join(refusal["detalles"])


@pytest.mark.parametrize(
    "other",
    [
        {"headline": "El Congreso aprueba la reforma", "body": TEXTO, "link": "https://ejemplo.test/a"},
        {"titulo": "El Congreso aprueba la reforma", "cuerpo": TEXTO, "url": "https://ejemplo.test/b"},
        {"articulo": {"title": "El Congreso aprueba la reforma", "text": TEXTO, "fecha": "ayer"}},
    ],
)
async def test_an_article_of_another_tool_is_read_as_a_file_of_it_would_be(other: dict[str, Any]) -> None:
    async with open_door() as door:
        job_id = await accept(door, other)

    sent = (await read_run(job_id)).parameters["articulo"]
    (draft,) = drafts_of(Record("body", other), Shapes())
    assert isinstance(draft, Draft)
    expected = draft.build()
    assert isinstance(expected, Articulo)
    assert sent == expected.model_dump(mode="json")
    assert (sent["titular"], sent["contenido_texto"]) == ("El Congreso aprueba la reforma", TEXTO)
    assert sent["metadata"]["forma"] == "scrapy"


async def test_a_date_that_cannot_be_read_is_null_and_said(deployed: None) -> None:
    async with open_door() as door:
        job_id = await accept(door, article(fecha_publicacion="ayer"))

    sent = (await read_run(job_id)).parameters["articulo"]
    assert sent["fecha_publicacion"] is None
    assert sent["metadata"]["avisos"][0].startswith("fecha_publicacion: «ayer» no se entiende como fecha")


async def test_an_article_is_never_a_template_of_prefects() -> None:
    async with get_client() as client:
        await client.create_variable(VariableCreate(name="secreto_de_la_redaccion", value="no lo digas"))
    spells = (
        {"__prefect_kind": "workspace_variable", "variable_name": "secreto_de_la_redaccion"},
        {"__prefect_kind": "jinja", "template": "{{ 7 * 7 }}"},
    )
    plain = "{{ 7 * 7 }} {{ prefect.variables.secreto_de_la_redaccion }}"
    async with open_door() as door:
        refused = [
            await door.post("/procesar_articulo", json=body)
            for spell in spells
            for body in (article(metadata={"x": [spell]}), article(autor=spell), {"articulo": spell})
        ]
        job_id = await accept(door, article(autor=plain))

    assert [answer.status_code for answer in refused] == [400] * 6
    assert all("__prefect_kind" in answer.text for answer in refused)
    assert (await read_run(job_id)).parameters["articulo"]["autor"] == plain


async def test_a_text_that_just_fits_is_taken() -> None:
    body = article(contenido_texto="palabra " * 62_000)
    assert 496_000 < len(Articulo.model_validate(body).model_dump_json()) < 500_000
    async with open_door() as door:
        await accept(door, body)


async def test_a_body_beyond_the_bound_is_not_kept() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    async with open_door() as door:
        announced = await door.post(
            "/procesar_articulo", content=b" ", headers={**JSON_TYPE, "Content-Length": "99999999999"}
        )
        large = await door.post("/procesar_articulo", content=b" " * (MAX_BODY_BYTES + 1), headers=JSON_TYPE)
        never_ends = await door.post("/procesar_articulo", content=endless(), headers=JSON_TYPE)

    assert [answer.status_code for answer in (announced, large, never_ends)] == [413] * 3
    assert large.json()["error"] == "http_error"
    assert sent < 5 * MAX_BODY_BYTES


async def test_a_body_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_READING_S", 0.05)

    async def stalls() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    async with open_door() as door:
        answer = await door.post("/procesar_articulo", content=stalls(), headers=JSON_TYPE)

    assert answer.status_code == 408
    assert answer.json()["error"] == "http_error"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_page_in_a_browser_cannot_file_an_article(kind: str) -> None:
    async with open_door() as door:
        answer = await door.post(
            "/procesar_articulo", content=json.dumps(article()), headers={"Content-Type": kind}
        )
        preflight = await door.options("/procesar_articulo", headers={"Origin": "https://ajena.test"})

    assert answer.status_code == 415
    assert "application/json" in answer.json()["mensaje"]
    assert preflight.status_code == 405
    assert "access-control-allow-origin" not in preflight.headers


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from([*Articulo.model_fields, "articulo", "__prefect_kind", "otro"])


@pytest.fixture
async def door(deployed: None) -> AsyncIterator[httpx.AsyncClient]:
    """One door for all examples of a test."""
    async with open_door() as client:
        yield client


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=st.dictionaries(FIELDS, JSON_VALUES, max_size=3), wrapped=st.booleans())
async def test_whatever_stands_in_a_field_it_is_taken_or_refused(
    door: httpx.AsyncClient, changes: dict[str, Any], wrapped: bool
) -> None:
    body: Any = article(url=None) | changes
    content = json.dumps({"articulo": body} if wrapped else body)
    answer = await door.post("/procesar_articulo", content=content, headers=JSON_TYPE)

    assert answer.status_code in (202, 400), answer.text
    assert answer.status_code == 202 or answer.json()["detalles"]


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=st.binary(max_size=60) | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
async def test_whatever_the_body_is_it_is_refused(door: httpx.AsyncClient, body: bytes) -> None:
    answer = await door.post("/procesar_fragmento", content=body, headers=JSON_TYPE)

    assert answer.status_code == 400, answer.text


async def test_the_token_is_asked_for_before_a_body_is_read() -> None:
    async def unread() -> AsyncIterator[bytes]:
        for _ in range(1):
            raise AssertionError("the body was read")
        yield b""

    good = {"Authorization": f"Bearer {TOKEN.get_secret_value()}"}
    async with open_door(token=TOKEN) as door:
        refused = [
            await door.post("/procesar_articulo", content=unread(), headers=JSON_TYPE),
            await door.post("/procesar_fragmento", json={}, headers={"Authorization": "Bearer otro"}),
            await door.get("/status/x", headers={b"Authorization": "Bearer un-token-de-la-puertañ".encode()}),
            await door.get("/metrics", headers={"Authorization": f"Basic {TOKEN.get_secret_value()}"}),
            await door.get("/health/detailed"),
        ]
        taken = await door.post("/procesar_articulo", json=article(), headers=good)
        health = await door.get("/health")

    assert [answer.status_code for answer in refused] == [401] * 5
    assert {answer.headers["WWW-Authenticate"] for answer in refused} == {"Bearer"}
    assert {answer.json()["error"] for answer in refused} == {"http_error"}
    assert taken.status_code == 202
    assert health.json() == {
        "status": "healthy",
        "message": "La Máquina de Noticias (Pipeline) está operativo.",
    }


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("req_0123456789ab", True), ("a.b:c-d_1", True), ("x" * 129, False), ("<script>", False), ("", False)],
)
async def test_a_call_has_one_id_in_header_and_body(asked: str, kept: bool) -> None:
    async with open_door() as door:
        answers: list[httpx.Response] = [
            await door.get("/status/nada", headers={"X-Request-ID": asked}),
            await door.get("/nada", headers={"X-Request-ID": asked}),
            await door.post("/procesar_articulo", json={}, headers={"X-Request-ID": asked}),
        ]

    for answer in answers:
        given_back = answer.headers["X-Request-ID"]
        assert answer.json()["request_id"] == given_back
        assert (given_back == asked) is kept
        assert answer.headers.get_list("X-Request-ID") == [given_back]
