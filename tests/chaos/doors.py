"""Starts readers again when they end before their work is done, as a supervisor would."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsroom.inbox.folder import PROCESSING
from tests.chaos.articles import Planned

PROJECT = Path(__file__).parents[2]


@dataclass
class Home:
    """The folder of one soak, and the environment of its readers.

    `killed` is the moment (monotonic clock) at which each reader was killed, by the reader's API key.
    """

    folder: Path
    environment: Mapping[str, str]
    killed: dict[str, float] = field(default_factory=dict)
    starts_allowed: threading.Event = field(default_factory=threading.Event)
    started: int = 0

    def spawn(self, command: list[str], log: Path, key: str) -> "subprocess.Popen[bytes]":
        """Starts a reader with an API key of its own; its standard output and error go to `log`."""
        self.started += 1
        with log.open("ab") as output, log.with_suffix(".err").open("ab") as errors:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env={**os.environ, **self.environment, "GROQ_API_KEY": key},
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )


class Door:
    """One way in. It has at most one process at a time; the subclass says which one and when it is done."""

    name = ""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.log = home.folder / f"{self.name}.log"
        self.exits: Counter[int] = Counter()
        self.process: subprocess.Popen[bytes] | None = None
        self.closing = False
        self._number = 0
        self._key = ""
        # One thread tends the process, another kills it.
        self._turn = threading.RLock()

    def submit(self, articles: list[Planned]) -> None:
        """Submits articles through this door."""
        raise NotImplementedError

    def stop(self) -> None:
        """Asks the process to end, and kills it if it has not ended after a minute."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.kill()

    def command(self) -> list[str] | None:
        """Returns what to run now; None if there is nothing to do."""
        raise NotImplementedError

    def note_end(self, code: int) -> None:
        """Takes note of the exit code of the process that `command` named last."""

    def tend(self) -> bool:
        """Starts the process if there is work and none runs; returns whether there still is work."""
        with self._turn:
            return self._tend()

    def _tend(self) -> bool:
        if self.process is not None:
            code = self.process.poll()
            if code is None and not self.closing:
                return True
            if code is None and self.waiting():
                return True
            if code is None:
                self.stop()
                code = self.process.returncode
            self.exits[code] += 1
            self.process = None
            self.note_end(code)
        command = self.command()
        if command is None:
            return False
        if self.home.starts_allowed.is_set():
            self._number += 1
            self._key = f"gsk_{self.name}_{self._number}"
            self.process = self.home.spawn(command, self.log, self._key)
        return True

    def kill(self) -> bool:
        """Kills the process with SIGKILL. Returns False if none runs."""
        with self._turn:
            if self.process is None or self.process.poll() is not None:
                return False
            self.home.killed[self._key] = time.monotonic()
            self.process.kill()
            self.process.wait()
            return True

    def waiting(self) -> set[str]:
        """Returns the urls of the articles that were submitted and are not done yet."""
        raise NotImplementedError

    def outcomes(self) -> list[dict[str, Any]]:
        """Returns what the door said of each submission, in the form of `noticias process --json`."""
        raise NotImplementedError


class CommandDoor(Door):
    """`noticias process FILE --json`, one file after another, each until all its items have a line."""

    name = "command"

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self._files: list[tuple[Path, int]] = []
        self._seen = 0
        self.gave_up: list[Path] = []
        self._tries = 0

    def submit(self, articles: list[Planned]) -> None:
        path = self.home.folder / f"lote-{len(list(self.home.folder.glob('lote-*')))}.jsonl"
        write_lines(path, articles)
        # The same article twice in a file is read once.
        self._files.append((path, len({plan.number for plan in articles})))

    def command(self) -> list[str] | None:
        if not self._files:
            return None
        self._seen = len(self.outcomes())
        return [*noticias(), "process", str(self._files[0][0]), "--json", "--concurrency", "8"]

    def waiting(self) -> set[str]:
        return read_urls([path for path, _ in self._files] + self.gave_up)

    def note_end(self, code: int) -> None:
        """Goes on to the next file if each item has a line; after a kill or a crash, runs the file again."""
        self._tries += 1
        told = len(self.outcomes()) - self._seen
        if told >= self._files[0][1] or self._tries == 20:
            path, _ = self._files.pop(0)
            if self._tries == 20:
                self.gave_up.append(path)
            self._tries = 0

    def outcomes(self) -> list[dict[str, Any]]:
        if not self.log.exists():
            return []
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]


class InboxDoor(Door):
    """The inbox, read by a process that lives on."""

    name = "inbox"

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self.folder = home.folder / "inbox"
        self.folder.mkdir()
        self._files = 0

    def submit(self, articles: list[Planned]) -> None:
        self._files += 1
        draft = self.folder / f".lote-{self._files}"
        write_lines(draft, articles)
        draft.rename(self.folder / f"lote-{self._files}.jsonl")

    def command(self) -> list[str] | None:
        if self.closing and not self.waiting():
            return None
        return [sys.executable, "-m", "tests.chaos.reader"]

    def waiting(self) -> set[str]:
        return read_urls([*self.folder.glob("*.jsonl"), *(self.folder / PROCESSING).glob("*.jsonl")])

    def outcomes(self) -> list[dict[str, Any]]:
        reports = [*self.folder.glob("done/*.informe.json"), *self.folder.glob("failed/*.informe.json")]
        return [line for report in reports for line in json.loads(report.read_text())["articulos"]]


def noticias() -> list[str]:
    """Returns the command line of `noticias` with this interpreter."""
    return [sys.executable, "-c", "from noticias.cli import main; main()"]


def write_lines(path: Path, articles: list[Planned]) -> None:
    lines = [json.dumps(plan.articulo, ensure_ascii=False) + "\n" for plan in articles]
    path.write_text("".join(lines), encoding="utf-8")


def read_urls(paths: list[Path]) -> set[str]:
    """Returns the urls in files of articles. A file that is moved away meanwhile is done, and left out."""
    urls: set[str] = set()
    for path in paths:
        with suppress(FileNotFoundError):
            urls |= {json.loads(line)["url"] for line in path.read_text(encoding="utf-8").splitlines()}
    return urls
