"""When a source is looked at again, and what is noted of a look."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from newsroom.models.fuente import EstadoFuente
from newsroom.sources.plan import Due, make_plan
from newsroom.sources.reading import Found, Refused
from newsroom.sources.schedule import describe_look, describe_refused, is_due, wait_after
from newsroom.sources.table import Fuente

NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)
FUENTE = Fuente(url="https://a.example/rss", cada_minutos=30)


def state(**fields: Any) -> EstadoFuente:
    return EstadoFuente(**{"url": FUENTE.url, "ultima_lectura": NOW, "proxima_lectura": NOW, **fields})


def noted(found: Found, before: EstadoFuente | None = None, all_done: bool = True) -> dict[str, Any]:
    return describe_look(FUENTE, before, found, begun=NOW, flow_run_id=None, all_done=all_done)


def next_look(found: Found, before: EstadoFuente | None = None, all_done: bool = True) -> timedelta:
    return datetime.fromisoformat(noted(found, before, all_done)["proxima_lectura"]) - NOW


def test_a_source_is_due_at_its_time_give_or_take_a_minute() -> None:
    assert is_due(None, NOW)
    assert is_due(state(proxima_lectura=NOW - timedelta(days=3)), NOW)
    assert is_due(state(proxima_lectura=NOW + timedelta(seconds=50)), NOW)
    assert not is_due(state(proxima_lectura=NOW + timedelta(minutes=2)), NOW)


def test_a_good_look_keeps_what_the_source_said_for_the_next_one() -> None:
    found = Found(listed=20, etag='"e"', last_modified="ayer")
    row = noted(found, state(fallos=3, ultimo_error="404"))
    assert (row["etag"], row["last_modified"], row["fallos"], row["ultimo_error"]) == ('"e"', "ayer", 0, None)
    assert (row["leidos"], row["nuevos"], row["ultimo_exito"]) == (20, 0, NOW.isoformat())
    assert next_look(found) == timedelta(minutes=30)


def test_while_something_is_left_the_next_look_asks_for_everything() -> None:
    row = noted(Found(listed=20, etag='"e"', last_modified="ayer"), all_done=False)
    assert (row["etag"], row["last_modified"]) == (None, None)
    assert next_look(Found(more=True), all_done=False) == timedelta()
    assert next_look(Found(more=True, retry_after_s=7200), all_done=False) == timedelta(hours=2)


def test_each_failure_doubles_the_wait_up_to_a_day() -> None:
    waits = []
    before = None
    for number in range(1, 9):
        row = noted(Found(error="404"), before)
        assert (row["fallos"], row["leidos"], row["ultimo_exito"]) == (number, None, None)
        waits.append(next_look(Found(error="404"), before) / timedelta(hours=1))
        before = state(fallos=row["fallos"])
    assert waits == [1, 2, 4, 8, 16, 24, 24, 24]


@pytest.mark.parametrize(
    ("minutes", "fallos", "retry_after_s", "hours"),
    [(30, 0, None, 0.5), (30, 1, 7200, 2), (30, 3, 60, 4), (30, 0, 1e9, 24), (10_080, 3, None, 168)],
)
def test_what_the_host_asks_for_counts_if_it_is_longer(
    minutes: int, fallos: int, retry_after_s: float | None, hours: float
) -> None:
    fuente = Fuente(url=FUENTE.url, cada_minutos=minutes)
    assert wait_after(fuente, fallos, retry_after_s) == timedelta(hours=hours)


def test_an_error_is_noted_in_bounds_and_nothing_new_leaves_the_count() -> None:
    assert len(noted(Found(error="x" * 9_000))["ultimo_error"]) == 500
    assert noted(Found(not_modified=True, etag='"e"'))["leidos"] is None


def test_refused_entries_are_noted_with_their_reason() -> None:
    found = Found(refused=[Refused("https://a.example/1", "404", True)])
    assert describe_refused(FUENTE, found, "run") == {
        "flow_run_id": "run",
        "entradas": [
            {"identidad": "https://a.example/1", "fuente": FUENTE.url, "motivo": "404", "definitivo": True}
        ],
    }


def test_a_plan_has_what_is_due_and_names_what_fails_and_rests() -> None:
    later = NOW + timedelta(hours=1)
    fuentes = [Fuente(url=f"https://{name}.example/") for name in ("nueva", "toca", "no", "falla")]
    states = [
        state(url="https://toca.example/"),
        state(url="https://no.example/", proxima_lectura=later),
        state(url="https://falla.example/", proxima_lectura=later, fallos=4),
    ]
    plan = make_plan(fuentes, states, NOW, all_of_them=False, anew=False)
    assert plan.due == [Due(fuentes[0], None), Due(fuentes[1], states[0])]
    assert plan.resting == [states[2]]
    forced = make_plan(fuentes, states, NOW, all_of_them=True, anew=True)
    assert [(due.fuente, due.anew) for due in forced.due] == [(fuente, True) for fuente in fuentes]
    assert forced.resting == []
