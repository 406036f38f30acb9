"""A run killed with SIGKILL in the middle: the next one asks for nothing that had been answered."""

import json
import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from deployments.local.prefect_server import client_environment
from deployments.local.stack import StackAddresses

PROJECT = Path(__file__).parents[2]

PROGRAM = """
import asyncio, os, sys
from pathlib import Path
from deployments.processing import process_one
from newsroom.engines.scripted import ScriptedEngine
from newsroom.store.memory import MemoryStore
from tasks import _runtime
from tests.flows.scripts import ANSWERS, article

log, case, stop_at = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

async def before(question):
    with log.open("a") as stream:
        stream.write(question.stage + "\\n")
    if question.stage == stop_at:
        print("inside", flush=True)
        await asyncio.Event().wait()

engine = ScriptedEngine(ANSWERS, parameters={"prueba": case}, before=before)
with _runtime.using(engine=engine, store=MemoryStore()):
    outcome = asyncio.run(process_one(article()))
print(outcome.estado, flush=True)
"""


@pytest.mark.parametrize("stop_at", ["elementos", "citas_y_datos", "relaciones"])
def test_a_killed_run_repeats_only_the_call_it_was_in(
    tmp_path: Path, stack_addresses: StackAddresses, stop_at: str
) -> None:
    assert stack_addresses.prefect_api_url is not None
    environment = os.environ | client_environment(stack_addresses.prefect_api_url, stack_addresses.home)
    environment |= {"NOTICIAS_HOME": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    log, case = tmp_path / "asked", uuid.uuid4().hex

    def start(stage: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", PROGRAM, str(log), case, stage]
        return subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True)

    with start(stop_at) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "inside\n"
        killed.send_signal(signal.SIGKILL)
    with start("") as again:
        output, _ = again.communicate(timeout=120)

    assert output == "Completed\n"
    stages = ["triaje", "elementos", "citas_y_datos", "relaciones"]
    asked = log.read_text().split()
    assert {stage: asked.count(stage) for stage in stages} == {
        stage: 2 if stage == stop_at else 1 for stage in stages
    }, json.dumps(asked)
