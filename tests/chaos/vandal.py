"""Breaks readers and servers on purpose. The stack's own code starts the servers again."""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from noticias.local.postgres import PostgresServer
from noticias.local.processes import find_by_folder, wait_until
from noticias.local.stack import Ports, StackAddresses, open_stack
from tests.chaos.doors import Door, Home

TITLES = {"rest": "REST server", "prefect": "Prefect server"}
ANY_PORTS = Ports(prefect=0, rest=0, database=0)


@dataclass
class Vandal:
    """Kills readers and servers; the last of `doors` is the worker.

    `hold` keeps the stack's later users until the end. `over` is set when nothing more is to be broken.
    """

    home: Home
    doors: list[Door]
    hold: ExitStack
    say: Callable[[str], None]
    database_outage_s: float
    done: Counter[str] = field(default_factory=Counter)
    over: threading.Event = field(default_factory=threading.Event)

    def mend(self) -> StackAddresses:
        """Starts every server that is down, on its old port, as the next command would."""
        return self.hold.enter_context(open_stack(self.home.folder / "home", ports=ANY_PORTS))

    def kill_reader(self, chance: random.Random) -> None:
        doors = [door for door in self.doors if door.process is not None]
        if doors and (door := chance.choice(doors)).kill():
            self._note(f"{door.name} killed")

    def kill_worker(self, _chance: random.Random) -> None:
        if self.doors[-1].kill():
            self._note(f"{self.doors[-1].name} killed")

    def kill_rest(self, _chance: random.Random) -> None:
        self._kill_server("rest")
        self.mend()

    def kill_prefect(self, _chance: random.Random) -> None:
        self._kill_server("prefect")
        self.mend()

    def kill_database(self, _chance: random.Random) -> None:
        """SIGKILL to the postmaster: the write-ahead log is replayed when it is started again."""
        postgres = self._postgres()
        process = postgres.process
        if process is not None:
            os.kill(process.pid, signal.SIGKILL)
            wait_until(lambda: not process.is_alive(), 5.0)
            self._note("PostgreSQL killed")
        self.mend()

    def stop_database(self, _chance: random.Random) -> None:
        """Stops PostgreSQL for a while and starts it alone. REST server and Prefect must find it again."""
        postgres = self._postgres()
        # A reader that starts would start PostgreSQL as well, and end the outage.
        self.home.starts_allowed.clear()
        try:
            port = postgres.port
            postgres.stop()
            self._note(f"PostgreSQL stopped for {self.database_outage_s:g} s")
            self.over.wait(self.database_outage_s)
            again = self._postgres()
            again.preferred_port = port
            again.start()
        finally:
            self.home.starts_allowed.set()

    def _postgres(self) -> PostgresServer:
        return PostgresServer(self.home.folder / "home" / "postgres")

    def _kill_server(self, name: str) -> None:
        found = find_by_folder((self.home.folder / "home" / "run" / name).resolve())
        for process in found:
            os.kill(process.pid, signal.SIGKILL)
        wait_until(lambda: not any(process.is_alive() for process in found), 5.0)
        self._note(f"the {TITLES[name]} killed")

    def _note(self, what: str) -> None:
        self.done[what] += 1
        self.say(what)


Attack = Callable[[random.Random], None]


def plan_attacks(vandal: Vandal, articles: int, seed: int) -> list[tuple[float, Attack]]:
    """Returns the attacks in order, each with the progress of the work (0 to 1) at which it happens.

    Readers die most often. PostgreSQL is stopped once and killed once. The attacks follow the progress and
    not the clock, so that they meet work under way on a slow machine too.
    """
    chance = random.Random(f"{seed}|attacks")
    plan: list[tuple[float, Attack]] = [
        (0.25, vandal.stop_database), (0.35, vandal.kill_worker), (0.5, vandal.kill_database),
    ]  # fmt: skip
    for attack, every, at_least in (
        (vandal.kill_reader, 30, 3), (vandal.kill_rest, 80, 1), (vandal.kill_prefect, 200, 1),
    ):  # fmt: skip
        number = max(at_least, articles // every)
        # One in each part of the work: by chance alone, some would come close together.
        plan += [(0.03 + 0.6 * (part + chance.random()) / number, attack) for part in range(number)]
    return sorted(plan, key=lambda event: event[0])
