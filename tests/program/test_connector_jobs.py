"""The door and its jobs: one flow run for an item, read back in the old service's words."""

import asyncio
import logging
from typing import Any

import httpx
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterIdempotencyKey
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Cancelling, Crashed, Failed, Running

from newsroom.errors import EngineRefused, StoreUnavailable
from newsroom.intake.derive import derive
from newsroom.models.articulo import Articulo
from tests.database import StackStore
from tests.flows.conftest import make_engine
from tests.flows.recording_store import RecordingStore
from tests.flows.scripts import TEXTO, triage
from tests.program.connector import (
    RECORDED,
    accept,
    article,
    deployed,
    open_door,
    prefect_api,
    prefect_workers,
    quiet_sockets,
    read_run,
    recorded,
    set_state,
    store,
    work,
)

__all__ = ["deployed", "prefect_api", "prefect_workers", "store"]

pytestmark = [*quiet_sockets, pytest.mark.usefixtures("deployed")]


async def status(door: httpx.AsyncClient, job_id: str) -> dict[str, Any]:
    answer = await door.get(f"/status/{job_id}")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["success"] is True
    assert body["request_id"] == answer.headers["X-Request-ID"]
    found: dict[str, Any] = body["data"]
    assert found["job_id"] == job_id
    return found


@pytest.mark.parametrize("name", sorted(path.stem for path in RECORDED.iterdir()))
async def test_what_the_connector_sends_is_answered_as_it_reads_it(name: str) -> None:
    request = recorded(name)
    async with open_door() as door:
        answer = await door.request(
            request["method"], request["path"], headers=request["headers"], json=request["body"]
        )

    assert answer.status_code == request["status"], answer.text
    body = answer.json()
    assert body["request_id"] == answer.headers["X-Request-ID"]
    assert body["timestamp"].endswith("Z")
    if answer.status_code == 400:
        assert body["error"] == "validation_error"
        assert {line.split(":")[0] for line in body["detalles"]} == set(request["names"])
        return
    assert body["success"] is True
    assert body["tracking"] == {
        "job_id": body["job_id"],
        "check_status_endpoint": f"/status/{body['job_id']}",
    }
    assert body["api_version"]
    assert body["metadata"]["threshold_usado"] == 10_000


async def test_an_article_at_top_level_and_wrapped_is_one_job_with_nothing_lost() -> None:
    async with open_door() as door:
        jobs = [
            await accept(door, recorded(name)["body"]) for name in ("articulo_directo", "articulo_envuelto")
        ]

    assert jobs[0] == jobs[1]
    run = await read_run(jobs[0])
    assert run.name == "El Diario · El Congreso aprueba la reforma de pensiones"
    assert "conector" in run.tags
    sent = derive(Articulo.model_validate(recorded("articulo_directo")["body"]))
    # A key of the sender's own that holds null says nothing, and is not kept.
    metadata = {key: value for key, value in sent.metadata.items() if value is not None}
    taken = Articulo.model_validate(run.parameters["articulo"])
    assert taken == sent.model_copy(update={"metadata": metadata})
    assert sent.metadata["id"] == "art_483920"
    assert sent.metadata["tipo_medio_original"] == "Diario Digital"


async def test_the_same_article_fifty_times_at_once_through_two_doors_is_one_run() -> None:
    body = article()
    async with open_door() as one, open_door() as other:
        jobs = await asyncio.gather(*[accept(door, body) for door in (one, other) for _ in range(25)])

    assert len(set(jobs)) == 1
    key = (await read_run(jobs[0])).idempotency_key
    assert key is not None
    async with get_client() as client:
        assert await client.count_flow_runs(
            flow_run_filter=FlowRunFilter(idempotency_key=FlowRunFilterIdempotencyKey(any_=[key]))
        ) == 1  # fmt: skip


async def test_an_article_of_which_only_the_text_is_known_is_read_and_its_status_says_so(
    store: StackStore,
) -> None:
    async with open_door(store) as door:
        job_id = await accept(door, {"contenido_texto": TEXTO})
        waiting = await status(door, job_id)
        await work(job_id, make_engine(), store)
        done = await status(door, job_id)

    # The first line of the text stands in for the headline.
    titular = TEXTO.partition("\n")[0]
    assert (await read_run(job_id)).name.startswith(f"sin medio · {titular[:40]}")
    assert waiting["metadata"] == {
        "tipo": "articulo",
        "longitud_contenido": len(TEXTO),
        "titular": titular[:100],
    }
    assert (done["status"], done["result"]["estado"]) == ("completed", "Completed")
    (row,) = store.rows("articulos")
    assert [row[name] for name in ("medio", "pais_publicacion", "tipo_medio", "fecha_publicacion")] == [
        None
    ] * 4
    assert done["result"]["articulo_id"] == row["id"]


async def test_another_text_is_another_job() -> None:
    body = article()
    async with open_door() as door:
        assert await accept(door, body) != await accept(door, body | {"titular": "Otro titular"})


async def test_status_follows_the_run_from_waiting_to_what_is_stored(store: StackStore) -> None:
    body = article()
    async with open_door(store) as door:
        job_id = await accept(door, body)
        waiting = await status(door, job_id)
        await set_state(job_id, Running())
        running = await status(door, job_id)
        await work(job_id, make_engine(), store)
        done = await status(door, job_id)

    assert (waiting["status"], waiting["progress"]["percentage"]) == ("pending", 0)
    assert waiting["metadata"] == {
        "tipo": "articulo",
        "longitud_contenido": len(TEXTO),
        **{field: body[field] for field in ("medio", "titular", "fecha_publicacion")},
    }
    assert not {"result", "error"} & set(waiting)
    assert (running["status"], running["progress"]["percentage"]) == ("processing", 50)
    assert (done["status"], done["progress"]["percentage"]) == ("completed", 100)
    assert done["result"]["estado"] == "Completed"
    assert done["result"]["articulo_id"] == store.rows("articulos")[0]["id"]
    assert done["result"]["elementos_extraidos"]["citas_textuales"] == 1
    assert done["result"]["tiempo_procesamiento_segundos"] > 0
    assert done["created_at"] < done["updated_at"]


async def test_a_fragment_goes_the_same_way(store: StackStore) -> None:
    request = recorded("fragmento")
    async with open_door(store) as door:
        job_id = await accept(door, request["body"], request["path"])
        await work(job_id, make_engine(), store)
        done = await status(door, job_id)
        again = await door.post(request["path"], json={"fragmento": request["body"]})

    assert done["status"] == "completed"
    assert done["result"]["fragmento_id"] == store.rows("fragmentos_extensos")[0]["id"]
    assert done["metadata"]["id_fragmento"] == "ley-21735_frag_007"
    assert again.json()["job_id"] == job_id
    assert again.json()["metadata"]["es_fragmento_largo"] is False


async def test_final_states_have_their_names_and_a_finished_article_is_not_read_again(
    store: StackStore,
) -> None:
    engine = make_engine({"triaje": triage(exclusion="deportes")})
    body = article()
    async with open_door(store) as door:
        job_id = await accept(door, body)
        await work(job_id, engine, store)
        again = await door.post("/procesar_articulo", json=body)
        found = await status(door, job_id)

    assert found["result"]["estado"] == "Descartado"
    assert (again.status_code, again.json()["job_id"], again.json()["status"]) == (202, job_id, "completed")


async def test_a_failed_run_says_where_and_why_and_a_second_post_is_a_new_attempt(
    store: StackStore, caplog: pytest.LogCaptureFixture
) -> None:
    body = article()
    refusing = make_engine({"elementos": EngineRefused("model_not_found", 404)})
    with caplog.at_level(logging.DEBUG, "deployments"):
        async with open_door(store) as door:
            first = await accept(door, body)
            await work(first, refusing, store)
            failed = await status(door, first)
            later = await asyncio.gather(*[accept(door, body) for _ in range(10)])
            await work(later[0], make_engine(), store)
            done = await status(door, later[0])

    assert failed["status"] == "failed"
    assert failed["progress"]["percentage"] == 0
    assert failed["error"]["tipo"] == "groq_api_error"
    assert "EngineRefused" in failed["error"]["mensaje"]
    assert len(set(later)) == 1
    assert later[0] != first
    assert done["status"] == "completed"
    assert TEXTO[:40] not in caplog.text


async def test_each_lost_run_is_followed_by_one_attempt_more() -> None:
    body = article()
    jobs = []
    async with open_door() as door:
        lost: tuple[State[Any], ...] = (Failed(), Crashed(), Cancelled(), Cancelling())
        for state in lost:
            jobs.append(await accept(door, body))
            assert await accept(door, body) == jobs[-1]
            await set_state(jobs[-1], state)
        jobs.append(await accept(door, body))
        assert await accept(door, body) == jobs[-1]

    attempts = [str((await read_run(job)).idempotency_key).rsplit("/", 1)[1] for job in jobs]
    assert attempts == ["1", "2", "3", "4", "5"]


async def test_an_attempt_that_prefect_has_forgotten_is_made_anew() -> None:
    body = article()
    async with open_door() as door:
        first = await accept(door, body)
        await set_state(first, Failed())
        second = await accept(door, body)
        await set_state(second, Failed())
        async with get_client() as client:
            await client.delete_flow_run((await read_run(first)).id)
        third = await accept(door, body)
        await set_state(third, Failed())
        fourth = await accept(door, body)

    assert len({first, second, third, fourth}) == 4


async def test_an_article_that_was_replaced_since_is_read_again_when_it_comes_again(
    store: StackStore,
) -> None:
    body = article()
    async with open_door(store) as door:
        old = await accept(door, body)
        await work(old, make_engine(), store)
        new = await accept(door, body | {"titular": "La corrección"})
        await work(new, make_engine(), store)
        reverted = await accept(door, body)
        outdated = await status(door, old)

    assert reverted not in (old, new)
    assert outdated["result"]["estado"] == "Completed"
    assert "articulo_id" not in outdated["result"], "what is stored is not what this job was given"


async def test_jobs_that_are_not_of_this_door_are_unknown() -> None:
    from flows.article import process_article

    async with get_client() as client:
        foreign = await client.create_flow_run(process_article, parameters={"articulo": article()})
    unknown = ["00000000-0000-4000-8000-000000000000", "req_0123456789ab", "%00", "x" * 5000, str(foreign.id)]
    async with open_door() as door:
        answers = [await door.get(f"/status/{job_id}") for job_id in unknown]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert {answer.json()["error"] for answer in answers} == {"http_error"}


async def test_without_the_database_new_articles_are_taken_and_known_ones_asked_for_later(
    store: StackStore,
) -> None:
    body, away = article(), StoreUnavailable("the database cannot be reached")
    async with open_door(store) as door:
        job_id = await accept(door, body)
        await work(job_id, make_engine(), store)
    async with open_door(RecordingStore(away=away)) as door:
        await accept(door, article())
        known = await door.post("/procesar_articulo", json=body)
        found = await status(door, job_id)

    assert known.status_code == 503
    assert known.json()["retry_after"] == int(known.headers["Retry-After"]) == 30
    assert found["status"] == "completed"
    assert set(found["result"]) == {"estado", "tiempo_procesamiento_segundos"}


async def test_a_deployment_that_nobody_registered_is_named() -> None:
    async with get_client() as client:
        deployment = await client.read_deployment_by_name("process-fragment/fragmento")
        await client.delete_deployment(deployment.id)
    request = recorded("fragmento")
    async with open_door() as door:
        answer = await door.post(request["path"], json=request["body"])
        health = await door.get("/health/detailed")

    assert answer.status_code == 503
    assert answer.json()["error"] == "service_unavailable"
    assert "process-fragment/fragmento" in answer.json()["mensaje"]
    assert health.status_code == 200
    assert health.json()["status"] == "degraded"
    assert health.json()["checks"]["prefect_fragmento"]["status"] == "fail"
