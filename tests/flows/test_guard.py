"""An item that ends its process each time is not read for ever."""

import pytest

from runs.guard import MAX_RUNS
from tests.database import StackStore
from tests.flows.conftest import make_engine
from tests.flows.scripts import article
from tests.flows.test_article import process


@pytest.mark.parametrize("starts", [1, MAX_RUNS, MAX_RUNS + 1])
async def test_the_sixth_start_of_a_run_gives_up_and_asks_for_a_person(
    starts: int, store: StackStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How Prefect has its runtime's values set from outside.
    monkeypatch.setenv("PREFECT__RUNTIME__FLOW_RUN__RUN_COUNT", str(starts))
    engine = make_engine()

    outcome = await process(article(), engine, store)

    if starts <= MAX_RUNS:
        assert outcome.estado == "Completed"
        return
    assert "GaveUp" in outcome.failure
    assert engine.questions == []
    assert store.rows("articulos") == []
    (letter,) = store.rows("pipeline_errores")
    assert (letter["clase_error"], letter["transitorio"]) == ("GaveUp", False)
    assert letter["estado"] == "intervencion_requerida"
