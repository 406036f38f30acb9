"""A run killed with SIGKILL in the middle: the next one asks for nothing that had been answered."""

import asyncio
import os
import subprocess
import sys
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

from tests.database import StackStore
from tests.flows.conftest import make_engine
from tests.flows.scripts import article
from tests.flows.test_article import process

TABLES = ("hechos", "entidades", "citas_textuales", "datos_cuantitativos", "hecho_entidad")
OF_THE_RUN = ("flow_run_id", "fecha_creacion", "fecha_actualizacion", "fecha_ingreso")

PROGRAM = """
import asyncio, sys
from pathlib import Path
from flows._feed import run_one
from flows.article import process_article
from newsroom.engines.scripted import ScriptedEngine
from runs import runtime
from tests.flows.scripts import ANSWERS, article

log, case, stop_at = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

async def before(question):
    with log.open("a") as stream:
        stream.write(question.stage + "\\n")
    if question.stage == stop_at:
        print("inside", flush=True)
        await asyncio.Event().wait()

with runtime.using(engine=ScriptedEngine(ANSWERS, parameters={"prueba": case}, before=before)):
    outcome = asyncio.run(run_one(article(), process_article))
print(outcome.failure or outcome.estado, flush=True)
"""


def describe(store: StackStore) -> dict[str, list[dict[str, Any]]]:
    """Returns what is stored of the extraction, all but which run stored it and when."""
    return {
        table: [
            {key: value for key, value in row.items() if key not in OF_THE_RUN} for row in store.rows(table)
        ]
        for table in TABLES
    }


async def test_a_run_killed_in_one_call_after_another_repeats_only_those_and_ends_the_same(
    tmp_path: Path, stack_environment: dict[str, str], store: StackStore
) -> None:
    log, case = tmp_path / "asked", uuid.uuid4().hex
    environment = os.environ | stack_environment

    def start(stop_at: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", PROGRAM, str(log), case, stop_at]
        return subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True)

    def run() -> str:
        for stop_at in ("elementos", "citas_y_datos", "relaciones"):
            with start(stop_at) as killed:
                assert killed.stdout is not None
                try:
                    assert killed.stdout.readline() == "inside\n"
                finally:
                    killed.kill()
        with start("") as again:
            return again.communicate(timeout=120)[0]

    assert await asyncio.to_thread(run) == "Completed\n"

    asked = Counter(log.read_text().split())
    assert asked == {"triaje": 1, "elementos": 2, "citas_y_datos": 2, "relaciones": 2}
    stored = describe(store)
    store.database.empty()
    await process(article(), make_engine(), store)
    assert stored == describe(store), "as if it had never been killed"
    assert all(stored.values())
