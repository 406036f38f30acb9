"""A dead letter that the database cannot take: it waits in a file, and comes in when somebody looks."""

import json
import stat

import pytest

from newsroom.errors import EngineRefused, StoreRejected, StoreUnavailable
from newsroom.store.memory import MemoryStore
from runs import runtime
from runs.letters.parked import FOLDER, bring_in
from tasks.due_errors import due_errors
from tests.flows.conftest import make_engine
from tests.flows.scripts import article
from tests.flows.test_article import process


@pytest.fixture(autouse=True)
def nothing_parked() -> None:
    """Leaves no letter of one test to another: they share the session's NOTICIAS_HOME."""
    for path in (runtime.settings().home.absolute() / FOLDER).glob("*"):
        path.unlink()


class Away(MemoryStore):
    """A store that takes no dead letter until it is told to."""

    refusal: Exception | None = StoreUnavailable("connection refused")

    async def record_error(self, payload: dict[str, object]) -> int:
        if self.refusal is not None:
            raise self.refusal
        return await super().record_error(payload)


async def fail_one(store: Away) -> None:
    engine = make_engine({"triaje": EngineRefused("401: Invalid API Key", 401, "invalid_api_key")})
    outcome = await process(article(), engine, store)
    assert outcome.estado == "Failed"
    assert store.errores == ()


async def test_a_letter_waits_for_the_database_and_is_brought_in_once() -> None:
    store = Away()
    await fail_one(store)
    (parked,) = (runtime.settings().home.absolute() / FOLDER).iterdir()
    assert stat.S_IMODE(parked.stat().st_mode) == 0o600
    assert json.loads(parked.read_text())["entrada"]["articulo"]["url"] == article().url

    with pytest.raises(StoreUnavailable):
        await bring_in(store)
    assert parked.exists()

    store.refusal = None
    assert [await bring_in(store), await bring_in(store)] == [1, 0]
    (letter,) = store.errores
    assert (letter["clase_error"], letter["etapa"]) == ("EngineRefused", "triage")
    assert letter["identidad"] == article().identidad
    assert not parked.exists()


async def test_retry_failed_brings_letters_in_before_it_looks() -> None:
    store = Away()
    await fail_one(store)
    store.refusal = None
    with runtime.using(store=store):
        await due_errors.fn(10)
    assert len(store.errores) == 1


async def test_a_letter_that_is_refused_stays_and_holds_up_no_other() -> None:
    store = Away()
    await fail_one(store)
    store.refusal = StoreRejected("22P02", code="22P02")
    assert await bring_in(store) == 0
    assert len(list((runtime.settings().home.absolute() / FOLDER).iterdir())) == 1
