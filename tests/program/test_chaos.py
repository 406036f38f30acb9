"""`make chaos` in small: a reader and the REST server killed while the model fails and invents."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from noticias.local.processes import find_by_folder
from noticias.local.stack import StackAddresses, open_stack
from tests.chaos.answering import Model
from tests.chaos.articles import make_articles
from tests.chaos.doors import CommandDoor, Home
from tests.chaos.ledger import (
    RecordingServer,
    count_inventions,
    find_repeats,
    requests_per_reading,
)
from tests.chaos.soak import environment
from tests.chaos.table import MAX_REQUESTS
from tests.chaos.verdict import look
from tests.contract.groq_chaos import Chaos
from tests.stack import ANY_PORTS
from tests.waiting import wait_until

ARTICLES = 14
# Milder than issue 6, whose rates the soak has: each failed try costs Prefect's delay.
FAULTS: dict[str, Any] = {
    "unavailable": 0.08,
    "garbage": 0.05,
    "cut_off": 0.05,
    "hanging": 0.02,
    "limited": 0.03,
}


@contextmanager
def open_door(folder: Path, home: Path, server: RecordingServer) -> Iterator[CommandDoor]:
    told = {**environment(home, server.base_url), "NOTICIAS_GROQ_TIMEOUT_S": "2"}
    door = CommandDoor(Home(folder, told))
    door.home.starts_allowed.set()
    try:
        yield door
    finally:
        door.kill()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_after_kills_and_faults_every_article_is_stored_once_and_nothing_false(
    tmp_path: Path, stack_addresses: StackAddresses
) -> None:
    offered = make_articles(ARTICLES, seed=20)
    with ExitStack() as hold:
        server = hold.enter_context(RecordingServer(Model(offered, seed=20), chaos=Chaos(20, **FAULTS)))
        door = hold.enter_context(open_door(tmp_path, stack_addresses.home, server))
        door.submit(offered)

        door.tend()
        wait_until(lambda: server.count() >= 14, 120, "the first reader's work")
        assert door.kill()
        door.tend()
        door.tend()
        asked = server.count()
        wait_until(lambda: server.count() >= asked + 10, 120, "the second reader's work")
        for process in find_by_folder((stack_addresses.home / "run" / "rest").resolve()):
            os.kill(process.pid, signal.SIGKILL)
        hold.enter_context(open_stack(stack_addresses.home, ports=ANY_PORTS))
        wait_until(lambda: not door.tend(), 240, "the end of the work")

    assert stack_addresses.database_dsn is not None
    found = look(stack_addresses.database_dsn.get_secret_value(), offered)
    repeats = find_repeats(server.asks, door.home.killed, several=set())
    assert door.exits[-signal.SIGKILL] == 1
    assert not found.lost
    assert not found.twice
    assert not found.missing
    assert not +found.false
    assert not repeats.unexplained
    assert max(requests_per_reading(server.asks).values()) <= MAX_REQUESTS
    assert len(found.stored) + len(found.discarded) + len(found.dead) == ARTICLES
    offered_false = count_inventions(server.asks)
    assert all(offered_false[kind] > 0 for kind in ("citas", "datos", "entidades", "hechos", "ids"))
