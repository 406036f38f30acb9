"""A dead letter that the database cannot take: it waits in a file, and comes in when somebody looks."""

import json
import stat
from collections.abc import AsyncIterator

import pytest

from newsroom.errors import EngineRefused, StoreRejected, StoreUnavailable
from noticias.local.stack import StackAddresses
from runs import runtime
from runs.letters.parked import FOLDER, bring_in
from tasks.due_errors import due_errors
from tests.database import StackStore
from tests.flows.conftest import make_engine
from tests.flows.scripts import article
from tests.flows.test_article import process


class Away(StackStore):
    """A store that takes no dead letter until it is told to."""

    refusal: Exception | None = StoreUnavailable("connection refused")

    async def record_error(self, payload: dict[str, object]) -> int:
        if self.refusal is not None:
            raise self.refusal
        return await super().record_error(payload)


@pytest.fixture
async def away(stack_addresses: StackAddresses, store: StackStore) -> AsyncIterator[Away]:
    """The same database, which is empty."""
    away = Away(stack_addresses)
    yield away
    await away.close()


async def fail_one(store: Away) -> None:
    engine = make_engine({"triaje": EngineRefused("401: Invalid API Key", 401, "invalid_api_key")})
    outcome = await process(article(), engine, store)
    assert outcome.estado == "Failed"
    assert store.rows("pipeline_errores") == []


async def test_a_letter_waits_for_the_database_and_is_brought_in_once(away: Away) -> None:
    await fail_one(away)
    (parked,) = (runtime.settings().home.absolute() / FOLDER).iterdir()
    assert stat.S_IMODE(parked.stat().st_mode) == 0o600
    assert json.loads(parked.read_text())["entrada"]["articulo"]["url"] == article().url

    with pytest.raises(StoreUnavailable):
        await bring_in(away)
    assert parked.exists()

    away.refusal = None
    assert [await bring_in(away), await bring_in(away)] == [1, 0]
    (letter,) = away.rows("pipeline_errores")
    assert (letter["clase_error"], letter["etapa"]) == ("EngineRefused", "triage")
    assert letter["identidad"] == article().identidad
    assert not parked.exists()


async def test_retry_failed_brings_letters_in_before_it_looks(away: Away) -> None:
    await fail_one(away)
    away.refusal = None
    with runtime.using(store=away):
        await due_errors.fn(10)
    assert len(away.rows("pipeline_errores")) == 1


async def test_a_letter_that_is_refused_stays_and_holds_up_no_other(away: Away) -> None:
    await fail_one(away)
    away.refusal = StoreRejected("22P02", code="22P02")
    assert await bring_in(away) == 0
    assert len(list((runtime.settings().home.absolute() / FOLDER).iterdir())) == 1
