"""What GroqEngine sends and what it makes of the answers, through the real SDK over real HTTP."""

import json
from decimal import Decimal

import pytest
from pydantic import BaseModel

from newsroom.engines.schema import strict_schema
from newsroom.errors import MalformedOutput
from newsroom.models.respuestas import (
    RespuestaCitasYDatos,
    RespuestaElementos,
    RespuestaRelaciones,
    RespuestaTraduccion,
    RespuestaTriaje,
)
from newsroom.stages.answers import read_answer
from tests.contract.groq_fixtures import (
    BROKEN,
    GOOD,
    GOOD_TEXT,
    MODEL,
    elementos,
    entidad,
    make_question,
    open_engine,
)
from tests.contract.groq_reactions import Answer, cut_off, not_generated
from tests.contract.groq_rules import count_prompt, count_tokens
from tests.contract.groq_server import GroqServer


async def test_the_request_is_strict_constant_part_first_and_reasoning_left_out() -> None:
    with GroqServer(answer=GOOD) as server:
        async with open_engine(server) as engine:
            question = make_question()
            completion = await engine.complete(question)
    (request,) = server.requests
    assert [message["role"] for message in request.body["messages"]] == ["system", "user"]
    assert request.body["messages"][0]["content"] == question.system
    assert request.body["messages"][1]["content"] == question.user
    assert request.body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "elementos", "strict": True, "schema": strict_schema(RespuestaElementos)},
    }
    assert request.body["max_completion_tokens"] == 2_000
    assert request.body["include_reasoning"] is False
    assert request.headers["x-stainless-retry-count"] == "0"
    parameters = engine.parameters("elementos")
    assert parameters["response_format"] == "json_schema"
    for name in ("temperature", "seed", "reasoning_effort"):
        assert request.body[name] == parameters[name]
    assert completion.text == GOOD_TEXT
    assert (completion.correction, completion.requests, completion.model) == (None, 1, MODEL)


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("triaje", RespuestaTriaje),
        ("traduccion", RespuestaTraduccion),
        ("elementos", RespuestaElementos),
        ("citas_y_datos", RespuestaCitasYDatos),
        ("relaciones", RespuestaRelaciones),
    ],
)
async def test_the_server_takes_the_strict_schema_of_every_stage(stage: str, answer: type[BaseModel]) -> None:
    with GroqServer() as server:
        async with open_engine(server) as engine:
            completion = await engine.complete(make_question(stage, answer))
    assert server.count(stage) == 1
    assert json.loads(completion.text).keys() == answer.model_fields.keys()


@pytest.mark.parametrize("model", ["qwen/qwen3.8-27b", "openai/gpt-oss-safeguard-20b"])
async def test_a_model_without_strict_mode_gets_json_mode_and_the_schema_in_the_prompt(model: str) -> None:
    with GroqServer(answer=GOOD) as server:
        async with open_engine(server, model=model) as engine:
            completion = await engine.complete(make_question())
            assert engine.parameters("elementos")["response_format"] == "json_object"
    body = server.requests[0].body
    assert body["response_format"] == {"type": "json_object"}
    system = body["messages"][0]["content"]
    assert "JSON" in system
    assert json.loads(system[system.index("{") :]) == strict_schema(RespuestaElementos)
    assert completion.text == GOOD_TEXT


async def test_usage_and_cost_are_what_the_server_counted_and_a_prefix_is_cached() -> None:
    with GroqServer(answer=GOOD) as server:
        async with open_engine(server) as engine:
            first = await engine.complete(make_question(system="instrucción " * 300))
            again = await engine.complete(make_question(system="instrucción " * 300))
    assert first.tokens_cached == 0
    assert again.tokens_cached >= 896
    assert again.tokens_cached % 128 == 0
    assert again.tokens_in == first.tokens_in > again.tokens_cached
    million = Decimal(1_000_000)
    assert again.cost_usd == (
        (again.tokens_in - again.tokens_cached) * Decimal("0.15") / million
        + again.tokens_cached * Decimal("0.075") / million
        + again.tokens_out * Decimal("0.60") / million
    )
    assert again.seconds > 0


async def test_the_model_that_answered_is_named_and_without_a_price_it_costs_none() -> None:
    with GroqServer(answer=Answer(GOOD_TEXT, model="otro/modelo")) as server:
        async with open_engine(server) as engine:
            completion = await engine.complete(make_question())
    assert completion.model == "otro/modelo"
    assert completion.cost_usd is None
    assert completion.tokens_out > 0


async def test_broken_items_are_asked_for_once_with_only_what_was_wrong() -> None:
    mended = elementos(entidad(2, tipo="ORGANIZACION"))
    with GroqServer() as server:
        server.script(BROKEN, mended)
        async with open_engine(server) as engine:
            completion = await engine.complete(make_question())
    first, second = server.requests
    assert second.is_second
    assert second.body["messages"][:2] == first.body["messages"]
    assert json.loads(second.body["messages"][2]["content"]) == BROKEN
    assert second.body["messages"][2]["role"] == "assistant"
    assert "- entidades, id 2: tipo: «MARCIANO» no está en la lista" in second.complaint
    assert second.complaint.count("\n- ") == 1
    assert second.body["max_completion_tokens"] == first.body["max_completion_tokens"]
    assert json.loads(completion.text) == BROKEN
    assert json.loads(str(completion.correction)) == mended
    assert completion.requests == 2
    answer = read_answer(RespuestaElementos, completion)
    assert sorted(item.id for item in answer.items["entidades"]) == [1, 2, 3]


async def test_usage_is_the_sum_over_both_requests() -> None:
    broken = json.dumps(BROKEN)
    with GroqServer() as server:
        server.script(
            Answer(broken, cached_tokens=40), Answer(GOOD_TEXT, cached_tokens=128, reasoning_tokens=9)
        )
        async with open_engine(server) as engine:
            completion = await engine.complete(make_question())
    assert completion.tokens_in == sum(count_prompt(request.body) for request in server.requests)
    assert completion.tokens_out == count_tokens(broken) + count_tokens(GOOD_TEXT) + 9
    assert completion.tokens_cached == 168


async def test_a_still_broken_correction_is_handed_on_and_not_asked_for_again() -> None:
    with GroqServer(answer=BROKEN) as server:
        async with open_engine(server) as engine:
            completion = await engine.complete(make_question())
    assert server.count() == 2
    assert json.loads(str(completion.correction)) == BROKEN


async def test_a_first_answer_that_is_json_survives_a_second_that_is_not() -> None:
    with GroqServer() as server:
        server.script(BROKEN, "No puedo ayudar con eso.")
        async with open_engine(server) as engine:
            completion = await engine.complete(make_question())
    assert server.count() == 2
    assert json.loads(completion.text) == BROKEN
    assert completion.correction is None


@pytest.mark.parametrize(
    ("first", "carried", "problem"),
    [
        ("No puedo ayudar con eso.", "No puedo ayudar con eso.", "no es un objeto JSON"),
        ("", None, "vacía"),
        (Answer(None), None, "vacía"),
        (cut_off('{"hechos": [], "entidades": [{"id": 1, "nom'), '{"hechos": [], "entidades"', "se cortó"),
        (not_generated('{"hechos": [{"id": 1, '), '{"hechos": [{"id": 1, ', "JSON"),
        (not_generated(""), None, "vacía"),
        (not_generated("max completion tokens reached before generating a valid document"), None, "vacía"),
    ],
)
async def test_an_unusable_answer_is_replaced_by_the_second(
    first: str | Answer, carried: str | None, problem: str
) -> None:
    with GroqServer() as server:
        server.script(first, GOOD)
        async with open_engine(server) as engine:
            completion = await engine.complete(make_question())
    assert server.count() == 2
    messages = server.requests[1].body["messages"]
    assert [message["role"] for message in messages[2:-1]] == ([] if carried is None else ["assistant"])
    assert carried is None or messages[2]["content"].startswith(carried)
    assert problem in server.requests[1].complaint
    assert "JSON completo" in server.requests[1].complaint
    assert (completion.text, completion.correction, completion.requests) == (GOOD_TEXT, None, 2)


@pytest.mark.parametrize("first", [cut_off('{"hechos": ['), Answer(None), not_generated("")])
async def test_an_answer_that_ran_out_of_budget_gets_twice_as_much(first: Answer) -> None:
    with GroqServer() as server:
        server.script(first, GOOD)
        async with open_engine(server) as engine:
            await engine.complete(make_question(max_completion_tokens=3_000))
    assert [request.body["max_completion_tokens"] for request in server.requests] == [3_000, 6_000]


async def test_no_budget_is_larger_than_the_model_takes() -> None:
    with GroqServer() as server:
        server.script(cut_off("{"), GOOD)
        async with open_engine(server, model="qwen/qwen3.8-27b") as engine:
            await engine.complete(make_question(max_completion_tokens=10_000))
    assert server.requests[1].body["max_completion_tokens"] == 16_384


async def test_a_document_that_groq_refused_but_is_fine_is_taken_without_a_second_question() -> None:
    with GroqServer() as server:
        server.script(not_generated(GOOD_TEXT))
        async with open_engine(server) as engine:
            completion = await engine.complete(make_question())
    assert server.count() == 1
    assert completion.text == GOOD_TEXT


async def test_an_answer_that_ends_right_at_its_budget_is_an_answer() -> None:
    with GroqServer() as server:
        server.script(cut_off(GOOD_TEXT))
        async with open_engine(server) as engine:
            assert (await engine.complete(make_question())).text == GOOD_TEXT
    assert server.count() == 1


async def test_output_that_is_never_json_is_malformed_after_exactly_two_requests() -> None:
    with GroqServer() as server:
        server.script("Lo siento.", cut_off('{"hechos": [{"id": 1'))
        async with open_engine(server) as engine:
            with pytest.raises(MalformedOutput) as caught:
                await engine.complete(make_question())
    assert server.count() == 2
    assert caught.value.problems == ("la respuesta se cortó antes de terminar",)
    assert caught.value.text == '{"hechos": [{"id": 1'
    assert "elementos" in str(caught.value)


async def test_a_second_question_about_one_object_asks_for_all_of_it() -> None:
    with GroqServer() as server:
        server.script('{"otra": 1}', '{"texto": "Buenos días"}')
        async with open_engine(server) as engine:
            completion = await engine.complete(make_question("traduccion", RespuestaTraduccion))
    assert "JSON completo" in server.requests[1].complaint
    said = read_answer(RespuestaTraduccion, completion).single
    assert said == RespuestaTraduccion(texto="Buenos días")


async def test_what_a_second_question_carries_is_bounded() -> None:
    with GroqServer() as server:
        server.script("x" * 50_000, GOOD, elementos(entidad(1, descripcion="x" * 50_000, tipo="Y")), GOOD)
        async with open_engine(server) as engine:
            await engine.complete(make_question())
            await engine.complete(make_question())
    assert len(server.requests[1].body["messages"][2]["content"]) == 2_000
    assert len(server.requests[3].body["messages"][2]["content"]) == 32_000


async def test_half_a_surrogate_pair_in_an_answer_can_be_complained_about() -> None:
    with GroqServer() as server:
        server.script(GOOD_TEXT.replace('"PERSONA"', '"\\ud800"'), GOOD)
        async with open_engine(server) as engine:
            completion = await engine.complete(make_question())
    assert "no está en la lista" in server.requests[1].complaint
    assert completion.requests == 2


async def test_many_problems_are_listed_up_to_a_bound() -> None:
    with GroqServer() as server:
        server.script(elementos(*(entidad(n, tipo="X" * 500) for n in range(1, 200))), GOOD)
        async with open_engine(server) as engine:
            await engine.complete(make_question())
    assert server.requests[1].complaint.count("\n- ") == 20
    assert len(server.requests[1].complaint) < 6_000


async def test_a_good_answer_needs_one_request_for_every_stage_of_one_dict() -> None:
    with GroqServer(answers={"elementos": GOOD}) as server:
        async with open_engine(server) as engine:
            await engine.complete(make_question())
            await engine.complete(make_question("triaje", RespuestaTriaje))
    assert (server.count("elementos"), server.count("triaje"), server.count()) == (1, 1, 2)


async def test_list_models_names_what_is_served() -> None:
    with GroqServer(models=["b/dos", "a/uno"]) as server:
        async with open_engine(server) as engine:
            assert await engine.list_models() == ["a/uno", "b/dos"]
    assert server.model_lists == 1
