"""A run killed with SIGKILL in the middle: the next one asks for nothing that had been answered."""

import asyncio
import json
import os
import subprocess
import sys
import uuid
from collections import Counter
from pathlib import Path

from newsroom.store.memory import MemoryStore
from noticias.local.prefect_server import client_environment
from noticias.local.stack import StackAddresses
from tests.flows.conftest import make_engine
from tests.flows.scripts import article
from tests.flows.test_article import process

PROJECT = Path(__file__).parents[2]
TABLES = ("hechos", "entidades", "citas_textuales", "datos_cuantitativos", "hecho_entidad")

PROGRAM = """
import asyncio, sys
from pathlib import Path
from flows._feed import run_one
from flows.article import process_article
from newsroom.engines.scripted import ScriptedEngine
from newsroom.store.memory import MemoryStore
from runs import runtime
from tests.flows.scripts import ANSWERS, article
from tests.flows.test_resume import describe

log, case, stop_at = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

async def before(question):
    with log.open("a") as stream:
        stream.write(question.stage + "\\n")
    if question.stage == stop_at:
        print("inside", flush=True)
        await asyncio.Event().wait()

engine, store = ScriptedEngine(ANSWERS, parameters={"prueba": case}, before=before), MemoryStore()
with runtime.using(engine=engine, store=store):
    outcome = asyncio.run(run_one(article(), process_article))
print(outcome.failure or describe(store), flush=True)
"""


def describe(store: MemoryStore) -> str:
    """Returns what is stored of the extraction, all but the run's id."""
    rows = {
        table: [
            {key: value for key, value in row.items() if key != "flow_run_id"} for row in store.rows(table)
        ]
        for table in TABLES
    }
    return json.dumps(rows, default=str, sort_keys=True)


def test_a_run_killed_in_one_call_after_another_repeats_only_those_and_ends_the_same(
    tmp_path: Path, stack_addresses: StackAddresses, store: MemoryStore
) -> None:
    assert stack_addresses.prefect_api_url is not None
    environment = os.environ | client_environment(stack_addresses.prefect_api_url, stack_addresses.home)
    environment |= {"NOTICIAS_HOME": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    log, case = tmp_path / "asked", uuid.uuid4().hex

    def start(stop_at: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", PROGRAM, str(log), case, stop_at]
        return subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True)

    for stop_at in ("elementos", "citas_y_datos", "relaciones"):
        with start(stop_at) as killed:
            assert killed.stdout is not None
            try:
                assert killed.stdout.readline() == "inside\n"
            finally:
                killed.kill()
    with start("") as again:
        output, _ = again.communicate(timeout=120)

    asked = Counter(log.read_text().split())
    assert asked == {"triaje": 1, "elementos": 2, "citas_y_datos": 2, "relaciones": 2}
    asyncio.run(process(article(), make_engine(), store))
    assert output.strip() == describe(store), "as if it had never been killed"
    assert '"cita": ' in output
