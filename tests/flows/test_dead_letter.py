"""Dead letters written and read back: each kind of item, and what nobody can read."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from newsroom.errors import EngineRefused, EngineUnavailable, IncompleteDocument, QuotaExhausted
from newsroom.models.outcome import Received
from runs.letters.contents import in_order, is_forced, is_of_document, read_letter
from runs.letters.record import KINDS, kind_of, record_failure
from tests.database import StackStore
from tests.flows.documents import documento
from tests.flows.scripts import article
from tests.flows.test_fragment import fragmento

ITEMS: dict[str, Received] = {
    "articulo": article(),
    "fragmento": fragmento(),
    "documento": documento("Artículo 1. " + "x" * 100, fecha_publicacion="2024-05-15"),
}


async def fail(
    store: StackStore, parameters: dict[str, Any], failure: BaseException | None = None
) -> dict[str, Any] | None:
    """Returns the letter that a run with these parameters leaves when it fails."""
    from runs import runtime

    run: Any = SimpleNamespace(id="8e4b2c1e-5b1f-4c53-9f0e-7f0c36c2a001", parameters=parameters)
    state: Any = SimpleNamespace(data=failure, message="Flow run exceeded timeout", name="TimedOut")
    with runtime.using(store=store):
        await record_failure(None, run, state)  # type: ignore[arg-type]
    return store.rows("pipeline_errores")[0] if store.rows("pipeline_errores") else None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("forced", [False, True])
async def test_a_letter_is_read_back_as_what_failed(store: StackStore, kind: str, forced: bool) -> None:
    item = ITEMS[kind]
    parameters = {kind: item.model_dump(mode="json"), "reprocesar": forced, "concurrencia": 4}
    letter = await fail(store, parameters, EngineUnavailable("502"))

    assert letter is not None
    assert letter["identidad"] == item.identidad
    assert (kind_of(item), is_of_document(letter)) == (kind, kind == "documento")
    assert read_letter(letter) == item
    assert type(read_letter(letter)) is type(item)
    assert is_forced(letter) is forced


@pytest.mark.parametrize(
    ("failure", "wait"),
    [
        (EngineUnavailable("502"), timedelta(minutes=15)),
        (IncompleteDocument("1 fragment is missing"), timedelta(minutes=15)),
        (QuotaExhausted("tokens per day", 7_200.0), timedelta(hours=2)),
        (TimeoutError("too long"), timedelta(minutes=15)),
        (EngineRefused("401", 401), None),
        (ValueError("a defect of ours"), None),
        (None, None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
async def test_only_what_may_pass_has_a_next_try(
    store: StackStore, failure: BaseException | None, wait: timedelta | None
) -> None:
    letter = await fail(store, {"articulo": article()}, failure)

    assert letter is not None
    assert letter["estado"] == ("intervencion_requerida" if wait is None else "en_reintentos")
    if wait is not None:
        due = datetime.fromisoformat(letter["proximo_intento"]) - datetime.now(UTC)
        assert wait - timedelta(minutes=1) < due <= wait
    if failure is None:
        assert (letter["clase_error"], letter["mensaje"]) == ("RuntimeError", "Flow run exceeded timeout")


@pytest.mark.parametrize("parameters", [{}, {"articulo": {"titular": "x"}}, {"articulo": None}, {"otro": 1}])
async def test_what_was_refused_at_the_door_leaves_no_letter(
    store: StackStore, parameters: dict[str, Any]
) -> None:
    assert await fail(store, parameters, EngineUnavailable("502")) is None


@pytest.mark.parametrize(
    ("entrada", "words"),
    [
        ({"articulo": {"titular": "x"}}, "error 7: contenido_texto: Field required"),
        ({"documento": None}, "error 7: Input should be"),
        ({"fragmento": []}, "error 7: Input should be"),
        ({"boletin": {}}, "error 7: its input is neither articulo nor fragmento nor documento"),
        ({"articulo": {}, "fragmento": {}}, "error 7: its input is neither"),
        ({"reprocesar": True}, "error 7: its input is neither"),
        ({}, "error 7: its input is neither"),
        (["articulo"], "error 7: its input is neither"),
        ("articulo", "error 7: its input is neither"),
        (7, "error 7: its input is neither"),
        (None, "error 7: its input is neither"),
    ],
    ids=str,
)
def test_an_unreadable_letter_says_what_is_wrong_and_disturbs_no_order(entrada: Any, words: str) -> None:
    letter = {"id": 7, "entrada": entrada}
    with pytest.raises(ValueError, match=words):
        read_letter(letter)
    assert is_forced(letter) is (entrada == {"reprocesar": True})
    assert len(in_order([letter, {"id": 8, "entrada": {"documento": {}}}])) == 2


def test_documents_come_last_and_the_longest_due_first() -> None:
    kinds = ["documento", "fragmento", "articulo", "documento", "fragmento"]
    letters = [{"id": number, "entrada": {kind: {}}} for number, kind in enumerate(kinds)]
    assert [letter["id"] for letter in in_order(letters)] == [2, 1, 4, 0, 3]
