"""The inbox: no file is lost and none is read twice, even if a reader is killed, cancelled or too early."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsroom.errors import InvalidInput
from newsroom.inbox.claims import Claim
from newsroom.inbox.folder import DONE, FAILED, PROCESSING, Inbox
from newsroom.inbox.reports import REPORT_SUFFIX
from newsroom.models.articulo import Articulo
from newsroom.models.documento import Documento
from newsroom.models.outcome import Outcome
from newsroom.models.resultado import Resultado
from tests.factories import raw_articulo

PROJECT = Path(__file__).parents[2]


def write(folder: Path, name: str, *numbers: int, bad: str = "") -> Path:
    """Puts a whole file of articles into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(raw_articulo(url=f"https://ejemplo.test/{number}")) for number in numbers]
    path = folder / name
    path.write_text("\n".join([*lines, bad]), encoding="utf-8")
    return path


def outcome(articulo: Articulo | Documento, failure: str = "") -> Outcome:
    resultado = None if failure else Resultado(estado="Completed", identidad=articulo.identidad)
    return Outcome(articulo, "run", resultado, failure, 0.1)


def finish(claim: Claim, failure: str = "") -> None:
    """Reads the claimed file and notes the end of every item."""
    for articulo in claim.read():
        claim.note(outcome(articulo, failure))
    assert claim.end_reading() is True


def files(folder: Path) -> set[str]:
    """Returns everything inside the folder except the reports."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)) for path in found if not path.name.endswith(REPORT_SUFFIX)}


def report(folder: Path, name: str) -> Any:
    return json.loads((folder / (name + REPORT_SUFFIX)).read_text(encoding="utf-8"))


def open_descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    inbox = Inbox(tmp_path / "in", settle_s=0)
    yield inbox
    inbox.close()


def test_a_file_goes_through_processing_to_done_with_a_report_beside_it(inbox: Inbox) -> None:
    write(inbox.folder, "a.jsonl", 1, 2)

    (claim,) = inbox.claim()
    assert files(inbox.folder) == {"processing/a.jsonl"}
    finish(claim)
    where = inbox.settle(claim, "run-1")

    assert where == inbox.folder / DONE / "a.jsonl"
    assert files(inbox.folder) == {"done/a.jsonl"}
    said = report(inbox.folder / DONE, "a.jsonl")
    assert (said["archivo"], said["flow_run_id"]) == ("a.jsonl", "run-1")
    assert [line["estado"] for line in said["articulos"]] == ["Completed", "Completed"]
    assert said["rechazados"] == said["repetidos"] == []
    assert list(inbox.folder.rglob(".*")) == [], "nothing half-written is left"


@pytest.mark.parametrize("suffix", ["jsonl", "json", "jsonl.gz", "json.gz"])
def test_every_kind_of_file_is_taken_and_nothing_else(inbox: Inbox, suffix: str) -> None:
    for name in (f"a.{suffix}", f".hidden.{suffix}", f"a.{suffix}.part", f"a.{suffix}~", "notes.png"):
        write(inbox.folder, name, 1)
    (inbox.folder / f"folder.{suffix}").mkdir()
    os.mkfifo(inbox.folder / f"pipe.{suffix}")
    outside = write(inbox.folder.parent / "elsewhere", f"secret.{suffix}", 1)
    (inbox.folder / f"link.{suffix}").symlink_to(outside)

    assert [claim.path.name for claim in inbox.claim()] == [f"a.{suffix}"]


@pytest.mark.parametrize(
    "name",
    [
        "dos palabras.json",
        "-rf.json",
        "$(touch x); '\".json",
        "línea\nnueva\x1b[31m.json",
        os.fsdecode(b"latin-\xf1.json"),
        "ñ" * 125 + ".json",
        "x" * 250 + ".json",
        "😀.json",
    ],
    ids=lambda name: ascii(name)[:20],
)
def test_odd_names_go_in_and_out(inbox: Inbox, name: str) -> None:
    for number in (1, 2):
        # The second time the name is taken in done/ already.
        (inbox.folder / name).write_text(json.dumps(raw_articulo()), encoding="utf-8")
        (claim,) = inbox.claim()
        finish(claim)
        inbox.settle(claim, None)
        reports = list((inbox.folder / DONE).glob(f"*{REPORT_SUFFIX}"))
        assert len(reports) == number
        assert all(json.loads(path.read_text())["archivo"].isprintable() for path in reports)
    assert len(files(inbox.folder)) == 2
    assert list((inbox.folder / PROCESSING).iterdir()) == []


@pytest.mark.parametrize("bad", ['{"medio": "x"}', "no json"])
def test_a_refused_item_sends_the_file_to_failed_and_is_named(inbox: Inbox, bad: str) -> None:
    write(inbox.folder, "a.jsonl", 1, bad=bad)
    (claim,) = inbox.claim()
    finish(claim)

    assert inbox.settle(claim, None).parent.name == FAILED
    said = report(inbox.folder / FAILED, "a.jsonl")
    assert len(said["articulos"]) == 1
    (line,) = said["rechazados"]
    assert line.startswith("a.jsonl:2: "), "the file is not where it was read any more"


def test_a_failed_item_sends_the_file_to_failed_with_its_reason(inbox: Inbox) -> None:
    write(inbox.folder, "a.jsonl", 1)
    (claim,) = inbox.claim()
    finish(claim, failure="EngineRefused: 401")

    assert inbox.settle(claim, None).parent.name == FAILED
    assert report(inbox.folder / FAILED, "a.jsonl")["articulos"][0]["error"] == "EngineRefused: 401"


def test_an_item_that_stands_twice_in_a_file_is_read_once_and_no_failure(inbox: Inbox) -> None:
    write(inbox.folder, "a.jsonl", 1, 1)
    (claim,) = inbox.claim()
    finish(claim)

    assert inbox.settle(claim, None).parent.name == DONE
    said = report(inbox.folder / DONE, "a.jsonl")
    assert (len(said["articulos"]), said["rechazados"], len(said["repetidos"])) == (1, [], 1)


@pytest.mark.parametrize("content", [b"", b"[]", b"\x00\xff", b"{"])
def test_a_file_without_articles_leaves_the_inbox_too(inbox: Inbox, content: bytes) -> None:
    (inbox.folder / "a.json").write_bytes(content)
    (claim,) = inbox.claim()
    finish(claim)

    assert inbox.settle(claim, None).parent.name == (DONE if content == b"[]" else FAILED)


def test_the_last_item_of_a_file_is_told_once_in_whatever_order_they_end(inbox: Inbox) -> None:
    write(inbox.folder, "a.jsonl", 1, 2, 3)
    (claim,) = inbox.claim()
    reading = claim.read()
    first, second = next(reading), next(reading)
    assert claim.note(outcome(second)) is False
    third = next(reading)
    assert list(reading) == []
    assert claim.note(outcome(first)) is False
    assert claim.end_reading() is False
    assert claim.note(outcome(third)) is True


def test_a_name_that_is_taken_is_numbered(inbox: Inbox) -> None:
    for number in range(1, 4):
        write(inbox.folder, "a.jsonl", number)
        (claim,) = inbox.claim()
        finish(claim)
        inbox.settle(claim, None)

    assert files(inbox.folder) == {"done/a.jsonl", "done/2-a.jsonl", "done/3-a.jsonl"}
    assert "ejemplo.test/3" in (inbox.folder / DONE / "3-a.jsonl").read_text()
    assert report(inbox.folder / DONE, "2-a.jsonl")["articulos"][0]["url"] == "https://ejemplo.test/2"


def test_a_file_of_a_name_that_is_being_read_waits(inbox: Inbox) -> None:
    write(inbox.folder, "a.jsonl", 1)
    (first,) = inbox.claim()
    write(inbox.folder, "a.jsonl", 2)

    assert inbox.claim() == []
    finish(first)
    inbox.settle(first, None)
    (second,) = inbox.claim()
    assert [articulo.url for articulo in second.read()] == ["https://ejemplo.test/2"]


def test_the_oldest_come_first_and_no_more_than_wanted(inbox: Inbox) -> None:
    for age, name in ((1, "new.json"), (3, "old.json"), (2, "middle.json")):
        path = write(inbox.folder, name, age)
        os.utime(path, (time.time() - age, time.time() - age))

    assert [claim.path.name for claim in inbox.claim(limit=2)] == ["old.json", "middle.json"]
    assert [claim.path.name for claim in inbox.claim()] == ["new.json"]


def test_a_file_that_is_still_being_written_waits_until_it_rests(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "in", settle_s=60)
    path = write(inbox.folder, "a.jsonl", 1)

    assert inbox.claim() == []
    os.utime(path, (time.time() - 61, time.time() - 61))
    (claim,) = inbox.claim()
    assert claim.path.name == "a.jsonl"
    inbox.close()


def test_a_file_from_a_clock_that_runs_ahead_is_taken_all_the_same(inbox: Inbox) -> None:
    path = write(inbox.folder, "a.jsonl", 1)
    os.utime(path, (time.time() + 86_400, time.time() + 86_400))

    assert len(inbox.claim()) == 1


def test_what_is_written_after_the_reader_came_is_read_the_next_time(inbox: Inbox) -> None:
    path = write(inbox.folder, "a.jsonl", 1)
    with path.open("a", encoding="utf-8") as slow_sender:
        (claim,) = inbox.claim()
        finish(claim)
        slow_sender.write("\n" + json.dumps(raw_articulo(url="https://ejemplo.test/2")))

    assert inbox.settle(claim, None) == inbox.folder / PROCESSING / "a.jsonl"
    assert list(inbox.folder.rglob(f"*{REPORT_SUFFIX}")) == []
    (again,) = inbox.claim()
    assert [articulo.url for articulo in again.read()] == ["https://ejemplo.test/1", "https://ejemplo.test/2"]


def test_a_second_reader_gets_nothing_of_the_first_until_it_gives_up(inbox: Inbox) -> None:
    write(inbox.folder, "a.jsonl", 1)
    other = Inbox(inbox.folder, settle_s=0)
    assert len(inbox.claim()) == 1

    assert other.claim() == []
    inbox.close()
    (claim,) = other.claim()
    finish(claim)
    assert other.settle(claim, None).parent.name == DONE


def test_giving_up_twice_and_settling_afterwards_touch_nothing(inbox: Inbox) -> None:
    write(inbox.folder, "a.jsonl", 1)
    before = open_descriptors()
    (claim,) = inbox.claim()
    finish(claim)
    inbox.close()
    inbox.close()
    assert open_descriptors() == before
    with (inbox.folder / "other").open("w") as other:
        # The number of the closed descriptor is this file's now: it must not be closed for it.
        assert inbox.settle(claim, None) == inbox.folder / PROCESSING / "a.jsonl"
        other.write("still open")
    assert inbox.claim() == [], "a reader that has given up claims nothing any more"


def test_settled_and_unsettled_files_leave_no_descriptor_open(inbox: Inbox) -> None:
    before = open_descriptors()
    for number in range(20):
        write(inbox.folder, f"{number}.jsonl", number)
    claims = inbox.claim()
    assert open_descriptors() == before + 20
    for claim in claims[:10]:
        finish(claim)
        inbox.settle(claim, None)
    inbox.close()
    assert open_descriptors() == before


def test_two_readers_at_once_read_every_file_once(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for number in range(200):
        write(folder, f"{number}.jsonl", number)
    taken: Counter[str] = Counter()
    lock, start = threading.Lock(), threading.Barrier(2)

    def read() -> None:
        inbox = Inbox(folder, settle_s=0)
        start.wait(10)
        while claims := inbox.claim(limit=3):
            for claim in claims:
                finish(claim)
                with lock:
                    taken.update(said.item.identidad for said in claim.outcomes)
                inbox.settle(claim, None)
        inbox.close()

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(30)

    assert taken == {f"https://ejemplo.test/{number}": 1 for number in range(200)}
    assert len(list((folder / DONE).glob("*.jsonl"))) == 200


READER = """
import sys
from pathlib import Path
from newsroom.inbox.folder import Inbox
from tests.unit.test_inbox import finish

folder, stop_after = Path(sys.argv[1]), int(sys.argv[2])
inbox = Inbox(folder, settle_s=0)
done = 0
while claims := inbox.claim(limit=7):
    for claim in claims:
        finish(claim)
        if done == stop_after:
            print("inside", flush=True)
            sys.stdin.read()
        inbox.settle(claim, None)
        done += 1
        for said in claim.outcomes:
            print(said.item.identidad, flush=True)
"""


def start_reader(folder: Path, stop_after: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", READER, str(folder), str(stop_after)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(command, cwd=PROJECT, text=True, **pipes)


def test_two_processes_read_every_file_once_and_a_killed_one_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for number in range(60):
        write(folder, f"{number}.jsonl", number)
    with start_reader(folder, stop_after=10) as killed:
        assert killed.stdout is not None
        said = [killed.stdout.readline().strip() for _ in range(11)]
        assert said[-1] == "inside"
        held = {path.name for path in (folder / PROCESSING).iterdir()}
        with start_reader(folder, stop_after=10**6) as beside:
            read_beside = beside.communicate(timeout=30)[0].split()
        assert {path.name for path in (folder / PROCESSING).iterdir()} == held, "they are the first reader's"
        killed.kill()

    inbox = Inbox(folder, settle_s=0)
    left = inbox.claim()
    assert {claim.path.name for claim in left} == held
    for claim in left:
        finish(claim)
        inbox.settle(claim, None)
        read_beside += [said.item.identidad for said in claim.outcomes]

    assert Counter(said[:-1] + read_beside) == {f"https://ejemplo.test/{n}": 1 for n in range(60)}
    assert len(list((folder / DONE).glob("*.jsonl"))) == len(list((folder / DONE).glob(f"*{REPORT_SUFFIX}")))
    assert files(folder) == {f"done/{number}.jsonl" for number in range(60)}


def test_a_report_of_a_killed_reader_is_written_anew(inbox: Inbox) -> None:
    write(inbox.folder, "a.jsonl", 1)
    (inbox.folder / DONE / f"a.jsonl{REPORT_SUFFIX}").write_text("{}")
    (claim,) = inbox.claim()
    finish(claim)
    inbox.settle(claim, None)

    assert files(inbox.folder) == {"done/a.jsonl"}
    assert report(inbox.folder / DONE, "a.jsonl")["archivo"] == "a.jsonl"


def test_a_folder_that_is_none_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidInput, match=r"file.*: the inbox cannot be used: .*; set NOTICIAS_INBOX"):
        Inbox(tmp_path / "file")


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that an unprivileged user can open. The test runs as such a user."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        folder.chmod(0o755)
        Inbox(folder)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65_534)
        try:
            yield folder
        finally:
            os.seteuid(user)
            folder.chmod(0o755)


def test_a_folder_that_may_not_be_written_to_is_not_an_empty_one(shared_folder: Path) -> None:
    user = os.geteuid()
    os.seteuid(os.getuid())
    write(shared_folder, "a.json", 1)
    shared_folder.chmod(0o555)
    os.seteuid(user)
    before = open_descriptors()

    inbox = Inbox(shared_folder, settle_s=0)
    with pytest.raises(
        InvalidInput, match=r"the inbox cannot be used: Permission denied; set NOTICIAS_INBOX"
    ):
        inbox.claim()
    assert open_descriptors() == before


def test_a_file_that_may_not_be_read_is_named_and_the_others_go_on(shared_folder: Path) -> None:
    user = os.geteuid()
    os.seteuid(os.getuid())
    write(shared_folder, "closed.json", 1).chmod(0)
    write(shared_folder, "open.json", 2)
    for folder in (shared_folder, *shared_folder.iterdir()):
        if folder.is_dir():
            folder.chmod(0o777)
    os.seteuid(user)

    inbox = Inbox(shared_folder, settle_s=0)
    assert [claim.path.name for claim in inbox.claim()] == ["open.json"]
    assert inbox.unreadable == ["closed.json: Permission denied"]
    inbox.close()
