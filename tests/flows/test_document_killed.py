"""A document's process killed at a random moment: it ends as if undisturbed and repeats no finished stage."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from newsroom.store.base import Store
from tests.database import StackStore
from tests.flows.conftest import make_engine
from tests.flows.documents import FRAGMENT_TOKENS, children_of, documento, law, process

SECTIONS = 6

PROGRAM = """
import asyncio, os, signal, sys
from pathlib import Path
from prefect.client.orchestration import get_client
from prefect.flow_engine import run_flow_async
from prefect.states import Scheduled
from flows._feed import run_one
from flows.items import flow_of
from flows.document import process_document
from newsroom.engines.scripted import ScriptedEngine
from runs import runtime
from tests.flows.documents import documento, law, number_of
from tests.flows.scripts import ANSWERS

log, case, sections, kill_at, again = Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:5]), sys.argv[5]
given = documento(law(sections), titulo=case)

async def before(question):
    if len(engine.questions) == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)
    if kill_at and question.stage == "triaje" and number_of(question) == 2:
        await asyncio.Event().wait()  # so that what is missing later is not just the last ones

class Noting(ScriptedEngine):
    async def complete(self, question):
        answer = await super().complete(question)
        if question.stage != "relaciones":
            with log.open("a") as stream:
                stream.write(f"{question.stage}:{number_of(question)}\\n")
        return answer

async def start_again():
    async with get_client() as client:
        await client.set_flow_run_state(again, state=Scheduled(), force=True)
        flow_run = await client.read_flow_run(again)
    parameters = {"documento": given, "concurrencia": 3}
    given_again = {"flow_run": flow_run, "parameters": parameters, "return_type": "state"}
    state = await run_flow_async(process_document, **given_again)
    print(state.name)

async def start():
    print((await run_one(given, flow_of(given))).estado)

engine = Noting(ANSWERS, parameters={"prueba": case}, before=before)
with runtime.using(engine=engine):
    asyncio.run(start_again() if again else start())
"""


def describe(stored: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the fragments of a document in order, all but their ids and who named an entidad first."""
    assert stored["documento"]["procesado"] is True
    apart = ("id", "num_entidades_nuevas")
    return [{key: value for key, value in row.items() if key not in apart} for row in stored["fragmentos"]]


async def read(store: Store, titulo: str) -> dict[str, Any]:
    (found,) = [row for row in await store.list_documentos(100) if row["titulo"] == titulo]
    stored = await store.summarize_documento(found["id"])
    assert stored is not None
    return stored


async def find_run(titulo: str) -> Any:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter

    async with get_client() as client:
        named = FlowRunFilter.model_validate({"name": {"any_": [titulo]}})
        (flow_run,) = await client.read_flow_runs(flow_run_filter=named)
    return flow_run


@pytest.mark.usefixtures("small_fragments")
async def test_it_ends_as_if_undisturbed_under_the_same_run_and_repeats_nothing(
    tmp_path: Path, stack_environment: dict[str, str], store: StackStore
) -> None:
    environment = os.environ | stack_environment | {"NOTICIAS_FRAGMENT_TOKENS": FRAGMENT_TOKENS}
    log, case = tmp_path / "answered", f"Ley {uuid.uuid4().hex}"
    kill_at = random.SystemRandom().randrange(14, 4 * (SECTIONS - 1) + 2)

    def run(kill_at: int, again: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", PROGRAM, str(log), case, str(SECTIONS), str(kill_at), again]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )

    killed = await asyncio.to_thread(run, kill_at, "")
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    first = await find_run(case)
    stored_then = {row["indice_secuencial"] + 1 for row in (await read(store, case))["fragmentos"]}
    ended = await asyncio.to_thread(run, 0, str(first.id))

    assert ended.stdout.strip() == "Completed", (kill_at, ended.stderr)
    answered = Counter(log.read_text().split())
    assert len(answered) == 3 * SECTIONS
    again = {line for line, times in answered.items() if times > 1}
    # Killed between the answer and the moment in which it is on the disk; of each fragment under way one.
    assert len(again) <= 4, (kill_at, again)
    assert all(int(line.split(":")[1]) not in stored_then for line in again)

    undisturbed = await process(documento(law(SECTIONS), titulo=f"{case} b"), make_engine(), store)
    assert undisturbed.failure == ""
    assert describe(await read(store, case)) == describe(await read(store, f"{case} b"))

    # Every run of a fragment that ended well is that of the fragment which its parameters name.
    begun, every = await children_of(str(first.id)), set(range(1, SECTIONS + 1))
    assert {run.parameters["fragmento"]["orden_en_articulo"] + 1 for run in begun} == every
    runs = [run for run in begun if run.state_name in ("Completed", "Duplicado")]
    read_by = {run.parameters["fragmento"]["orden_en_articulo"] + 1 for run in runs}
    # Of one that was stored when the kill came the run may never have heard of its end.
    assert read_by | stored_then == every
    assert all(
        run.name.endswith(f"Artículo {run.parameters['fragmento']['orden_en_articulo'] + 1}") for run in runs
    )
