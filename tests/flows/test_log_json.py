"""Logs for machines: one JSON object a line, which says what run, stage and item it is about."""

import json
import os
import subprocess
import sys
from pathlib import Path

from noticias.local.prefect_server import client_environment
from noticias.local.stack import StackAddresses

PROJECT = Path(__file__).parents[2]
PROGRAM = """
import asyncio, logging
from newsroom.engines.base import Completion
from flows._feed import run_one
from flows.article import process_article
from runs import runtime
from tests.flows.conftest import make_engine
from tests.flows.recording_store import RecordingStore
from tests.flows.scripts import ANSWERS, article

def answer(question):
    logging.getLogger("newsroom.engines.prueba").info("asked for %s", question.stage)
    return ANSWERS[question.stage]

async def run():
    engine = make_engine({stage: answer for stage in ANSWERS})
    with runtime.using(engine=engine, store=RecordingStore()):
        outcome = await run_one(article(1, titular="Registro"), process_article)
    logging.getLogger("newsroom").info("outside of runs")
    print(outcome.flow_run_id)

asyncio.run(run())
"""


def test_each_line_of_ours_names_its_run_stage_and_item(stack_addresses: StackAddresses) -> None:
    url = stack_addresses.prefect_api_url
    assert url is not None
    environment = {
        **os.environ,
        **client_environment(url, stack_addresses.home, log_json=True),
        "NOTICIAS_LOG_JSON": "1",
        "NOTICIAS_HOME": str(stack_addresses.home),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=PROJECT, env=environment, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    flow_run_id = done.stdout.strip()
    lines = [json.loads(line) for line in done.stderr.splitlines() if line]
    ours = [line for line in lines if line["name"].startswith("newsroom")]
    asked = {line["args"][0]: line for line in ours if line["msg"] == "asked for %s"}
    assert {stage: line["etapa"] for stage, line in asked.items()} == {
        "triaje": "triage",
        "elementos": "elements",
        "citas_y_datos": "quotes-and-figures",
        "relaciones": "relations",
    }
    for line in asked.values():
        assert line["flow_run_id"] == flow_run_id
        assert line["identidad"] == "https://ejemplo.test/1"
        assert line["task_run_id"]
    outside = next(line for line in ours if line["msg"] == "outside of runs")
    assert not {"flow_run_id", "etapa", "identidad"} & set(outside)
    assert any(line.get("flow_run_id") == flow_run_id for line in lines if line not in ours)
