"""What is broken on purpose, and how it is brought back: the stack's own code does the starting again."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from deployments.local.postgres import PostgresServer
from deployments.local.processes import find_by_folder, wait_until
from deployments.local.stack import Ports, StackAddresses, open_stack
from tests.chaos.doors import Door, Home

ANY_PORTS = Ports(prefect=0, gateway=0, database=0)


@dataclass
class Vandal:
    """Kills and stops servers of a stack. `hold` keeps the stack's later users until the end."""

    home: Home
    doors: list[Door]
    hold: ExitStack
    say: Callable[[str], None]
    database_outage_s: float
    done: Counter[str] = field(default_factory=Counter)

    def mend(self) -> StackAddresses:
        """Has every server running again, on its old port, as the next command would."""
        return self.hold.enter_context(open_stack(self.home.folder / "home", ports=ANY_PORTS))

    def kill_reader(self, chance: random.Random) -> None:
        door = chance.choice(self.doors)
        if door.kill():
            self._note(f"{door.name}: reader killed")

    def kill_gateway(self, _chance: random.Random) -> None:
        self._kill_server("gateway")
        self.mend()

    def kill_prefect(self, _chance: random.Random) -> None:
        self._kill_server("prefect")
        self.mend()

    def kill_database(self, _chance: random.Random) -> None:
        """SIGKILL to the postmaster: the write-ahead log is replayed when it is started again."""
        postgres = self._postgres()
        if postgres.process is not None:
            os.kill(postgres.process.pid, signal.SIGKILL)
            self._note("PostgreSQL killed")
        self.mend()

    def stop_database(self, _chance: random.Random) -> None:
        """PostgreSQL away for a while, and back alone: gateway and Prefect must find their way to it."""
        postgres = self._postgres()
        # A reader that starts would start PostgreSQL as well, and end the outage.
        self.home.starts_allowed.clear()
        try:
            port = postgres.port
            postgres.stop()
            self._note(f"PostgreSQL stopped for {self.database_outage_s:g} s")
            time.sleep(self.database_outage_s)
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
        self._note(f"{name} killed")

    def _note(self, what: str) -> None:
        self.done[what] += 1
        self.say(what)


def plan_attacks(
    vandal: Vandal, seconds: float, seed: int
) -> list[tuple[float, Callable[[random.Random], None]]]:
    """Returns what is to happen when, in seconds from the start, in order; the last by 60 % of `seconds`.

    Readers die most often; PostgreSQL is stopped once and killed once, at different times.
    """
    chance = random.Random(f"{seed}|attacks")
    last = 0.6 * seconds

    def some(attack: Callable[[random.Random], None], every_s: float, at_least: int) -> None:
        number = max(at_least, round(last / every_s))
        plan.extend((chance.uniform(0.05 * seconds, last), attack) for _ in range(number))

    plan: list[tuple[float, Callable[[random.Random], None]]] = []
    some(vandal.kill_reader, 18, 3)
    some(vandal.kill_gateway, 60, 1)
    some(vandal.kill_prefect, 120, 1)
    plan.append((chance.uniform(0.2, 0.3) * seconds, vandal.stop_database))
    plan.append((chance.uniform(0.45, 0.6) * seconds, vandal.kill_database))
    return sorted(plan, key=lambda event: event[0])
