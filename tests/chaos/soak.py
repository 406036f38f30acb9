"""The soak: submits articles through every door, breaks things meanwhile, lets the rest end, and counts."""

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from noticias.local.stack import StackAddresses
from tests.chaos.answering import Model
from tests.chaos.articles import Planned, make_articles
from tests.chaos.connector import ConnectorDoor, WorkerDoor
from tests.chaos.doors import PROJECT, CommandDoor, Door, Home, InboxDoor, noticias
from tests.chaos.ledger import Ask, RecordingServer, Repeats, find_repeats, issue_rates
from tests.chaos.vandal import Vandal, plan_attacks
from tests.chaos.verdict import Found, look
from tests.waiting import wait_until

GROQ_TIMEOUT_S = 6.0
FOUND_S = 330.0
"""Seconds after the last attack in which Prefect itself must have found and restarted every dead run."""
DRAIN_S = 540.0
_POLL_S = 0.2
_BATCH = 12


@dataclass
class Result:
    """What a soak measured."""

    offered: list[Planned]
    submissions: int
    several: set[int]
    found: Found
    asks: list[Ask]
    repeats: Repeats
    done: Counter[str]
    states: Counter[str]
    exits: dict[str, Counter[int]]
    faults: Counter[str]
    dead_before_retry: Counter[str]
    seconds: float
    unfinished: list[str]
    put_back: list[str]
    refused: list[str]


def run(articles: int, seconds: float, seed: int, folder: Path, say: Callable[[str], None]) -> Result:
    """Submits articles and breaks things, lets the rest end, and tries once more what failed.

    Runs that nothing has started again FOUND_S after the last attack are restarted by hand, and counted. What
    has not ended DRAIN_S after `seconds` is counted as it is then.

    Args:
        seconds: for how long things are broken, at most.
        seed: decides the articles, the faults and the attacks.
        folder: an empty folder; logs and data stay in it.
    """
    offered = make_articles(articles, seed)
    begun = time.monotonic()
    with ExitStack() as hold:
        server = RecordingServer(Model(offered, seed), chaos=issue_rates(seed), latency_s=0.1)
        hold.enter_context(server)
        home = Home(folder, environment(folder / "home", server.base_url))
        home.starts_allowed.set()
        vandal = Vandal(home, [CommandDoor(home), InboxDoor(home)], hold, say, min(30.0, seconds / 10))
        say("starting the stack")
        addresses = vandal.mend()
        assert addresses.database_dsn is not None
        worker, connector = _open_connector(home, addresses)
        vandal.doors += [connector, worker]
        soak = Soak(home, vandal.doors, vandal, server, seconds, seed)
        submissions, several = soak.feed_and_break(offered)
        waiting = {url for door in vandal.doors for url in door.waiting()}
        before = look(dsn := addresses.database_dsn.get_secret_value(), offered, waiting)
        say(f"{len(before.dead)} dead letters, {len(before.lost)} not to be found; trying the letters again")
        soak.retry()
        found = look(dsn, offered, waiting)
        return Result(
            offered=offered, submissions=submissions, several=several, found=found, asks=server.asks,
            repeats=find_repeats(server.asks, home.killed, several),
            done=vandal.done, exits={door.name: door.exits for door in vandal.doors},
            states=Counter(line["estado"] for door in vandal.doors for line in door.outcomes()),
            faults=server.chaos.happened if server.chaos else Counter(),
            dead_before_retry=Counter(before.dead.values()), seconds=time.monotonic() - begun,
            unfinished=soak.unfinished, put_back=worker.put_back, refused=connector.refused,
        )  # fmt: skip


def _open_connector(home: Home, addresses: StackAddresses) -> tuple[WorkerDoor, ConnectorDoor]:
    assert addresses.prefect_api_url is not None
    worker, connector = WorkerDoor(home, addresses.prefect_api_url), ConnectorDoor(home)
    worker.connector = connector
    worker.register()
    return worker, connector


def environment(home: Path, groq: str) -> dict[str, str]:
    """Returns the environment variables of the readers."""
    return {
        "NOTICIAS_HOME": str(home),
        "NOTICIAS_ENGINE": "groq",
        "GROQ_BASE_URL": groq,
        "NOTICIAS_GROQ_TIMEOUT_S": str(GROQ_TIMEOUT_S),
        "NOTICIAS_INBOX": str(home.parent / "inbox"),
        "NOTICIAS_INBOX_SETTLE_S": "0",
        "NOTICIAS_PREFECT_PORT": "0",
        "NOTICIAS_REST_PORT": "0",
        "NOTICIAS_DB_PORT": "0",
        "PYTHONPATH": str(PROJECT),
    }


class Soak:
    """Feeds the doors, has things broken, and waits for the rest."""

    def __init__(
        self,
        home: Home,
        doors: Sequence[Door],
        vandal: Vandal,
        server: RecordingServer,
        seconds: float,
        seed: int,
    ) -> None:
        self._home, self._doors, self._vandal, self._server = home, doors, vandal, server
        self._articles = 0
        self._last_attack = 0.0
        self._seconds, self._seed = seconds, seed
        self._troubles: list[BaseException] = []
        self.unfinished: list[str] = []

    def feed_and_break(self, offered: list[Planned]) -> tuple[int, set[int]]:
        """Returns how many submissions there were, and which articles were submitted more than once."""
        takers = [door for door in self._doors if not isinstance(door, WorkerDoor)]
        rounds, several = deal(offered, takers, self._seed)
        self._articles = len(offered)
        begun = time.monotonic()
        vandal = threading.Thread(target=self._break_things, args=(begun,), name="vandal")
        vandal.start()
        try:
            self._feed(rounds, begun)
        finally:
            self._vandal.over.set()
            vandal.join()
            self._stop_readers()
        return sum(len(batch) for round_ in rounds for _, batch in round_), several

    def retry(self) -> None:
        """Runs `noticias retry --all` once, under the same faults of the model."""
        process = self._home.spawn(
            [*noticias(), "retry", "--all", "--json"], self._home.folder / "retry.log", "gsk_retry_1"
        )
        process.wait(timeout=300)

    def _feed(self, rounds: "list[list[tuple[Door, list[Planned]]]]", begun: float) -> None:
        """Hands out the rounds over half of the time, and tends the doors until all is through."""
        given, rescued = 0, False

        def is_through() -> bool:
            nonlocal given, rescued
            now = time.monotonic() - begun
            while given < len(rounds) and now >= 0.5 * self._seconds * given / len(rounds):
                for door, batch in rounds[given]:
                    door.submit(batch)
                given += 1
            for door in self._doors:
                door.closing = given == len(rounds)
            busy = [door.name for door in self._doors if door.tend()]
            if given == len(rounds) and not busy:
                return True
            if self._troubles:
                raise self._troubles[0]
            late = max(self._seconds, self._last_attack + FOUND_S)
            if now > late and not rescued:
                rescued = True
                self._rescue()
            if now > max(self._seconds + DRAIN_S, late + 90):
                self.unfinished = busy
                return True
            return False

        wait_until(is_through, self._seconds + FOUND_S + DRAIN_S, "the end of the work", poll_s=_POLL_S)

    def _break_things(self, begun: float) -> None:
        chance = random.Random(f"{self._seed}|victims")
        for share, attack in plan_attacks(self._vandal, self._articles, self._seed):
            while self._progress() < share:
                late = time.monotonic() - begun > self._seconds
                if late or self._vandal.over.wait(_POLL_S):
                    return
            try:
                attack(chance)
                self._last_attack = time.monotonic() - begun
            except Exception as exc:  # noqa: BLE001 - raised again in the main thread
                self._vandal.say(f"could not go on breaking things: {exc!r}")
                self._troubles.append(exc)
                return

    def _rescue(self) -> None:
        for door in self._doors:
            if isinstance(door, WorkerDoor) and door.waiting():
                door.put_back_what_is_left()

    def _progress(self) -> float:
        """Returns for how much of the articles a first answer was given, 0 to 1."""
        through = {ask.number for ask in self._server.asks if ask.whole}
        return len(through) / max(1, self._articles)

    def _stop_readers(self) -> None:
        for door in self._doors:
            door.stop()


def deal(
    offered: Sequence[Planned], doors: Sequence[Door], seed: int
) -> "tuple[list[list[tuple[Door, list[Planned]]]], set[int]]":
    """Returns the rounds of batches, and the numbers of the articles that are in several of them.

    An eighth of the articles are submitted through every door at once. A few of those are also twice in one
    file.
    """
    chance = random.Random(f"{seed}|deal")
    rounds: list[list[tuple[Door, list[Planned]]]] = []
    several: set[int] = set()
    step = _BATCH * len(doors)
    for start in range(0, len(offered), step):
        batches: list[list[Planned]] = [[] for _ in doors]
        for place, plan in enumerate(offered[start : start + step]):
            own = batches[place % len(doors)]
            own.append(plan)
            if chance.random() < 0.125:
                several.add(plan.number)
                for batch in batches:
                    if batch is not own:
                        batch.append(plan)
                if chance.random() < 0.3:
                    own.append(plan)
        rounds.append([(door, batch) for door, batch in zip(doors, batches, strict=True) if batch])
    return rounds, several


def say_aloud(words: str) -> None:
    """Prints the words on standard error, with the time."""
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)
