"""Runs are let in a few at a time, and wait for the model all together."""

import asyncio

import pytest

from flows._feed import run_all
from flows.article import process_article
from newsroom.engines.base import Question
from newsroom.models.outcome import Outcome
from runs.entrance import ENTERING, entered, entering
from tests.flows.conftest import make_engine
from tests.flows.recording_store import RecordingStore
from tests.flows.scripts import article

AT_ONCE = ENTERING + 4
BOUND_S = 60


async def test_a_place_comes_free_when_a_run_says_so_and_not_a_second_time_at_its_end() -> None:
    places = asyncio.Semaphore(1)

    async with entering(places):
        assert places.locked()
        entered()
        assert not places.locked()
        entered()
        async with entering(places):
            assert places.locked()
        assert not places.locked()

    await places.acquire()
    assert places.locked()


async def test_a_run_that_fails_on_the_way_in_gives_its_place_back() -> None:
    places = asyncio.Semaphore(1)

    with pytest.raises(ValueError, match="on the way"):
        async with entering(places):
            raise ValueError("on the way")

    assert not places.locked()


def test_outside_of_a_feed_there_is_nothing_to_give_back() -> None:
    entered()


async def test_more_runs_wait_for_the_model_together_than_may_enter_together() -> None:
    from runs import runtime

    barrier = asyncio.Barrier(AT_ONCE)
    outcomes: list[Outcome] = []

    async def wait_for_the_others(question: Question) -> None:
        await barrier.wait()

    async def note(outcome: Outcome) -> None:
        outcomes.append(outcome)

    with runtime.using(engine=make_engine(before=wait_for_the_others), store=RecordingStore()):
        articles = [article(number) for number in range(AT_ONCE)]
        await asyncio.wait_for(run_all(articles, lambda _item: process_article, AT_ONCE, note), BOUND_S)

    assert [outcome.estado for outcome in outcomes] == ["Completed"] * AT_ONCE
