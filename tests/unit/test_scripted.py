"""The fake engine does only what its script says."""

import asyncio
from datetime import UTC, datetime

import pytest

from newsroom.engines.base import Completion, Engine, Material, Question
from newsroom.engines.scripted import ScriptedEngine
from newsroom.errors import EngineUnavailable
from newsroom.models.respuestas import RespuestaTraduccion
from tests.waiting import until


def ask(stage: str = "elementos", user: str = "texto") -> Question:
    material = Material("Titular", "El Faro", "España", datetime(2024, 5, 15, tzinfo=UTC), "es", user)
    return Question(stage, "sistema", user, RespuestaTraduccion, 100, material, lambda text: ())


async def test_one_answer_is_given_every_time_and_every_question_is_remembered() -> None:
    engine: Engine = ScriptedEngine({"elementos": "{}"})
    first, second = ask(user="uno"), ask(user="dos")
    assert await engine.complete(first) == Completion(text="{}", model="guion")
    assert (await engine.complete(second)).text == "{}"
    assert isinstance(engine, ScriptedEngine)
    assert engine.questions == engine.asked("elementos") == [first, second]
    assert engine.asked("triaje") == []
    assert (engine.name, engine.model) == ("scripted", "guion")


async def test_a_list_is_answered_in_turn_by_stage_and_then_ends() -> None:
    engine = ScriptedEngine({"elementos": ["1", EngineUnavailable("503"), "2"], "triaje": ["3"]})
    assert (await engine.complete(ask())).text == "1"
    assert (await engine.complete(ask("triaje"))).text == "3"
    with pytest.raises(EngineUnavailable, match="503"):
        await engine.complete(ask())
    assert (await engine.complete(ask())).text == "2"
    with pytest.raises(LookupError, match="'elementos' ends after 3"):
        await engine.complete(ask())
    assert len(engine.questions) == 5


async def test_a_function_answers_by_the_question_and_may_fail_or_say_all() -> None:
    said = Completion(text="{}", model="otro", tokens_in=7, correction="{}")
    engine = ScriptedEngine(
        {
            "elementos": lambda question: question.user.upper(),
            "relaciones": lambda question: EngineUnavailable("fuera"),
            "triaje": said,
        }
    )
    assert (await engine.complete(ask(user="eco"))).text == "ECO"
    assert await engine.complete(ask("triaje")) is said
    with pytest.raises(EngineUnavailable, match="fuera"):
        await engine.complete(ask("relaciones"))


async def test_an_exception_as_the_script_is_raised_every_time() -> None:
    engine = ScriptedEngine({"elementos": EngineUnavailable("503")})
    for _ in range(2):
        with pytest.raises(EngineUnavailable):
            await engine.complete(ask())


async def test_a_stage_without_a_script_is_an_error_of_the_test() -> None:
    with pytest.raises(LookupError, match=r"no stage 'triaje'; it has \['elementos'\]"):
        await ScriptedEngine({"elementos": "{}"}).complete(ask("triaje"))


async def test_answers_wait_for_what_comes_before_and_keep_their_turns() -> None:
    go = asyncio.Event()
    engine = ScriptedEngine({"elementos": ["1", "2", "3"]}, before=lambda question: go.wait())
    asking = [asyncio.create_task(engine.complete(ask(user=str(n)))) for n in range(3)]
    await until(lambda: len(engine.questions) == 3, 5)
    assert not any(task.done() for task in asking)
    go.set()
    assert [completion.text for completion in await asyncio.gather(*asking)] == ["1", "2", "3"]


def test_parameters_and_translation_are_as_given() -> None:
    engine = ScriptedEngine({}, parameters={"temperature": 0}, can_translate=False, model="m")
    assert engine.parameters("triaje") == {"temperature": 0}
    engine.parameters("triaje")["temperature"] = 1
    assert engine.parameters("triaje") == {"temperature": 0}
    assert (engine.can_translate, engine.model) == (False, "m")
    assert ScriptedEngine({}).can_translate
